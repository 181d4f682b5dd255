/**
 * Long work that is begun in a dialog. Promises: the dialog may be closed meanwhile, or the page left; the work goes on, and
 * what came of it is said in a message instead.
 */
import { useCallback, useEffect, useRef } from 'react'
import { useConsole } from '../console-context.ts'

interface Outcome<R> {
  /** In the dialog. */
  readonly show: (result: R) => void
  /** In a message; null: it was for the dialog alone, and whoever closed that wants no more of it. */
  readonly later: {
    readonly say: (result: R) => { readonly text: string; readonly alert: boolean }
    /** What did not happen, when it could not be done. */
    readonly failed: string
  } | null
}

export type LongWork = <R>(work: () => Promise<R>, outcome: Outcome<R>) => Promise<void>

/** Throws a Refusal while the dialog is there to show it. */
export const useLongWork = (): LongWork => {
  const { toasts } = useConsole()
  const { show: toast } = toasts
  const isThere = useRef(true)
  useEffect(() => {
    isThere.current = true
    return () => {
      isThere.current = false
    }
  }, [])
  return useCallback(
    async (work, { show, later }) => {
      try {
        const result = await work()
        if (isThere.current) return show(result)
        if (later === null) return
        const { text, alert } = later.say(result)
        toast(text, { alert })
      } catch (error) {
        if (isThere.current) throw error
        if (later !== null)
          toast(`${later.failed} ${error instanceof Error ? error.message : String(error)}`, { alert: true })
      }
    },
    [toast],
  )
}
