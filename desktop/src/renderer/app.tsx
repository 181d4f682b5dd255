/** The frame around every page: navigation on the left, the state of things below, toasts, and the keys that work anywhere. */
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import type { Bridge, Push } from '../bridge.ts'
import { ConsoleContext, useConsole, useKnown, type Console } from './console-context.ts'
import { ownZone } from './dates.ts'
import { Entry } from './entry.tsx'
import { Footer } from './footer.tsx'
import { standingOf } from './keys/standing.ts'
import type { Model } from './model.ts'
import { isPageName, pageNames, pages, type PageName } from './pages.tsx'
import { Loading, StateBanner } from './parts/states.tsx'
import { ToastList, useToasts } from './parts/toasts.tsx'
import type { KeptPreferences } from './preferences.ts'
import type { Texts } from './texts/texts.ts'
import { useTheme } from './theme.ts'
import { useJudgedTime } from './use-judged-time.ts'
import { useShownDates } from './use-shown-dates.ts'

interface AppProps {
  readonly bridge: Bridge
  readonly model: Model
  readonly texts: Texts
  readonly preferences: KeptPreferences
}

interface Place {
  readonly page: PageName
  readonly asked: string | null
}

export const App = ({ bridge, model, texts, preferences }: AppProps) => {
  const known = useKnown(model)
  const toasts = useToasts()
  // The last is where we are; those before are where Alt+Left leads.
  const [places, setPlaces] = useState<readonly Place[]>([{ page: 'keys', asked: null }])
  const at = places.at(-1) ?? { page: 'keys', asked: null }
  const zone = known.status?.zone ?? ownZone()
  const dates = useShownDates(preferences, zone)
  useTheme(preferences)
  const nowMs = useCallback(() => Date.now() + model.get().skewMs, [model])
  const go = useCallback(
    (page: PageName, asked?: string) => setPlaces((before) => [...before.slice(-50), { page, asked: asked ?? null }]),
    [],
  )
  const back = useCallback(() => setPlaces((before) => (before.length > 1 ? before.slice(0, -1) : before)), [])
  const console = useMemo<Console>(
    () => ({ bridge, model, texts, dates, toasts, preferences, nowMs, go, back }),
    [bridge, model, texts, dates, toasts, preferences, nowMs, go, back],
  )
  useClipboardToasts(console)
  useKeysAnywhere(console)
  useEffect(
    () =>
      bridge.onChange((push) => {
        if (push.kind === 'go' && isPageName(push.page)) go(push.page, push.asked ?? undefined)
      }),
    [bridge, go],
  )
  const { Page } = pages[at.page]
  const title = texts.pages[at.page]
  useEffect(() => {
    document.title = `${title} · ${texts.product}`
  }, [title, texts])

  if (known.link.kind === 'ended')
    return (
      <ConsoleContext value={console}>
        <Entry why={known.link.why} />
      </ConsoleContext>
    )
  return (
    <ConsoleContext value={console}>
      <div className={known.link.kind === 'lost' ? 'frame stale' : 'frame'}>
        <a className="skip" href="#page">
          {texts.frame.skip}
        </a>
        <Navigation at={at.page} />
        <main id="page" tabIndex={-1} aria-label={title}>
          <StateBanner />
          <Suspense fallback={<Loading text={texts.states.loadingPage} />}>
            <Page key={`${at.page} ${at.asked ?? ''}`} asked={at.asked} />
          </Suspense>
        </main>
        <Footer />
        <ToastList />
      </div>
    </ConsoleContext>
  )
}

const Navigation = ({ at }: { at: PageName }) => {
  const console = useConsole()
  const { texts, go, model, nowMs } = console
  const { keys } = useKnown(model)
  const judgedMs = useJudgedTime(keys, nowMs)
  const pressing = useMemo(
    () => keys.filter((key) => ['expired', 'urgent'].includes(standingOf(key, judgedMs))).length,
    [keys, judgedMs],
  )
  return (
    <nav aria-label={texts.frame.navigation}>
      <p className="product">{texts.product}</p>
      {pageNames.map((name) => {
        const { Icon } = pages[name]
        const badge = name === 'keys' && pressing > 0 ? pressing : null
        return (
          <button key={name} type="button" aria-current={name === at ? 'page' : undefined} onClick={() => go(name)}>
            <Icon />
            <span className="page-name">{texts.pages[name]}</span>
            {badge === null ? null : (
              <span className="badge">
                <span aria-hidden="true">{console.dates.number(badge)}</span>
                <span className="unseen">{texts.frame.pressing(badge)}</span>
              </span>
            )}
          </button>
        )
      })}
    </nav>
  )
}

/** Copying says until when the value is held, and what can be done about it. */
const useClipboardToasts = ({ bridge, texts, toasts }: Console): void => {
  const { show } = toasts
  useEffect(() => {
    const { said } = texts.keys
    const clear = { text: said.clearNow, run: () => void bridge.clearClipboard() }
    const keep = { text: said.keep, run: () => bridge.keepClipboard() }
    const hear = (push: Push): void => {
      if (push.kind !== 'clipboard') return
      if (push.state === 'held') show(said.copied(push.clearsInSeconds), { key: 'clipboard', actions: [clear, keep] })
      else if (push.state === 'cleared') show(said.cleared, { key: 'clipboard' })
      else show(said.perhapsHeld, { key: 'clipboard', actions: [clear, keep], stays: true })
    }
    return bridge.onChange(hear)
  }, [bridge, texts, show])
}

/** The details are inside of main, and a region of their own while they are there. */
const regions = ['nav', 'main', 'aside', 'footer'] as const

/** Keys that work wherever the focus is; those of the table are the table's. */
const useKeysAnywhere = ({ model, toasts, go, back }: Console): void => {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key } = event
      const control = event.ctrlKey || event.metaKey
      const writing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
      const dialogIsOpen = document.querySelector('dialog[open]') !== null
      const page = pageNames[Number(key) - 1]
      if (key === 'F5' && !control) void model.refresh()
      else if (dialogIsOpen) return
      else if (control && key === 'f') document.querySelector<HTMLElement>('input[type=search]')?.focus()
      else if (control && key === 'n') document.querySelector<HTMLElement>('[data-action=add]')?.click()
      else if (control && key === 'z' && !writing && toasts.undo.current !== null) toasts.undo.current()
      else if (control && page !== undefined) go(page)
      else if (event.altKey && key === 'ArrowLeft') back()
      else if (key === 'F6') focusNextRegion(event.shiftKey)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [model, toasts, go, back])
}

const focusNextRegion = (back: boolean): void => {
  const present = regions.filter((name) => document.querySelector(name) !== null)
  const now = present.findLastIndex((name) => document.querySelector(name)?.contains(document.activeElement))
  const next = present[(now + (back ? present.length - 1 : 1)) % present.length] ?? 'main'
  const region = document.querySelector(next)
  const target = region?.querySelector<HTMLElement>('[aria-current], [role=grid] [tabindex="0"]')
  const first = target ?? region?.querySelector<HTMLElement>('button, input')
  first?.focus()
}
