/** Real proxies in front of a service, with the guide's own files: whatever a caller sends, only what Postern allowed gets through. */
import assert from 'node:assert/strict'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { bearer, call, type Called } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { caddy, freePort, haproxy, nginx, startHaproxy, type Proxy } from '../support/proxies.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

const identity = ['x-postern-key-id', 'x-postern-key-name', 'x-postern-client', 'x-postern-subject']

describe('behind a real proxy', function () {
  this.timeout(60_000)
  let test: TestPostern
  let upstream: FakeUpstream
  before(async () => {
    upstream = await startUpstream()
    const port = await freePort()
    // The port stays over a restart, as a proxy's configuration does.
    test = await startTestPostern({
      listen: [
        { protocol: 'https', host: '127.0.0.1', port: 0 },
        { protocol: 'http', host: '127.0.0.1', port },
      ],
      trustedProxies: ['127.0.0.1'],
    })
    await test.admin.call('collections.create', { body: { name: 'ERP' } })
    for (const [method, path, host] of [
      ['ANY', '/erp/{rest*}', null],
      ['POST', '/posted', null],
      ['GET', '/hosted', 'erp.example'],
      // Without an upstream: the proxy forwards.
    ] as const)
      await test.admin.call('endpoints.create', { body: { collection: 'ERP', method, path, host } })
  })
  after(async () => {
    await test.stop()
    await upstream.close()
  })

  for (const kind of [nginx, caddy, haproxy])
    describe(kind.name, () => {
      let proxy: Proxy
      let key: { id: string; value: string }
      const hostOf = (url: string): string => new URL(url).host
      const through = (target: string, headers: Record<string, string> = {}, more: Called = {}) =>
        call(proxy.url, { headers: { ...bearer(key.value), ...headers }, target, ...more })
      const bare = (target: string, headers: Record<string, string>) => call(proxy.url, { headers, target })
      /** What has reached the service since it was last asked. */
      const reached = () => upstream.received.splice(0)

      before(async function () {
        if (!kind.isHere()) return this.skip()
        const service = hostOf(upstream.origin)
        proxy = await kind.start({ postern: hostOf(test.http), service })
        const made = await test.admin.call('keys.create', {
          body: { name: `Behind ${kind.name} é`, subject: 'erp-robot' },
        })
        key = { id: made.id, value: made.value ?? '' }
      })
      after(() => proxy?.stop())
      beforeEach(() => void reached())

      it('a key, a pair and a token pass, and the service is told by Postern who calls and shown no credential', async () => {
        const pair = Buffer.from(`${key.id}:${key.value.slice(-49)}`).toString('base64')
        const granted = await call(`${test.http}/oauth/token`, {
          method: 'POST',
          headers: { authorization: `Basic ${pair}`, 'content-type': 'application/x-www-form-urlencoded' },
          body: 'grant_type=client_credentials',
        })
        const { access_token: token } = JSON.parse(granted.body) as { access_token: string }
        for (const credential of [
          bearer(key.value),
          { 'x-api-key': key.value },
          { authorization: `Basic ${pair}` },
          bearer(token),
        ]) {
          const { status, body } = await bare('/erp/orders?year=2026', credential)
          assert.deepEqual([status, body], [200, 'upstream /erp/orders?year=2026'])
          const headers = reached()[0]?.headers ?? {}
          assert.deepEqual(
            identity.map((name) => headers[name]),
            [key.id, encodeURIComponent(`Behind ${kind.name} é`), 'default', 'erp-robot'],
          )
          assert.equal(headers['x-postern-principal'], '-')
          assert.equal(JSON.stringify(headers).includes(key.value.slice(-49)), false)
          assert.deepEqual([headers['authorization'], headers['x-api-key']], [undefined, undefined])
        }
      })

      it('nothing that a caller says by Postern’s name reaches the service, however it is written', async () => {
        const names = [...identity, 'x-postern-principal', 'x-postern-receipt']
        const forged = names.flatMap((name) => [name, name.replaceAll('-', '_'), name.replace('-', '_')])
        const { status } = await through('/erp/x', {
          ...Object.fromEntries(forged.map((name) => [name, 'forged'])),
          connection: 'x-postern-key-id, x-postern-client',
          'x-forwarded-for': '10.0.0.1',
          'x-forwarded-host': 'evil.example',
          forwarded: 'for=10.0.0.1;host=evil.example',
          'x-real-ip': '10.0.0.1',
          ...Object.fromEntries(['method', 'uri'].map((what) => [`x-forwarded-${what}`, 'forged'])),
          ...Object.fromEntries(['method', 'uri', 'url'].map((what) => [`x-original-${what}`, 'forged'])),
        })
        assert.equal(status, 200)
        const rawHeaders = reached()[0]?.rawHeaders ?? []
        assert.equal(rawHeaders.includes('forged'), false, rawHeaders.join('\n'))
        for (const [name, value] of [
          ['x-postern-key-id', key.id],
          ['x-postern-client', 'default'],
        ])
          assert.deepEqual(
            rawHeaders.filter((_, at) => rawHeaders[at - 1]?.toLowerCase() === name && at % 2 === 1),
            [value],
          )
        assert.equal(rawHeaders.includes('10.0.0.1'), false)
        // Whoever stands next takes off what is named there (RFC 9110 §7.6.1), and with it what Postern has set.
        const next = rawHeaders.findIndex((each) => each.toLowerCase() === 'connection')
        assert.doesNotMatch(next < 0 ? '' : (rawHeaders[next + 1] ?? ''), /postern/i)
        assert.equal(JSON.stringify(rawHeaders).includes('evil.example'), false)
      })

      it('nobody gets by without a key, whatever host is called, nor an answer that looks like one', async () => {
        for (const host of ['other.example', 'localhost', '127.0.0.1'])
          assert.equal((await bare('/erp/x', { host })).status, 401, host)
        assert.equal(reached().length, 0)
      })

      it('a refusal comes to the caller with its true status, challenge, time to wait and code', async () => {
        const seen = async (target: string, headers: Record<string, string>) => {
          const { status, headers: said, problem } = await bare(target, headers)
          return [status, said['www-authenticate'], status === 401 && kind === nginx ? null : problem().code]
        }
        const code = (text: string) => (kind === nginx ? null : text)
        const realm = 'Bearer realm="postern"'
        const good = bearer(key.value)
        assert.deepEqual(await seen('/erp/x', {}), [401, realm, code('credential_missing')])
        const wrong = [401, `${realm}, error="invalid_token"`, code('credential_invalid')]
        assert.deepEqual(await seen('/erp/x', bearer('nobody')), wrong)
        assert.deepEqual(await seen('/none', good), [404, undefined, 'no_endpoint'])
        const two = [400, `${realm}, error="invalid_request"`, 'credential_malformed']
        assert.deepEqual(await seen('/erp/x', { ...good, 'x-api-key': key.value }), two)
        await test.admin.call('policies.create', { body: { name: kind.name, windows: [{ per: 'day', calls: 1 }] } })
        const body = { name: `Few of ${kind.name}`, policies: [kind.name] }
        const few = bearer((await test.admin.call('keys.create', { body })).value ?? '')
        assert.equal((await bare('/erp/x', few)).status, 200)
        const limited = await bare('/erp/x', few)
        assert.deepEqual([limited.status, limited.problem().code], [429, 'quota_exceeded'])
        assert.match(String(limited.headers['retry-after']), /^\d+$/)
        assert.match(String(limited.headers['ratelimit']), /;r=0;/)
        assert.equal(reached().length, 1)
      })

      it('while the keystore is locked the caller is told 503 and when to come again', async () => {
        const opener = join(test.settings.machineDir, 'machine.key')
        await rename(opener, `${opener}-away`)
        test = await test.restart()
        try {
          const { status, headers, problem } = await through('/erp/x')
          assert.deepEqual([status, headers['retry-after'], problem().code], [503, '10', 'keystore_locked'])
        } finally {
          await rename(`${opener}-away`, opener)
          test = await test.restart()
        }
        assert.equal((await through('/erp/x')).status, 200)
        assert.equal(reached().length, 1)
      })

      it('neither the query nor the caller’s own headers say what is called', async () => {
        const query = '?route=admin&s=200&x-forwarded-uri=/erp/x&key=forged'
        assert.equal((await through(`/none${query}`)).status, 404)
        assert.equal((await through(`/erp/x${query}`)).status, 200)
        assert.deepEqual(
          reached().map(({ url }) => url),
          [`/erp/x${query}`],
        )
        const forged = {
          'x-forwarded-uri': '/erp/x',
          'x-forwarded-host': 'erp.example',
          'x-original-uri': '/erp/x',
          'x-original-url': 'http://erp.example/erp/x',
          'x-original-method': 'POST',
          'x-forwarded-method': 'POST',
          'x-http-method-override': 'POST',
        }
        for (const target of ['/none', '/posted', '/hosted'])
          assert.equal((await through(target, forged)).status, 404, target)
        assert.equal((await through('/hosted', { ...forged, host: 'erp.example' })).status, 200)
        assert.equal(reached().length, 1)
        // Two words about the host: what passes was decided for the one that the service is shown.
        for (const [line, host] of [
          ['erp.example', 'other.example'],
          ['other.example', 'erp.example'],
        ]) {
          // Caddy answers 200 and nothing else for a host it has no site for.
          const { body } = await through(`http://${line}/hosted`, { host: host ?? '' })
          const [came] = reached()
          assert.equal(came !== undefined, body.startsWith('upstream'), `${line} ${body}`)
          if (came !== undefined) assert.deepEqual([came.url, came.headers.host], ['/hosted', 'erp.example'])
        }
      })

      it('the method is the caller’s, and so is the body', async () => {
        assert.equal((await through('/posted', {}, { method: 'POST', body: 'a=1' })).status, 200)
        assert.deepEqual(
          reached().map(({ method, body }) => [method, body]),
          [['POST', 'a=1']],
        )
        for (const method of ['GET', 'PUT', 'DELETE'])
          assert.equal((await through('/posted', {}, { method })).status, 404, method)
        assert.deepEqual(reached(), [])
      })

      it('a path that can be read in two ways is refused, and what passes is what was decided', async () => {
        for (const target of [
          '/erp/a%2Fb/../c',
          '/erp/../posted',
          '/erp/%2e%2e/posted',
          '/erp/%2E./posted',
          '//erp/x',
          '/erp//x',
          '/erp/./x',
          '/erp/..;/posted',
          '/erp/%5c..%5cposted',
          '/erp/x%00',
          '/erp/%c0%ae%c0%ae/posted',
          '/erp/%252e%252e/posted',
          '/erp/x#/../../posted',
          '/erp/%zz',
        ]) {
          const { status } = await through(target)
          const came = reached().map(({ url }) => url)
          assert.ok(status >= 400 ? came.length === 0 : came[0] === target, `${target}: ${status}, ${came.join()}`)
          assert.equal(status >= 400, true, target)
        }
        assert.equal((await through('/erp/a%20b/%C3%A9,v=1')).status, 200)
        assert.equal(reached()[0]?.url, '/erp/a%20b/%C3%A9,v=1')
      })

      it('a disabled key stops with the very next call', async () => {
        assert.equal((await through('/erp/x')).status, 200)
        await test.admin.call('keys.disable', { params: { key: key.id } })
        const { status, problem } = await through('/erp/x')
        assert.deepEqual([status, problem().code], [403, 'credential_disabled'])
        await test.admin.call('keys.enable', { params: { key: key.id } })
        assert.equal((await through('/erp/x')).status, 200)
        assert.equal(reached().length, 2)
      })

      it('address lists are asked about the caller’s address, whatever the caller says of it', async () => {
        const addresses = { allow: ['127.0.0.3'], deny: [] }
        const body = { name: `From one place, by ${kind.name}`, addresses }
        const narrow = bearer((await test.admin.call('keys.create', { body })).value ?? '')
        const from = (address: string, headers = {}) => through('/erp/x', { ...narrow, ...headers }, { from: address })
        assert.equal((await from('127.0.0.3')).status, 200)
        const { status, problem } = await from('127.0.0.2', {
          'x-forwarded-for': '127.0.0.3',
          'x-real-ip': '127.0.0.3',
        })
        assert.deepEqual([status, problem().code], [403, 'forbidden'])
        assert.equal(reached().length, 1)
      })

      it('when Postern does not answer, nothing passes', async () => {
        const places = { postern: `127.0.0.1:${await freePort()}`, service: hostOf(upstream.origin) }
        const alone = await kind.start(places)
        try {
          const answer = await call(alone.url, { headers: bearer(key.value), target: '/erp/x' })
          assert.ok(answer.status >= 500, String(answer.status))
          assert.deepEqual(reached(), [])
        } finally {
          await alone.stop()
        }
      })
    })

  it('when HAProxy’s script breaks off, which HAProxy takes for an end like any other, nothing passes', async function () {
    if (!haproxy.isHere()) return this.skip()
    const { value } = await test.admin.call('keys.create', { body: { name: 'Through a broken script' } })
    const places = { postern: new URL(test.http).host, service: new URL(upstream.origin).host }
    const action = /core\.register_action\(.*\n/
    const proxy = await startHaproxy(places, (script) => script.replace(action, (begin) => `${begin}error("broken")\n`))
    try {
      const { status } = await call(`${proxy.url}/erp/x`, { headers: bearer(value ?? '') })
      assert.deepEqual([status, upstream.received.length], [503, 0])
    } finally {
      await proxy.stop()
    }
  })
})
