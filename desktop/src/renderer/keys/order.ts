/** The order of the table. Ties are broken by standing, then expiry, then name, so that the order is always the same. Pure. */
import type { KeyView } from '@postern/shared'
import { standingOf, standings } from './standing.ts'

export const columns = ['name', 'expires', 'used', 'status'] as const
export type Column = (typeof columns)[number]

export interface Order {
  readonly column: Column
  readonly descending: boolean
}

export const defaultOrder: Order = { column: 'status', descending: false }

/** As it is remembered: the column, with a minus before it where it descends. */
export const orderNames = columns.flatMap((column) => [column, `-${column}`] as const)
export type OrderName = (typeof orderNames)[number]
export const nameOfOrder = ({ column, descending }: Order): OrderName => (descending ? `-${column}` : column)
export const orderOf = (name: OrderName): Order => {
  const column = columns.find((each) => name.endsWith(each)) ?? defaultOrder.column
  return { column, descending: name.startsWith('-') }
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

interface Sorted {
  readonly key: KeyView
  readonly rank: number
  readonly expiresMs: number
  readonly usedMs: number
}

const byName = (a: Sorted, b: Sorted): number => collator.compare(a.key.name, b.key.name)
const byExpiry = (a: Sorted, b: Sorted): number => (a.expiresMs === b.expiresMs ? 0 : a.expiresMs - b.expiresMs)
const byStatus = (a: Sorted, b: Sorted): number => a.rank - b.rank

const comparers: Readonly<Record<Column, (a: Sorted, b: Sorted) => number>> = {
  name: byName,
  expires: byExpiry,
  used: (a, b) => a.usedMs - b.usedMs,
  status: (a, b) => byStatus(a, b) || byExpiry(a, b),
}

export const inOrder = (keys: readonly KeyView[], { column, descending }: Order, nowMs: number): KeyView[] => {
  const compare = comparers[column]
  const sign = descending ? -1 : 1
  return keys
    .map((key) => ({
      key,
      rank: standings.indexOf(standingOf(key, nowMs)),
      // Keys without an end come after those with one.
      expiresMs: key.expires_at === null ? Number.MAX_SAFE_INTEGER : Date.parse(key.expires_at),
      usedMs: key.last_used_at === null ? -1 : Date.parse(key.last_used_at),
    }))
    .toSorted((a, b) => sign * compare(a, b) || byStatus(a, b) || byExpiry(a, b) || byName(a, b))
    .map(({ key }) => key)
}
