/**
 * Proxies that Debian has no package of: Postern is sent exactly what their documentation says that they send, and has to
 * answer what it says that they need. No Traefik and no Envoy runs here.
 */
import assert from 'node:assert/strict'
import { Agent, request } from 'node:http'
import { bearer, call } from '../support/call.ts'
import { guideFile, replaceable } from '../support/proxies.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

const identity = ['key-id', 'key-name', 'client', 'subject', 'principal'].map((name) => `x-postern-${name}`)

describe('what proxies are documented to send', function () {
  this.timeout(60_000)
  let test: TestPostern
  let key: { id: string; value: string }
  const makeKey = async (body: Record<string, unknown>) => {
    const { id, value } = await test.admin.call('keys.create', { body: body as { name: string } })
    return { id, value: value ?? '' }
  }
  before(async () => {
    test = await startTestPostern({ trustedProxies: ['127.0.0.1', '192.0.2.10'] })
    await test.admin.call('collections.create', { body: { name: 'ERP' } })
    for (const [method, path, host] of [
      ['ANY', '/erp/{rest*}', null],
      ['POST', '/posted', 'erp.example'],
    ] as const)
      await test.admin.call('endpoints.create', { body: { collection: 'ERP', method, path, host } })
    key = await makeKey({ name: 'Contract' })
    await test.admin.call('policies.create', { body: { name: 'One', windows: [{ per: 'day', calls: 1 }] } })
  })
  after(() => test.stop())

  /** Refusals of every kind, for a credential that is asked for at that path. */
  const refusals = async (
    by: string,
  ): Promise<[path: string, headers: Record<string, string>, status: number, code: string][]> => {
    const [disabled, limited, elsewhere] = [
      await makeKey({ name: `Disabled ${by}` }),
      await makeKey({ name: `Limited ${by}`, policies: ['One'] }),
      await makeKey({ name: `Elsewhere ${by}`, addresses: { allow: ['203.0.113.0/24'] } }),
    ]
    await test.admin.call('keys.disable', { params: { key: disabled.id } })
    await envoy('/erp/x', bearer(limited.value))
    return [
      ['/erp/x', {}, 401, 'credential_missing'],
      ['/erp/x', bearer('nobody'), 401, 'credential_invalid'],
      ['/erp/x', { authorization: 'Digest x' }, 400, 'credential_malformed'],
      ['/erp/x', bearer(disabled.value), 403, 'credential_disabled'],
      ['/erp/x', bearer(elsewhere.value), 403, 'forbidden'],
      ['/none', bearer(key.value), 404, 'no_endpoint'],
      ['/erp/%2e%2e/x', bearer(key.value), 400, 'request_malformed'],
      ['/erp/x', bearer(limited.value), 429, 'quota_exceeded'],
    ]
  }

  /**
   * Traefik v3.3, "ForwardAuth", "Forward-Request Headers" (doc.traefik.io/traefik/v3.3/middlewares/http/forwardauth): GET to the
   * address, with X-Forwarded-Method, -Proto, -Host, -Uri and -For, and of the caller's headers those of authRequestHeaders.
   */
  const traefik = (target: string, headers: Record<string, string>, method = 'GET', host = 'erp.example') =>
    call(`${test.http}/authz/forward-auth`, {
      headers: {
        ...headers,
        'x-forwarded-method': method,
        'x-forwarded-proto': 'https',
        'x-forwarded-host': host,
        'x-forwarded-uri': target,
        'x-forwarded-for': '198.51.100.7',
        'accept-encoding': 'gzip',
      },
    })

  it('Traefik: a 2xx with every identity header, or the whole answer for the caller', async () => {
    assert.match(await guideFile('traefik.yml'), /address: http:\/\/127\.0\.0\.1:8080\/authz\/forward-auth$/m)
    assert.match(await guideFile('traefik.yml'), /authResponseHeadersRegex: \(\?i\)postern$/m)
    assert.match(await guideFile('traefik.yml'), /authRequestHeaders:\n +- Authorization\n +- X-API-Key\n/)
    for (const credential of [bearer(key.value), { 'x-api-key': key.value }]) {
      const { status, headers, body } = await traefik('/posted?route=admin', credential, 'POST')
      assert.deepEqual([status, body, headers['x-postern-key-id']], [200, '', key.id])
      for (const name of identity) assert.ok(headers[name], name)
    }
    assert.equal((await traefik('/posted', bearer(key.value), 'GET')).status, 404)
    assert.equal((await traefik('/posted', bearer(key.value), 'POST', 'other.example')).status, 404)
    for (const [path, credential, status, code] of await refusals('for Traefik')) {
      const answer = await traefik(path, credential)
      assert.deepEqual([answer.status, answer.problem().code], [status, code])
      assert.equal(answer.headers['location'], undefined)
      assert.equal(answer.headers['www-authenticate'] !== undefined, status === 401 || code === 'credential_malformed')
      assert.equal(answer.headers['retry-after'] !== undefined, status === 429)
    }
  })

  /**
   * Envoy v1.31, api-v3 ext_authz.proto (envoyproxy.io/docs/envoy/v1.31.0/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto):
   * "Host, Method, Path, Content-Length, and Authorization are additionally included"; "Content-Length will be set to 0"; path_prefix
   * stands before Path, with the query; other headers by allowed_headers. Envoy's own client adds its address to X-Forwarded-For.
   */
  const envoy = (
    target: string,
    headers: Record<string, string>,
    method = 'GET',
    forwardedFor = '198.51.100.7, 192.0.2.10',
  ) =>
    call(test.http, {
      method,
      target: `/authz/ext-authz${target}`,
      headers: { host: 'erp.example', 'content-length': '0', 'x-forwarded-for': forwardedFor, ...headers },
    })

  it('Envoy: exactly 200 with every header that is copied, else a status below 500 with its body', async () => {
    const file = await guideFile('envoy.yaml')
    assert.match(file, /path_prefix: \/authz\/ext-authz$/m)
    const copied = /allowed_upstream_headers:\n +patterns:\n((?: +- \{ exact: .*\}\n)+)/.exec(file)?.[1] ?? ''
    assert.deepEqual(
      [...copied.matchAll(/exact: ([\w-]+)/g)].map(([, name]) => name),
      identity,
    )
    assert.match(file, /\{ exact: x-api-key \}/)
    for (const credential of [bearer(key.value), { 'x-api-key': key.value }]) {
      const { status, headers, body } = await envoy('/posted?route=admin&s=200', credential, 'POST')
      assert.deepEqual([status, body, headers['x-postern-key-id']], [200, '', key.id])
      for (const name of identity) assert.ok(headers[name], name)
    }
    for (const method of ['HEAD', 'PUT', 'PATCH', 'DELETE'])
      assert.equal((await envoy('/erp/x', bearer(key.value), method)).status, 200, method)
    for (const [path, credential, status, code] of await refusals('for Envoy')) {
      const answer = await envoy(path, credential)
      assert.deepEqual([answer.status, answer.problem().code], [status, code])
      assert.equal(answer.headers['retry-after'] !== undefined, status === 429)
    }
  })

  it('Envoy: the caller’s address is the one before Envoy’s own, whatever stands left of it', async () => {
    const { value } = await makeKey({ name: 'One place', addresses: { allow: ['198.51.100.7'] } })
    const from = async (forwardedFor: string) => (await envoy('/erp/x', bearer(value), 'GET', forwardedFor)).status
    assert.equal(await from('10.0.0.1, 198.51.100.7, 192.0.2.10'), 200)
    assert.equal(await from('198.51.100.7, 10.0.0.1, 192.0.2.10'), 403)
  })

  it('answers well within the 200 ms that Envoy waits by itself', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = (): Promise<number> =>
      new Promise((resolve, reject) => {
        const began = performance.now()
        const options = { agent, headers: { host: 'erp.example', ...bearer(key.value) } }
        request(`${test.http}/authz/ext-authz/erp/x`, options, (response) => {
          assert.equal(response.statusCode, 200)
          response.resume().once('end', () => resolve(performance.now() - began))
        })
          .once('error', reject)
          .end()
      })
    const took: number[] = []
    while (took.length < 2_000) took.push(await ask())
    agent.destroy()
    took.sort((a, b) => a - b)
    const [median = Infinity, p99 = Infinity] = [took[1_000], took[1_980]]
    assert.ok(p99 < 200, `median ${median} ms, p99 ${p99} ms`)
  })

  it('the head of each file names what a user replaces, and all of it is in the file', async () => {
    const files = ['nginx.conf', 'nginx-then-postern.conf', 'Caddyfile', 'haproxy.cfg', 'traefik.yml', 'envoy.yaml']
    for (const file of files) {
      const text = await guideFile(file)
      const named = replaceable(text)
      assert.ok(named.length >= 2, file)
      const rest = text.replaceAll(/^#.*\n/gm, '')
      for (const each of named) assert.ok(rest.includes(each), `${file}: ${each}`)
    }
  })
})
