/** What is selected of the keys there are, and what selects. A key that is gone is not selected any more. */
import { useMemo, useState } from 'react'
import type { KeyView } from '@postern/shared'
import { allOf, extendedTo, nothingSelected, rangeTo, released, toggled } from './selection.ts'

export interface Selecting {
  readonly selected: readonly KeyView[]
  readonly count: number
  /** How many of them are not among the rows. */
  readonly hidden: number
  /** Of the rows that are shown. */
  readonly ofRows: 'none' | 'some' | 'all'
  has(id: string): boolean
  toggle(id: string): void
  /** All that is between, from where the last one was toggled. */
  rangeTo(id: string): void
  /** With the arrows: from where the focus was. */
  extend(fromId: string, toId: string): void
  /** The arrows move without selecting: the next range begins anew. */
  release(): void
  all(): void
  clear(): void
  /** To delete what is selected, where that is more than this one key. False: it is not. */
  askRemoval(id: string): boolean
}

export const useSelecting = (keys: readonly KeyView[], rows: readonly KeyView[], onRemove: () => void): Selecting => {
  const [selection, setSelection] = useState(nothingSelected)
  const { ids } = selection
  const selected = useMemo(() => (ids.size === 0 ? [] : keys.filter(({ id }) => ids.has(id))), [keys, ids])
  const shownCount = useMemo(
    () => (ids.size === 0 ? 0 : rows.reduce((count, { id }) => count + (ids.has(id) ? 1 : 0), 0)),
    [rows, ids],
  )
  const order = (): string[] => rows.map(({ id }) => id)
  return {
    selected,
    count: selected.length,
    hidden: selected.length - shownCount,
    ofRows: shownCount === 0 ? 'none' : shownCount === rows.length ? 'all' : 'some',
    has: (id) => ids.has(id),
    toggle: (id) => setSelection((before) => toggled(before, id)),
    rangeTo: (id) => setSelection((before) => rangeTo(before, order(), id)),
    extend: (fromId, toId) => setSelection((before) => extendedTo(before, order(), fromId, toId)),
    release: () => setSelection(released),
    all: () => setSelection(allOf(order())),
    clear: () => setSelection(nothingSelected),
    askRemoval: (id) => {
      if (selected.length < 2 || !ids.has(id)) return false
      onRemove()
      return true
    },
  }
}
