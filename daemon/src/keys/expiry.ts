/**
 * When a key or an admin token ends: from a number of days, a date, an instant, `now` or never, to an instant in UTC. At most five calendar
 * years ahead, or as many as are given; a date means its last millisecond in the gateway's zone.
 */
import { keyLimits, type ExpiryChoice } from '@postern/shared'
import { assertNever } from '../problem.ts'
import { refuseField } from './names.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const earliestMs = Date.UTC(2000, 0, 1)
const atPattern = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

export const toInstant = (ms: number): string => new Date(ms).toISOString()

/** The same day and time so many calendar years on; 29 February falls back to 28 February. */
const addYears = (fromMs: number, years: number): number => {
  const from = new Date(fromMs)
  const to = new Date(fromMs)
  to.setUTCFullYear(from.getUTCFullYear() + years)
  if (to.getUTCMonth() !== from.getUTCMonth()) to.setUTCDate(0)
  return to.getTime()
}

/** How far `zone` is ahead of UTC at an instant, in milliseconds. */
const offsetAt = (ms: number, zone: string): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(ms)
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value)
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wall - Math.floor(ms / 1000) * 1000
}

/**
 * The last millisecond of a calendar date in a zone: one less than the first instant of the next day. Where the clock is
 * changed around midnight, that midnight may come twice or not at all; so both offsets in question are tried.
 */
const endOfDate = (year: number, month: number, day: number, zone: string): number => {
  const wall = Date.UTC(year, month - 1, day + 1)
  const offsets = [offsetAt(wall - 26 * hourMs, zone), offsetAt(wall + 26 * hourMs, zone)]
  const instants = offsets.map((offset) => wall - offset).toSorted((a, b) => a - b)
  const first = instants.find((ms) => ms + offsetAt(ms, zone) >= wall) ?? Math.max(...instants)
  return first - 1
}

const isDate = (year: number, month: number, day: number): boolean => {
  const asUtc = new Date(Date.UTC(year, month - 1, day))
  return asUtc.getUTCFullYear() === year && asUtc.getUTCMonth() === month - 1 && asUtc.getUTCDate() === day
}

const readAt = (text: string, nowMs: number, zone: string): number => {
  if (text === 'now') return nowMs
  const [, year, month, day, time] = atPattern.exec(text) ?? []
  if (year === undefined)
    return refuseField('expires', 'give a date such as 2027-03-31, an instant such as 2027-03-31T12:00:00Z, or "now"')
  const date = [Number(year), Number(month), Number(day)] as const
  if (!isDate(...date)) return refuseField('expires', `there is no such date as ${text.slice(0, 10)}`)
  const ms = time === undefined ? endOfDate(...date, zone) : Date.parse(text)
  // Before this no key was ever issued; and what is far enough back can no longer be written as an instant.
  if (!(ms >= earliestMs)) return refuseField('expires', 'not before the year 2000, and a time that there is')
  return ms
}

/**
 * Reads an expiry choice into an instant, or `null` for never. `undefined` is the default of one calendar year. A past
 * instant is allowed only where `past` is set (an edit that ends a key). Throws `field_invalid`.
 */
export const parseExpiry = (
  choice: ExpiryChoice | undefined,
  {
    nowMs,
    zone,
    past,
    yearsMax = keyLimits.expiryYearsMax,
    what = 'a key',
  }: { nowMs: number; zone: string; past: boolean; yearsMax?: number; what?: string },
): string | null => {
  const latestMs = addYears(nowMs, yearsMax)
  const until = (ms: number): string => {
    if (ms > latestMs)
      return refuseField(
        'expires',
        `at most ${yearsMax} ${yearsMax === 1 ? 'year' : 'years'} from now (${toInstant(latestMs)}); ${what} without an end is asked for with never (--never)`,
      )
    if (ms < nowMs && !past) return refuseField('expires', 'this is in the past; give a later date')
    return toInstant(ms)
  }
  if (choice === undefined) return toInstant(addYears(nowMs, keyLimits.expiryYearsDefault))
  if ('never' in choice) return null
  if ('days' in choice) {
    if (!Number.isInteger(choice.days) || choice.days < 1)
      return refuseField('expires.days', 'a whole number of days, at least 1')
    return until(nowMs + choice.days * dayMs)
  }
  if ('at' in choice) return until(readAt(choice.at, nowMs, zone))
  return assertNever(choice)
}
