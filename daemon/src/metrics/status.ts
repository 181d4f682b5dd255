/**
 * The status listener with the metrics behind it, as the daemon uses them. Promises: without an address nothing is counted,
 * timed or opened; every call of it is safe before, during and after the listener's life.
 */
import type { ProblemCode } from '@postern/shared'
import { createMetrics, type Metrics, type MetricsSources } from './metrics.ts'
import {
  listenForStatus,
  type StatusAt,
  type StatusDeps,
  type StatusListener,
  type Unready,
} from './status-listener.ts'

export interface Status {
  /** A judged call. */
  count: Metrics['count']
  /** For the gateway; nothing when there is nobody to tell. */
  readonly meter: Metrics['meter'] | undefined
  auditWriteFailed(): void
  readonly url: string | null
  /** Opens the listener. Throws the Problem of an address that cannot be used. */
  open(): Promise<void>
  /** The daemon's own account of itself; until then it is starting. */
  phase: 'starting' | 'running' | 'stopping'
  stop(): Promise<void>
}

export interface StatusSources extends MetricsSources {
  /** Whether every call is refused because refusals cannot be recorded. */
  readonly isTrailFull: () => boolean
  /** Why there is no store, where there is none. */
  readonly why: () => ProblemCode | undefined
  readonly onFault: StatusDeps['onFault']
}

export const createStatus = (at: StatusAt | null, sources: StatusSources): Status => {
  const metrics = at === null ? undefined : createMetrics(sources)
  let listener: StatusListener | undefined
  const unready = (): Unready[] => {
    if (status.phase !== 'running') return [status.phase]
    if (sources.isTrailFull()) return ['audit_unwritable']
    if (sources.store() !== undefined) return []
    return [sources.why() === 'keystore_rolled_back' ? 'keystore_rolled_back' : 'keystore_locked']
  }
  const status: Status = {
    count: metrics?.count ?? (() => undefined),
    meter: metrics?.meter,
    auditWriteFailed: () => metrics?.auditWriteFailed(),
    get url() {
      return listener?.url ?? null
    },
    async open() {
      if (at !== null && metrics !== undefined)
        listener = await listenForStatus(at, { metrics, unready, onFault: sources.onFault })
    },
    phase: 'starting',
    async stop() {
      await listener?.stop()
      metrics?.stop()
    },
  }
  return status
}
