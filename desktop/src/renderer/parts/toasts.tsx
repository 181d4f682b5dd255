/**
 * Short messages with what can be done about them. Promises: one stays while it is pointed at or has the focus; what was
 * said can be read again in the list of notes, for as long as the session lasts. Never: over the end of what can be scrolled.
 */
import { useEffect, useMemo, useRef, useState } from 'react'
import { useConsole } from '../console-context.ts'
import { CloseIcon } from './icons.tsx'
import { useToldHeight } from './use-told-height.ts'

export interface ToastAction {
  readonly text: string
  readonly run: () => void
}

export interface Toast {
  readonly id: string
  readonly text: string
  readonly actions: readonly ToastAction[]
  readonly alert: boolean
  readonly counting: Counting | undefined
}

/** What is seen instead of the text, second by second; it is not read out again each time. */
export interface Counting {
  readonly seconds: number
  readonly text: (left: number) => string
}

export interface Undo {
  (): void
  /** What else offers it: the key of its toast. */
  readonly of?: string
}

interface Shown {
  readonly key?: string
  readonly actions?: readonly ToastAction[]
  readonly alert?: boolean
  readonly stays?: boolean
  /** It stays as long. */
  readonly counting?: Counting
}

/** What was said, and when by the clock of this computer. */
export interface Note {
  readonly text: string
  readonly atMs: number
}

export interface Toasts {
  readonly all: readonly Toast[]
  /** The newest first. */
  readonly notes: readonly Note[]
  /** `key`: takes the place of the one before of the same. */
  show(text: string, more?: Shown): void
  drop(id: string): void
  hold(id: string): void
  letGo(id: string): void
  /** Forgets what was said and what could be taken back; what is in the clipboard is everybody's concern and stays. */
  clear(): void
  /** What Ctrl+Z does. */
  undo: { current: Undo | null }
  /** What Ctrl+Z says instead while something goes on that must come to its end first. */
  undoWaits: { current: string | null }
}

const shownMs = 10_000
const shownAtOnce = 3
const notesKept = 50
const clipboardKey = 'clipboard'

/** The oldest goes first, but none that asks for an answer; what it said is in the notes. */
const atMost = (all: readonly Toast[], stays: (id: string) => boolean): readonly Toast[] => {
  if (all.length <= shownAtOnce) return all
  const leaves = all.find(({ id }) => !stays(id)) ?? all[0]
  return all.filter((each) => each !== leaves)
}

export const useToasts = (): Toasts => {
  const [all, setAll] = useState<readonly Toast[]>([])
  const [notes, setNotes] = useState<readonly Note[]>([])
  const timers = useRef(new Map<string, number>())
  const staying = useRef(new Set<string>())
  const count = useRef(0)
  const undo = useRef<Undo | null>(null)
  const undoWaits = useRef<string | null>(null)
  const functions = useMemo(() => {
    const hold = (id: string): void => {
      clearTimeout(timers.current.get(id))
      timers.current.delete(id)
    }
    const drop = (id: string): void => {
      hold(id)
      setAll((before) => before.filter((each) => each.id !== id))
    }
    const letGo = (id: string): void => {
      hold(id)
      if (staying.current.has(id)) return
      timers.current.set(
        id,
        window.setTimeout(() => drop(id), shownMs),
      )
    }
    const show: Toasts['show'] = (text, { key, actions = [], alert = false, stays = false, counting } = {}) => {
      count.current += 1
      const id = key ?? String(count.current)
      const others = (before: readonly Toast[]): readonly Toast[] => before.filter((each) => each.id !== id)
      if (stays || counting !== undefined) staying.current.add(id)
      else staying.current.delete(id)
      setAll((before) =>
        atMost([...others(before), { id, text, actions, alert, counting }], (each) => staying.current.has(each)),
      )
      setNotes((before) => [{ text, atMs: Date.now() }, ...before].slice(0, notesKept))
      if (staying.current.has(id)) hold(id)
      else letGo(id)
    }
    const clear = (): void => {
      undo.current = null
      undoWaits.current = null
      setNotes([])
      setAll((before) => before.filter(({ id }) => id === clipboardKey))
    }
    return { hold, drop, letGo, show, clear, undo, undoWaits }
  }, [])
  return useMemo(() => ({ all, notes, ...functions }), [all, notes, functions])
}

export const ToastList = () => {
  const { toasts, texts } = useConsole()
  const measured = useToldHeight('--toasts')
  return (
    <div className="toasts" ref={measured}>
      {toasts.all.map(({ id, text, actions, alert, counting }) => (
        <div
          key={id}
          className="toast"
          role={alert ? 'alert' : 'status'}
          onPointerEnter={() => toasts.hold(id)}
          onPointerLeave={() => toasts.letGo(id)}
          onFocus={() => toasts.hold(id)}
          onBlur={() => toasts.letGo(id)}
        >
          {counting === undefined ? (
            <span>{text}</span>
          ) : (
            <>
              <span className="unseen">{text}</span>
              <Countdown of={counting} />
            </>
          )}
          {actions.map((action) => (
            <button
              key={action.text}
              type="button"
              className="button"
              title={action.text === texts.common.undo ? texts.common.undoKey : undefined}
              onClick={() => {
                toasts.drop(id)
                action.run()
              }}
            >
              {action.text}
            </button>
          ))}
          <button type="button" className="plain" aria-label={texts.common.dismiss} onClick={() => toasts.drop(id)}>
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  )
}

const Countdown = ({ of: counting }: { of: Counting }) => {
  const { seconds, text } = counting
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    setLeft(seconds)
    const endsMs = Date.now() + seconds * 1_000
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((endsMs - Date.now()) / 1_000))), 250)
    return () => clearInterval(timer)
    // The same words for another copy are another countdown.
  }, [counting, seconds])
  return <span aria-hidden="true">{text(left)}</span>
}
