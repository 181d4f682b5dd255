/** What proxies are told: a refusal that no proxy takes for a failure, and a target that no caller can swap. */
import assert from 'node:assert/strict'
import { Problem } from '../../../daemon/src/problem.ts'
import { makeCollection, makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startGatewayBed } from '../../support/gateway-bed.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../../support/start-postern.ts'

describe('forward-auth', () => {
  let test: TestPostern
  let key: { id: string; value: string }
  before(async () => {
    test = await startTestPostern({ trustedProxies: ['127.0.0.1'] })
    key = await prepareKey(test.admin, 'http://127.0.0.1:1')
    await test.admin.call('endpoints.create', {
      body: {
        collection: 'ERP',
        method: 'POST',
        path: '/posted',
        host: 'erp.example',
        upstream: 'http://127.0.0.1:1/',
      },
    })
  })
  after(() => test.stop())

  const envoy = (path: string, headers: Record<string, string> = bearer(key.value), method = 'GET') =>
    call(test.http, { method, headers: { 'content-length': '0', ...headers }, target: `/authz/ext-authz${path}` })

  it('ext-authz judges the real method and host and the path behind its prefix, and answers exactly 200', async () => {
    const allowed = await envoy('/erp/x')
    assert.deepEqual([allowed.status, allowed.body, allowed.headers['x-postern-key-id']], [200, '', key.id])
    for (const name of ['key-id', 'key-name', 'client', 'subject', 'principal'])
      assert.ok(allowed.headers[`x-postern-${name}`], name)
    const at = { ...bearer(key.value), host: 'erp.example:8000' }
    assert.equal((await envoy('/posted', at, 'POST')).status, 200)
    assert.equal((await envoy('/posted', { ...at, host: 'other.example' }, 'POST')).status, 404)
    assert.equal((await envoy('/posted', at, 'GET')).status, 404)
  })

  it('ext-authz ignores what other proxies’ headers and the query say of the target', async () => {
    const forged = {
      ...bearer(key.value),
      'x-forwarded-uri': '/erp/x',
      'x-original-uri': '/erp/x',
      'x-envoy-original-path': '/erp/x',
      'x-forwarded-method': 'POST',
    }
    assert.equal((await envoy('/none?path=/erp/x&x-forwarded-uri=/erp/x', forged)).problem().code, 'no_endpoint')
    assert.equal((await envoy('/erp/x?path=/none&s=200', forged)).status, 200)
  })

  it('ext-authz refuses with the verdict’s own status, challenge and body, also a path that is none', async () => {
    const missing = await envoy('/erp/x', {})
    assert.deepEqual([missing.status, missing.headers['www-authenticate']], [401, 'Bearer realm="postern"'])
    assert.equal((await envoy('/erp/x', bearer('nobody'))).problem().code, 'credential_invalid')
    assert.equal((await envoy('/none')).status, 404)
    for (const path of ['', '/erp/%2e%2e/x', '//erp/x', '/erp/a%2Fb'])
      assert.equal((await envoy(path)).problem().code, 'request_malformed', path)
    const other = await call(`${test.http}/authz/ext-authzz/erp/x`, { headers: bearer(key.value) })
    assert.equal(other.problem().code, 'no_endpoint')
  })

  it('ext-authz says 403 where others are told 503, so that failure_mode_allow lets nothing pass', async () => {
    const locked = await startGatewayBed(null)
    try {
      const asked = { headers: { ...bearer(key.value), 'x-original-method': 'GET', 'x-original-uri': '/erp/x' } }
      const answer = await call(`${locked.url}/authz/ext-authz/erp/x`, asked)
      assert.deepEqual(
        [answer.status, answer.headers['x-postern-status'], answer.headers['x-postern-code']],
        [403, '503', 'keystore_locked'],
      )
      assert.deepEqual([answer.headers['retry-after'], answer.problem().status], ['10', 403])
      const nginx = await call(`${locked.url}/authz/auth-request`, asked)
      assert.deepEqual(
        [nginx.status, nginx.headers['x-postern-status'], nginx.headers['x-postern-retry-after']],
        [403, '503', '10'],
      )
      assert.equal((await call(`${locked.url}/authz/forward-auth`, asked)).status, 503)
    } finally {
      await locked.stop()
    }
  })

  it('a caller’s own X-Original-URL chooses no other host than the proxy names', async () => {
    const ask = (headers: Record<string, string>) =>
      call(`${test.http}/authz/auth-request`, {
        headers: { ...bearer(key.value), 'x-original-method': 'POST', ...headers },
      })
    const url = { 'x-original-url': 'https://erp.example/posted' }
    assert.equal((await ask(url)).status, 200, 'alone it is the proxy’s word')
    assert.equal((await ask({ ...url, 'x-forwarded-host': 'ERP.example:443' })).status, 200)
    for (const proxy of [
      { 'x-forwarded-host': 'other.example' },
      { 'x-original-uri': '/posted', host: 'other.example' },
    ]) {
      const { status, headers } = await ask({ ...url, ...proxy })
      assert.deepEqual([status, headers['x-postern-status']], [403, '400'], JSON.stringify(proxy))
    }
  })

  it('nginx is given the challenge of every refusal that has one', async () => {
    const { status, headers } = await call(`${test.http}/authz/auth-request`, {
      headers: { authorization: 'Digest x', 'x-original-method': 'GET', 'x-original-uri': '/erp/x' },
    })
    assert.deepEqual(
      [status, headers['x-postern-status'], headers['www-authenticate']],
      [403, '400', 'Bearer realm="postern", error="invalid_request"'],
    )
  })

  it('an endpoint that asks for a signed principal gets one through a proxy too, and others a dash', async () => {
    await test.admin.call('endpoints.create', {
      body: { collection: 'ERP', path: '/signed', upstream: 'http://127.0.0.1:1/', principal: true },
    })
    const signed = String((await envoy('/signed')).headers['x-postern-principal'])
    const claims = JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()) as { key_id: string }
    assert.equal(claims.key_id, key.id)
    assert.equal((await envoy('/erp/x')).headers['x-postern-principal'], '-')
  })

  for (const [what, principals, status] of [
    ['nobody can sign', undefined, 503],
    ['signing is too much at the moment', { of: () => Promise.reject(new Problem('overloaded')) }, 503],
    ['signing fails', { of: () => Promise.reject(new Error('no such thing')) }, 500],
  ] as const)
    it(`a principal that is asked for and cannot be had is no allow, in each proxy’s own words: ${what}`, async () => {
      const good = makeKey()
      const endpoint = makeEndpoint('GET', '/signed', { upstream: null, principal: true })
      const document = makeDocument({ collections: [makeCollection()], endpoints: [endpoint], keys: [good] })
      const bed = await startGatewayBed(document, principals === undefined ? {} : { principals })
      const headers = {
        ...bearer(good.value),
        'x-forwarded-method': 'GET',
        'x-forwarded-uri': '/signed',
        'x-original-method': 'GET',
        'x-original-uri': '/signed',
      }
      try {
        for (const [path, wire] of [
          ['/authz/forward-auth', status],
          ['/authz/auth-request', 403],
          ['/authz/ext-authz/signed', 403],
        ] as const) {
          const answer = await call(bed.url + path, { headers })
          assert.equal(answer.status, wire, path)
          if (wire === 403) assert.equal(answer.headers['x-postern-status'], String(status), path)
          assert.equal(answer.headers['x-postern-key-id'], undefined)
        }
        assert.equal(bed.faults.length, 3)
      } finally {
        await bed.stop()
      }
    })
})
