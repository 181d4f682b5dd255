/**
 * Below the table: how many keys are selected and what can be done with them, then how far that has come, and what failed.
 * A download of its own.
 */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useConsole, type Console } from '../console-context.ts'
import { dateIn } from '../dates.ts'
import { CloseIcon } from '../parts/icons.tsx'
import { useToldHeight } from '../parts/use-told-height.ts'
import { concerns, tasksFor, type Change } from './bulk-changes.ts'
import { BulkDialogs, type BulkAsking } from './bulk-dialogs.tsx'
import { BulkRun, focusTable } from './bulk-run.tsx'
import { bulkOf, type Run } from './bulk.ts'
import { keyListCsv } from './list-csv.ts'
import { useKeyActions } from './use-key-actions.ts'
import type { Selecting } from './use-selecting.ts'

export interface BulkBarProps {
  readonly selecting: Selecting
  /** Why what changes something is off. */
  readonly off: string | null
  /** Grows with each press of Delete in the table while more than one key is selected. */
  readonly removalAsked: number
}

const namesSaid = 3

/** Who is hit, as a change that has no dialog says it afterwards. */
const usesOf = ({ kind, uses }: Run, { grid }: Console['texts']): string[] => {
  const [first] = uses
  if (kind !== 'disable' || first === undefined) return []
  const hit = uses.filter(({ calls }) => calls > 0).toSorted((a, b) => b.calls - a.calls)
  return [grid.used(hit.slice(0, namesSaid), hit.length, uses.length, first.days)]
}

export const outcomeOf = (run: Run, texts: Console['texts']): string => {
  const { kind, isUndo, count, done, failed } = run
  const { grid } = texts
  const left = count - done - failed.length
  return [
    grid.done[isUndo ? 'undo' : kind](grid.ofAll(done, count)),
    ...(failed.length === 0 ? [] : [grid.failed(failed.length)]),
    ...(left === 0 ? [] : [grid.stopped(left)]),
    ...usesOf(run, texts),
  ].join(' ')
}

export const BulkBar = ({ selecting, off, removalAsked }: BulkBarProps) => {
  const console = useConsole()
  const { bridge, model, texts, toasts, dates, nowMs } = console
  const { grid } = texts
  const { tell } = useKeyActions()
  const bulk = bulkOf(console)
  const run = useSyncExternalStore(bulk.subscribe, bulk.get)
  const [asking, setAsking] = useState<BulkAsking | null>(null)
  const bar = useRef<HTMLElement>(null)
  const measured = useToldHeight('--bulk')
  const { selected, count, hidden } = selecting

  const tellOf = (ended: Run): void => {
    const isOver = ended.state === 'ended'
    toasts.undoWaits.current = isOver ? null : grid.undoWaits
    toasts.undo.current = null
    if (!isOver) return
    const back = (): void => {
      bulk.undo()
    }
    const canUndo = !ended.isUndo && ended.done > 0
    toasts.undo.current = canUndo ? back : null
    // What is left to be done is told where it can be done, as long as that is in sight.
    if (ended.done < ended.count && bar.current?.isConnected === true) return
    toasts.show(outcomeOf(ended, texts), {
      key: 'bulk',
      alert: ended.failed.length > 0,
      actions: canUndo ? [{ text: texts.common.undo, run: back }] : [],
    })
  }
  const start = (change: Change, keys = selected): void => {
    const concerned = keys.filter((key) => concerns(change, key))
    bulk.start(change.kind, tasksFor(change, concerned, { bridge, model }), tellOf)
  }
  const exportList = async (): Promise<void> => {
    const now = nowMs()
    const name = grid.fileName(dateIn(now, dates.zone))
    if (await bridge.saveText(name, keyListCsv(selected, now))) toasts.show(grid.exported(count))
  }

  const answered = useRef(removalAsked)
  useEffect(() => {
    if (answered.current === removalAsked) return
    answered.current = removalAsked
    if (off === null && bulk.get()?.state !== 'running') setAsking('remove')
  }, [removalAsked, off, bulk])

  const isNone = useMemo(
    () => ({
      disable: !selected.some((key) => concerns({ kind: 'disable' }, key)),
      enable: !selected.some((key) => concerns({ kind: 'enable' }, key)),
    }),
    [selected],
  )
  const busy = run === null || run.state === 'ended' ? null : grid.busy
  const action = (name: keyof typeof grid.actions, why: string | null, go: () => void) => (
    <button
      type="button"
      className={name === 'remove' ? 'button danger' : 'button'}
      aria-disabled={why !== null}
      title={why ?? undefined}
      onClick={why === null ? go : undefined}
    >
      {grid.actions[name]}
    </button>
  )

  const clear = (): void => {
    selecting.clear()
    focusTable()
  }
  if (run === null && count === 0) return null
  return (
    <section
      ref={(element) => {
        bar.current = element
        measured(element)
      }}
      className="bulk"
      aria-label={grid.bulk}
      onKeyDown={({ key, target }) => {
        // Not what is pressed in a dialog.
        if (key === 'Escape' && (target as HTMLElement).closest('dialog') === null) clear()
      }}
    >
      {run === null ? null : <BulkRun run={run} bulk={bulk} outcome={outcomeOf(run, texts)} />}
      {count === 0 ? null : (
        <div className="row bulk-bar">
          <p role="status">
            <strong>{grid.selected(count)}</strong>
            {hidden === 0 ? null : <span className="hint"> {grid.hidden(hidden)}</span>}
          </p>
          {action('expiry', off ?? busy, () => setAsking('expiry'))}
          {action('owner', off ?? busy, () => setAsking('owner'))}
          {action('disable', off ?? busy ?? (isNone.disable ? grid.noneConcerned : null), () =>
            start({ kind: 'disable' }),
          )}
          {action('enable', off ?? busy ?? (isNone.enable ? grid.noneConcerned : null), () =>
            start({ kind: 'enable' }),
          )}
          {action('remove', off ?? busy, () => setAsking('remove'))}
          {action('export', null, () => void exportList().catch(tell))}
          <button type="button" className="plain" aria-label={grid.clear} title={grid.clear} onClick={clear}>
            <CloseIcon />
          </button>
        </div>
      )}
      <BulkDialogs asking={asking} keys={selected} onStart={start} onClose={() => setAsking(null)} />
    </section>
  )
}
