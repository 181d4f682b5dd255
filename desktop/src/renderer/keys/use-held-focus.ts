/**
 * Where in the table the focus is, in a ref: no press of a key is lost while rows are drawn. Promises: once somebody has put
 * the focus on a key it stays with that key wherever a change moves it, so that what is pressed next is done with what is seen.
 */
import { useRef, useState, type RefObject } from 'react'
import type { KeyView } from '@postern/shared'
import type { Cell } from './grid-steps.ts'

interface HeldFocus {
  readonly focus: RefObject<Cell>
  /** As drawn. */
  readonly focused: Cell
  /** Puts it there, not drawn yet. */
  hold(at: Cell): void
  draw(): void
}

export const useHeldFocus = (rows: readonly KeyView[], start: Cell): HeldFocus => {
  const focus = useRef(start)
  const [focused, setFocused] = useState(start)
  const heldId = useRef<string | undefined>(undefined)
  const [followedRows, setFollowedRows] = useState(rows)
  const draw = (): void => setFocused(focus.current)
  if (followedRows !== rows) {
    setFollowedRows(rows)
    const stays = heldId.current === undefined || rows[focus.current.row]?.id === heldId.current
    const row = stays ? -1 : rows.findIndex(({ id }) => id === heldId.current)
    if (row >= 0) {
      focus.current = { ...focus.current, row }
      draw()
    }
  }
  const hold = (at: Cell): void => {
    focus.current = at
    heldId.current = rows[at.row]?.id
  }
  return { focus, focused, hold, draw }
}
