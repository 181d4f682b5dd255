/** Rows of usage -> a report, by what is asked for. Pure; names are handed in, because usage knows ids alone. */
import type { UsageGroup, UsageReportRow } from '@postern/shared'
import { assertNever } from '../problem.ts'
import { folded, type UsageRow } from './usage-row.ts'

/** What an id is called, and whose it is; `undefined` for what is not there any more. */
export interface UsageNames {
  key(id: string): { name: string; clientId: string; owner: string | null } | undefined
  client(id: string): string | undefined
  endpoint(id: string): string | undefined
}

export interface UsageAsked {
  readonly groupBy: UsageGroup
  /** Ids to keep; absent: all. */
  readonly keyId?: string
  readonly clientId?: string
  readonly endpointId?: string
}

interface Sum {
  readonly group: { id: string; name: string }
  calls: number
  allowed: number
  outcomes: Map<string, number>
  callers: Set<string>
  first: string
  last: string
}

/** One line for each group, the busiest first, then by name: the same rows always give the same order. */
export const usageReport = (rows: Iterable<UsageRow>, asked: UsageAsked, names: UsageNames): UsageReportRow[] => {
  const sums = new Map<string, Sum>()
  for (const row of rows) {
    if (asked.keyId !== undefined && row.keyId !== asked.keyId) continue
    if (asked.endpointId !== undefined && row.endpointId !== asked.endpointId) continue
    if (asked.clientId !== undefined && names.key(row.keyId)?.clientId !== asked.clientId) continue
    const group = groupOf(row, asked.groupBy, names)
    const sum = sums.get(group.id) ?? newSum(group, row.start)
    sums.set(group.id, sum)
    sum.calls += row.calls
    if (row.outcome === 'allow') sum.allowed += row.calls
    sum.outcomes.set(row.outcome, (sum.outcomes.get(row.outcome) ?? 0) + row.calls)
    if (row.address !== folded) sum.callers.add(row.address)
    if (row.start < sum.first) sum.first = row.start
    if (row.start > sum.last) sum.last = row.start
  }
  return [...sums.values()]
    .map(toRow)
    .toSorted(
      (a, b) => b.calls - a.calls || (a.group.name < b.group.name ? -1 : 1) || (a.group.id < b.group.id ? -1 : 1),
    )
}

const newSum = (group: Sum['group'], start: string): Sum => ({
  group,
  calls: 0,
  allowed: 0,
  outcomes: new Map(),
  callers: new Set(),
  first: start,
  last: start,
})

const toRow = ({ group, calls, allowed, outcomes, callers, first, last }: Sum): UsageReportRow => ({
  group,
  calls,
  allowed,
  refused: calls - allowed,
  callers: callers.size,
  outcomes: Object.fromEntries([...outcomes].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  first,
  last,
})

const groupOf = (row: UsageRow, by: UsageGroup, names: UsageNames): { id: string; name: string } => {
  const key = names.key(row.keyId)
  switch (by) {
    case 'key':
      return row.keyId === '' ? { id: '', name: 'no key' } : { id: row.keyId, name: key?.name ?? row.keyId }
    case 'client': {
      const id = key?.clientId ?? ''
      return { id, name: names.client(id) ?? (id === '' ? 'no client' : id) }
    }
    case 'owner':
      return { id: key?.owner ?? '', name: key?.owner ?? 'no owner' }
    case 'endpoint':
      return row.endpointId === ''
        ? { id: '', name: 'no endpoint' }
        : {
            id: row.endpointId,
            name: row.endpointId === folded ? 'several' : (names.endpoint(row.endpointId) ?? row.endpointId),
          }
    case 'caller':
      return { id: row.address, name: row.address === folded ? 'several' : row.address }
    case 'hour':
      return { id: row.start, name: row.start }
    case 'day':
      return same(row.start.slice(0, 10))
    case 'month':
      return same(row.start.slice(0, 7))
    default:
      return assertNever(by)
  }
}

const same = (text: string) => ({ id: text, name: text })
