/** Days, weekdays and weeks as the language of this console has them. Dates have no zone: they are those of the gateway. */
import { useMemo } from 'react'
import type { Week } from './plan.ts'

export interface DayNames {
  /** "Saturday, 21 November 2026". */
  long(date: string): string
  /** "Sat, Nov 21, 2026". */
  short(date: string): string
  weekday(date: string): string
  month(month: string): string
  /** For the head of a column; 1 is Monday. */
  column(weekday: number): { readonly short: string; readonly long: string }
}

const [monday, saturday, sunday] = [1, 6, 7]
const fallback: Week = { firstDay: monday, weekend: [saturday, sunday] }

/** Known to Chromium, and not yet to every type of it. */
interface WithWeek {
  getWeekInfo?(): { readonly firstDay: number; readonly weekend: readonly number[] }
}

export const weekOf = (locale: string): Week => (new Intl.Locale(locale) as WithWeek).getWeekInfo?.() ?? fallback

export const createDayNames = (locale?: string): DayNames => {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
    return (date: string): string => made.format(new Date(`${date}T12:00:00Z`))
  }
  const [long, weekday, month] = [
    format({ dateStyle: 'full' }),
    format({ weekday: 'long' }),
    format({ month: 'long', year: 'numeric' }),
  ]
  const short = format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  const narrow = format({ weekday: 'short' })
  // The first of June 2026 was a Monday.
  const dateOf = (day: number): string => `2026-06-0${day}`
  return {
    long,
    short,
    weekday,
    month: (text) => month(`${text}-01`),
    column: (day) => ({ short: narrow(dateOf(day)), long: weekday(dateOf(day)) }),
  }
}

export const useDayNames = (): { readonly names: DayNames; readonly week: Week } =>
  useMemo(() => ({ names: createDayNames(), week: weekOf(navigator.language) }), [])
