/**
 * Which key ends on which day, for twelve months from this one on; days to look at, and where their keys could go. A day is
 * one of the gateway's zone: the one on which the key works for the last time. Pure.
 */
import type { KeyView } from '@postern/shared'
import { addDays, addMonths, dateIn } from '../dates.ts'
import { standingOf, standings, type Standing } from '../keys/standing.ts'

/** So many ends on one day are too many for one person. */
export const pileUp = 5
export const monthsShown = 12
const daysSearched = 31

/** ISO numbers of the days of a week: 1 is Monday. */
export interface Week {
  readonly firstDay: number
  readonly weekend: readonly number[]
}

export interface Day {
  readonly date: string
  readonly keys: readonly KeyView[]
  readonly isWeekend: boolean
  /** Of the most pressing key; null: there is none. */
  readonly standing: Standing | null
}

export interface Month {
  /** `2026-11`. */
  readonly month: string
  readonly count: number
  readonly days: readonly Day[]
  /** Places before the first day, so that days of a week stand under each other. */
  readonly before: number
}

export interface Plan {
  readonly today: string
  readonly months: readonly Month[]
  readonly byDate: ReadonlyMap<string, readonly KeyView[]>
  /** Keys whose end is within the months shown, before, and after them. */
  readonly within: number
  readonly past: number
  readonly later: number
}

/** What is expected to end: not what is disabled, or a trap. */
export const isPlanned = (key: KeyView): boolean =>
  key.expires_at !== null &&
  key.state !== 'disabled' &&
  key.state !== 'removed' &&
  !key.client_disabled &&
  key.honey === null

/** 1 to 7, from Monday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7

export const planOf = (keys: readonly KeyView[], nowMs: number, zone: string, week: Week): Plan => {
  const today = dateIn(nowMs, zone)
  const first = `${today.slice(0, 7)}-01`
  const end = addMonths(first, monthsShown)
  const byDate = Map.groupBy(
    keys
      .filter(isPlanned)
      .toSorted((a, b) => (a.expires_at ?? '').localeCompare(b.expires_at ?? '') || a.name.localeCompare(b.name)),
    (key) => dateIn(Date.parse(key.expires_at ?? ''), zone),
  )
  const dates = [...byDate]
  const count = (where: (date: string) => boolean): number =>
    dates.reduce((sum, [date, found]) => sum + (where(date) ? found.length : 0), 0)
  const dayOf = (date: string): Day => {
    const found = byDate.get(date) ?? []
    const present = new Set(found.map((key) => standingOf(key, nowMs)))
    const standing = standings.find((each) => present.has(each)) ?? null
    return { date, keys: found, isWeekend: week.weekend.includes(weekdayOf(date)), standing }
  }
  const months = Array.from({ length: monthsShown }, (_, at): Month => {
    const start = addMonths(first, at)
    const next = addMonths(start, 1)
    const days: Day[] = []
    for (let date = start; date < next; date = addDays(date, 1)) days.push(dayOf(date))
    return {
      month: start.slice(0, 7),
      count: days.reduce((sum, day) => sum + day.keys.length, 0),
      days,
      before: (weekdayOf(start) - week.firstDay + 7) % 7,
    }
  })
  return {
    today,
    months,
    byDate,
    within: count((date) => date >= first && date < end),
    past: count((date) => date < first),
    later: count((date) => date >= end),
  }
}

export const needsLook = (day: Day, today: string): boolean =>
  day.date >= today && day.keys.length > 0 && (day.isWeekend || day.keys.length >= pileUp)

export const daysToLookAt = ({ months, today }: Plan): Day[] =>
  months.flatMap(({ days }) => days.filter((day) => needsLook(day, today)))

/** The next working day on which one more is not too many; the next working day where there is none soon. */
export const betterDay = (date: string, plan: Plan, week: Week): string => {
  let nearest: string | undefined
  for (let days = 1; days <= daysSearched; days++) {
    const other = addDays(date, days)
    if (week.weekend.includes(weekdayOf(other))) continue
    nearest ??= other
    if ((plan.byDate.get(other)?.length ?? 0) + 1 < pileUp) return other
  }
  return nearest ?? addDays(date, 1)
}

/** Where a key leads to in the calendar; kept within the days shown. */
export const dayAfterPress = (key: string, date: string, { months }: Plan): string | null => {
  const first = months[0]?.days[0]?.date ?? date
  const last = months.at(-1)?.days.at(-1)?.date ?? date
  const next = pressed(key, date)
  if (next === null) return null
  return next < first ? first : next > last ? last : next
}

const pressed = (key: string, date: string): string | null => {
  switch (key) {
    case 'ArrowLeft':
      return addDays(date, -1)
    case 'ArrowRight':
      return addDays(date, 1)
    case 'ArrowUp':
      return addDays(date, -7)
    case 'ArrowDown':
      return addDays(date, 7)
    case 'PageUp':
      return addMonths(date, -1)
    case 'PageDown':
      return addMonths(date, 1)
    case 'Home':
      return `${date.slice(0, 7)}-01`
    case 'End':
      return addDays(addMonths(`${date.slice(0, 7)}-01`, 1), -1)
    default:
      return null
  }
}
