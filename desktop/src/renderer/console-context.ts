/** What every page is given: the bridge, what is known, the texts, dates in the gateway's zone, and toasts. */
import { createContext, use, useSyncExternalStore } from 'react'
import type { Bridge } from '../bridge.ts'
import type { Dates } from './dates.ts'
import type { Known, Model } from './model.ts'
import type { PageName } from './pages.tsx'
import type { Toasts } from './parts/toasts.tsx'
import type { KeptPreferences } from './preferences.ts'
import type { Texts } from './texts/texts.ts'
import { canManage } from './trouble.ts'

/** What can be opened over any page. */
export type Overlay = 'palette' | 'help' | 'notes'

export interface Console {
  readonly bridge: Bridge
  readonly model: Model
  readonly texts: Texts
  readonly dates: Dates
  readonly toasts: Toasts
  readonly preferences: KeptPreferences
  /** The gateway's time, by which expiry is judged. */
  nowMs(): number
  go(page: PageName, asked?: string): void
  /** To where one was before. */
  back(): void
  /** And on again. */
  forward(): void
  open(overlay: Overlay): void
}

export const ConsoleContext = createContext<Console | null>(null)

export const useConsole = (): Console => {
  const found = use(ConsoleContext)
  if (found === null) throw new Error('there is no console around this')
  return found
}

export const useKnown = (model: Model): Known => useSyncExternalStore(model.subscribe, model.get)

/** Why what changes something is off, or null. */
export const whyOff = ({ link, status }: Known, texts: Texts): string | null => {
  if (link.kind !== 'up') return texts.states.offWhileLost
  if (status !== null && !canManage(status.version)) return texts.states.offWhileOther
  return status !== null && status.state !== 'open' ? texts.states.offWhileLocked : null
}
