/** How a key stands at an instant, by the one rule of `@postern/shared`, and when that will be different. Pure. */
import { isExpired, statusOf, statusThresholds, type KeyFacts, type KeyView } from '@postern/shared'

/** Most pressing first: the order in which a list shows them. */
export const standings = ['expired', 'urgent', 'soon', 'active', 'disabled'] as const
export type Standing = (typeof standings)[number]

const dayMs = 86_400_000

/** What of a key decides how it stands; other things that end, such as an admin token, stand by the same rule. */
export type Ending = Pick<KeyView, 'state' | 'created_at' | 'expires_at' | 'removed_at' | 'quarantined'>

const factsOf = (key: Ending): KeyFacts => ({
  expiresAt: key.expires_at,
  // That it is disabled is what counts; since when is not told.
  disabledAt: key.state === 'disabled' ? key.created_at : null,
  removedAt: key.removed_at,
})

export const standingOf = (key: Ending, nowMs: number): Standing => {
  const status = statusOf(factsOf(key), nowMs)
  if (status === 'red') return isExpired(key.expires_at, nowMs) ? 'expired' : 'urgent'
  return ({ grey: 'disabled', orange: 'soon', green: 'active' } as const)[status]
}

/** The next instant after `nowMs` at which the standing of any of the keys is another one; Infinity: none. */
export const nextFlipMs = (keys: readonly Pick<Ending, 'expires_at'>[], nowMs: number): number => {
  let next = Infinity
  for (const { expires_at: expiresAt } of keys) {
    if (expiresAt === null) continue
    const endMs = Date.parse(expiresAt)
    for (const at of [endMs - statusThresholds.orangeDays * dayMs, endMs - statusThresholds.redDays * dayMs, endMs])
      if (at > nowMs && at < next) next = at
  }
  return next
}

export interface TimeLeft {
  readonly count: number
  readonly unit: 'days' | 'hours' | 'minutes'
}

/** Rounded up: what is left is at most this. Below 48 hours in hours, below one hour in minutes. */
export const timeLeft = (leftMs: number): TimeLeft => {
  const minutes = Math.ceil(leftMs / 60_000)
  if (minutes <= 60) return { count: Math.max(1, minutes), unit: 'minutes' }
  const hours = Math.ceil(leftMs / 3_600_000)
  if (leftMs < 48 * 3_600_000) return { count: hours, unit: 'hours' }
  return { count: Math.ceil(leftMs / dayMs), unit: 'days' }
}
