/** What every page is given: the bridge, what is known, the texts, dates in the gateway's zone, and toasts. */
import { createContext, use, useSyncExternalStore } from 'react'
import { roles, type Role } from '@postern/shared'
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

/** Whether who sits here has a role, or one that includes it. Where Postern does not say, it is Postern that refuses. */
export const may = ({ me }: Pick<Known, 'me'>, role: Role): boolean =>
  me === null || roles.indexOf(me.role) >= roles.indexOf(role)

/** Why what changes something is off, or null. `role`: the least that may do it. */
export const whyOff = (known: Known, texts: Texts, role: Role = 'operator'): string | null => {
  const { link, status, me } = known
  if (link.kind !== 'up') return texts.states.offWhileLost
  if (status !== null && !canManage(status.version)) return texts.states.offWhileOther
  if (status !== null && status.state !== 'open') return texts.states.offWhileLocked
  return me === null || may(known, role) ? null : texts.states.offForRole(role, me.role)
}
