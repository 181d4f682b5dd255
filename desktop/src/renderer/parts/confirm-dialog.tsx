/** Asks before something is done that cannot be taken back. Promises: what goes wrong is said here, and nothing was done then. */
import { useState, type ReactNode } from 'react'
import { useConsole } from '../console-context.ts'
import { Dialog } from './dialog.tsx'

interface ConfirmDialogProps {
  readonly title: string
  readonly go: string
  readonly keep: string
  /** It destroys something: the button says so, and the other one has the focus. */
  readonly danger?: boolean
  /** Why it cannot be done yet; said when it is tried. */
  readonly notYet?: string | null
  /** Throws a Refusal. Closes nothing: that is up to the caller. */
  readonly act: () => Promise<void>
  readonly onClose: () => void
  readonly children: ReactNode
}

export const ConfirmDialog = (props: ConfirmDialogProps) => {
  const { title, go, keep, danger = false, notYet = null, act, onClose, children } = props
  const { texts } = useConsole()
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    if (notYet !== null) return setFault(notYet)
    setBusy(true)
    setFault('')
    try {
      await act()
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  return (
    <Dialog title={title} alert={danger} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void submit()
        }}
      >
        {children}
        <p className="fault" role="alert">
          {fault}
        </p>
        <div className="row end">
          <button type="button" className="button" autoFocus={danger} onClick={onClose}>
            {keep}
          </button>
          <button
            type="submit"
            className={danger ? 'button danger' : 'button primary'}
            autoFocus={!danger}
            aria-disabled={notYet !== null}
            disabled={busy}
          >
            {busy ? texts.common.working : go}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
