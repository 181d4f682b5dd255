/** Short messages with what can be done about them. Promises: one stays while it is pointed at or has the focus. */
import { useMemo, useRef, useState } from 'react'
import { useConsole } from '../console-context.ts'
import { CloseIcon } from './icons.tsx'

export interface ToastAction {
  readonly text: string
  readonly run: () => void
}

export interface Toast {
  readonly id: string
  readonly text: string
  readonly actions: readonly ToastAction[]
  readonly alert: boolean
}

export interface Toasts {
  readonly all: readonly Toast[]
  /** `key`: takes the place of the one before of the same. */
  show(text: string, more?: { key?: string; actions?: readonly ToastAction[]; alert?: boolean; stays?: boolean }): void
  drop(id: string): void
  hold(id: string): void
  letGo(id: string): void
  /** What Ctrl+Z does. */
  undo: { current: (() => void) | null }
}

const shownMs = 10_000

export const useToasts = (): Toasts => {
  const [all, setAll] = useState<readonly Toast[]>([])
  const timers = useRef(new Map<string, number>())
  const count = useRef(0)
  const undo = useRef<(() => void) | null>(null)
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
      timers.current.set(
        id,
        window.setTimeout(() => drop(id), shownMs),
      )
    }
    const show: Toasts['show'] = (text, { key, actions = [], alert = false, stays = false } = {}) => {
      count.current += 1
      const id = key ?? String(count.current)
      setAll((before) => [...before.filter((each) => each.id !== id), { id, text, actions, alert }].slice(-4))
      if (stays) hold(id)
      else letGo(id)
    }
    return { hold, drop, letGo, show, undo }
  }, [])
  return useMemo(() => ({ all, ...functions }), [all, functions])
}

export const ToastList = () => {
  const { toasts, texts } = useConsole()
  return (
    <div className="toasts">
      {toasts.all.map(({ id, text, actions, alert }) => (
        <div
          key={id}
          className="toast"
          role={alert ? 'alert' : 'status'}
          onPointerEnter={() => toasts.hold(id)}
          onPointerLeave={() => toasts.letGo(id)}
          onFocus={() => toasts.hold(id)}
          onBlur={() => toasts.letGo(id)}
        >
          <span>{text}</span>
          {actions.map((action) => (
            <button
              key={action.text}
              type="button"
              className="button"
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
