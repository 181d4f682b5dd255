/** How far a change to many keys has come; when it has ended with some left, which, why, and what can be done about them. */
import { useEffect } from 'react'
import { useConsole, useKnown } from '../console-context.ts'
import { CloseIcon } from '../parts/icons.tsx'
import type { Bulk, Run } from './bulk.ts'

export const focusTable = (): void => document.querySelector<HTMLElement>('[role=grid] [tabindex="0"]')?.focus()

const listedMax = 100

/** Where what had the focus is gone. */
const focusNotLost = (): void => {
  if (document.activeElement === document.body) focusTable()
}

export const BulkRun = ({ run, bulk, outcome }: { run: Run; bulk: Bulk; outcome: string }) => {
  const { model, texts } = useConsole()
  const { slowedSeconds } = useKnown(model)
  const { grid } = texts
  const { count, done, failed, state } = run
  useEffect(focusNotLost, [state])
  useEffect(() => focusNotLost, [])
  const come = done + failed.length
  if (state !== 'ended') {
    const said = grid.running[run.isUndo ? 'undo' : run.kind](come, count)
    return (
      <div className="row bulk-run">
        <progress max={count} value={come} aria-label={said} />
        <span>{said}</span>
        <span className="hint" role="status">
          {run.isSlowed || slowedSeconds !== null ? grid.slowed : ''}
        </span>
        <button type="button" className="button" aria-disabled={state === 'stopping'} onClick={() => bulk.stop()}>
          {state === 'stopping' ? grid.stopping : grid.stop}
        </button>
      </div>
    )
  }
  const left = count - come
  return (
    <div className="bulk-run">
      <div className="row">
        <p role="alert">
          <strong>{outcome}</strong>
        </p>
        <button type="button" className="button primary" onClick={() => bulk.retry()}>
          {left === 0 ? grid.retryThese(failed.length) : grid.goOn(failed.length + left)}
        </button>
        {run.isUndo || done === 0 ? null : (
          <button type="button" className="button" onClick={() => bulk.undo()}>
            {texts.common.undo}
          </button>
        )}
        <button
          type="button"
          className="plain"
          aria-label={texts.common.close}
          title={texts.common.close}
          onClick={() => bulk.dismiss()}
        >
          <CloseIcon />
        </button>
      </div>
      {failed.length === 0 ? null : (
        // Scrolled with the keyboard where it is long.
        <ul className="failed" tabIndex={0} aria-label={grid.failedList}>
          {failed.slice(0, listedMax).map(({ key, why }) => (
            <li key={key.id}>
              <strong>{key.name}</strong> <span>{why}</span>
            </li>
          ))}
          {failed.length > listedMax ? <li>{grid.more(failed.length - listedMax)}</li> : null}
        </ul>
      )}
    </div>
  )
}
