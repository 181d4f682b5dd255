/** The expiry choices of the forms. Most are a date, which ends with its last millisecond in the gateway's zone. Pure. */
import { keyLimits, type ExpiryChoice } from '@postern/shared'
import { addDays, addMonths, dateIn } from '../dates.ts'

export const expiryChoices = ['30d', '90d', '6m', '1y', 'custom', 'days', 'never'] as const
/** Those that are a date. */
export const datedChoices = ['30d', '90d', '6m', '1y', 'custom'] as const satisfies readonly ExpiryChoiceName[]
export type ExpiryChoiceName = (typeof expiryChoices)[number]
export const defaultChoice: ExpiryChoiceName = '1y'

/** The date of a choice; `custom` begins as the default's, and so would what is no date. */
export const dateOf = (choice: ExpiryChoiceName, nowMs: number, zone: string): string => {
  const today = dateIn(nowMs, zone)
  if (choice === '30d') return addDays(today, 30)
  if (choice === '90d') return addDays(today, 90)
  if (choice === '6m') return addMonths(today, 6)
  return addMonths(today, 12 * keyLimits.expiryYearsDefault)
}

/** From today, which still has its evening, to the last date that ends within the five years a key may have. */
export const dateLimits = (nowMs: number, zone: string): { min: string; max: string } => {
  const now = new Date(nowMs).toISOString()
  // Five calendar years are counted in UTC: on 29 February they end a day earlier than they do in a zone where it is the 28th.
  const latest = addMonths(now.slice(0, 10), 12 * keyLimits.expiryYearsMax) + now.slice(10)
  return { min: dateIn(nowMs, zone), max: addDays(dateIn(Date.parse(latest), zone), -1) }
}

const daysMax = 365 * keyLimits.expiryYearsMax

export interface ExpiryValue {
  /** `keep`: as it is; for a key that is edited. */
  readonly choice: ExpiryChoiceName | 'keep'
  /** Empty while no date is given. */
  readonly date: string
  /** As it was typed. */
  readonly days: string
}

/** The days as a number; null: they are none that a key can have. */
export const daysOf = ({ days }: ExpiryValue): number | null => {
  const count = /^\d{1,4}$/.test(days.trim()) ? Number(days) : 0
  return count >= 1 && count <= daysMax ? count : null
}

/** What is sent; null: it cannot be, yet; undefined: nothing is. */
export const expiresOf = (value: ExpiryValue): ExpiryChoice | null | undefined => {
  switch (value.choice) {
    case 'keep':
      return undefined
    case 'never':
      return { never: true }
    case 'days': {
      const days = daysOf(value)
      return days === null ? null : { days }
    }
    case '30d':
    case '90d':
    case '6m':
    case '1y':
    case 'custom':
      return value.date === '' ? null : { at: value.date }
  }
}
