/** Postern's own paths: health, "who am I", and the answers to proxies. */
import assert from 'node:assert/strict'
import { bearer, call } from '../../support/call.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../../support/start-postern.ts'

describe('own paths', () => {
  let test: TestPostern
  let key: { id: string; value: string }
  before(async () => {
    test = await startTestPostern()
    key = await prepareKey(test.admin, 'http://127.0.0.1:1')
  })
  after(() => test.stop())

  it('health is answered without a key', async () => {
    assert.deepEqual(JSON.parse((await call(`${test.http}/livez`)).body), { status: 'alive' })
    assert.deepEqual(JSON.parse((await call(`${test.http}/readyz`)).body), { status: 'ready', reasons: [] })
    assert.equal((await call(`${test.http}/livez`, { method: 'HEAD' })).body, '')
  })

  it('/.postern/self says who calls and what it reaches, and never the key', async () => {
    const { status, body } = await call(`${test.http}/.postern/self`, { headers: { 'x-api-key': key.value } })
    assert.equal(status, 200)
    const self = JSON.parse(body) as Record<string, unknown>
    assert.deepEqual([self['id'], self['client'], self['collections']], [key.id, 'default', ['ERP']])
    assert.ok(!body.includes(key.value.slice(17)))
    assert.equal((await call(`${test.http}/.postern/self`)).problem().code, 'credential_missing')
    await test.admin.call('keys.edit', { params: { key: key.id }, body: { expires: { never: true } }, ifMatch: '*' })
    const never = await call(`${test.http}/.postern/self`, { headers: { 'x-api-key': key.value } })
    assert.equal((JSON.parse(never.body) as { expires_at: unknown }).expires_at, null)
  })

  it('reserved paths that are not answered ask for a key first, then are 404', async () => {
    for (const path of ['/authz/other', '/exports/other']) {
      assert.equal((await call(test.http + path)).problem().code, 'credential_missing')
      assert.equal((await call(test.http + path, { headers: bearer(key.value) })).problem().code, 'no_endpoint')
    }
  })

  const forward = (headers: Record<string, string>) => call(`${test.http}/authz/forward-auth`, { headers })
  const nginx = (headers: Record<string, string>) => call(`${test.http}/authz/auth-request`, { headers })
  const asked = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/erp/x', 'x-forwarded-host': 'gw.example' }

  it('forward-auth answers 200 with every identity header, or the verdict’s own status', async () => {
    const allowed = await forward({ ...asked, ...bearer(key.value) })
    assert.equal(allowed.status, 200)
    for (const name of ['key-id', 'key-name', 'client', 'subject']) assert.ok(allowed.headers[`x-postern-${name}`])
    assert.equal((await forward(asked)).problem().code, 'credential_missing')
    assert.equal(
      (await forward({ ...asked, ...bearer(key.value), 'x-forwarded-uri': '/other' })).problem().code,
      'no_endpoint',
    )
    for (const wrong of [
      { 'x-forwarded-uri': '/erp/../x' },
      { 'x-forwarded-method': 'get' },
      { 'x-forwarded-host': 'a b' },
    ])
      assert.equal((await forward({ ...asked, ...bearer(key.value), ...wrong })).problem().code, 'request_malformed')
    assert.equal((await forward(bearer(key.value))).problem().code, 'request_malformed')
  })

  it('auth-request answers nginx with 200, 401 or 403 alone, and the truth beside it', async () => {
    const uri = { 'x-original-method': 'GET', 'x-original-uri': '/erp/x?y=/..' }
    assert.equal((await nginx({ ...uri, ...bearer(key.value) })).status, 200)
    assert.equal(
      (await nginx({ 'x-original-method': 'GET', 'x-original-url': 'https://gw.example/erp/x', ...bearer(key.value) }))
        .status,
      200,
    )
    const missing = await nginx(uri)
    assert.deepEqual([missing.status, missing.headers['www-authenticate']], [401, 'Bearer realm="postern"'])
    for (const [headers, truth] of [
      [{ ...uri, 'x-original-uri': '/none', ...bearer(key.value) }, '404'],
      [{ ...uri, 'x-original-uri': '/erp/%2e%2e/x', ...bearer(key.value) }, '400'],
      [bearer(key.value), '400'],
      [{ ...uri, authorization: 'Bearer' }, '400'],
    ] as const) {
      const { status, headers: answered, body } = await nginx(headers)
      assert.deepEqual([status, answered['x-postern-status'], body], [403, truth, ''])
    }
  })

  it('an endpoint without an upstream is for forward-auth only', async () => {
    await test.admin.call('endpoints.create', { body: { collection: 'ERP', method: 'GET', path: '/ask' } })
    assert.equal((await call(`${test.http}/ask`, { headers: bearer(key.value) })).problem().code, 'no_endpoint')
    assert.equal((await forward({ ...asked, ...bearer(key.value), 'x-forwarded-uri': '/ask?x' })).status, 200)
  })

  it('every refusal of a credential has its challenge', async () => {
    const challenge = async (headers: Record<string, string>): Promise<unknown> =>
      (await call(`${test.http}/erp/x`, { headers })).headers['www-authenticate']
    assert.equal(await challenge({}), 'Bearer realm="postern"')
    assert.equal(await challenge(bearer('nobody')), 'Bearer realm="postern", error="invalid_token"')
    assert.equal(await challenge({ authorization: 'Digest x' }), 'Bearer realm="postern", error="invalid_request"')
    await test.admin.call('keys.edit', { params: { key: key.id }, body: { collections: [] }, ifMatch: '*' })
    assert.equal(await challenge(bearer(key.value)), 'Bearer realm="postern", error="insufficient_scope"')
  })

  it('unknown, wrong and removed keys get the same bytes but for the request id', async () => {
    const other = await test.admin.call('keys.create', { body: { name: 'To be removed' } })
    await test.admin.call('keys.remove', { params: { key: other.id } })
    const answers = await Promise.all(
      [
        key.value.slice(0, -1) + (key.value.endsWith('z') ? 'y' : 'z'),
        'abc',
        other.value ?? '',
        `postern_AAAAAAAA_${'0'.repeat(49)}`,
      ].map(async (value) => {
        const { body, headers, status } = await call(`${test.http}/erp/x`, {
          headers: { ...bearer(value), 'x-request-id': 'same' },
        })
        const { date: _date, ...rest } = headers
        return JSON.stringify([status, body, rest])
      }),
    )
    assert.equal(new Set(answers).size, 1, answers.join('\n'))
  })
})
