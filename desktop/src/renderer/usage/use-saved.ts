/** Offers a text as a file. Promises: its name has the gateway's date; what goes wrong is told. */
import { useCallback } from 'react'
import { useConsole } from '../console-context.ts'
import { dateIn } from '../dates.ts'

export const useSaved = (): ((name: string, ending: string, text: string) => void) => {
  const { bridge, dates, nowMs, texts, toasts } = useConsole()
  const { show } = toasts
  return useCallback(
    (name, ending, text) =>
      void bridge
        .saveText(`postern-${name}-${dateIn(nowMs(), dates.zone)}.${ending}`, text)
        .catch(() => show(texts.usage.notSaved, { alert: true })),
    [bridge, dates, nowMs, texts, show],
  )
}
