/**
 * A recovery kit that was just made: its code in plain sight, to be printed, written down or copied. Promises: printing
 * gives the kit and nothing else of the console; with Done the code is gone from the page. Never: left by one careless key.
 */
import { useEffect, useRef, useState } from 'react'
import type { IssuedKit } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'

export const KitDialog = ({ kit, onClose }: { kit: IssuedKit; onClose: () => void }) => {
  const { bridge, texts, toasts } = useConsole()
  const words = texts.recovery
  const [warned, setWarned] = useState(false)
  const content = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Browsers close a dialog by themselves when Escape is pressed a second time.
    const dialog = content.current?.closest('dialog')
    dialog?.addEventListener('close', onClose)
    return () => dialog?.removeEventListener('close', onClose)
  }, [onClose])
  const copy = (): void =>
    void bridge
      .copyValue(kit.code)
      .catch((error: unknown) => toasts.show(error instanceof Error ? error.message : String(error), { alert: true }))
  return (
    <Dialog title={words.kitTitle} onClose={() => (warned ? onClose() : setWarned(true))}>
      <div ref={content}>
        <p>{words.kitOnce}</p>
        <KitSheet kit={kit} />
        <p className="fault" role="alert">
          {warned ? words.kitLeave : ''}
        </p>
        <div className="row end">
          <button type="button" className="button" onClick={copy}>
            {words.copyCode}
          </button>
          <button type="button" className="button" onClick={() => window.print()}>
            {words.print}
          </button>
          <button type="button" className="button primary" onClick={onClose}>
            {words.done}
          </button>
        </div>
      </div>
    </Dialog>
  )
}

/** What is printed: see recovery.css. */
const KitSheet = ({ kit: { code, store_id: storeId, slot_id: slotId } }: { kit: IssuedKit }) => {
  const { texts, dates, nowMs } = useConsole()
  const words = texts.recovery
  const [madeMs] = useState(nowMs)
  return (
    // The first thing that can have the focus in its dialog, so that the code is in sight, however small the window is.
    <article className="kit-sheet" tabIndex={0} aria-label={words.sheetTitle}>
      <h3>{words.sheetTitle}</h3>
      <p className="kit-code" role="group" aria-label={words.sheetCode}>
        {code.split('-').map((group, at) => (
          <span key={at}>{group}</span>
        ))}
      </p>
      <dl>
        {(
          [
            [words.sheetStore, storeId],
            [words.sheetSlot, slotId],
            [words.sheetMade, `${dates.dayAndTime(madeMs)} (${dates.shownZone})`],
          ] as const
        ).map(([label, text]) => (
          <div key={label} className="fact">
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <h4>{words.sheetOpens}</h4>
      <p>{words.sheetOpensText}</p>
      <h4>{words.sheetUse}</h4>
      <ol>
        {words.sheetUseSteps.split('\n').map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>
        <code>{words.sheetCommand}</code>
      </p>
      <h4>{words.sheetKeep}</h4>
      <p>{words.sheetKeepText}</p>
    </article>
  )
}
