/**
 * THE table of keys that work. What works anywhere is found by it, the help lists it, and tests press every one of it.
 * Pure.
 */
export const anywhere = {
  palette: { keys: ['Ctrl+K'] },
  help: { keys: ['F1', '?'] },
  search: { keys: ['Ctrl+F'] },
  add: { keys: ['Ctrl+N'], windowOnly: true },
  undo: { keys: ['Ctrl+Z'] },
  refresh: { keys: ['F5'], inDialogs: true },
  page: { keys: ['Ctrl+1', 'Ctrl+2', 'Ctrl+3', 'Ctrl+4', 'Ctrl+5', 'Ctrl+6', 'Ctrl+7', 'Ctrl+8'], windowOnly: true },
  back: { keys: ['Alt+Left'] },
  forward: { keys: ['Alt+Right'] },
  region: { keys: ['F6', 'Shift+F6'] },
  settings: { keys: ['Ctrl+,'] },
} as const satisfies Record<string, Shortcut>

/** The focus is in the table; what each does is the table's own business. */
export const inTable = {
  move: { keys: ['Up', 'Down', 'Left', 'Right'] },
  ends: { keys: ['Home', 'End'] },
  corners: { keys: ['Ctrl+Home', 'Ctrl+End'] },
  screenfuls: { keys: ['PageUp', 'PageDown'] },
  view: { keys: ['Enter', 'Alt+Enter'] },
  edit: { keys: ['F2'] },
  copy: { keys: ['Ctrl+C'] },
  remove: { keys: ['Delete'] },
  menu: { keys: ['Shift+F10'] },
} as const satisfies Record<string, Shortcut>

export interface Shortcut {
  readonly keys: readonly string[]
  /** Browsers keep these for themselves. */
  readonly windowOnly?: boolean
  /** Works while a dialog is open too. */
  readonly inDialogs?: boolean
}

export type Anywhere = keyof typeof anywhere
export type InTable = keyof typeof inTable

export interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** As it stands in the table. What a sign is typed with is not said: `?` needs Shift on some keyboards and not on others. */
export const chordOf = ({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string => {
  const named = key.replace(/^Arrow/, '')
  const isLetter = /^\p{L}$/u.test(key)
  const shifted = shiftKey && (key.length > 1 || isLetter)
  const parts = [ctrlKey || metaKey ? 'Ctrl' : '', altKey ? 'Alt' : '', shifted ? 'Shift' : '']
  return [...parts.filter(Boolean), isLetter ? named.toUpperCase() : named].join('+')
}

/** `at`: which of the keys of the row it was. */
export const shortcutOf = (pressed: Pressed): { readonly name: Anywhere; readonly at: number } | null => {
  const chord = chordOf(pressed)
  for (const [name, { keys }] of Object.entries(anywhere) as [Anywhere, Shortcut][]) {
    const at = keys.indexOf(chord)
    if (at >= 0) return { name, at }
  }
  return null
}
