/** Admin tokens from beginning to end: made on the command line, used through both doors, narrowed to one key, and gone. */
import assert from 'node:assert/strict'
import { chmod, cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('admin tokens, end to end', function () {
  this.timeout(60_000)
  let test: TestPostern
  let dir: string
  const { run, ok, at } = commandLine(
    () => test,
    () => dir,
  )
  before(async () => {
    test = await startTestPostern({ adminListen: { host: '127.0.0.1', port: 0 } })
    dir = await temporaryDir()
    await test.admin.call('settings.edit', { body: { admin_requests_per_second: 1_000 }, ifMatch: '*' })
    for (const name of ['Robot', 'Payroll']) await test.admin.call('keys.create', { body: { name } })
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const url = (): string => test.postern.adminUrl ?? assert.fail('no door')

  /** A token in a file of its user's own. */
  const make = async (
    name: string,
    role: string,
    ...more: string[]
  ): Promise<{ file: string; value: string; id: string }> => {
    const said = JSON.parse(await ok('tokens', 'add', name, '--role', role, '--json', ...more)) as {
      id: string
      value: string
    }
    const file = join(dir, `${said.id}.token`)
    await writeFile(file, `${said.value}\n`, { mode: 0o600 })
    return { file, ...said }
  }
  /** By its door alone: neither socket nor data folder is named. */
  const by = (file: string, ...args: string[]) => run([...args, '--url', url(), '--token-file', file, '--data', dir])

  it('a token is printed once, with what to do with it; no list shows it again', async () => {
    const said = await ok('tokens', 'add', 'Shown once', '--role', 'viewer', '--days', '7')
    const value = /posternadm_\w+/.exec(said)?.[0] ?? assert.fail(said)
    assert.match(said, /role viewer, valid until .* cannot be shown again/s)
    const listed = (await ok('tokens', 'list')) + (await ok('tokens', 'show', 'Shown once'))
    assert.match(listed, /Shown once/)
    assert.ok(!listed.includes(value.slice(24, 60)))
    assert.match(listed, new RegExp(`posternadm_${value.slice(11, 23)}_…${value.slice(-4)}`))
  })

  it('a viewer lists through the door for programs, is refused changes, and says who they are', async () => {
    const { file, id } = await make('Dashboard', 'viewer')
    const list = await by(file, 'keys', 'list')
    assert.equal(list.code, 0, list.err)
    assert.match(list.out, /Robot/)
    const refused = await by(file, 'keys', 'disable', 'Robot')
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assert.match(refused.err, /This is not allowed/)
    assert.match((await by(file, 'whoami')).out, new RegExp(`^Dashboard: viewer, by the admin token ${id}`))
    assert.equal((await by(file, 'audit', 'export')).code, 1)
    assert.match(await ok('whoami'), /: administrator$/m)
  })

  it('a key that names others in its grants is not there for it, on any list and by any name', async () => {
    const [stranger, friend] = [await make('Stranger', 'operator'), await make('Accounting', 'viewer')]
    const grants = [{ token: friend.id, rights: ['view', 'manage'] as const }]
    await test.admin.call('keys.edit', {
      params: { key: 'Payroll' },
      body: { grants: grants.map(({ token, rights }) => ({ token, rights: [...rights] })) },
      ifMatch: '*',
    })
    const { id } = await test.admin.call('keys.get', { params: { key: 'Payroll' } })
    for (const args of [
      ['keys', 'list', '--json'],
      ['audit', 'list', '--json'],
      ['usage', 'report', '--json'],
      ['status', '--json'],
    ]) {
      const { code, out, err } = await by(stranger.file, ...args)
      assert.equal(code, 0, err)
      assert.ok(!out.includes('Payroll') && !out.includes(id), args.join(' '))
    }
    const nobody = (await by(stranger.file, 'keys', 'show', 'Nobody')).err
    assert.equal((await by(stranger.file, 'keys', 'show', 'Payroll')).err, nobody)
    assert.equal((await by(stranger.file, 'keys', 'disable', id)).err, nobody)
    assert.equal((await by(friend.file, 'keys', 'disable', 'Payroll')).code, 0)
    assert.equal((await by(friend.file, 'keys', 'enable', 'Payroll')).code, 0)
    assert.equal((await by(friend.file, 'keys', 'disable', 'Robot')).code, 1)
    const { data } = await test.admin.call('audit.list', { query: { object: id, action: 'key.disable' } })
    assert.deepEqual(data[0]?.actor, { kind: 'token', name: 'Accounting', proof: 'token' })
  })

  it('over the socket a token is what it is as well, and the console that it opens is no more', async () => {
    const { file, id } = await make('Help desk', 'viewer')
    const withToken = (...args: string[]) => run([...args, ...at(), '--token-file', file])
    assert.match((await withToken('whoami')).out, /^Help desk: viewer/)
    assert.equal((await withToken('keys', 'add', 'Not mine')).code, 1)
    const link = JSON.parse((await withToken('api', '--no-open', '--json')).out) as { url: string }
    const { origin, hash } = new URL(link.url)
    const headers = { 'content-type': 'application/json' }
    const opened = await call(`${origin}/session`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ code: hash.slice(1) }),
    })
    const { token, role, actor } = JSON.parse(opened.body) as { token: string; role: string; actor: string }
    assert.deepEqual([role, actor], ['viewer', 'Help desk'])
    const status = async (method: string, path: string) =>
      (await call(`${origin}${path}`, { method, headers: { ...headers, ...bearer(token) } })).status
    assert.equal(await status('GET', '/v1/keys'), 200)
    assert.equal(await status('GET', '/v1/keys/Payroll'), 404)
    assert.equal(await status('POST', '/v1/keys/Robot/disable'), 403)
    // It is what the token is by now, and ends with it.
    await test.admin.call('tokens.edit', { params: { token: id }, body: { role: 'operator' }, ifMatch: '*' })
    assert.equal(await status('POST', '/v1/keys/Robot/disable'), 200)
    await ok('tokens', 'disable', 'Help desk')
    assert.equal(await status('GET', '/v1/keys'), 401)
    await ok('tokens', 'enable', 'Help desk')
    assert.equal(await status('GET', '/v1/keys'), 401, 'a session that has ended stays so')
  })

  it('a token that others could read, that is none, or that would leave the machine is not used', async () => {
    const { file, value } = await make('Careless', 'viewer')
    const said = async (...args: string[]) => {
      const { code, out, err } = await run(['keys', 'list', '--data', dir, ...args])
      assert.deepEqual([code, out], [2, ''])
      assert.ok(!err.includes(value.slice(24, 60)))
      return err
    }
    assert.match(await said('--url', url()), /needs an admin token/)
    for (const away of [
      'http://localhost:1',
      'http://10.0.0.1:1',
      'https://127.0.0.1:1',
      'http://127.0.0.1:1/x',
      'http://127.0.0.1:99999',
    ])
      assert.match(await said('--url', away, '--token-file', file), /is not http:\/\/127\.0\.0\.1:PORT/, away)
    await chmod(file, 0o640)
    assert.match(await said('--url', url(), '--token-file', file), /others can read .* chmod 600/)
    await writeFile(join(dir, 'none.token'), 'no token at all', { mode: 0o600 })
    assert.match(await said('--token-file', join(dir, 'none.token')), /holds no admin token/)
    assert.match(await said('--token-file', join(dir, 'absent.token')), /cannot be read \(ENOENT\)/)
    await chmod(file, 0o600)
    const env = { POSTERN_ADMIN_URL: url(), POSTERN_TOKEN_FILE: file }
    assert.match((await run(['whoami', '--data', dir], { env })).out, /^Careless: viewer/)
  })

  it('a removed one is refused everywhere, and the keys that named it alone are for administrators', async () => {
    const { file, id } = await make('Leaving', 'operator')
    const body = { grants: [{ token: id, rights: ['manage' as const] }] }
    await test.admin.call('keys.edit', { params: { key: 'Robot' }, body, ifMatch: '*' })
    assert.match(
      (await run(['tokens', 'delete', 'Leaving', ...at()])).err,
      /1 key names it in their grants. Say so with --yes/,
    )
    assert.match(await ok('tokens', 'delete', 'Leaving', '--yes'), /Removed the admin token "Leaving"/)
    assert.match((await by(file, 'keys', 'list')).err, /credential is not valid/)
    assert.deepEqual((await test.admin.call('keys.get', { params: { key: 'Robot' } })).grants, [])
  })

  it('after an older folder has come up every token waits until an administrator enables it', async () => {
    const [kept, revoked] = [await make('Kept token', 'viewer'), await make('Revoked token', 'viewer')]
    const old = join(dir, 'old')
    await cp(test.settings.dataDir, old, { recursive: true })
    await ok('tokens', 'delete', 'Revoked token', '--yes')
    await test.postern.stop()
    await rm(test.settings.dataDir, { recursive: true })
    await cp(old, test.settings.dataDir, { recursive: true })
    test = await test.restart()
    const unlocked = await run(['unlock', '--recovery', '--accept-rollback', ...at()], {
      input: `${test.recoveryCode}\n`,
    })
    assert.equal(unlocked.code, 0, unlocked.err)
    for (const { file } of [kept, revoked])
      assert.match((await by(file, 'keys', 'list')).err, /credential is not valid.*disabled/)
    const { data } = await test.admin.call('tokens.list')
    assert.ok(data.every(({ state }) => state === 'disabled'))
    assert.match(
      (await test.admin.call('status.get')).alarms.map(({ message }) => message).join('\n'),
      /"Revoked token" \(at_\w+\)/,
    )
    const { data: told } = await test.admin.call('audit.list', { query: { action: 'token.disable', source: 'system' } })
    assert.equal(told.length, data.length)
    await ok('tokens', 'enable', 'Kept token')
    assert.equal((await by(kept.file, 'keys', 'list')).code, 0)
  })
})
