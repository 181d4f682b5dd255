/**
 * Before a record is deleted: who calls it, and what that means for them. What may be in use asks for more than a click. What
 * cannot be deleted says why, and what can be done instead.
 */
import { useId, useState, type ReactNode } from 'react'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { titleOf, type Kind, type ViewOf } from './kinds.ts'
import { ReachText, useReach } from './reach.tsx'
import { canRemake, useRecordActions } from './use-record-actions.ts'

interface RemoveDialogProps<K extends Kind> {
  readonly kind: K
  readonly of: ViewOf[K]
  /** What happens to callers. */
  readonly effect: string
  readonly onClose: () => void
}

export const RemoveDialog = <K extends Kind>({ kind, of: record, effect, onClose }: RemoveDialogProps<K>) => {
  const { texts } = useConsole()
  const { remove: words } = texts.records
  const go: Readonly<Record<Kind, string>> = words.go
  const { remove } = useRecordActions(kind)
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const faultId = useId()
  const reach = useReach(kind, record.id)
  // Clients and collections can only be deleted when nothing calls through them any more.
  const name = 'path' in record ? record.path : null
  const mustType = name !== null && (typeof reach === 'string' || reach.calls > 0)
  const ready = reach !== 'loading' && (!mustType || typed.trim() === name)
  const submit = async (): Promise<void> => {
    if (!ready) return setFault(words.mismatch)
    setBusy(true)
    try {
      await remove(record)
      onClose()
    } catch (error) {
      setBusy(false)
      setFault(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={words.title(titleOf(record))} alert onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <ReachText reach={reach} />
        <p>
          {effect} {canRemake(kind, record) ? null : words.final}
        </p>
        {mustType && reach !== 'loading' ? (
          <label className="field">
            {words.type}
            <input
              type="text"
              autoComplete="off"
              spellCheck={false}
              value={typed}
              aria-describedby={faultId}
              onChange={(event) => {
                setTyped(event.target.value)
                setFault('')
              }}
            />
          </label>
        ) : null}
        <p id={faultId} className="fault" role="alert">
          {fault}
        </p>
        <div className="row end">
          <button type="button" className="button" autoFocus onClick={onClose}>
            {words.keep}
          </button>
          <button type="submit" className="button danger" aria-disabled={!ready} disabled={busy}>
            {go[kind]}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

interface StuckDialogProps<K extends Kind> {
  readonly kind: K
  readonly of: ViewOf[K]
  readonly why: string
  readonly onClose: () => void
  /** What else helps. */
  readonly children?: ReactNode
}

export const StuckDialog = <K extends Kind>({ kind, of: record, why, onClose, children }: StuckDialogProps<K>) => {
  const { texts } = useConsole()
  const { stuck } = texts.records
  const { disable } = useRecordActions(kind)
  return (
    <Dialog title={stuck.title(titleOf(record))} onClose={onClose}>
      <p>{why}</p>
      <div className="row end">
        <button type="button" className="button" onClick={onClose}>
          {texts.common.close}
        </button>
        {record.enabled ? (
          <button
            type="button"
            className="button"
            onClick={() => {
              disable(record)
              onClose()
            }}
          >
            {stuck.disable}
          </button>
        ) : null}
        {children}
      </div>
    </Dialog>
  )
}
