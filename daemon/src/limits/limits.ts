/**
 * May this call pass as far as its limits go? Promises: an answer at once; a call is taken from every window it is under or
 * from none; a place under way is given back exactly once. A key under a policy that is not there is refused. Never: waits,
 * or reads a clock.
 */
import type { KeyAccess } from '../access/access-index.ts'
import type { LimitAccess } from '../access/limit-access.ts'
import { createCounters, type KeptCounter } from './counters.ts'
import { isQuota } from './windows.ts'

/** What is left of one limit. */
export interface LimitState {
  readonly limit: LimitAccess
  readonly remaining: number
  /** When it is whole again; `null`: nothing was taken, or it ends with the calls under way. */
  readonly wholeAtMs: number | null
}

export interface LimitQuestion {
  readonly key: Pick<KeyAccess, 'limits'>
  readonly nowMs: number
  /** It will be under way here until `release`; not so where a proxy only asks. */
  readonly occupies: boolean
  /** The same call was taken from the windows before, when a proxy asked about it. */
  readonly takenBefore?: boolean
}

export type LimitAnswer =
  | {
      readonly allow: true
      readonly states: readonly LimitState[]
      /** Gives back its place under way; called again it does nothing. `null`: it takes none. */
      readonly release: (() => void) | null
    }
  | {
      readonly allow: false
      readonly reason: 'rate_limited' | 'quota_exceeded'
      readonly states: readonly LimitState[]
      /** Empty where it is not known what to count. */
      readonly violated: readonly LimitState[]
    }

export interface Limits {
  take(question: LimitQuestion): LimitAnswer
  /** What is left at an instant; nothing is taken. `null`: the key is under a policy that is not there. */
  standing(key: Pick<KeyAccess, 'limits'>, nowMs: number): readonly LimitState[] | null
}

export interface KeptLimits extends Limits {
  /** Days and months, for the disk. */
  kept(nowMs: number): KeptCounter[]
  /** Lets go of windows that have ended, and of those of holders that are no more. */
  prune(nowMs: number, exists: (holderId: string, policyId: string) => boolean): void
  /** How many counters there are. */
  readonly size: number
}

const none: readonly LimitState[] = []

/** `kept`: what days and months had counted before a restart. Throws what `createCounters` throws. */
export const createLimits = (kept: readonly KeptCounter[] = []): KeptLimits => {
  const counters = createCounters(kept)
  const underWay = new Map<string, number>()

  const stateOf = (limit: LimitAccess, nowMs: number): LimitState => {
    if (limit.per === 'concurrent') return left(limit, underWay.get(limit.counter) ?? 0, null)
    const { used, endMs } = counters.at(limit.counter, limit.per, nowMs)
    return left(limit, used, endMs)
  }

  const occupy = (limits: readonly LimitAccess[]): (() => void) | null => {
    const occupied = limits.filter(({ per }) => per === 'concurrent')
    if (occupied.length === 0) return null
    for (const { counter } of occupied) underWay.set(counter, (underWay.get(counter) ?? 0) + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      for (const { counter } of occupied) {
        const still = (underWay.get(counter) ?? 0) - 1
        if (still > 0) underWay.set(counter, still)
        else underWay.delete(counter)
      }
    }
  }

  return {
    take({ key: { limits }, nowMs, occupies, takenBefore = false }) {
      if (limits === null) return { allow: false, reason: 'rate_limited', states: none, violated: none }
      if (limits.length === 0) return { allow: true, states: none, release: null }
      const asked = occupies ? limits : limits.filter(({ per }) => per !== 'concurrent')
      const before = asked.map((limit) => stateOf(limit, nowMs))
      const violated = before.filter(
        ({ limit: { per }, remaining }) => remaining === 0 && !(takenBefore && per !== 'concurrent'),
      )
      if (violated.length > 0) {
        return { allow: false, reason: reasonOf(violated), states: before, violated }
      }
      const states = before.map((state): LimitState => {
        const { limit, remaining } = state
        if (limit.per === 'concurrent') return { limit, remaining: remaining - 1, wholeAtMs: null }
        if (takenBefore) return state
        const { used, endMs } = counters.take(limit.counter, limit.per, nowMs)
        return left(limit, used, endMs)
      })
      return { allow: true, states, release: occupies ? occupy(asked) : null }
    },
    standing: ({ limits }, nowMs) => limits?.map((limit) => stateOf(limit, nowMs)) ?? null,
    kept: (nowMs) => counters.kept(nowMs),
    prune: (nowMs, exists) =>
      counters.prune(nowMs, (counter) => {
        const [policyId = '', holderId = ''] = counter.split('/')
        return exists(holderId, policyId)
      }),
    get size() {
      return counters.size + underWay.size
    },
  }
}

/** Whoever has used up a day or a month waits long, whatever else is used up. */
export const reasonOf = (violated: readonly LimitState[]): 'rate_limited' | 'quota_exceeded' =>
  violated.some(({ limit }) => isQuota(limit.per)) ? 'quota_exceeded' : 'rate_limited'

/** A limit that was lowered since may have been passed already. */
const left = (limit: LimitAccess, used: number, wholeAtMs: number | null): LimitState => ({
  limit,
  remaining: Math.max(0, limit.limit - used),
  wholeAtMs,
})
