/**
 * Calls per day of some keys. Promises: what is asked with every turn of a wheel reads the files of days that are long over
 * once, and not each time.
 */
import { usageDailyLimits, type UsageDailyView } from '@postern/shared'
import type { UsageRow } from './usage-row.ts'

const dayMs = 86_400_000
/** Calls of yesterday may still come to be counted: they are by when they began. */
const openDays = 2

/** Key -> calls that passed, and that were refused. */
type DaySums = ReadonlyMap<string, readonly [allowed: number, refused: number]>

/** By date in UTC. Pure. */
export const sumsByDay = (rows: Iterable<UsageRow>): Map<string, DaySums> => {
  const sums = new Map<string, Map<string, [number, number]>>()
  for (const { keyId, start, span, outcome, calls } of rows) {
    // What is counted by the month belongs to no day.
    if (keyId === '' || span === 'month') continue
    const day = start.slice(0, 10)
    const ofDay = sums.get(day) ?? new Map<string, [number, number]>()
    sums.set(day, ofDay)
    const [allowed, refused] = ofDay.get(keyId) ?? [0, 0]
    ofDay.set(keyId, outcome === 'allow' ? [allowed + calls, refused] : [allowed, refused + calls])
  }
  return sums
}

export interface DailyUsage {
  /** One entry for each of `keyIds`, in that order. */
  of(keyIds: readonly string[], nowMs: number): Promise<UsageDailyView>
}

/** `rowsBetween`: of hours and days that begin in [fromMs, toMs). */
export const createDailyUsage = (
  rowsBetween: (fromMs: number, toMs: number) => Promise<Iterable<UsageRow>>,
): DailyUsage => {
  let closed = new Map<string, DaySums>()
  return {
    of: async (keyIds, nowMs) => {
      const toMs = (Math.floor(nowMs / dayMs) + 1) * dayMs
      const fromMs = toMs - usageDailyLimits.days * dayMs
      const days = Array.from({ length: usageDailyLimits.days }, (_, at) => dateOf(fromMs + at * dayMs))
      if (keyIds.length === 0) return { days, data: [] }
      const unread = days.findIndex((day) => !closed.has(day))
      const read = sumsByDay(await rowsBetween(fromMs + unread * dayMs, toMs))
      const sumsOf = days.map((day): DaySums => closed.get(day) ?? read.get(day) ?? new Map())
      // Days that have left the window leave this too.
      closed = new Map(days.slice(0, -openDays).map((day, at) => [day, sumsOf[at] ?? new Map()]))
      const line = (key: string, which: 0 | 1): number[] => sumsOf.map((sums) => sums.get(key)?.[which] ?? 0)
      return { days, data: keyIds.map((key) => ({ key, allowed: line(key, 0), refused: line(key, 1) })) }
    },
  }
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
