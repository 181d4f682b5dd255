/** The frame around every page: navigation on the left, the state of things below, toasts, and what opens over any page. */
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Bridge, Push } from '../bridge.ts'
import { ConsoleContext, useKnown, type Console, type Overlay } from './console-context.ts'
import { ownZone } from './dates.ts'
import { Entry } from './entry.tsx'
import { Footer } from './footer.tsx'
import { useKeysAnywhere } from './keys-anywhere.ts'
import type { Model } from './model.ts'
import { Locked } from './locked.tsx'
import { Navigation } from './navigation.tsx'
import { later } from './later.ts'
import { isPageName, pages } from './pages.tsx'
import { StateBanners } from './parts/state-banners.tsx'
import { Loading } from './parts/states.tsx'
import { ToastList, useToasts } from './parts/toasts.tsx'
import { mayBeAskedFromOutside, type Place } from './places.ts'
import type { KeptPreferences } from './preferences.ts'
import type { Texts } from './texts/texts.ts'
import { useTheme } from './theme.ts'
import { usePlaces } from './use-places.ts'
import { useShownDates } from './use-shown-dates.ts'

interface AppProps {
  readonly bridge: Bridge
  readonly model: Model
  readonly texts: Texts
  readonly preferences: KeptPreferences
}

interface OverlayProps {
  readonly onClose: () => void
}

const overlays = {
  palette: later<OverlayProps>(() => import('./palette/palette.tsx').then(({ Palette }) => Palette)),
  help: later<OverlayProps>(() => import('./help/help-dialog.tsx').then(({ HelpDialog }) => HelpDialog)),
  notes: later<OverlayProps>(() => import('./help/notes-dialog.tsx').then(({ NotesDialog }) => NotesDialog)),
} as const

export const App = ({ bridge, model, texts, preferences }: AppProps) => {
  const known = useKnown(model)
  const toasts = useToasts()
  const { at, go, back, forward, reset } = usePlaces(bridge.door)
  const [overlay, open] = useState<Overlay | null>(null)
  const zone = known.status?.zone ?? ownZone()
  const dates = useShownDates(preferences, zone)
  useTheme(preferences)
  const nowMs = useCallback(() => Date.now() + model.get().skewMs, [model])
  const console = useMemo<Console>(
    () => ({ bridge, model, texts, dates, toasts, preferences, nowMs, go, back, forward, open }),
    [bridge, model, texts, dates, toasts, preferences, nowMs, go, back, forward, open],
  )
  useTheme(preferences)
  useClipboardToasts(console)
  useEffect(
    () =>
      bridge.onChange((push) => {
        if (push.kind === 'go' && isPageName(push.page) && mayBeAskedFromOutside(push.asked))
          go(push.page, push.asked ?? undefined)
      }),
    [bridge, go],
  )
  const { clear } = toasts
  const hasEnded = known.link.kind === 'ended'
  useEffect(() => {
    if (!hasEnded) return
    // Whoever comes in next may be somebody else: what was said, and what could be taken back, was not for them.
    clear()
    open(null)
    reset()
  }, [hasEnded, clear, reset])
  // What was open over the page before is not about this one.
  useEffect(() => open(null), [at.visit])

  return (
    <ConsoleContext value={console}>
      {known.link.kind === 'ended' ? (
        <Entry why={known.link.why} idleMinutes={known.link.idleMinutes ?? null} />
      ) : known.link.kind === 'locked' ? (
        <Locked />
      ) : (
        <Frame
          at={at}
          isStale={known.link.kind === 'lost'}
          overlay={overlay}
          onClose={() => open(null)}
          texts={texts}
        />
      )}
    </ConsoleContext>
  )
}

interface FrameProps {
  readonly at: Place
  readonly isStale: boolean
  readonly overlay: Overlay | null
  readonly onClose: () => void
  readonly texts: Texts
}

const Frame = ({ at, isStale, overlay, onClose, texts }: FrameProps) => {
  useKeysAnywhere()
  const { Page } = pages[at.page]
  const shownVisit = useRef(at.visit)
  const Opened = overlay === null ? null : overlays[overlay]
  const title = texts.pages[at.page]
  useEffect(() => {
    document.title = `${title} · ${texts.product}`
  }, [title, texts])
  useEffect(() => {
    // Where the focus was may be gone with the page before; reading goes on with the new one.
    if (shownVisit.current === at.visit) return
    shownVisit.current = at.visit
    const focused = document.activeElement
    // What had it may be out of sight only, until the new page has been fetched.
    if (focused === null || focused === document.body || !focused.checkVisibility())
      document.getElementById('page')?.focus()
  }, [at.visit])
  return (
    <div className={isStale ? 'frame stale' : 'frame'}>
      {/* Not by the address: a new fragment there is a new link to the console. */}
      <a
        className="skip"
        href="#page"
        onClick={(event) => {
          event.preventDefault()
          document.getElementById('page')?.focus()
        }}
      >
        {texts.frame.skip}
      </a>
      <Navigation at={at.page} />
      <main id="page" tabIndex={-1} aria-label={title}>
        <StateBanners />
        <Suspense fallback={<Loading text={texts.states.loadingPage} />}>
          <Page key={at.visit} asked={at.asked} />
        </Suspense>
      </main>
      <Footer />
      <ToastList />
      <Suspense fallback={null}>{Opened === null ? null : <Opened onClose={onClose} />}</Suspense>
    </div>
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
      if (push.state === 'held')
        show(said.copied(push.clearsInSeconds), {
          key: 'clipboard',
          actions: [clear, keep],
          counting: { seconds: push.clearsInSeconds, text: texts.keys.said.counting },
        })
      else if (push.state === 'cleared') show(said.cleared, { key: 'clipboard' })
      else show(said.perhapsHeld, { key: 'clipboard', actions: [clear, keep], stays: true })
    }
    return bridge.onChange(hear)
  }, [bridge, texts, show])
}
