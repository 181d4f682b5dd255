/** Instants and dates as people read them: in the zone they have chosen; when a key ends, always in the gateway's too. Pure. */

export interface Dates {
  /** The gateway's, in which a date ends. */
  readonly zone: string
  /** The one that times are shown in. */
  readonly shownZone: string
  /** The day alone. */
  day(instant: string | number): string
  dayAndTime(instant: string | number): string
  time(instant: string | number): string
  /** The day on which something ends, which is a day of the gateway's. */
  endDay(instant: string | number): string
  /** When something ends; where the gateway's clock says something else than what is shown, that too. */
  end(instant: string | number): string
  /** "in 3 days", "4 hours ago"; never to stand alone for an expiry. */
  relative(instant: string | number, nowMs: number): string
  number(count: number): string
}

const [hourMs, dayMs] = [3_600_000, 86_400_000]

const steps: readonly [limitMs: number, unitMs: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60_000, 1_000, 'second'],
  [hourMs, 60_000, 'minute'],
  [2 * dayMs, hourMs, 'hour'],
  [60 * dayMs, dayMs, 'day'],
  [730 * dayMs, 30.44 * dayMs, 'month'],
  [Infinity, 365.25 * dayMs, 'year'],
]

/** `zone`: the one to show times in. `gatewayZone`: where that is another one. */
export const createDates = (zone: string, locale?: string, gatewayZone = zone): Dates => {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone })
  const dayAndTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone })
  const endDay = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: gatewayZone })
  const there = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: gatewayZone })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const number = new Intl.NumberFormat(locale)
  return {
    zone: gatewayZone,
    shownZone: zone,
    day: (instant) => day.format(new Date(instant)),
    dayAndTime: (instant) => dayAndTime.format(new Date(instant)),
    time: (instant) => time.format(new Date(instant)),
    number: (count) => number.format(count),
    endDay: (instant) => endDay.format(new Date(instant)),
    end: (instant) => {
      const [here, atGateway] = [dayAndTime, there].map((each) => each.format(new Date(instant)))
      return here === atGateway ? `${here}` : `${here} (${atGateway}, ${gatewayZone})`
    },
    relative: (instant, nowMs) => {
      const awayMs = new Date(instant).getTime() - nowMs
      const [, unitMs, unit] = steps.find(([limitMs]) => Math.abs(awayMs) < limitMs) ?? [0, dayMs, 'day']
      // What is left is rounded up, as in the words of a key's standing; months and years are no such promise.
      const round = unit === 'month' || unit === 'year' ? Math.round : awayMs > 0 ? Math.ceil : Math.trunc
      return relative.format(round(awayMs / unitMs), unit)
    },
  }
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** To make one takes longer than to use it a hundred times. */
const dateFormats = new Map<string, Intl.DateTimeFormat>()

const dateFormat = (timeZone: string): Intl.DateTimeFormat => {
  const made = dateFormats.get(timeZone)
  if (made !== undefined) return made
  const format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  dateFormats.set(timeZone, format)
  return format
}

/** The calendar date of an instant in a zone, as `2027-03-31`. */
export const dateIn = (ms: number, zone: string): string => {
  const parts = dateFormat(zone)
    .formatToParts(ms)
    .reduce<Record<string, string>>((all, { type, value }) => ({ ...all, [type]: value }), {})
  return `${parts['year'] ?? ''}-${parts['month'] ?? ''}-${parts['day'] ?? ''}`
}

const parts = (date: string): [number, number, number] => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return [year, month, day]
}

export const addDays = (date: string, days: number): string => {
  const [year, month, day] = parts(date)
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10)
}

/** The same day so many months on, or the last day of that month where it is shorter. */
export const addMonths = (date: string, months: number): string => {
  const [year, month, day] = parts(date)
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10)
}

/** The last millisecond of a date in a zone, which is when a key with that date stops working. */
export const endOfDate = (date: string, zone: string): number => {
  const [year, month, day] = parts(date)
  const wall = Date.UTC(year, month - 1, day + 1)
  const aheadMs = (ms: number): number => {
    const at = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      dateStyle: 'short',
      timeStyle: 'medium',
    }).format(ms)
    const [, m, d, y, h, min, s] = /(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)/.exec(at) ?? []
    return Date.UTC(2000 + Number(y), Number(m) - 1, Number(d), Number(h), Number(min), Number(s)) - ms
  }
  const first = wall - aheadMs(wall - 26 * hourMs)
  const second = wall - aheadMs(wall + 26 * hourMs)
  const [early, late] = [Math.min(first, second), Math.max(first, second)]
  return (early + aheadMs(early) >= wall ? early : late) - 1
}
