/** When an admin token ends, as it is chosen in the form. Pure. */
import type { ExpiryChoice } from '@postern/shared'
import { addDays, dateIn, endOfDate } from '../dates.ts'

/** Whole days from now, a date, or no end. */
export const tokenExpiries = ['30', '90', '365', 'date', 'never'] as const
export type TokenExpiryName = (typeof tokenExpiries)[number]
export const defaultExpiry: TokenExpiryName = '90'

export interface TokenExpiry {
  /** `keep`: as it is; for a token that is edited. */
  readonly choice: TokenExpiryName | 'keep'
  /** Empty while no date is given. */
  readonly date: string
}

const dayMs = 86_400_000
const daysMax = 365

/** From today to the last date that ends within the year that a token may have. */
export const tokenDateLimits = (nowMs: number, zone: string): { readonly min: string; readonly max: string } => ({
  min: dateIn(nowMs, zone),
  max: addDays(dateIn(nowMs + daysMax * dayMs, zone), -1),
})

const isWithin = (date: string, nowMs: number, zone: string): boolean => {
  const { min, max } = tokenDateLimits(nowMs, zone)
  return /^\d{4}-\d\d-\d\d$/.test(date) && min <= date && date <= max
}

/** What is sent. Null: there is no date yet, or none that a token can have. Undefined: nothing is. */
export const expiresOf = (
  { choice, date }: TokenExpiry,
  nowMs: number,
  zone: string,
): ExpiryChoice | null | undefined => {
  switch (choice) {
    case 'keep':
      return undefined
    case 'never':
      return { never: true }
    case 'date':
      return isWithin(date, nowMs, zone) ? { at: date } : null
    case '30':
    case '90':
    case '365':
      return { days: Number(choice) }
  }
}

/** When that is. Null: it never ends. Undefined: it cannot be said. */
export const endMsOf = (expiry: TokenExpiry, nowMs: number, zone: string): number | null | undefined => {
  const chosen = expiresOf(expiry, nowMs, zone)
  if (chosen === undefined || chosen === null) return undefined
  if ('never' in chosen) return null
  return 'days' in chosen ? nowMs + chosen.days * dayMs : endOfDate(chosen.at, zone)
}
