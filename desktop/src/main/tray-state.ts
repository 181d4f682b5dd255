/** What the tray says: a shape, a sentence, and what can be chosen. Pure; the same rules as the pages. */
import type { Texts } from '../renderer/texts/texts.ts'
import { isPaused, thresholdOf, type Warning } from './key-warnings.ts'
import type { Overview } from './key-watch.ts'

/** Told apart by shape: all is well, something is due, something is wrong, nobody answers. */
export type TrayShape = 'tick' | 'mark' | 'cross' | 'hollow'

export interface TrayState {
  readonly shape: TrayShape
  readonly sentence: string
}

export const trayStateOf = ({ link, status, keys, skewMs }: Overview, nowMs: number, texts: Texts): TrayState => {
  const { tray } = texts.window
  if (link === 'lost') return { shape: 'hollow', sentence: tray.lost }
  if (link === 'opening' || status === null) return { shape: 'hollow', sentence: tray.opening }
  if (status.state === 'damaged' || status.problem?.code === 'keystore_damaged')
    return { shape: 'cross', sentence: tray.damaged }
  if (status.state === 'locked') return { shape: 'cross', sentence: tray.locked }
  const found = keys.map((key) => thresholdOf(key, nowMs + skewMs))
  const expired = found.filter((each) => each === 'expired').length
  const pressing = found.filter((each) => each !== undefined).length - expired
  if (expired > 0) return { shape: 'cross', sentence: tray.expired(expired, pressing) }
  return pressing > 0 ? { shape: 'mark', sentence: tray.soon(pressing) } : { shape: 'tick', sentence: tray.fine }
}

export interface TrayChoice {
  readonly id: 'status' | 'open' | 'report' | 'tomorrow' | 'monday' | 'resume' | 'login' | 'restart' | 'quit' | 'line'
  readonly text: string
  readonly off?: true
  readonly checked?: boolean
}

/** `login`: whether the console starts when this user signs in; null where the system cannot be asked. */
export const trayMenu = (
  { sentence }: TrayState,
  { paused, login, hasReport }: { paused: boolean; login: boolean | null; hasReport: boolean },
  texts: Texts,
): readonly TrayChoice[] => {
  const { menu } = texts.window
  return [
    { id: 'status', text: sentence, off: true },
    { id: 'line', text: '' },
    { id: 'open', text: menu.open },
    { id: 'report', text: texts.status.copyReport, ...(hasReport ? {} : { off: true as const }) },
    ...(paused
      ? [{ id: 'resume' as const, text: menu.resume }]
      : [
          { id: 'tomorrow' as const, text: menu.pauseUntilTomorrow },
          { id: 'monday' as const, text: menu.pauseUntilMonday },
        ]),
    ...(login === null ? [] : [{ id: 'login' as const, text: menu.startAtLogin, checked: login }]),
    { id: 'line', text: '' },
    { id: 'restart', text: menu.restart },
    { id: 'quit', text: menu.quit },
  ]
}

export const isPausedNow = ({ status, skewMs }: Overview, pausedUntil: string | null, nowMs: number): boolean =>
  status !== null && isPaused(pausedUntil, nowMs + skewMs, status.zone)

const namesShown = 3

/** The words of a notification. */
export const wordsOf = (
  { atOnce, groups }: Warning,
  texts: Texts,
): { readonly title: string; readonly body: string } => {
  const { notice } = texts.window
  const line = (names: readonly string[]): string =>
    notice.names(names.slice(0, namesShown).join(', '), Math.max(0, names.length - namesShown))
  const [first, ...others] = groups
  if (first === undefined) return { title: '', body: '' }
  const title = (atOnce ? notice.expiredInUse : notice[first.threshold])(first.names.length)
  const rest = others.map(({ threshold, names }) => `${notice[threshold](names.length)}: ${line(names)}`)
  return { title, body: [line(first.names), ...rest].join('\n') }
}

/**
 * Whether icons in the tray can be seen. GNOME shows none of its own; Ubuntu's does. Nobody can ask the others.
 */
export const hasTray = (platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean => {
  if (platform === 'win32' || platform === 'darwin') return true
  const desktops = (env['XDG_CURRENT_DESKTOP'] ?? '').toLowerCase().split(':')
  return !desktops.includes('gnome') || desktops.includes('ubuntu')
}
