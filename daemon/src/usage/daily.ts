/** Rows of usage -> calls per day of some keys. Pure. */
import type { UsageDailyView } from '@postern/shared'
import type { UsageRow } from './usage-row.ts'

/** One entry for each of `keyIds`, in that order. `days`: dates in UTC; rows of other days are not counted. */
export const dailyUsage = (
  rows: Iterable<UsageRow>,
  keyIds: readonly string[],
  days: readonly string[],
): UsageDailyView['data'] => {
  const columns = new Map(days.map((day, at) => [day, at]))
  const found = new Map(
    keyIds.map((key) => [key, { key, allowed: days.map(() => 0), refused: days.map(() => 0) }] as const),
  )
  for (const { keyId, start, span, outcome, calls } of rows) {
    const sums = found.get(keyId)
    const column = columns.get(start.slice(0, 10))
    // What is counted by the month belongs to no day.
    if (sums === undefined || column === undefined || span === 'month') continue
    const line = outcome === 'allow' ? sums.allowed : sums.refused
    line[column] = (line[column] ?? 0) + calls
  }
  return [...found.values()]
}
