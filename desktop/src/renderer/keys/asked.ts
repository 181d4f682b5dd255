/** What another page, or the command palette, asks the page of keys to open. Pure. */
import type { KeyView } from '@postern/shared'
import type { Asking } from './dialogs.tsx'

/** `view:<id>` shows a key; `add`, `edit:<id>`, `rotate:<id>` and `remove:<id>` ask what is asked before anything is done. */
export const readAsked = (
  asked: string | null,
  keys: readonly KeyView[],
): { readonly viewedId: string | null; readonly asking: Asking | null } => {
  const [what, id = null] = (asked ?? '').split(':')
  if (what === 'add') return { viewedId: null, asking: { what } }
  if (what === 'view') return { viewedId: id, asking: null }
  const key = keys.find((each) => each.id === id)
  const isAsking = what === 'edit' || what === 'rotate' || what === 'remove'
  return { viewedId: null, asking: isAsking && key !== undefined ? { what, key } : null }
}
