/** Keys that work wherever the focus is, by the table of shortcuts; those of the table of keys are that table's. */
import { useEffect } from 'react'
import { useConsole } from './console-context.ts'
import { anywhere, shortcutOf, type Anywhere, type Shortcut } from './help/shortcuts.ts'
import { isPageName, pageNames } from './pages.tsx'
import type { Toasts } from './parts/toasts.tsx'

export const useKeysAnywhere = (): void => {
  const { model, toasts, go, back, forward, open } = useConsole()
  useEffect(() => {
    /** False: there is nothing to do, and the browser may do what it does with this key. */
    const act = (name: Anywhere, at: number, writing: boolean): boolean => {
      switch (name) {
        case 'palette':
          open('palette')
          return true
        case 'help':
          if (writing && at > 0) return false
          open('help')
          return true
        case 'search':
          document.querySelector<HTMLElement>('input[type=search]')?.focus()
          return true
        case 'add':
          document.querySelector<HTMLElement>('[data-action=add]')?.click()
          return true
        case 'undo':
          if (writing) return false
          return undo(toasts)
        case 'refresh':
          void model.refresh()
          return true
        case 'page': {
          const page = pageNames[at]
          if (page !== undefined) go(page)
          return page !== undefined
        }
        case 'back':
          back()
          return true
        case 'forward':
          forward()
          return true
        case 'region':
          focusNextRegion(at > 0)
          return true
        case 'settings': {
          const settings: string = 'settings'
          if (!isPageName(settings)) return false
          go(settings)
          return true
        }
      }
    }
    const press = (event: KeyboardEvent): void => {
      const found = shortcutOf(event)
      if (found === null) return
      const { inDialogs = false }: Shortcut = anywhere[found.name]
      if (!inDialogs && document.querySelector('dialog[open]') !== null) return
      const { target } = event
      const writing = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
      if (act(found.name, found.at, writing)) event.preventDefault()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [model, toasts, go, back, forward, open])
}

/** False: there is nothing to be taken back, nor to be said of it. */
const undo = ({ undo: { current: take }, undoWaits: { current: why }, show }: Toasts): boolean => {
  if (take !== null) take()
  else if (why !== null) show(why, { key: 'undo waits' })
  return take !== null || why !== null
}

/** The details are inside of main, and a region of their own while they are there. */
const regions = ['nav', 'main', 'aside', 'footer'] as const

const focusNextRegion = (back: boolean): void => {
  const present = regions.filter((name) => document.querySelector(name) !== null)
  const now = present.findLastIndex((name) => document.querySelector(name)?.contains(document.activeElement))
  const next = present[(now + (back ? present.length - 1 : 1)) % present.length] ?? 'main'
  const region = document.querySelector(next)
  const target = region?.querySelector<HTMLElement>('[aria-current], [role=grid] [tabindex="0"]')
  const first = target ?? region?.querySelector<HTMLElement>('button, input')
  first?.focus()
}
