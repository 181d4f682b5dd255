/**
 * What is counted while calls pass: plain numbers in plain arrays. Promises: a few dozen nanoseconds for a call, and as many
 * numbers as there are endpoints and outcomes, whatever callers send. Never: a text that came from a caller, or an exception.
 */
import { refusalReasons, type ProblemCode, type RefusalReason } from '@postern/shared'

export const outcomes = ['allow', ...refusalReasons] as const
export type Outcome = 'allow' | RefusalReason

/** What an upstream can be to blame for. */
export const upstreamCodes = ['upstream_unreachable', 'upstream_timeout'] as const satisfies readonly ProblemCode[]

/** Upper bounds in milliseconds: a verdict ends in the first, an upstream that is given up in the last. */
export const boundsMs = [
  0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
] as const

/** The endpoint of calls that reached none. */
export const noEndpoint = 'none'

/** How long calls took. `counts` has one place for each bound, not added up, and one for what took longer. */
export interface Durations {
  readonly counts: Float64Array
  sumMs: number
}

export interface CallCounts {
  /** A judged call. */
  count(call: { readonly endpointId: string | null; readonly outcome: Outcome }): void
  /** The end of its answer, or of its connection. */
  ended(allowed: boolean, tookMs: number): void
  /** An allowed call has failed; what is not its upstream's fault is not counted. */
  failed(endpointId: string, code: ProblemCode): void
  /** Forgets endpoints that are gone. */
  keepEndpoints(exists: (endpointId: string) => boolean): void
  /** Endpoint -> counts, in the order of `outcomes`. */
  readonly requests: ReadonlyMap<string, Float64Array>
  /** Endpoint -> counts, in the order of `upstreamCodes`. */
  readonly upstreamErrors: ReadonlyMap<string, Float64Array>
  readonly durations: { readonly allow: Durations; readonly refused: Durations }
}

const outcomePlaces = new Map<Outcome, number>(outcomes.map((outcome, at) => [outcome, at]))

export const createCallCounts = (): CallCounts => {
  const requests = new Map([[noEndpoint, new Float64Array(outcomes.length)]])
  const upstreamErrors = new Map<string, Float64Array>()
  const durations = { allow: newDurations(), refused: newDurations() }
  return {
    requests,
    upstreamErrors,
    durations,
    count({ endpointId, outcome }) {
      const place = outcomePlaces.get(outcome)
      if (place !== undefined) addOne(requests, endpointId ?? noEndpoint, place, outcomes.length)
    },
    ended(allowed, tookMs) {
      const { allow, refused } = durations
      observe(allowed ? allow : refused, tookMs)
    },
    failed(endpointId, code) {
      const place = (upstreamCodes as readonly ProblemCode[]).indexOf(code)
      if (place >= 0) addOne(upstreamErrors, endpointId, place, upstreamCodes.length)
    },
    keepEndpoints(exists) {
      for (const counts of [requests, upstreamErrors])
        for (const id of counts.keys()) if (id !== noEndpoint && !exists(id)) counts.delete(id)
    },
  }
}

const newDurations = (): Durations => ({ counts: new Float64Array(boundsMs.length + 1), sumMs: 0 })

const addOne = (counted: Map<string, Float64Array>, id: string, place: number, places: number): void => {
  let counts = counted.get(id)
  if (counts === undefined) {
    counts = new Float64Array(places)
    counted.set(id, counts)
  }
  counts[place] = (counts[place] ?? 0) + 1
}

const observe = (durations: Durations, tookMs: number): void => {
  let place = 0
  while (place < boundsMs.length && tookMs > (boundsMs[place] ?? 0)) place += 1
  durations.counts[place] = (durations.counts[place] ?? 0) + 1
  durations.sumMs += tookMs
}
