/** Quiet hygiene: keys that somebody might want to look at. Pure. */
import type { KeyView } from '@postern/shared'
import { standingOf } from './standing.ts'

const dayMs = 86_400_000
export const unusedDays = 90

export interface Suggestions {
  /** Not used for 90 days, and older than that; the longest unused first. */
  readonly unused: readonly KeyView[]
  readonly noOwner: readonly KeyView[]
  /** How many keys there is something to say of. */
  readonly count: number
}

/** The last sign of somebody needing it. Instants of the service are text of one form, which sorts as time does. */
const lastSign = ({ last_used_at: usedAt, created_at: createdAt }: KeyView): string => usedAt ?? createdAt

/** Traps are meant to lie unused, and a key that opens nothing any more needs no advice. */
export const suggestionsOf = (keys: readonly KeyView[], nowMs: number): Suggestions => {
  const limit = new Date(nowMs - unusedDays * dayMs).toISOString()
  const isUnused = (key: KeyView): boolean => key.created_at <= limit && lastSign(key) <= limit
  const concerned = keys.filter(
    (key) =>
      (key.owner === null || isUnused(key)) &&
      key.honey === null &&
      !['disabled', 'expired'].includes(standingOf(key, nowMs)),
  )
  return {
    unused: concerned.filter(isUnused).toSorted((a, b) => (lastSign(a) < lastSign(b) ? -1 : 1)),
    noOwner: concerned.filter(({ owner }) => owner === null),
    count: concerned.length,
  }
}
