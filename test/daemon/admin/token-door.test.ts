/** The door for programs: tokens and nothing else, on loopback and nowhere else, and no web page through any name. */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { KeyRight, NewToken } from '@postern/shared'
import { answersAt, bearer, call, sendRaw } from '../../support/call.ts'
import { startTestPostern, type TestPostern } from '../../support/start-postern.ts'

const json = { 'content-type': 'application/json' }

describe('admin: the door for programs', () => {
  let test: TestPostern
  let url: string
  before(async () => {
    test = await startTestPostern({ adminListen: { host: '127.0.0.1', port: 0 } })
    url = test.postern.adminUrl ?? assert.fail('no door')
    await test.admin.call('settings.edit', { body: { admin_requests_per_second: 1_000 }, ifMatch: '*' })
  })
  after(() => test.stop())

  const issue = async (name: string, role: NewToken['role']) => {
    const { id, value } = await test.admin.call('tokens.create', { body: { name, role } })
    const ask = async (method: string, path: string, body?: object) => {
      const content = body === undefined ? {} : { body: JSON.stringify(body) }
      const answered = await call(`${url}${path}`, {
        method,
        headers: { ...bearer(value), ...json, 'if-match': '*' },
        ...content,
      })
      return { status: answered.status, body: answered.body === '' ? {} : (JSON.parse(answered.body) as never) }
    }
    return { id, value, ask }
  }

  it('listens on its loopback address alone', async () => {
    const port = Number(new URL(url).port)
    assert.equal(await answersAt('127.0.0.1', port), true)
    for (const elsewhere of ['127.0.0.2', '::1']) assert.equal(await answersAt(elsewhere, port), false, elsewhere)
  })

  it('without a token nothing is answered, not even what needs no right', async () => {
    for (const path of ['/v1/status', '/v1/me', '/v1/openapi.json', '/v1/keys']) {
      const refused = await call(`${url}${path}`)
      assert.deepEqual([refused.status, refused.problem().code], [401, 'credential_missing'])
      assert.equal(refused.headers['www-authenticate'], 'Bearer realm="postern-admin"')
    }
    const { value } = await issue('In the wrong place', 'administrator')
    assert.equal((await call(`${url}/v1/keys`, { headers: { cookie: `token=${value}` } })).status, 401)
    assert.equal((await call(`${url}/v1/keys?access_token=${value}`)).status, 401)
    assert.equal((await call(`${url}/v1/keys`, { headers: { 'x-api-key': value } })).status, 401)
  })

  it('no web page can call it, whatever name it gives this machine and whatever it sends', async () => {
    const { value } = await issue('Stolen by a page', 'administrator')
    const { port } = new URL(url)
    const status = (headers: Record<string, string>) =>
      call(`${url}/v1/status`, { headers: { ...bearer(value), ...headers } }).then((answered) => answered.status)
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, '127.0.0.1'])
      assert.equal(await status({ host }), 200, host)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      `localhost.:${port}`,
      `0.0.0.0:${port}`,
      `10.0.0.1:${port}`,
      `2130706433:${port}`,
      `0x7f.1:${port}`,
      `user@127.0.0.1:${port}`,
    ])
      assert.equal(await status({ host }), 403, host)
    for (const headers of [
      { origin: url },
      { origin: 'null' },
      { origin: 'http://evil.example' },
      { referer: `${url}/` },
      ...['none', 'same-origin', 'same-site', 'cross-site'].map((site) => ({ 'sec-fetch-site': site })),
      { 'sec-fetch-mode': 'cors' },
      { 'sec-fetch-dest': 'document' },
    ] as Record<string, string>[])
      assert.equal(await status(headers), 403, JSON.stringify(headers))
    for (const lines of ['GET /v1/status HTTP/1.0', 'GET /v1/status HTTP/1.1\r\nHost:'])
      assert.match(
        await sendRaw(url, `${lines}\r\nConnection: close\r\nAuthorization: Bearer ${value}\r\n\r\n`),
        /^HTTP\/1\.1 40[03] /,
        lines,
      )
    const preflight = { origin: 'http://evil.example', 'access-control-request-method': 'GET' }
    const refused = await call(`${url}/v1/keys`, { method: 'OPTIONS', headers: preflight })
    assert.equal(refused.status, 403)
    for (const name of ['access-control-allow-origin', 'access-control-allow-headers', 'set-cookie'])
      assert.equal(refused.headers[name], undefined)
  })

  it('what belongs to the socket is refused here, whoever asks', async () => {
    const { ask } = await issue('No links', 'administrator')
    assert.equal((await ask('POST', '/v1/links', { page: 'api' })).status, 403)
    assert.equal((await ask('POST', '/v1/actor/challenge')).status, 403)
  })

  it('a role may what it may: viewers look, operators change keys, administrators the store', async () => {
    const wanted = {
      viewer: [200, 403, 403, 403, 403],
      operator: [200, 201, 403, 403, 403],
      administrator: [200, 201, 200, 200, 200],
    } as const
    for (const role of ['viewer', 'operator', 'administrator'] as const) {
      const { ask } = await issue(`Role ${role}`, role)
      const got = [
        (await ask('GET', '/v1/keys')).status,
        (await ask('POST', '/v1/keys', { name: `Made by ${role}` })).status,
        (await ask('PATCH', '/v1/settings', { reveal_default: 'always' })).status,
        (await ask('GET', '/v1/tokens')).status,
        (await ask('GET', '/v1/audit/lines')).status,
      ]
      assert.deepEqual(got, wanted[role], role)
    }
    const { data } = await test.admin.call('audit.list', { query: { source: 'token' } })
    const { actor } = data.find(({ object }) => object.name === 'Made by operator') ?? {}
    assert.deepEqual(actor, { kind: 'token', name: 'Role operator', proof: 'token' })
  })

  it('grants open a key to tokens of any role, and shut it for all others, by every row', async () => {
    const [friend, stranger] = [await issue('Friend', 'viewer'), await issue('Stranger', 'operator')]
    const give = (...rights: KeyRight[]) =>
      test.admin.call('keys.edit', {
        params: { key: 'Guarded' },
        body: { grants: [{ token: friend.id, rights }] },
        ifMatch: '*',
      })
    const { id } = await test.admin.call('keys.create', { body: { name: 'Guarded' } })
    await give('view')
    const rows = [
      ['GET', ''],
      ['GET', '/evidence'],
      ['GET', '/calls'],
      ['POST', '/reveal'],
      ['POST', '/disable'],
      ['POST', '/enable'],
      ['PATCH', ''],
      ['POST', '/rotate'],
      ['POST', '/end-overlap'],
      ['POST', '/try'],
    ] as const
    const all = async ({ ask }: typeof friend, ref: string) => {
      const statuses: number[] = []
      for (const [method, path] of rows)
        statuses.push(
          (
            await ask(
              method,
              `/v1/keys/${ref}${path}`,
              path === '/try' ? { path: '/x' } : method === 'GET' ? undefined : {},
            )
          ).status,
        )
      return statuses
    }
    for (const ref of [id, 'Guarded', 'guarded']) {
      assert.deepEqual(
        await all(stranger, ref),
        rows.map(() => 404),
        ref,
      )
      assert.deepEqual(
        await all(friend, ref),
        rows.map(([method]) => (method === 'GET' ? 200 : 403)),
        ref,
      )
    }
    const missing = (await stranger.ask('GET', '/v1/keys/nobody')).body as { detail: string }
    assert.equal(((await stranger.ask('GET', `/v1/keys/${id}`)).body as { detail: string }).detail, missing.detail)
    await give('reveal')
    assert.equal((await friend.ask('POST', `/v1/keys/${id}/reveal`)).status, 200)
    assert.equal((await friend.ask('POST', `/v1/keys/${id}/disable`)).status, 403)
    await give('manage')
    assert.equal((await friend.ask('POST', `/v1/keys/${id}/disable`)).status, 200)
    assert.equal((await friend.ask('PATCH', `/v1/keys/${id}`, { description: 'by a friend' })).status, 200)
    assert.equal((await friend.ask('PATCH', `/v1/keys/${id}`, { grants: null })).status, 403)
    assert.equal((await friend.ask('POST', `/v1/keys/${id}/reveal`)).status, 403)
    assert.equal((await friend.ask('DELETE', `/v1/keys/${id}`)).status, 200)
    assert.equal((await stranger.ask('POST', `/v1/keys/${id}/restore`)).status, 404)
    assert.equal((await friend.ask('POST', `/v1/keys/${id}/restore`)).status, 200)
  })

  it('lists name no key that is not theirs to see, nor do names that are taken and counts', async () => {
    await test.admin.call('keys.create', { body: { name: 'Top secret project', grants: [] } })
    await test.admin.call('keys.disable', { params: { key: 'Top secret project' } })
    const { ask } = await issue('Lists', 'operator')
    for (const path of [
      '/v1/keys?per_page=500&removed=true',
      '/v1/keys?text=secret',
      '/v1/audit?per_page=500',
      '/v1/audit?object=Top%20secret%20project',
      '/v1/usage',
      '/v1/notices',
      '/v1/status',
    ]) {
      const { status, body } = await ask('GET', path)
      assert.equal(status, 200, path)
      assert.ok(!JSON.stringify(body).toLowerCase().includes('top secret'), path)
    }
    const listed = (await ask('GET', '/v1/keys?text=secret')).body as { count: number; data: object[] }
    assert.deepEqual([listed.count, listed.data.length], [0, 0])
    const audit = (await ask('GET', '/v1/audit?object=Top%20secret%20project')).body as { count: number }
    assert.equal(audit.count, 0)
    const taken = await ask('POST', '/v1/keys', { name: 'top SECRET project' })
    const { detail } = taken.body as { detail: string }
    assert.deepEqual([taken.status, detail], [409, 'name: already in use; choose another'])
    const client = (await ask('GET', '/v1/clients/default')).body as { total_keys_count: number }
    const all = await test.admin.call('keys.list', { query: { per_page: 500 } })
    const hidden = all.data.filter(({ grants }) => grants !== null)
    assert.ok(hidden.length > 0)
    assert.equal(client.total_keys_count, all.count - hidden.length)
  })

  it('who is no administrator makes no key that would read the changes to everybody’s', async () => {
    const { ask } = await issue('Climber', 'operator')
    await test.admin.call('clients.create', { body: { name: 'Auditors', administrator: true } })
    assert.equal((await ask('POST', '/v1/clients', { name: 'Mine', administrator: true })).status, 403)
    assert.equal((await ask('PATCH', '/v1/clients/default', { administrator: true })).status, 403)
    const scopes = ['exports:read']
    assert.equal((await ask('POST', '/v1/keys', { name: 'Reads all', client: 'Auditors', scopes })).status, 403)
    assert.equal((await ask('POST', '/v1/keys', { name: 'Reads none', client: 'Auditors' })).status, 201)
    assert.equal((await ask('PATCH', '/v1/keys/Reads%20none', { scopes })).status, 403)
    assert.equal((await ask('POST', '/v1/keys', { name: 'Reads its own', scopes })).status, 201)
  })

  it('who is no administrator lets nobody in by tokens of their own, which could be any key of the client', async () => {
    const { ask } = await issue('Token maker', 'operator')
    const { id } = await test.admin.call('keys.create', { body: { name: 'Theirs', grants: [] } })
    const asks = (key: string) => ({ accepts: ['jwt'], sign_in: { kind: 'jwt', secret: 's'.repeat(32), key } })
    assert.equal((await ask('PATCH', '/v1/clients/default', asks(id))).status, 403)
    const profile = { ...asks(id), sign_in: { ...asks(id).sign_in, key: null, profile_claim: 'sub' } }
    assert.equal((await ask('POST', '/v1/clients', { name: 'With tokens', ...profile })).status, 403)
    const administrator = await issue('Token boss', 'administrator')
    assert.equal((await administrator.ask('PATCH', '/v1/clients/default', asks(id))).status, 200)
    const seen = (await ask('GET', '/v1/clients/default')).body as { sign_in: { key: unknown } }
    assert.equal(seen.sign_in.key, null, 'a key that may not be viewed is not named')
    assert.equal((await ask('PATCH', '/v1/clients/default', { accepts: ['key', 'oauth2'], sign_in: null })).status, 200)
  })

  it('nobody gets the answer of another who sends the same Idempotency-Key under the same name', async () => {
    const { value } = await issue('tester', 'operator')
    const headers = { ...json, 'idempotency-key': 'the-same-one' }
    await test.admin.call('keys.create', { body: { name: 'First of two' }, idempotencyKey: 'the-same-one' })
    const again = await call(`${url}/v1/keys`, {
      method: 'POST',
      headers: { ...headers, ...bearer(value) },
      body: JSON.stringify({ name: 'First of two' }),
    })
    assert.deepEqual([again.status, again.problem().code], [409, 'name_taken'])
  })

  it('no token is in the log, nor in any answer after the first', async () => {
    const { value, ask } = await issue('Quiet one', 'administrator')
    await ask('GET', `/v1/keys/${value}`)
    const said = [test.logged.join('\n'), JSON.stringify((await ask('GET', '/v1/tokens')).body)].join('\n')
    assert.ok(!said.includes(value.slice(24, 60)))
  })

  it('while the keystore is locked no token can be known, so none is let in', async () => {
    const { value } = await issue('Too early', 'administrator')
    const { rename } = await import('node:fs/promises')
    const key = `${test.settings.machineDir}/machine.key`
    await test.postern.stop()
    await rename(key, `${key}.away`)
    test = await test.restart()
    url = test.postern.adminUrl ?? ''
    const refused = await call(`${url}/v1/status`, { headers: bearer(value) })
    assert.deepEqual([refused.status, refused.problem().code], [503, 'keystore_locked'])
    await rename(`${key}.away`, key)
    test = await test.restart()
    url = test.postern.adminUrl ?? ''
  })

  it('a port that is taken is said at once, and nothing is left running', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    await assert.rejects(startTestPostern({ adminListen: { host: '127.0.0.1', port } }), {
      code: 'port_taken',
      message: /admin_listen/,
    })
    taken.close()
  })
})
