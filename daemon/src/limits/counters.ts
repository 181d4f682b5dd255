/**
 * How many calls each window holds. Promises: a window that has ended holds none; a clock that goes back gives nothing back,
 * and makes nobody wait for longer than a whole window; bounded by `prune`. Never: a clock of its own.
 */
import type { LimitUnit } from '@postern/shared'
import { isQuota, spanAt } from './windows.ts'

export interface Counted {
  readonly used: number
  /** When it is whole again; `null`: nothing was taken. */
  readonly endMs: number | null
}

/** A counter as it is kept over a restart. */
export type KeptCounter = readonly [counter: string, startMs: number, used: number]

export interface Counters {
  at(counter: string, per: LimitUnit, nowMs: number): Counted
  take(counter: string, per: LimitUnit, nowMs: number): Counted
  /** Days and months that have not ended. */
  kept(nowMs: number): KeptCounter[]
  /** Lets go what has ended, and what `exists` does not know. */
  prune(nowMs: number, exists: (counter: string) => boolean): void
  readonly size: number
}

interface Held {
  readonly per: LimitUnit
  startMs: number
  endMs: number
  used: number
}

const untouched: Counted = { used: 0, endMs: null }

/** `kept`: from before a restart. Throws a TypeError for what is no list of counters. */
export const createCounters = (kept: readonly KeptCounter[] = []): Counters => {
  const counters = new Map<string, Held>()
  for (const [counter, startMs, used] of kept) {
    const per = unitOf(counter)
    const span = per === undefined ? undefined : spanAt(per, startMs)
    const whole = Number.isSafeInteger(startMs) && Number.isSafeInteger(used) && used >= 0
    if (per === undefined || span?.startMs !== startMs || !whole) throw new TypeError('this is not a kept counter')
    counters.set(counter, { per, ...span, used })
  }

  /** The window of now, if it has begun. */
  const current = (counter: string, per: LimitUnit, nowMs: number): Held | undefined => {
    const held = counters.get(counter)
    if (held === undefined || nowMs >= held.endMs) return undefined
    if (nowMs < held.startMs) Object.assign(held, spanAt(per, nowMs))
    return held
  }

  return {
    at: (counter, per, nowMs) => current(counter, per, nowMs) ?? untouched,
    take(counter, per, nowMs) {
      let held = current(counter, per, nowMs)
      if (held === undefined) {
        held = { per, ...spanAt(per, nowMs), used: 0 }
        counters.set(counter, held)
      }
      held.used += 1
      return held
    },
    kept: (nowMs) =>
      [...counters]
        .filter(([, { per, endMs }]) => isQuota(per) && nowMs < endMs)
        .map(([counter, { startMs, used }]) => [counter, startMs, used]),
    prune(nowMs, exists) {
      for (const [counter, { endMs }] of counters) if (nowMs >= endMs || !exists(counter)) counters.delete(counter)
    },
    get size() {
      return counters.size
    },
  }
}

/** Only what is kept: days and months. */
const unitOf = (counter: string): LimitUnit | undefined => {
  const unit = counter.slice(counter.lastIndexOf('/') + 1)
  return unit === 'day' || unit === 'month' ? unit : undefined
}
