/** What another page, or the command palette, asks the page of keys to open. Pure. */
import type { KeyView } from '@postern/shared'
import type { Asking } from './dialogs.tsx'

export interface AskedOfKeys {
  readonly viewedId: string | null
  readonly asking: Asking | null
  /** What is to be searched for. */
  readonly search: string
}

const keyAskings = ['edit', 'rotate', 'why', 'kit', 'remove'] as const
const nothing: AskedOfKeys = { viewedId: null, asking: null, search: '' }

/**
 * `find:<text>` searches; `view:<id>` shows a key; `why:<id>` tells why it was refused; `kit:<id>` offers files for its client; `add`, `do:import`, `edit:<id>`,
 * `rotate:<id>` and `remove:<id>` ask what is asked before anything is done.
 */
export const readAsked = (asked: string | null, keys: readonly KeyView[]): AskedOfKeys => {
  const [what = '', id = null] = (asked ?? '').split(':')
  if (what === 'find') return { ...nothing, search: asked?.slice('find:'.length) ?? '' }
  if (what === 'add') return { ...nothing, asking: { what } }
  if (asked === 'do:import') return { ...nothing, asking: { what: 'import' } }
  if (what === 'view') return { ...nothing, viewedId: id }
  const key = keys.find((each) => each.id === id)
  const found = keyAskings.find((each) => each === what)
  return found !== undefined && key !== undefined ? { ...nothing, asking: { what: found, key } } : nothing
}
