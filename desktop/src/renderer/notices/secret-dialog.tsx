/** A secret that was just drawn: shown this once, masked until it is asked for, and gone from the page with this dialog. */
import type { ReactNode } from 'react'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { SecretValue } from '../parts/secret-value.tsx'

interface SecretDialogProps {
  readonly title: string
  readonly label: string
  readonly value: string
  readonly masked: string
  readonly onClose: () => void
  readonly children: ReactNode
}

export const SecretDialog = ({ title, label, value, masked, onClose, children }: SecretDialogProps) => {
  const { bridge, texts } = useConsole()
  return (
    <Dialog title={title} onClose={onClose}>
      <h3>{label}</h3>
      <SecretValue
        masked={masked}
        reveal={() => Promise.resolve(value)}
        copy={() => bridge.copyValue(value)}
        off={null}
      />
      {children}
      <div className="row end">
        <button type="button" className="button primary" onClick={onClose}>
          {texts.notices.done}
        </button>
      </div>
    </Dialog>
  )
}
