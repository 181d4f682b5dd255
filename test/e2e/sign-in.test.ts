/** Sign-in set from the command line as a person sets it: kept sealed, shown without its secret, carried by a backup. */
import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientView } from '@postern/shared'
import { Secret } from '../../daemon/src/problem.ts'
import { proveBackup } from '../../daemon/src/prove-backup.ts'
import { commandLine } from '../support/command-line.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'
import { ecPair, pem, rsaPair } from '../support/tokens.ts'

const secret = 'correct horse battery staple, and then some'

describe('sign-in at the command line', () => {
  let test: TestPostern
  let dir: string
  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
    await ok('clients', 'add', 'Nintex', '--all-collections', '--accept', 'key')
    await ok('keys', 'add', 'Orders', '--client', 'Nintex')
    await writeFile(join(dir, 'secret'), `${secret}\n`)
  })
  after(async () => {
    await test.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const { run, ok, at } = commandLine(
    () => test,
    () => dir,
  )
  const signIn = (...args: string[]): Promise<string> => ok('clients', 'sign-in', 'Nintex', ...args)
  const shown = async (): Promise<ClientView> => JSON.parse(await ok('clients', 'show', 'Nintex')) as ClientView

  it('a secret comes from a file, and nobody is shown it again', async () => {
    assert.deepEqual((await shown()).accepts, ['key'])
    const said = await signIn('--jwt-secret-file', join(dir, 'secret'), '--key', 'Orders', '--audience', 'postern')
    assert.match(said, /accepts key, jwt/)
    assert.match(said, /checked by a secret, HS256/)
    assert.match(said, /with the rights of Orders/)
    const view = await shown()
    assert.deepEqual(
      [view.accepts, view.sign_in?.secret_set, view.sign_in?.key?.name],
      [['key', 'jwt'], true, 'Orders'],
    )
    const trail = await ok('audit', 'list', '--json')
    for (const text of [said, JSON.stringify(view), trail, test.logged.join('\n')]) assert.ok(!text.includes(secret))
  })

  it('what is named is changed, and the rest stays, the secret too', async () => {
    await signIn('--require', 'scope=a=b', '--require', 'email', '--algorithm', 'hs256', '--allowed-issuer', 'us')
    const { sign_in: now } = await shown()
    assert.deepEqual(now?.required_claims, [
      { name: 'scope', value: 'a=b' },
      { name: 'email', value: null },
    ])
    assert.deepEqual(
      [now.secret_set, now.audience, now.allowed_issuers, now.key?.name],
      [true, 'postern', ['us'], 'Orders'],
    )
  })

  it('a new secret, key or issuer changes nothing of whom tokens are for and what they may', async () => {
    const asked = async () => {
      const { sign_in: now } = await shown()
      return [now?.audience, now?.allowed_issuers, now?.required_claims.length, now?.key?.name]
    }
    const same = ['postern', ['us'], 2, 'Orders']
    await writeFile(join(dir, 'longer'), 's'.repeat(64))
    await signIn('--jwt-secret-file', join(dir, 'longer'))
    assert.deepEqual([await asked(), (await shown()).sign_in?.algorithms], [same, ['HS256']])
    await signIn('--public-key-file', await publicKeyFile())
    assert.deepEqual([await asked(), (await shown()).sign_in?.secret_set], [same, false])
    await signIn('--algorithm', 'RS512')
    await signIn('--public-key-file', await publicKeyFile())
    assert.deepEqual([await asked(), (await shown()).sign_in?.algorithms], [same, ['RS512']], 'another of its sort')
    await writeFile(join(dir, 'ec.pem'), pem(ecPair().publicKey))
    await signIn('--public-key-file', join(dir, 'ec.pem'))
    assert.deepEqual([await asked(), (await shown()).sign_in?.algorithms], [same, ['ES256']], 'of another sort')

    await signIn('--issuer', 'https://one.example', '--audience', 'postern', '--key', 'Orders')
    await signIn('--issuer', 'https://two.example', '--require', 'email')
    assert.deepEqual(await asked(), ['postern', ['https://two.example'], 1, 'Orders'])
    await signIn('--allowed-issuer', 'https://other.example')
    await signIn('--issuer', 'https://three.example')
    assert.deepEqual(await asked(), ['postern', ['https://other.example'], 1, 'Orders'])
    await signIn('--jwt-secret-file', join(dir, 'secret'), '--key', 'Orders')
    assert.deepEqual(await asked(), [null, [], 0, 'Orders'], 'another way begins anew')
  })

  it('its secret is in no file, and is opened when a backup is proven', async () => {
    for (const name of await readdir(test.settings.dataDir, { recursive: true, withFileTypes: true }))
      if (name.isFile()) assert.ok(!(await readFile(join(name.parentPath, name.name))).includes(secret), name.name)
    const before = await proofOf()
    await signIn('--public-key-file', await publicKeyFile(), '--key', 'Orders')
    const after = await proofOf()
    assert.equal((before.secrets ?? 0) - (after.secrets ?? 0), 1)
  })
  const proofOf = async () => {
    const { path } = await test.admin.call('backups.create', { body: { dir: join(dir, 'backups') } })
    const { report } = await proveBackup(path, { key: { code: new Secret(test.recoveryCode) } })
    assert.deepEqual(report.faults, [])
    return report
  }
  const publicKeyFile = async (): Promise<string> => {
    await writeFile(join(dir, 'public.pem'), pem(rsaPair().publicKey))
    return join(dir, 'public.pem')
  }

  it('an issuer is set with what it needs, and taken away again', async () => {
    const said = await signIn(
      '--issuer',
      'https://login.example.com',
      '--audience',
      'postern',
      '--profile-claim',
      'key',
      '--key',
      'Orders',
    )
    assert.match(said, /accepts key, oidc/)
    assert.match(said, /checked by https:\/\/login\.example\.com, RS256, ES256/)
    assert.match(said, /with the rights of the key that key names[\s\S]*Orders when it names none/)
    assert.match(await signIn('--none'), /accepts key\./)
    const { accepts, sign_in: none } = await shown()
    assert.deepEqual([accepts, none], [['key'], null])
  })

  it('what cannot be is refused before anything changes, with the field or the option and the fix', async () => {
    await writeFile(join(dir, 'short'), 'short')
    await writeFile(join(dir, 'private'), rsaPair().privateKey.export({ type: 'pkcs8', format: 'pem' }))
    for (const [args, code, says] of [
      [['--jwt-secret-file', join(dir, 'short'), '--key', 'Orders'], 1, /sign_in\.secret: at least 32 bytes/],
      [['--public-key-file', join(dir, 'private'), '--key', 'Orders'], 1, /sign_in\.public_key: this is a private key/],
      [['--issuer', 'http://a.example', '--audience', 'x', '--key', 'Orders'], 1, /sign_in\.issuer: plain http/],
      [['--issuer', 'https://a.example', '--jwt-secret-file', join(dir, 'secret')], 2, /one way/],
      [['--jwt-secret-file', join(dir, 'absent')], 2, /--jwt-secret-file: .* cannot be read/],
      [['--audience', 'x'], 2, /has no sign-in yet/],
      [['--issuer', 'https://a.example', '--algorithm', 'none'], 2, /"none" is not one of HS256/],
      [['--none', '--key', 'Orders'], 2, /--none stands alone/],
      [[], 2, /Nothing to change/],
    ] as const) {
      const { code: ended, err } = await run(['clients', 'sign-in', 'Nintex', ...args, ...at()])
      assert.equal(ended, code, err)
      assert.match(err, says)
      assert.ok(!err.includes('BEGIN'))
    }
    const { code, err } = await run(['clients', 'edit', 'Nintex', '--accept', 'password', ...at()])
    assert.equal(code, 2)
    assert.match(err, /"password" is not one of key, oauth2, jwt, oidc/)
    assert.equal((await shown()).sign_in, null)
  })
})
