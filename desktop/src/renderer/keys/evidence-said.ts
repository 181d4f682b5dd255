/** Who is hit by a change, in one sentence. Pure. */
import type { KeyEvidence } from '@postern/shared'
import type { Dates } from '../dates.ts'
import type { Texts } from '../texts/texts.ts'

type Use = Pick<KeyEvidence, 'calls' | 'days' | 'callers_count' | 'callers' | 'last_used_at'>
type Said = { readonly texts: Texts; readonly dates: Pick<Dates, 'relative'>; readonly nowMs: number }

export const isInUse = ({ calls, last_used_at: usedAt }: Use): boolean => calls > 0 || usedAt !== null

export const evidenceSaid = (use: Use, { texts, dates, nowMs }: Said): string => {
  const { calls, days, callers_count: callers, callers: busiest, last_used_at: usedAt } = use
  const { evidence } = texts
  if (!isInUse(use)) return evidence.unused(days)
  const parts = [
    evidence.calls(calls, days, callers),
    ...(usedAt === null ? [] : [evidence.latest(dates.relative(usedAt, Math.max(nowMs, Date.parse(usedAt))))]),
    ...(busiest[0] === undefined ? [] : [evidence.busiest(busiest[0].address)]),
  ]
  return `${parts.join(', ')}.`
}
