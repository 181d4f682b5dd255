/**
 * Looks after what is seen outside of the window: the tray, and the system's notifications. Promises: what it shows is what
 * is known now; while the key store is not open, or nobody answers, nobody is warned and nothing is forgotten.
 */
import type { Texts } from '../renderer/texts/texts.ts'
import type { DeepLink } from './deep-link.ts'
import type { PreferencesFile } from './kept-preferences.ts'
import { chipOf, pauseUntil, planWarnings } from './key-warnings.ts'
import type { KeyWatch } from './key-watch.ts'
import { isPausedNow, trayStateOf, wordsOf, type TrayState } from './tray-state.ts'

export interface AttendantDeps {
  readonly watch: KeyWatch
  readonly preferences: PreferencesFile
  readonly texts: Texts
  readonly now: () => number
  readonly seen: () => { readonly isVisible: boolean; readonly isLookedAt: boolean }
  readonly showTray: (state: TrayState, paused: boolean) => void
  readonly notify: (words: { readonly title: string; readonly body: string }, leadsTo: DeepLink) => void
}

export interface Attendant {
  /** What a schedule calls, and whoever knows of news. */
  look(): Promise<void>
  pause(until: 'tomorrow' | 'monday'): void
  resume(): void
}

export const createAttendant = (deps: AttendantDeps): Attendant => {
  const { watch, preferences, texts, now } = deps

  const show = (): void => {
    const overview = watch.get()
    deps.showTray(trayStateOf(overview, now(), texts), isPausedNow(overview, preferences.get().pausedUntil, now()))
  }

  const warn = (): void => {
    const { link, status, keys, skewMs } = watch.get()
    if (link !== 'up' || status?.state !== 'open') return
    const { told: toldBefore, pausedUntil } = preferences.get()
    const { say, told } = planWarnings({
      keys,
      nowMs: now() + skewMs,
      zone: status.zone,
      told: toldBefore,
      pausedUntil,
      ...deps.seen(),
    })
    // Kept first: a warning that is lost is told by the service too, one that comes again and again is not read any more.
    preferences.set({ told })
    if (say !== null) deps.notify(wordsOf(say, texts), { kind: 'go', page: 'keys', asked: chipOf(say) })
  }

  return {
    look: async () => {
      await watch.look()
      show()
      warn()
    },
    pause: (until) => {
      const { status, skewMs } = watch.get()
      const zone = status?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
      preferences.set({ pausedUntil: pauseUntil(until, now() + skewMs, zone) })
      show()
    },
    resume: () => {
      preferences.set({ pausedUntil: null })
      show()
    },
  }
}
