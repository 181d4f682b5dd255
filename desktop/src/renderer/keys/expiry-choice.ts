/** The expiry choices of the forms. Each is a date, which ends with its last millisecond in the gateway's zone. Pure. */
import { keyLimits } from '@postern/shared'
import { addDays, addMonths, dateIn } from '../dates.ts'

export const expiryChoices = ['30d', '90d', '6m', '1y', 'custom'] as const
export type ExpiryChoiceName = (typeof expiryChoices)[number]
export const defaultChoice: ExpiryChoiceName = '1y'

/** The date of a choice; `custom` begins as the default's. */
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
