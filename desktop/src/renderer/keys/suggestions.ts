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

const lastSignMs = ({ last_used_at: usedAt, created_at: createdAt }: KeyView): number => Date.parse(usedAt ?? createdAt)

/** Traps are meant to lie unused, and a key that opens nothing any more needs no advice. */
export const suggestionsOf = (keys: readonly KeyView[], nowMs: number): Suggestions => {
  const concerned = keys.filter(
    (key) => key.honey === null && !['disabled', 'expired'].includes(standingOf(key, nowMs)),
  )
  const unused = concerned
    .filter((key) => nowMs - Math.max(lastSignMs(key), Date.parse(key.created_at)) >= unusedDays * dayMs)
    .toSorted((a, b) => lastSignMs(a) - lastSignMs(b))
  const noOwner = concerned.filter(({ owner }) => owner === null)
  return { unused, noOwner, count: new Set([...unused, ...noOwner]).size }
}
