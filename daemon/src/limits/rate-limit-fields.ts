/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10), and what a refused caller is told. Promises:
 * structured fields (RFC 9651) of printable ASCII; times are seconds from now, rounded up, so that `Retry-After` is never
 * earlier than any `t` it stands for.
 */
import type { LimitState } from './limits.ts'
import { spanAt } from './windows.ts'

/** No list is longer than this: of more limits, those that are nearest to their end. */
export const shownMax = 12

const header = { policy: 'RateLimit-Policy', limit: 'RateLimit' } as const

/** Names and values in turn; nothing for a call under no limits. */
export const rateLimitFields = (states: readonly LimitState[], nowMs: number): readonly string[] => {
  if (states.length === 0) return none
  const shown = nearest(states)
  return [
    header.policy,
    shown.map((state) => policyItem(state, nowMs)).join(', '),
    header.limit,
    shown.map((state) => limitItem(state, nowMs)).join(', '),
  ]
}

const none: readonly string[] = []

const policyItem = ({ limit: { wireName, per, limit } }: LimitState, nowMs: number): string => {
  if (per === 'concurrent') return `"${wireName}";q=${limit};qu="concurrent-requests"`
  const { startMs, endMs } = spanAt(per, nowMs)
  return `"${wireName}";q=${limit};w=${(endMs - startMs) / 1_000}`
}

const limitItem = ({ limit: { wireName }, remaining, wholeAtMs }: LimitState, nowMs: number): string =>
  `"${wireName}";r=${remaining}${wholeAtMs === null ? '' : `;t=${seconds(wholeAtMs - nowMs)}`}`

const nearest = (states: readonly LimitState[]): readonly LimitState[] =>
  states.length <= shownMax
    ? states
    : states.toSorted((a, b) => a.remaining / a.limit.limit - b.remaining / b.limit.limit).slice(0, shownMax)

/** When a call that was refused for these may come again. A place under way may be free in a moment. */
export const retryAfterOf = (violated: readonly LimitState[], nowMs: number): number =>
  Math.max(1, ...violated.map(({ wholeAtMs }) => (wholeAtMs === null ? 1 : seconds(wholeAtMs - nowMs))))

const seconds = (ms: number): number => Math.ceil(ms / 1_000)
