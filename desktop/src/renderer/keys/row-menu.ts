/** What the menu of a row offers. Pure. */
import type { KeyView } from '@postern/shared'
import type { MenuItem } from '../parts/menu.tsx'
import type { Texts } from '../texts/texts.ts'

export const menuItems = (key: KeyView, texts: Texts, off: string | null): MenuItem[] => {
  const { menu } = texts.keys
  const notKept = key.reveal === 'always' ? null : texts.keys.notKept
  const isDisabled = key.state === 'disabled'
  return [
    { name: 'view', text: menu.view, shortcut: 'Enter' },
    { name: 'edit', text: menu.edit, shortcut: 'F2', off },
    { name: 'copy', text: menu.copy, shortcut: 'Control+C', off: off ?? notKept },
    { name: 'rotate', text: menu.rotate, off },
    // It is looked at, and nothing is done with the key.
    { name: 'why', text: menu.why },
    { name: 'kit', text: menu.kit },
    isDisabled ? { name: 'enable', text: menu.enable, off } : { name: 'disable', text: menu.disable, off },
    { name: 'remove', text: menu.remove, shortcut: 'Delete', danger: true, off },
  ]
}
