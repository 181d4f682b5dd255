/** Sends a test notice through every channel, and shows what each answered. */
import { useEffect, useState } from 'react'
import type { ReceiptView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ReceiptList } from './receipts.tsx'

type Outcome =
  | { readonly kind: 'sending' }
  | { readonly kind: 'sent'; readonly receipts: readonly ReceiptView[] }
  | { readonly kind: 'refused'; readonly why: string }

export const TestNotice = ({ onClose }: { onClose: () => void }) => {
  const { bridge, texts } = useConsole()
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'sending' })
  useEffect(() => {
    bridge.call('notices.test').then(
      ({ receipts }) => setOutcome({ kind: 'sent', receipts }),
      (error: unknown) => setOutcome({ kind: 'refused', why: error instanceof Error ? error.message : String(error) }),
    )
  }, [bridge])
  const words = { sending: texts.notices.testing, sent: texts.notices.tested, refused: '' }[outcome.kind]
  return (
    <Dialog title={texts.notices.testTitle} onClose={onClose}>
      <p role="status">{words}</p>
      {outcome.kind === 'sent' ? <ReceiptList receipts={outcome.receipts} test /> : null}
      {outcome.kind === 'refused' ? (
        <p className="fault" role="alert">
          {outcome.why}
        </p>
      ) : null}
      <div className="row end">
        <button type="button" className="button" autoFocus onClick={onClose}>
          {texts.common.close}
        </button>
      </div>
    </Dialog>
  )
}
