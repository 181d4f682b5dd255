/** A report by day -> one row for each day, also for those without calls. Pure. */
import type { UsageReportRow } from '@postern/shared'

const dayMs = 86_400_000

/** The date of the first of so many days up to now, in UTC, in which usage is counted. */
export const firstDay = (nowMs: number, days: number): string =>
  new Date(nowMs - (days - 1) * dayMs).toISOString().slice(0, 10)

export interface UsageDay {
  readonly date: string
  readonly allowed: number
  readonly refused: number
}

export const usageDays = (
  report: readonly Pick<UsageReportRow, 'group' | 'allowed' | 'refused'>[],
  from: string,
  days: number,
): UsageDay[] => {
  const known = new Map(report.map((row) => [row.group.id, row]))
  return Array.from({ length: days }, (_, at) => {
    const date = new Date(Date.parse(`${from}T00:00:00Z`) + at * dayMs).toISOString().slice(0, 10)
    const { allowed = 0, refused = 0 } = known.get(date) ?? {}
    return { date, allowed, refused }
  })
}
