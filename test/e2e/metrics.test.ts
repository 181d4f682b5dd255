/** Metrics from a call to a scrape: totals are the calls made, and nothing a caller or a person wrote is in them. */
import assert from 'node:assert/strict'
import { rename, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { bearer, call, sendRaw } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { malformedRequests } from '../support/malformed-requests.ts'
import { judgeByPromtool, readSamples, sumOf, valueOf, type Sample } from '../support/prometheus-text.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const statusListen = { host: '127.0.0.1', port: 0 }

describe('metrics, end to end', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let key: { id: string; value: string }

  const scrapeText = async (): Promise<string> => (await call(`${test.postern.statusUrl}/metrics`)).body
  const scrape = async (): Promise<Sample[]> => readSamples(await scrapeText())
  const requests = (samples: readonly Sample[], outcome: string): number =>
    sumOf(samples, 'postern_requests_total', { outcome })

  beforeEach(async () => {
    test = await startTestPostern({ statusListen })
    upstream = await startUpstream()
    key = await prepareKey(test.admin, upstream.origin)
  })
  afterEach(async () => {
    await test.stop()
    await upstream.close()
  })

  it('totals equal the calls made, to the call, and each has a duration', async () => {
    const many = async (count: number, path: string, headers: Record<string, string> = {}): Promise<void> => {
      await Promise.all(Array.from({ length: count }, () => call(test.http + path, { headers })))
    }
    await many(40, '/erp/x', bearer(key.value))
    await many(7, '/elsewhere', bearer(key.value))
    await many(5, '/erp/x', bearer('nobody'))
    await many(3, '/erp/x')
    await many(2, '/erp/..%2fx', bearer(key.value))
    await many(4, '/.postern/self', bearer(key.value))
    const asked = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/erp/y', 'x-forwarded-host': 'a' }
    await many(6, '/authz/forward-auth', { ...bearer(key.value), ...asked })
    await many(8, '/livez')
    await upstream.close()
    await many(9, '/erp/x', bearer(key.value))
    const samples = await scrape()
    const byEndpoint = Object.fromEntries(
      samples
        .filter(({ name, value }) => name === 'postern_requests_total' && value > 0)
        .map(({ labels, value }) => [`${labels['endpoint']?.replace(/^ep_.*/, 'ep')} ${labels['outcome']}`, value]),
    )
    assert.deepEqual(byEndpoint, {
      'ep allow': 55,
      'none allow': 4,
      'none no_endpoint': 7,
      'none credential_invalid': 5,
      'none credential_missing': 3,
      'none request_malformed': 2,
    })
    const ended = (outcome: string) => valueOf(samples, 'postern_request_duration_seconds_count', { outcome })
    assert.deepEqual([ended('allow'), ended('refused')], [59, 17])
    assert.equal(sumOf(samples, 'postern_upstream_errors_total', { code: 'upstream_unreachable' }), 9)
    assert.equal(valueOf(samples, 'postern_key_last_used_timestamp_seconds'), test.clock.nowMs / 1_000)
  })

  it('the real output passes promtool', async function () {
    await call(`${test.http}/erp/x`, { headers: bearer(key.value) })
    const said = judgeByPromtool(await scrapeText())
    if (said === undefined) return this.skip()
    assert.equal(said, '')
  })

  it('whatever a caller sends, no series and no label value is added', async () => {
    await call(`${test.http}/erp/x`, { headers: bearer(key.value) })
    const series = async (): Promise<string[]> =>
      (await scrape()).map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`).toSorted()
    const before = await series()
    const refused = requests(await scrape(), 'request_malformed')
    const all = malformedRequests(key.value).filter((_, at) => at % 5 === 0)
    await Promise.all(all.map((bytes) => sendRaw(test.http, Buffer.from(bytes, 'latin1'), 300)))
    const token = fc.string({ unit: fc.constantFrom(...Array.from('abzAZ09-_.~"\\{}=,\n\u0000é%/ ')), maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(token, token, token, token, async (method, path, host, value) => {
        const head = [
          `${method || 'GET'} /${path} HTTP/1.1`,
          `Host: ${host}`,
          `User-Agent: ${value}`,
          `X-${host}: ${value}`,
        ]
        const lines = [...head, `Authorization: Bearer ${key.value}`, 'Connection: close', '', '']
        await sendRaw(test.http, Buffer.from(lines.join('\r\n'), 'latin1'), 300)
      }),
      { numRuns: 100 },
    )
    assert.deepEqual(await series(), before)
    assert.ok(requests(await scrape(), 'request_malformed') > refused, 'they were counted')
  }).timeout(60_000)

  it('nothing that is secret, and nothing that a person or a caller wrote, is in the output or in readiness', async () => {
    const { admin } = test
    await admin.call('clients.create', { body: { name: 'Planted client', description: 'planted words' } })
    const other = await admin.call('keys.create', {
      body: {
        name: 'Planted key',
        description: 'planted words',
        owner: 'planted@example.com',
        client: 'Planted client',
      },
    })
    await admin.call('keys.disable', { params: { key: other.id }, ifMatch: '*' })
    for (const value of [key.value, other.value ?? ''])
      await call(`${test.http}/erp/planted?planted`, { headers: { ...bearer(value), 'user-agent': 'planted' } })
    const text = (await scrapeText()) + (await call(`${test.postern.statusUrl}/readyz`)).body
    assert.ok(text.includes(`key_id="${key.id}"`))
    const planted = [key.value, other.value ?? '', test.recoveryCode].flatMap((secret) => [secret, secret.slice(-20)])
    for (const each of [
      ...planted,
      'planted',
      'Planted',
      'Robot',
      'ERP',
      '/erp',
      upstream.origin,
      '127.0.0.1',
      test.settings.dataDir,
    ])
      assert.ok(!text.includes(each), each)
  })

  it('a removed key is gone from the very next scrape, and a removed endpoint with its counts', async () => {
    await call(`${test.http}/erp/x`, { headers: bearer(key.value) })
    assert.match(await scrapeText(), new RegExp(`key_id="${key.id}"`))
    await test.admin.call('keys.remove', { params: { key: key.id }, ifMatch: '*' })
    const { data } = await test.admin.call('endpoints.list', { query: {} })
    for (const { id } of data) await test.admin.call('endpoints.remove', { params: { endpoint: id }, ifMatch: '*' })
    const text = await scrapeText()
    assert.doesNotMatch(text, /key_id=|endpoint="ep_/)
    assert.equal(sumOf(readSamples(text), 'postern_keys'), 0)
  })

  it('locked: unready with the reason, metrics say so and hold no key; unlocked, everything is back', async () => {
    const ready = async (): Promise<[number, unknown]> => {
      const { status, body } = await call(`${test.postern.statusUrl}/readyz`)
      return [status, JSON.parse(body)]
    }
    assert.deepEqual(await ready(), [200, { status: 'ready', reasons: [] }])
    await test.postern.stop()
    await rm(test.settings.machineDir, { recursive: true })
    test = await test.restart()
    assert.deepEqual(await ready(), [503, { status: 'unready', reasons: ['keystore_locked'] }])
    assert.equal((await call(`${test.postern.statusUrl}/livez`)).status, 200)
    await call(`${test.http}/erp/x`, { headers: bearer(key.value) })
    const locked = await scrape()
    assert.equal(valueOf(locked, 'postern_keystore_locked'), 1)
    assert.equal(requests(locked, 'keystore_locked'), 1)
    assert.deepEqual(
      locked.filter(({ labels }) => 'key_id' in labels || 'status' in labels),
      [],
    )
    await test.admin.call('keystore.unlock', { body: { code: test.recoveryCode } })
    assert.deepEqual(await ready(), [200, { status: 'ready', reasons: [] }])
    const open = await scrape()
    assert.deepEqual(
      [valueOf(open, 'postern_keystore_locked'), valueOf(open, 'postern_keys', { status: 'green' })],
      [0, 1],
    )
    assert.equal(requests(open, 'keystore_locked'), 1, 'counted since the start, not since the unlocking')
  })

  it('an append to the audit trail that fails is counted', async () => {
    const audit = join(test.settings.dataDir, 'audit')
    assert.equal(valueOf(await scrape(), 'postern_audit_write_errors_total'), 0)
    // A new day begins a new file, and there is no folder for it.
    await rename(audit, `${audit}.away`)
    test.clock.nowMs += 86_400_000
    try {
      await assert.rejects(test.admin.call('keys.create', { body: { name: 'Nobody' } }))
      assert.ok((valueOf(await scrape(), 'postern_audit_write_errors_total') ?? 0) >= 1)
    } finally {
      await rename(`${audit}.away`, audit)
    }
  })
})

describe('the status listener of a daemon', () => {
  it('is off unless set', async () => {
    const test = await startTestPostern()
    assert.equal(test.postern.statusUrl, null)
    await test.stop()
  })

  it('a port that is taken keeps the daemon from starting, by name, and leaves nothing running', async () => {
    const test = await startTestPostern()
    const dir = await temporaryDir()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { run, at } = commandLine(
      () => test,
      () => dir,
    )
    try {
      await test.postern.stop()
      const start = (address: string) => run(['run', ...at(), '--listen', '127.0.0.1:0', '--status-listen', address])
      const taken = await start(`127.0.0.1:${port}`)
      assert.equal(taken.code, 1)
      assert.match(taken.err, new RegExp(`The port is already taken. Port ${port} on 127.0.0.1, meant for the status`))
      const wrong = await start('9464')
      assert.equal(wrong.code, 1)
      assert.match(wrong.err, /--status-listen: "9464" is not HOST:PORT, such as 127\.0\.0\.1:9464/)
      const again = await test.restart()
      assert.equal(again.postern.state, 'open')
      await again.stop()
    } finally {
      other.close()
      await rm(dir, { recursive: true })
    }
  })
})
