/** Reports of usage as bars, reasons and files. Pure. */
import type { UsageReportRow } from '@postern/shared'
import { csvOf } from '../csv.ts'

export interface Bar {
  /** As the report names it. */
  readonly id: string
  readonly allowed: number
  readonly refused: number
}

/** One for each part of the time, also where nobody called. */
export const barsOf = (ids: readonly string[], rows: readonly UsageReportRow[]): Bar[] => {
  const found = new Map(rows.map((row) => [row.group.id, row]))
  return ids.map((id) => {
    const row = found.get(id)
    return { id, allowed: row?.allowed ?? 0, refused: row?.refused ?? 0 }
  })
}

export interface Reason {
  readonly code: string
  readonly calls: number
}

/** Why calls were refused, the most frequent reason first. */
export const reasonsOf = (rows: readonly UsageReportRow[]): Reason[] => {
  const sums = new Map<string, number>()
  for (const { outcomes } of rows)
    for (const [code, calls] of Object.entries(outcomes))
      if (code !== 'allow') sums.set(code, (sums.get(code) ?? 0) + calls)
  return [...sums]
    .map(([code, calls]) => ({ code, calls }))
    .toSorted((a, b) => b.calls - a.calls || (a.code < b.code ? -1 : 1))
}

export const sumOf = (rows: readonly { allowed: number; refused: number }[]): { allowed: number; refused: number } => ({
  allowed: rows.reduce((sum, { allowed }) => sum + allowed, 0),
  refused: rows.reduce((sum, { refused }) => sum + refused, 0),
})

/** One line for each group, with a column for each reason there is. Columns are named like the fields of the admin API. */
export const usageCsv = (rows: readonly UsageReportRow[]): string => {
  const codes = reasonsOf(rows)
    .map(({ code }) => code)
    .toSorted()
  return csvOf(
    ['id', 'name', 'calls', 'allowed', 'refused', 'callers', 'first', 'last', ...codes],
    rows.map(({ group, calls, allowed, refused, callers, first, last, outcomes }) => [
      group.id,
      group.name,
      calls,
      allowed,
      refused,
      callers,
      first,
      last,
      ...codes.map((code) => outcomes[code] ?? 0),
    ]),
  )
}

export const barsCsv = (bars: readonly Bar[]): string =>
  csvOf(
    ['start_utc', 'allowed', 'refused'],
    bars.map(({ id, allowed, refused }) => [id, allowed, refused]),
  )

/** The round number at or above the highest bar that an axis ends with, and the marks on the way there. */
export const axisOf = (highest: number): readonly number[] => {
  if (highest <= 4) return Array.from({ length: Math.max(1, highest) + 1 }, (_, at) => at)
  const rough = highest / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough && (each !== 2.5 || power >= 10)) ?? 10)
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, at) => at * step)
}

/** Every how many bars one is named, so that at most `most` are. */
export const labelEvery = (bars: number, most: number): number => Math.max(1, Math.ceil(bars / most))
