/** OAuth clients that are not ours: curl, and openid-client, which reads the metadata and checks every answer by the RFCs. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { request } from 'node:https'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as openid from 'openid-client'
import { bearer, call } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('OAuth by clients that are not ours', function () {
  this.timeout(30_000)
  let test: TestPostern
  let upstream: FakeUpstream
  let ca: string
  let key: { id: string; value: string }
  before(async () => {
    upstream = await startUpstream()
    test = await startTestPostern()
    ca = await test.ca()
    key = await prepareKey(test.admin, upstream.origin)
  })
  after(async () => {
    await test.stop()
    await upstream.close()
  })

  /** curl over TLS with the gateway's own authority; gives the body and, on a line of its own, the status. */
  const curl = async (config: string, ...args: string[]): Promise<{ body: string; status: number }> => {
    const caFile = join(test.settings.dataDir, 'tls', 'ca.crt')
    const options = ['--silent', '--show-error', '--cacert', caFile, '--write-out', '\n%{http_code}', '--config', '-']
    const running = promisify(execFile)('curl', [...options, ...args])
    // As the guide says: the secret goes by the standard input, never by the command line, which anybody can read.
    running.child.stdin?.end(config)
    const [, body = '', status = ''] = /^([\s\S]*)\n(\d+)$/.exec((await running).stdout) ?? []
    return { body, status: Number(status) }
  }

  it('curl gets a token for its key, by header and by body, and calls with it', async function () {
    if (spawnSync('curl', ['--version']).status !== 0) return this.skip()
    const secret = key.value.slice(-49)
    for (const config of [
      `user = "${key.id}:${secret}"\ndata = "grant_type=client_credentials"`,
      `data = "grant_type=client_credentials"\ndata = "client_id=${key.id}"\ndata = "client_secret=${secret}"`,
    ]) {
      const granted = await curl(config, `${test.https}/oauth/token`)
      assert.equal(granted.status, 200, granted.body)
      const { access_token: token, token_type: type } = JSON.parse(granted.body) as Record<string, string>
      assert.equal(type, 'Bearer')
      const called = await curl(`header = "Authorization: Bearer ${token}"`, `${test.https}/erp/orders`)
      assert.deepEqual(called, { status: 200, body: 'upstream /orders' })
      assert.equal(upstream.received.at(-1)?.headers['x-postern-key-id'], key.id)
    }
    const refused = await curl(
      `user = "${key.id}:wrong"\ndata = "grant_type=client_credentials"`,
      `${test.https}/oauth/token`,
    )
    assert.deepEqual([refused.status, (JSON.parse(refused.body) as { error: string }).error], [401, 'invalid_client'])
  })

  /** What openid-client calls by, with the gateway's own authority trusted and nothing else changed. */
  const trusting: openid.CustomFetch = (url, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const text = body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : undefined
      const sent = request(url, { method, headers: { ...headers }, ca, agent: false }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const given = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)])
          resolve(new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 0, headers: given }))
        })
      })
      sent.on('error', reject)
      sent.end(text)
    })

  const discover = (auth: openid.ClientAuth): Promise<openid.Configuration> =>
    openid.discovery(new URL(test.https), key.id, undefined, auth, {
      algorithm: 'oauth2',
      [openid.customFetch]: trusting,
    })

  it('openid-client finds everything, gets a token, calls, looks at it and takes it back', async () => {
    const secret = key.value.slice(-49)
    for (const auth of [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)]) {
      const config = await discover(auth)
      assert.equal(config.serverMetadata().issuer, test.https)
      const granted = await openid.clientCredentialsGrant(config)
      assert.equal(granted.token_type, 'bearer')
      assert.equal(granted.expires_in, 900)
      const url = new URL(`${test.https}/erp/orders`)
      const answer = await openid.fetchProtectedResource(config, granted.access_token, url, 'GET')
      assert.deepEqual([answer.status, await answer.text()], [200, 'upstream /orders'])
      const said = await openid.tokenIntrospection(config, granted.access_token)
      assert.deepEqual([said.active, said.client_id, said.iss], [true, key.id, test.https])
      await openid.tokenRevocation(config, granted.access_token)
      assert.deepEqual(await openid.tokenIntrospection(config, granted.access_token), { active: false })
      assert.equal((await call(url.href, { ca, headers: bearer(granted.access_token) })).status, 401)
    }
  })

  it('openid-client is told by the RFC’s own errors what is wrong', async () => {
    const wrong = await discover(openid.ClientSecretBasic('x'.repeat(49)))
    const isError = (error: string) => (thrown: unknown) =>
      thrown instanceof openid.ResponseBodyError
        ? thrown.error === error
        : thrown instanceof openid.WWWAuthenticateChallengeError && thrown.status === 401
    await assert.rejects(openid.clientCredentialsGrant(wrong), isError('invalid_client'))
    const config = await discover(openid.ClientSecretBasic(key.value.slice(-49)))
    const scoped = openid.clientCredentialsGrant(config, { scope: 'co_nothing' })
    await assert.rejects(scoped, isError('invalid_scope'))
  })

  it('an address that was set for callers is the issuer, and a client that comes by another one is not fooled', async () => {
    await test.admin.call('settings.edit', { body: { public_url: 'https://gateway.example' }, ifMatch: '*' })
    try {
      await assert.rejects(discover(openid.None()), /issuer/)
    } finally {
      await test.admin.call('settings.edit', { body: { public_url: test.https }, ifMatch: '*' })
    }
    assert.equal((await discover(openid.None())).serverMetadata().issuer, test.https)
  })
})
