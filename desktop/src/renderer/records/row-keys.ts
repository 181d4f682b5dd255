/** Keys in a plain table of records, as in the table of keys: arrows go from row to row, F2 edits, Delete asks, Shift+F10 opens the menu. */
import type { KeyboardEvent } from 'react'

export type RowKeyAction = 'edit' | 'remove'

const focusables = (row: Element): HTMLElement[] => [...row.querySelectorAll<HTMLElement>('button')]

/** To be called with what is pressed anywhere around the tables; `act` gets the id of the row that has the focus. */
export const pressInRow = (event: KeyboardEvent, act: (action: RowKeyAction, id: string) => void): void => {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event
  const target = event.target as HTMLElement
  const row = target.closest<HTMLElement>('tr[data-id]')
  if (row === null || altKey || ctrlKey || metaKey) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('tr[data-id]')]
  const at = rows.indexOf(row)
  const id = row.dataset['id'] ?? ''
  if (key === 'ContextMenu' || (key === 'F10' && shiftKey))
    row.querySelector<HTMLElement>('[aria-haspopup=menu]')?.click()
  else if (shiftKey) return
  else if (key === 'F2') act('edit', id)
  else if (key === 'Delete') act('remove', id)
  else {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key]
    const to = next === undefined ? undefined : rows[next]
    if (to === undefined) return
    const [all, column] = [focusables(to), focusables(row).indexOf(target)]
    ;(column === focusables(row).length - 1 ? all.at(-1) : (all[column] ?? all[0]))?.focus()
  }
  event.preventDefault()
}
