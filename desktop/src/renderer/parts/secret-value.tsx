/**
 * A key's value: masked until it is asked for, and masked again after 30 seconds, when the window is left or
 * hidden, and when Postern is locked or out of reach.
 */
import { useEffect, useState } from 'react'
import { useConsole, useKnown, whyOff } from '../console-context.ts'

const shownForMs = 30_000

export interface SecretValueProps {
  readonly masked: string
  /** Fetches it; null: it is not kept. */
  readonly reveal: () => Promise<string | null>
  readonly copy: () => Promise<void>
  readonly off: string | null
}

export const SecretValue = ({ masked, reveal, copy, off }: SecretValueProps) => {
  const { model, texts, toasts } = useConsole()
  const [value, setValue] = useState<string | null>(null)
  const hide = (): void => setValue(null)
  useEffect(() => {
    if (value === null) return undefined
    const timer = setTimeout(hide, shownForMs)
    const hidden = (): void => {
      if (document.hidden) hide()
    }
    window.addEventListener('blur', hide)
    document.addEventListener('visibilitychange', hidden)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('blur', hide)
      document.removeEventListener('visibilitychange', hidden)
    }
  }, [value])
  // Out of touch, or locked: who sits here now may be somebody else.
  const isOff = whyOff(useKnown(model), texts, 'viewer') !== null
  useEffect(() => {
    if (isOff) hide()
  }, [isOff])
  const tell = (error: unknown): void =>
    toasts.show(error instanceof Error ? error.message : texts.states.unexpected('-'), { alert: true })
  const show = (): void =>
    void reveal().then((found) => {
      if (found === null) toasts.show(texts.keys.notKept, { alert: true })
      else setValue(found)
    }, tell)
  return (
    <div className="secret">
      <code>{value ?? masked}</code>
      <button type="button" className="button" disabled={off !== null} onClick={() => void copy().catch(tell)}>
        {texts.common.copy}
      </button>
      <button type="button" className="button" disabled={off !== null} onClick={value === null ? show : hide}>
        {value === null ? texts.common.show : texts.common.hide}
      </button>
    </div>
  )
}
