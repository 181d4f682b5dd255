/** OAuth 2.0 for machines (RFC 6749 §4.4, 6750, 7009, 7662, 8414, 9068), through the real daemon. */
import assert from 'node:assert/strict'
import { createLocalJWKSet, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose'
import { generateKeyPairSync } from 'node:crypto'
import { bearer, call, type Answered } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

interface Granted {
  access_token: string
  token_type: string
  expires_in: number
  scope?: string
}

describe('tokens made from keys', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let key: { id: string; value: string }
  before(async () => {
    upstream = await startUpstream()
    test = await startTestPostern()
    key = await prepareKey(test.admin, upstream.origin)
  })
  after(async () => {
    await test.stop()
    await upstream.close()
  })

  const secretOf = (value: string): string => value.slice(-49)
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
  })
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const post = (
    path: string,
    fields: Record<string, string> | string,
    headers: Record<string, string> = {},
  ): Promise<Answered> =>
    call(test.http + path, {
      method: 'POST',
      headers: { ...form, ...headers },
      body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    })
  const asKey = (): Record<string, string> => basic(key.id, secretOf(key.value))
  const granted = async (fields: Record<string, string> = {}, as = asKey()): Promise<Granted> => {
    const answer = await post('/oauth/token', { grant_type: 'client_credentials', ...fields }, as)
    assert.equal(answer.status, 200, answer.body)
    return JSON.parse(answer.body) as Granted
  }
  const introspected = async (token: string): Promise<Record<string, unknown>> => {
    const answer = await post('/oauth/introspect', { token }, asKey())
    assert.equal(answer.status, 200)
    return JSON.parse(answer.body) as Record<string, unknown>
  }
  const errorOf = ({ body }: Answered): string => (JSON.parse(body) as { error: string }).error

  it('a key is exchanged in the header or in the body, and the answer is the RFC’s to the letter', async () => {
    const pair = { client_id: key.id, client_secret: secretOf(key.value) }
    for (const answer of [
      await post('/oauth/token', { grant_type: 'client_credentials' }, asKey()),
      await post('/oauth/token', { grant_type: 'client_credentials', ...pair }),
      await post('/oauth/token', { grant_type: 'client_credentials', ...pair, client_secret: key.value }),
    ]) {
      assert.equal(answer.status, 200, answer.body)
      assert.equal(answer.headers['content-type'], 'application/json')
      assert.equal(answer.headers['cache-control'], 'no-store')
      assert.equal(answer.headers['pragma'], 'no-cache')
      const body = JSON.parse(answer.body) as Granted
      assert.deepEqual(Object.keys(body), ['access_token', 'token_type', 'expires_in'])
      assert.equal(body.token_type, 'Bearer')
      assert.equal(body.expires_in, 900)
    }
  })

  it('the token is an at+jwt of this store that a stranger can check by the published keys', async () => {
    const { access_token: token } = await granted()
    const jwks = JSON.parse((await call(`${test.http}/.well-known/jwks.json`)).body) as JSONWebKeySet
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), { typ: 'at+jwt' })
    assert.equal(protectedHeader.alg, 'ES256')
    assert.equal(payload.sub, key.id)
    assert.equal(payload['client_id'], key.id)
    assert.equal(payload.exp, (payload.iat ?? 0) + 900)
    assert.equal(typeof payload.jti, 'string')
    assert.equal(JSON.stringify(payload).includes(secretOf(key.value)), false)
  })

  it('passes on calls and by forward-auth, and the upstream is told of the key behind it and never of the token', async () => {
    const { access_token: token } = await granted()
    assert.equal((await call(`${test.http}/erp/orders`, { headers: bearer(token) })).status, 200)
    const seen = upstream.received.at(-1)
    assert.equal(seen?.headers['x-postern-key-id'], key.id)
    assert.equal(seen?.headers['authorization'], undefined)
    const asked = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/erp/orders', 'x-forwarded-host': 'gw' }
    const answer = await call(`${test.http}/authz/forward-auth`, { headers: { ...bearer(token), ...asked } })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['x-postern-key-id'], key.id)
  })

  it('each wrong request gets the RFC’s own error', async () => {
    const grant = { grant_type: 'client_credentials' }
    const tooMany = { ...grant, client_id: key.id, client_secret: secretOf(key.value) }
    for (const [answer, status, error] of [
      [await post('/oauth/token', {}, asKey()), 400, 'invalid_request'],
      [await post('/oauth/token', { grant_type: 'password' }, asKey()), 400, 'unsupported_grant_type'],
      [
        await post('/oauth/token', 'grant_type=client_credentials&grant_type=client_credentials', asKey()),
        400,
        'invalid_request',
      ],
      [await post('/oauth/token', tooMany, asKey()), 400, 'invalid_request'],
      [await post('/oauth/token', grant), 401, 'invalid_client'],
      [await post('/oauth/token', grant, basic(key.id, 'x'.repeat(49))), 401, 'invalid_client'],
      [await post('/oauth/token', grant, basic('nobody00', secretOf(key.value))), 401, 'invalid_client'],
      [await post('/oauth/token', { ...grant, scope: 'co_nothing' }, asKey()), 400, 'invalid_scope'],
      [await post('/oauth/token', grant, { ...asKey(), 'content-type': 'application/json' }), 400, 'invalid_request'],
      [await post('/oauth/introspect', {}, asKey()), 400, 'invalid_request'],
      [await post('/oauth/introspect', { token: 'x' }), 401, 'invalid_client'],
      [await post('/oauth/revoke', {}, asKey()), 400, 'invalid_request'],
      [await post('/oauth/revoke', { token: key.value }, asKey()), 400, 'unsupported_token_type'],
      [await post('/oauth/token', `padding=${'x'.repeat(9_000)}`, asKey()), 400, 'invalid_request'],
      [await post('/oauth/token', { grant_type: '' }, asKey()), 400, 'invalid_request'],
    ] as const) {
      assert.equal(errorOf(answer), error, answer.body)
      assert.equal(answer.status, status, answer.body)
      assert.equal(answer.headers['cache-control'], 'no-store')
      assert.equal(answer.headers['www-authenticate'] !== undefined, status === 401)
      if (status === 401) assert.match(String(answer.headers['www-authenticate']), /^Basic realm=/)
    }
  })

  it('these are asked by POST alone', async () => {
    const answer = await call(`${test.http}/oauth/token`)
    assert.deepEqual([answer.status, answer.headers['allow']], [405, 'POST'])
  })

  it('a scope narrows the token to collections that its key reaches', async () => {
    const other = await test.admin.call('collections.create', { body: { name: 'Warehouse' } })
    await test.admin.call('endpoints.create', {
      body: { collection: 'Warehouse', path: '/stock', upstream: `${upstream.origin}/stock` },
    })
    const { access_token: token, scope } = await granted({ scope: other.id })
    assert.equal(scope, other.id)
    assert.equal((await call(`${test.http}/stock`, { headers: bearer(token) })).status, 200)
    assert.equal((await call(`${test.http}/erp/x`, { headers: bearer(token) })).problem().code, 'insufficient_scope')
    assert.equal((await introspected(token))['scope'], other.id)
  })

  it('is introspected by its own client, and is nothing to anybody else', async () => {
    const { access_token: token } = await granted()
    const said = await introspected(token)
    assert.equal(said['active'], true)
    assert.equal(said['client_id'], key.id)
    await test.admin.call('clients.create', { body: { name: 'Stranger' } })
    const stranger = await test.admin.call('keys.create', { body: { name: 'Stranger key', client: 'Stranger' } })
    const theirs = await post('/oauth/introspect', { token }, basic(stranger.id, secretOf(stranger.value ?? '')))
    assert.equal(theirs.body, '{"active":false}')
    for (const none of ['x', key.value, `${token}x`, token.slice(0, -5)])
      assert.deepEqual(await introspected(none), { active: false })
  })

  it('a token taken back is refused from the next call on, also after a restart; one that is none is fine too', async () => {
    const [first, second] = [await granted(), await granted()]
    assert.equal((await call(`${test.http}/erp/x`, { headers: bearer(first.access_token) })).status, 200)
    assert.equal((await post('/oauth/revoke', { token: first.access_token }, asKey())).status, 200)
    assert.equal((await post('/oauth/revoke', { token: 'nothing' }, asKey())).status, 200)
    assert.equal(
      (await call(`${test.http}/erp/x`, { headers: bearer(first.access_token) })).problem().code,
      'credential_invalid',
    )
    assert.deepEqual(await introspected(first.access_token), { active: false })
    test = await test.restart()
    assert.equal((await call(`${test.http}/erp/x`, { headers: bearer(first.access_token) })).status, 401)
    assert.equal((await call(`${test.http}/erp/x`, { headers: bearer(second.access_token) })).status, 200)
  })

  it('stops within one call of its key’s being disabled, on calls, introspection and forward-auth alike', async () => {
    const { access_token: token } = await granted()
    const helper = await test.admin.call('keys.create', { body: { name: 'Looks on' } })
    const asked = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/erp/x', 'x-forwarded-host': 'gw' }
    const look = async () => [
      (await call(`${test.http}/erp/x`, { headers: bearer(token) })).status,
      (await call(`${test.http}/authz/forward-auth`, { headers: { ...bearer(token), ...asked } })).status,
      (await post('/oauth/introspect', { token }, basic(helper.id, secretOf(helper.value ?? '')))).body ===
        '{"active":false}',
    ]
    assert.deepEqual(await look(), [200, 200, false])
    await test.admin.call('keys.disable', { params: { key: key.id } })
    assert.deepEqual(await look(), [403, 403, true])
    await test.admin.call('keys.enable', { params: { key: key.id } })
    assert.deepEqual(await look(), [200, 200, false])
    await test.admin.call('keys.rotate', { params: { key: key.id }, body: {} })
    assert.deepEqual(await look(), [401, 401, true])
    key = { id: key.id, value: (await test.admin.call('keys.reveal', { params: { key: key.id } })).value ?? '' }
  })

  it('never lasts longer than its key, or than an old secret during a rotation', async () => {
    const short = await test.admin.call('keys.create', {
      body: { name: 'Short', expires: { at: new Date(test.clock.nowMs + 60_000).toISOString() } },
    })
    const token = await granted({}, basic(short.id, secretOf(short.value ?? '')))
    assert.ok(token.expires_in <= 60 && token.expires_in > 50, String(token.expires_in))
    await test.admin.call('keys.rotate', { params: { key: short.id }, body: { overlap_seconds: 20 } })
    const old = await granted({}, basic(short.id, secretOf(short.value ?? '')))
    assert.ok(old.expires_in <= 20, String(old.expires_in))
  })

  it('a token signed by anybody else, of another type, or for another store opens nothing', async () => {
    const { access_token: token } = await granted()
    const [, payload = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const kid =
      (JSON.parse((await call(`${test.http}/.well-known/jwks.json`)).body) as { keys: { kid: string }[] }).keys[0]
        ?.kid ?? ''
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(privateKey)
    const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`
    for (const each of [forged, none, `${token.split('.')[0]}.${payload}.`])
      assert.equal((await call(`${test.http}/erp/x`, { headers: bearer(each) })).problem().code, 'credential_invalid')
  })

  it('says where all of that is', async () => {
    const seen = JSON.parse((await call(`${test.http}/.well-known/oauth-authorization-server`)).body) as Record<
      string,
      unknown
    >
    assert.equal(seen['issuer'], test.http)
    assert.equal(seen['token_endpoint'], `${test.http}/oauth/token`)
    assert.deepEqual(seen['grant_types_supported'], ['client_credentials'])
    assert.deepEqual(seen['response_types_supported'], [])
  })

  it('passes while somebody at the same address guesses, and so does the next; one that is not known has to wait', async () => {
    const { access_token: token } = await granted()
    const status = async (value: string) => (await call(`${test.http}/erp/x`, { headers: bearer(value) })).status
    const { wrong_credentials_per_minute: perMinute } = await test.admin.call('settings.get')
    for (let guess = 0; guess <= perMinute; guess++) await status('not.a.key')
    assert.equal(await status('not.a.key'), 429)
    assert.equal(await status(token), 200)
    assert.equal(await status((await granted()).access_token), 200)
    assert.equal(await status(`${token.slice(0, -4)}AAAA`), 429)
  })
})
