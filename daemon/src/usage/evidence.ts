/** Who would be hit: what is known of a key's callers before it is changed. Pure. */
import type { KeyEvidence, ReachEvidence } from '@postern/shared'
import { folded, type UsageRow } from './usage-row.ts'

export const evidenceDays = 30
const callersShown = 10

/** A rotation whose old secret is still valid. */
export interface Rotated {
  /** RFC 3339: when the present secret was made. */
  readonly at: string
  /** The version of the present secret. */
  readonly version: number
}

interface Seen {
  calls: number
  last: string
  /** When the old secret of the rotation was last presented since, and when the new one was. */
  lastOld: string | null
  lastNew: string | null
}

/** What the last 30 days say of a key. `rows`: those of the days, of any key. */
export const evidenceOf = (
  keyId: string,
  rows: Iterable<UsageRow>,
  { lastUsedAt, rotated }: { lastUsedAt: string | null; rotated: Rotated | null },
): KeyEvidence => {
  const callers = new Map<string, Seen>()
  const endpoints = new Set<string>()
  let calls = 0
  for (const row of rows) {
    if (row.keyId !== keyId || row.outcome !== 'allow') continue
    calls += row.calls
    if (row.endpointId !== '' && row.endpointId !== folded) endpoints.add(row.endpointId)
    const caller = callers.get(row.address) ?? { calls: 0, last: row.start, lastOld: null, lastNew: null }
    caller.calls += row.calls
    if (row.start > caller.last) caller.last = row.start
    if (row.version === rotated?.version) caller.lastNew = maxOf(caller.lastNew, row.start)
    if (row.secret === 'old' && row.version + 1 === rotated?.version) caller.lastOld = maxOf(caller.lastOld, row.start)
    callers.set(row.address, caller)
  }
  const listed = [...callers].toSorted(([a, { calls: x }], [b, { calls: y }]) => y - x || (a < b ? -1 : 1))
  return {
    days: evidenceDays,
    calls,
    callers_count: callers.size,
    callers: listed
      .slice(0, callersShown)
      .map(([address, caller]) => ({ address, calls: caller.calls, last_hour: caller.last })),
    endpoints: [...endpoints].toSorted(),
    last_used_at: lastUsedAt,
    rotation: rotated === null ? null : meterOf(rotated.at, listed),
  }
}

/** What the last 30 days say of the calls that `concerns` is true of. */
export const reachOf = (rows: Iterable<UsageRow>, concerns: (row: UsageRow) => boolean): ReachEvidence => {
  const callers = new Map<string, { calls: number; last_hour: string }>()
  const keys = new Set<string>()
  let calls = 0
  let last: string | null = null
  for (const row of rows) {
    if (row.outcome !== 'allow' || !concerns(row)) continue
    calls += row.calls
    keys.add(row.keyId)
    last = maxOf(last, row.start)
    const before = callers.get(row.address)
    callers.set(row.address, {
      calls: (before?.calls ?? 0) + row.calls,
      last_hour: maxOf(before?.last_hour ?? null, row.start) ?? row.start,
    })
  }
  const busiest = [...callers].toSorted(([a, { calls: x }], [b, { calls: y }]) => y - x || (a < b ? -1 : 1))
  return {
    days: evidenceDays,
    calls,
    keys_count: keys.size,
    callers_count: callers.size,
    callers: busiest.slice(0, callersShown).map(([address, seen]) => ({ address, ...seen })),
    last_hour: last,
  }
}

/** "3 of 4 callers moved": of those that called since the rotation, who still presents the old secret, and since when. */
const meterOf = (rotatedAt: string, callers: readonly [string, Seen][]): KeyEvidence['rotation'] => {
  const seen = callers.filter(([, { lastOld, lastNew }]) => lastOld !== null || lastNew !== null)
  // Within an hour nobody knows which came last: who has presented both there may still need the old one.
  const old = seen.filter(([, { lastOld, lastNew }]) => lastOld !== null && (lastNew === null || lastOld >= lastNew))
  const fresh = seen.filter(([, { lastNew }]) => lastNew !== null)
  return {
    rotated_at: rotatedAt,
    callers: seen.length,
    moved: fresh.length,
    last_old_call_hour: seen.reduce<string | null>((last, [, { lastOld }]) => maxOf(last, lastOld), null),
    still_old: old.slice(0, callersShown).map(([address, { lastOld }]) => ({ address, last_hour: lastOld ?? '' })),
    on_new: fresh.slice(0, callersShown).map(([address, { lastNew }]) => ({ address, last_hour: lastNew ?? '' })),
  }
}

const maxOf = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a)
