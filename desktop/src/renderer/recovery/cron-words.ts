/** What a cron expression of five fields means in words, where it is one of those that most people want. Pure. */
import type { Texts } from '../texts/texts.ts'

/** Plain times; null: something else, that only the expression itself says. */
export type CronMeaning =
  | { readonly kind: 'hourly'; readonly minute: string }
  | { readonly kind: 'daily'; readonly time: string }
  /** Sunday is 0. */
  | { readonly kind: 'weekly'; readonly day: number; readonly time: string }
  | { readonly kind: 'monthly'; readonly day: number; readonly time: string }

const numberIn = (field: string, min: number, max: number): number | null =>
  /^\d{1,2}$/.test(field) && Number(field) >= min && Number(field) <= max ? Number(field) : null

const twoDigits = (count: number): string => String(count).padStart(2, '0')

export const meaningOf = (cron: string): CronMeaning | null => {
  const [minuteField = '', hourField = '', dayField = '', month = '', weekdayField = '', ...more] = cron
    .trim()
    .split(/\s+/)
  const minute = numberIn(minuteField, 0, 59)
  if (minute === null || month !== '*' || more.length > 0) return null
  const [anyDay, anyWeekday] = [dayField === '*', weekdayField === '*']
  if (hourField === '*') return anyDay && anyWeekday ? { kind: 'hourly', minute: twoDigits(minute) } : null
  const hour = numberIn(hourField, 0, 23)
  if (hour === null) return null
  const time = `${twoDigits(hour)}:${twoDigits(minute)}`
  if (anyDay && anyWeekday) return { kind: 'daily', time }
  const [day, weekday] = [numberIn(dayField, 1, 31), numberIn(weekdayField, 0, 7)]
  if (anyDay && weekday !== null) return { kind: 'weekly', day: weekday % 7, time }
  return day !== null && anyWeekday ? { kind: 'monthly', day, time } : null
}

const nightEnds = '06:00'

/** `weekdayName`: of a day of the week, Sunday being 0. */
export const cronInWords = (
  cron: string,
  { recovery }: Pick<Texts, 'recovery'>,
  weekdayName: (day: number) => string,
): string => {
  const meaning = meaningOf(cron)
  switch (meaning?.kind) {
    case undefined:
      return recovery.byCron(cron)
    case 'hourly':
      return recovery.everyHour(meaning.minute)
    case 'daily':
      return meaning.time < nightEnds ? recovery.everyNight(meaning.time) : recovery.everyDay(meaning.time)
    case 'weekly':
      return recovery.everyWeek(weekdayName(meaning.day), meaning.time)
    case 'monthly':
      return recovery.everyMonth(meaning.day, meaning.time)
  }
}

export const weekdayNames = (locale?: string): ((day: number) => string) => {
  const names = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' })
  // The 31st of May 2026 was a Sunday.
  return (day) => names.format(Date.UTC(2026, 4, 31 + day))
}
