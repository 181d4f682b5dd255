/**
 * Which time a chart of usage shows, and its bars. Usage is counted by the hour in UTC; after two days only whole days of
 * UTC are left of it, and after 400 days whole months. So hours may begin and end where a date of the gateway's zone does,
 * days and months are those of UTC. Promises: each call of the time is in exactly one bar. Pure.
 */
import { addDays, addMonths, dateIn, endOfDate } from '../dates.ts'

export const ranges = ['24h', '7d', '30d', '12m', 'custom'] as const
export type Range = (typeof ranges)[number]

export const units = ['hour', 'day', 'month'] as const
export type Unit = (typeof units)[number]

/** Dates as they were chosen; both are part of it. */
export interface Dated {
  readonly from: string
  readonly to: string
}

/** The gateway's time, and its zone. */
export interface Here {
  readonly nowMs: number
  readonly zone: string
}

export interface Period {
  /** What the report is asked for. `to` absent: until now. */
  readonly query: { readonly from: string; readonly to?: string }
  /** As the report names them, oldest first. */
  readonly bars: readonly string[]
}

const [hourMs, dayMs] = [3_600_000, 86_400_000]
const hoursKeptDays = 2
const daysKeptDays = 400
const barsMax = 1_000

const utcDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
const startOf = (date: string): number => Date.parse(`${date}T00:00:00.000Z`)
const instant = (ms: number): string => new Date(ms).toISOString()

/** The first instant of a date in a zone. */
const startIn = (date: string, zone: string): number => endOfDate(addDays(date, -1), zone) + 1

/** Dates that can be chosen: as far back as usage is kept, until today. */
export const dateBounds = (nowMs: number, zone: string): Dated => {
  const to = dateIn(nowMs, zone)
  return { from: addMonths(to, -60), to }
}

/** Which bars there can be, the most fitting first. */
export const unitsOf = (range: Range, dated: Dated, { nowMs, zone }: Here): readonly Unit[] => {
  switch (range) {
    case '24h':
      return ['hour']
    case '7d':
      return ['day']
    case '30d':
      return ['day', 'month']
    case '12m':
      return ['month', 'day']
    case 'custom': {
      if (startOf(dated.from) < nowMs - (daysKeptDays - 1) * dayMs) return ['month']
      const hours = startIn(dated.from, zone) >= startOf(utcDate(nowMs - hoursKeptDays * dayMs))
      if (hours) return ['hour', 'day']
      return startOf(dated.to) - startOf(dated.from) > 92 * dayMs ? ['month', 'day'] : ['day', 'month']
    }
  }
}

export const periodOf = (range: Range, unit: Unit, dated: Dated, { nowMs, zone }: Here): Period => {
  const today = utcDate(nowMs)
  const thisHour = Math.floor(nowMs / hourMs) * hourMs
  switch (range) {
    case '24h':
      return hours(thisHour - 23 * hourMs, thisHour + hourMs, true)
    case '7d':
      return inDays(addDays(today, -6), today, 'day', true)
    case '30d':
      return inDays(addDays(today, -29), today, unit, true)
    case '12m':
      return inDays(`${addMonths(today, -11).slice(0, 7)}-01`, today, unit, true)
    case 'custom': {
      if (unit !== 'hour') return inDays(dated.from, dated.to, unit, false)
      const endMs = Math.ceil((endOfDate(dated.to, zone) + 1) / hourMs) * hourMs
      const startMs = Math.floor(startIn(dated.from, zone) / hourMs) * hourMs
      return hours(startMs, Math.max(startMs + hourMs, Math.min(endMs, thisHour + hourMs)), false)
    }
  }
}

const hours = (fromMs: number, toMs: number, untilNow: boolean): Period => ({
  query: { from: instant(fromMs), ...(untilNow ? {} : { to: instant(toMs) }) },
  bars: Array.from({ length: Math.min(barsMax, Math.ceil((toMs - fromMs) / hourMs)) }, (_, at) =>
    instant(fromMs + at * hourMs),
  ),
})

/** Months are shown whole: of those long past nothing else is known. */
const inDays = (from: string, to: string, unit: Unit, untilNow: boolean): Period => {
  const isMonth = unit === 'month'
  const [first, last] = isMonth
    ? [`${from.slice(0, 7)}-01`, addDays(`${addMonths(to, 1).slice(0, 7)}-01`, -1)]
    : [from, to]
  const bars: string[] = []
  for (let date = first; date <= last && bars.length < barsMax; date = isMonth ? addMonths(date, 1) : addDays(date, 1))
    bars.push(isMonth ? date.slice(0, 7) : date)
  return { query: { from: first, ...(untilNow ? {} : { to: last }) }, bars }
}

/** `2026-11`, `2026-11-21` or the instant an hour begins at: as an instant. */
export const barStart = (bar: string): string => (bar.length === 7 ? `${bar}-01` : bar)
