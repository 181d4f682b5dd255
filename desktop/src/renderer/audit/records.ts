/** Pages of the trail put together, whatever was written between two of them. Pure. */
import type { AuditView } from '@postern/shared'

export const perPage = 50

export interface Records {
  /** Newest first, each once. */
  readonly data: readonly AuditView[]
  /** Of all that match. */
  readonly count: number
}

const together = (first: readonly AuditView[], rest: readonly AuditView[]): readonly AuditView[] => {
  const known = new Set(first.map(({ seq }) => seq))
  return [...first, ...rest.filter(({ seq }) => !known.has(seq))].toSorted((a, b) => b.seq - a.seq)
}

/** The first page anew. Where it does not reach what was shown, that begins anew too: there must be no hole. */
export const withNewest = (before: Records | null, page: Records): Records => {
  const newest = before?.data[0]?.seq ?? 0
  const reaches = page.data.some(({ seq }) => seq <= newest) || page.data.length < perPage
  return before === null || !reaches ? page : { data: together(page.data, before.data), count: page.count }
}

export const withOlder = (before: Records | null, page: Records): Records => ({
  data: together(before?.data ?? [], page.data),
  count: page.count,
})
