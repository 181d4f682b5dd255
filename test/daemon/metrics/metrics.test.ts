/** What is told at a scrape: what is true then, of what is there then, under names that Prometheus approves of. */
import assert from 'node:assert/strict'
import type { ChannelName, KeyFacts, Receipt } from '@postern/shared'
import { createMetrics, type Metrics, type StoreFacts } from '../../../daemon/src/metrics/metrics.ts'
import { judgeByPromtool, readSamples, sumOf, valueOf, type Sample } from '../../support/prometheus-text.ts'

const nowMs = Date.parse('2026-06-01T00:00:00.000Z')
const inDays = (days: number): string => new Date(nowMs + days * 86_400_000).toISOString()
type Key = KeyFacts & { clientId: string }
const active: Key = { clientId: 'on', expiresAt: inDays(100), disabledAt: null, removedAt: null }

describe('metrics', () => {
  let store: StoreFacts | undefined
  let keys: Record<string, Key>
  let endpoints: Record<string, object>
  let used: Record<string, string>
  let certificate: string | null
  let owed: { receipts: Map<ChannelName, Pick<Receipt, 'state'>> }[]
  let metrics: Metrics
  const open: StoreFacts = {
    generation: 7,
    document: () => ({ keys, endpoints, clients: { on: { disabledAt: null }, off: { disabledAt: inDays(-1) } } }),
    lastUsedAt: (keyId) => used[keyId] ?? null,
  }
  const scrape = async (): Promise<Sample[]> => readSamples(await metrics.text())
  const idsOf = (samples: readonly Sample[], name: string): (string | undefined)[] =>
    samples.filter((sample) => sample.name === name).map(({ labels }) => labels['key_id'])

  beforeEach(() => {
    store = open
    certificate = inDays(30)
    keys = { greenKey: active }
    endpoints = { ep_a: {} }
    used = {}
    owed = []
    metrics = createMetrics({
      version: '1.2.3',
      now: () => nowMs,
      store: () => store,
      certificateNotAfter: () => certificate,
      notices: () => owed,
    })
  })
  afterEach(() => metrics.stop())

  it('keys by colour come from the shared rule, those of a disabled client are grey, and removed ones are in none', async () => {
    keys = {
      a: active,
      b: { ...active, expiresAt: inDays(14) },
      c: { ...active, expiresAt: inDays(3) },
      d: { ...active, expiresAt: inDays(-1) },
      e: { ...active, disabledAt: inDays(-1) },
      f: { ...active, removedAt: inDays(-1) },
      g: { ...active, expiresAt: null },
      h: { ...active, clientId: 'off' },
    }
    const samples = await scrape()
    for (const [status, count] of Object.entries({ green: 2, orange: 1, red: 2, grey: 2 }))
      assert.equal(valueOf(samples, 'postern_keys', { status }), count, status)
  })

  it('times are instants in seconds; a key that never expires or was never used has none', async () => {
    keys = { a: { ...active, expiresAt: '2026-06-01T00:00:01.500Z' }, b: { ...active, expiresAt: null } }
    used = { b: '2026-05-01T00:00:00.250Z' }
    const samples = await scrape()
    const expiry = 'postern_key_expiry_timestamp_seconds'
    const lastUsed = 'postern_key_last_used_timestamp_seconds'
    assert.deepEqual([idsOf(samples, expiry), idsOf(samples, lastUsed)], [['a'], ['b']])
    assert.equal(valueOf(samples, expiry), nowMs / 1_000 + 1.5)
    assert.equal(valueOf(samples, lastUsed), Date.parse('2026-05-01T00:00:00.250Z') / 1_000)
    assert.equal(valueOf(samples, 'postern_certificate_expiry_timestamp_seconds'), Date.parse(inDays(30)) / 1_000)
  })

  it('a key that is removed, and an expiry of a key that is disabled, are gone at the next scrape', async () => {
    keys = { a: active, b: active }
    used = { a: inDays(-1), b: inDays(-1) }
    assert.deepEqual(idsOf(await scrape(), 'postern_key_expiry_timestamp_seconds'), ['a', 'b'])
    keys = {
      a: { ...active, removedAt: inDays(-1) },
      b: { ...active, disabledAt: inDays(-1) },
    }
    const samples = await scrape()
    assert.deepEqual(idsOf(samples, 'postern_key_expiry_timestamp_seconds'), [])
    assert.deepEqual(idsOf(samples, 'postern_key_last_used_timestamp_seconds'), ['b'])
    assert.doesNotMatch(await metrics.text(), /key_id="a"/)
  })

  it('counters stay what was counted however often they are scraped, and go with their endpoint', async () => {
    for (let calls = 0; calls < 3; calls++) metrics.count({ endpointId: 'ep_a', outcome: 'allow' })
    metrics.count({ endpointId: null, outcome: 'no_endpoint' })
    metrics.meter.failed('ep_a', 'upstream_timeout')
    metrics.auditWriteFailed()
    await scrape()
    const samples = await scrape()
    assert.equal(valueOf(samples, 'postern_requests_total', { endpoint: 'ep_a' }), 3)
    assert.equal(valueOf(samples, 'postern_requests_total', { endpoint: 'none', outcome: 'no_endpoint' }), 1)
    assert.equal(sumOf(samples, 'postern_requests_total'), 4)
    assert.equal(sumOf(samples, 'postern_upstream_errors_total', { endpoint: 'ep_a', code: 'upstream_timeout' }), 1)
    assert.equal(valueOf(samples, 'postern_audit_write_errors_total'), 1)
    endpoints = {}
    const later = await scrape()
    assert.equal(sumOf(later, 'postern_requests_total'), 1)
    assert.deepEqual(
      later.filter(({ labels }) => labels['endpoint'] === 'ep_a'),
      [],
    )
  })

  it('an endpoint without calls is told from zero on, so that its first call is an increase', async () => {
    const samples = await scrape()
    assert.equal(valueOf(samples, 'postern_requests_total', { endpoint: 'ep_a', outcome: 'allow' }), 0)
    assert.equal(sumOf(samples, 'postern_requests_total', { endpoint: 'none', outcome: 'credential_expired' }), 0)
  })

  it('durations are a histogram: buckets add up, and the last is the count', async () => {
    for (const tookMs of [0.4, 0.6, 40, 70_000]) metrics.meter.ended(true, tookMs)
    const samples = await scrape()
    const name = 'postern_request_duration_seconds'
    const upTo = (le: string) => valueOf(samples, `${name}_bucket`, { outcome: 'allow', le })
    assert.deepEqual(['0.0005', '0.001', '0.05', '60', '+Inf'].map(upTo), [1, 2, 3, 3, 4])
    assert.equal(valueOf(samples, `${name}_count`, { outcome: 'allow' }), 4)
    assert.equal(valueOf(samples, `${name}_sum`, { outcome: 'allow' }), 70.041)
    assert.equal(valueOf(samples, `${name}_count`, { outcome: 'refused' }), 0)
  })

  it('notices are counted for each channel until it has accepted them', async () => {
    owed = [
      {
        receipts: new Map([
          ['mail', { state: 'owed' }],
          ['log', { state: 'accepted' }],
        ]),
      },
      { receipts: new Map([['mail', { state: 'owed' }]]) },
    ]
    const samples = await scrape()
    const counts = Object.fromEntries(
      samples
        .filter(({ name }) => name === 'postern_notices_owed')
        .map(({ labels, value }) => [labels['channel'], value]),
    )
    assert.deepEqual(counts, { log: 0, mail: 2, webhook: 0, syslog: 0, system: 0 })
  })

  it('while the keystore is locked nothing is said of what it holds', async () => {
    metrics.count({ endpointId: null, outcome: 'keystore_locked' })
    store = undefined
    certificate = null
    const samples = await scrape()
    assert.equal(valueOf(samples, 'postern_keystore_locked'), 1)
    assert.equal(valueOf(samples, 'postern_requests_total', { outcome: 'keystore_locked' }), 1)
    const unknown = /^postern_(keys|key_.*|keystore_generation|certificate_.*|notices_.*|upstream_.*)$/
    assert.deepEqual(
      samples.filter(({ name, labels }) => unknown.test(name) || labels['endpoint']?.startsWith('ep_') === true),
      [],
    )
    store = open
    assert.equal(valueOf(await scrape(), 'postern_keystore_locked'), 0)
  })

  it('promtool has nothing against it, open and locked', async function () {
    used = { greenKey: inDays(-1) }
    metrics.meter.ended(false, 1)
    const said = judgeByPromtool(await metrics.text())
    if (said === undefined) return this.skip()
    assert.equal(said, '')
    store = undefined
    assert.equal(judgeByPromtool(await metrics.text()), '')
    assert.match(
      judgeByPromtool('# TYPE no_help_seconds counter\nno_help_seconds 1\n') ?? '',
      /no_help/,
      'it does judge',
    )
  })
})
