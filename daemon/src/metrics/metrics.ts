/**
 * What Prometheus is told: the table of names is in this room's README. Promises: everything is worked out when it is asked
 * for, from what is true then; a key or endpoint that is removed is gone from it. Never: a secret, a name that a person
 * gave, a label whose value a caller chose; while the keystore is locked nothing of what it holds.
 */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { Counter, Gauge, Registry, type Metric } from 'prom-client'
import {
  inEffect,
  channelNames,
  keyStatuses,
  statusOf,
  type ChannelName,
  type KeyFacts,
  type KeyStatus,
  type Receipt,
} from '@postern/shared'
import { boundsMs, createCallCounts, noEndpoint, outcomes, upstreamCodes, type CallCounts } from './call-counts.ts'
import { addProcessMetrics } from './process-metrics.ts'

/** What is read of an open store. */
export interface StoreFacts {
  readonly generation: number
  document(): {
    readonly keys: Readonly<Record<string, KeyFacts & { readonly clientId: string }>>
    readonly clients: Readonly<Record<string, { readonly disabledAt: string | null }>>
    readonly endpoints: Readonly<Record<string, unknown>>
  }
  /** RFC 3339, or `null` for never. */
  lastUsedAt(keyId: string): string | null
}

export interface MetricsSources {
  readonly version: string
  readonly now: () => number
  /** The store; nothing while it is locked. */
  readonly store: () => StoreFacts | undefined
  readonly certificateNotAfter: () => string | null
  readonly notices: () => Iterable<{ readonly receipts: ReadonlyMap<ChannelName, Pick<Receipt, 'state'>> }>
}

export interface Metrics extends Pick<CallCounts, 'count'> {
  /** What the gateway tells of calls after their verdict. */
  readonly meter: Pick<CallCounts, 'ended' | 'failed'> & { readonly nowMs: () => number }
  /** An append to the audit trail has failed. */
  auditWriteFailed(): void
  /** Everything, in the text form of Prometheus. */
  text(): Promise<string>
  readonly contentType: string
  stop(): void
}

export const createMetrics = (sources: MetricsSources): Metrics => {
  const registry = new Registry()
  const counts = createCallCounts()
  let auditWriteErrors = 0
  // `fill` starts from nothing each time, so that what is gone is gone.
  const gauge = <L extends string>(name: string, help: string, labels: L[], fill: (made: Gauge<L>) => void): void => {
    const made: Gauge<L> = new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect: () => {
        made.reset()
        fill(made)
        // Thousands of keys are read in one turn of the loop and written in another.
        return turnOfTheLoop()
      },
    })
  }
  const counter = <L extends string>(
    name: string,
    help: string,
    labels: L[],
    fill: (made: Counter<L>) => void,
  ): void => {
    const made: Counter<L> = new Counter({
      name,
      help,
      labelNames: labels,
      registers: [registry],
      collect: () => {
        made.reset()
        fill(made)
      },
    })
  }

  gauge('postern_build_info', 'The version that runs; the value is always 1.', ['version'], (made) =>
    made.set({ version: sources.version }, 1),
  )
  addCalls(registry, counts, sources, counter)
  addStore(sources, gauge)
  counter('postern_audit_write_errors_total', 'Appends to the audit trail that have failed.', [], (made) =>
    made.inc(auditWriteErrors),
  )
  const ofProcess = addProcessMetrics(registry)

  return {
    count: counts.count,
    meter: { nowMs: () => performance.now(), ended: counts.ended, failed: counts.failed },
    auditWriteFailed: () => {
      auditWriteErrors += 1
    },
    async text() {
      const texts: string[] = []
      for (const { name } of registry.getMetricsAsArray()) {
        texts.push(await registry.getSingleMetricAsString(name))
        // Calls go between one metric and the next.
        await turnOfTheLoop()
      }
      return `${texts.join('\n\n')}\n`
    },
    contentType: registry.contentType,
    stop: () => ofProcess.stop(),
  }
}

type Add<M> = <L extends string>(name: string, help: string, labels: L[], fill: (made: M) => void) => void

const addCalls = (registry: Registry, counts: CallCounts, sources: MetricsSources, counter: Add<Counter>): void => {
  const endpointIds = (): string[] => {
    const { endpoints } = sources.store()?.document() ?? { endpoints: {} }
    counts.keepEndpoints((id) => Object.hasOwn(endpoints, id))
    return Object.keys(endpoints)
  }
  const help = 'Judged calls by endpoint ("none": the call reached none) and outcome: allow, or why it was refused.'
  counter('postern_requests_total', help, ['endpoint', 'outcome'], (made) => {
    for (const endpoint of [noEndpoint, ...endpointIds()]) {
      const found = counts.requests.get(endpoint)
      for (const [at, outcome] of outcomes.entries()) {
        const calls = found?.[at] ?? 0
        // From zero on where a first call is to be seen as an increase, and else only what there is.
        if (calls > 0 || endpoint === noEndpoint || outcome === 'allow') made.inc({ endpoint, outcome }, calls)
      }
    }
  })
  counter(
    'postern_upstream_errors_total',
    'Allowed calls whose service could not be reached, broke off or was too slow.',
    ['endpoint', 'code'],
    (made) => {
      for (const endpoint of endpointIds())
        for (const [at, code] of upstreamCodes.entries())
          made.inc({ endpoint, code }, counts.upstreamErrors.get(endpoint)?.[at] ?? 0)
    },
  )
  registry.registerMetric(durationsOf(counts))
}

/** prom-client's own histogram can only be told of one call after the other; this one is read from what is counted. */
const durationsOf = ({ durations }: CallCounts): Metric => {
  const name = 'postern_request_duration_seconds'
  const valuesOf = (outcome: 'allow' | 'refused') => {
    const { counts, sumMs } = durations[outcome]
    let soFar = 0
    const buckets = [...counts].map((count, at) => {
      soFar += count
      const bound = boundsMs[at]
      const le = bound === undefined ? '+Inf' : String(bound / 1_000)
      return { metricName: `${name}_bucket`, labels: { le, outcome }, value: soFar }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: { outcome }, value: sumMs / 1_000 },
      { metricName: `${name}_count`, labels: { outcome }, value: soFar },
    ]
  }
  const histogram = {
    name,
    help: 'From the arrival of a judged call to the end of its answer, for calls that were allowed and for others.',
    type: 'histogram',
    aggregator: 'sum',
    get: async () => ({ ...histogram, values: [...valuesOf('allow'), ...valuesOf('refused')] }),
  }
  return histogram as unknown as Metric
}

const addStore = ({ now, store, certificateNotAfter, notices }: MetricsSources, gauge: Add<Gauge>): void => {
  const keys = (): [string, KeyFacts][] => {
    const { keys: all = {}, clients = {} } = store()?.document() ?? {}
    return Object.entries(all)
      .filter(([, { removedAt }]) => removedAt === null)
      .map(([id, key]) => [id, inEffect(key, clients[key.clientId])])
  }

  gauge('postern_keystore_locked', '1 while the keystore is locked, else 0.', [], (made) =>
    made.set(store() === undefined ? 1 : 0),
  )
  gauge('postern_keystore_generation', 'The state of the keystore; grows with each change.', [], (made) =>
    setOrLeaveOut(made, store()?.generation ?? NaN),
  )
  gauge('postern_keys', 'Keys by colour, removed ones left out.', ['status'], (made) => {
    if (store() === undefined) return
    const nowMs = now()
    const counts = new Map<KeyStatus, number>(keyStatuses.map((status) => [status, 0]))
    for (const [, key] of keys()) addOne(counts, statusOf(key, nowMs))
    for (const [status, count] of counts) made.set({ status }, count)
  })
  gauge('postern_key_expiry_timestamp_seconds', 'When a key that is not disabled expires.', ['key_id'], (made) => {
    for (const [id, { expiresAt, disabledAt }] of keys())
      if (disabledAt === null) setTime(made, { key_id: id }, expiresAt)
  })
  gauge('postern_key_last_used_timestamp_seconds', 'When a key was last used.', ['key_id'], (made) => {
    for (const [id] of keys()) setTime(made, { key_id: id }, store()?.lastUsedAt(id) ?? null)
  })
  gauge('postern_certificate_expiry_timestamp_seconds', 'When the certificate of the listeners ends.', [], (made) =>
    setOrLeaveOut(made, Date.parse(certificateNotAfter() ?? '') / 1_000),
  )
  gauge('postern_notices_owed', 'Notices that a channel has not accepted yet.', ['channel'], (made) => {
    if (store() === undefined) return
    const owed = new Map<ChannelName, number>(channelNames.map((channel) => [channel, 0]))
    for (const { receipts } of notices())
      for (const [channel, { state }] of receipts) if (state === 'owed') addOne(owed, channel)
    for (const [channel, count] of owed) made.set({ channel }, count)
  })
}

const addOne = <K>(counts: Map<K, number>, of: K): void => void counts.set(of, (counts.get(of) ?? 0) + 1)

/** A gauge without labels starts at 0, which would be a lie where nothing is known. */
const setOrLeaveOut = (made: Gauge, value: number): void => {
  if (Number.isFinite(value)) made.set(value)
  else made.remove()
}

const setTime = (made: Gauge, labels: Record<string, string>, at: string | null): void => {
  const atMs = at === null ? NaN : Date.parse(at)
  if (Number.isFinite(atMs)) made.set(labels, atMs / 1_000)
}
