/** What is asked before something is done with a key, and what is shown after one was made. */
import { useId, useLayoutEffect, useRef, useState } from 'react'
import type { KeyView } from '@postern/shared'
import type { Issued } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import type { ImportDialogProps } from '../key-import/import-dialog.tsx'
import { KitDialog } from '../kit/kit-later.tsx'
import { later } from '../later.ts'
import { Dialog } from '../parts/dialog.tsx'
import { EvidenceText, useEvidence } from './evidence.tsx'
import { IssuedDialog } from './issued-dialog.tsx'
import { KeyForm } from './key-form.tsx'
import { WhyDialog } from '../why/why-later.tsx'
import { useKeyActions } from './use-key-actions.ts'

export type Asking =
  | { readonly what: 'add' | 'import' }
  | { readonly what: 'edit' | 'rotate' | 'why' | 'kit' | 'remove'; readonly key: KeyView }

const ImportDialog = later<ImportDialogProps>(() =>
  import('../key-import/import-dialog.tsx').then((found) => found.ImportDialog),
)

interface AskedProps {
  readonly of: KeyView
  readonly onClose: () => void
}

export interface KeyDialogsProps {
  readonly asking: Asking | null
  readonly onClose: () => void
  /** A new key was made and its value seen: work goes on with that key. */
  readonly onAdded: (id: string) => void
}

export const KeyDialogs = ({ asking, onClose, onAdded }: KeyDialogsProps) => {
  const [issued, setIssued] = useState<{ made: Issued; isRotated: boolean } | null>(null)
  const show = (made: Issued): void => {
    onClose()
    setIssued({ made, isRotated: asking?.what === 'rotate' })
  }
  const leave = (): void => {
    setIssued(null)
    if (issued?.isRotated === false) onAdded(issued.made.key.id)
  }
  if (issued !== null) return <IssuedDialog issued={issued.made} isRotated={issued.isRotated} onClose={leave} />
  switch (asking?.what) {
    case undefined:
      return null
    case 'add':
      return <KeyForm of={null} onIssued={show} onClose={onClose} />
    case 'import':
      return <ImportDialog onClose={onClose} />
    case 'edit':
      return <KeyForm of={asking.key} onIssued={show} onClose={onClose} />
    case 'rotate':
      return <RotateDialog of={asking.key} onIssued={show} onClose={onClose} />
    case 'why':
      return <WhyDialog of={asking.key} about={null} onClose={onClose} />
    case 'kit':
      return <KitDialog of={{ kind: 'client', id: asking.key.client.id }} onClose={onClose} />
    case 'remove':
      return <RemoveDialog of={asking.key} onClose={onClose} />
  }
}

const overlaps = ['0', '3600', '86400', '604800'] as const
const usualOverlap = '86400'

const RotateDialog = ({ of: key, onIssued, onClose }: AskedProps & { onIssued: (issued: Issued) => void }) => {
  const { bridge, model, texts } = useConsole()
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]>(usualOverlap)
  const [attempt] = useState(() => crypto.randomUUID())
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const evidence = useEvidence(key)
  const rotate = async (): Promise<void> => {
    setBusy(true)
    try {
      const issued = await bridge.rotateKey(key.id, { overlap_seconds: Number(overlap) }, attempt)
      model.put(issued.key)
      onIssued(issued)
    } catch (error) {
      setBusy(false)
      setFault(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={texts.rotate.title(key.name)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void rotate()
        }}
      >
        <p>{texts.rotate.about}</p>
        <EvidenceText evidence={evidence} />
        <fieldset className="choices">
          <legend>{texts.rotate.overlap}</legend>
          {overlaps.map((each) => (
            <label key={each} className="choice">
              <input
                type="radio"
                name="overlap"
                checked={overlap === each}
                data-focus-first={each === usualOverlap ? true : undefined}
                onChange={() => setOverlap(each)}
              />
              {texts.rotate.overlaps[each]}
            </label>
          ))}
        </fieldset>
        <p className="fault" role="alert">
          {fault}
        </p>
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {texts.rotate.go}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

const RemoveDialog = ({ of: key, onClose }: AskedProps) => {
  const { texts } = useConsole()
  const { remove } = useKeyActions()
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const faultId = useId()
  const evidence = useEvidence(key)
  // A key that might be in use asks for more than a click.
  const mustType = typeof evidence === 'string' || evidence.calls > 0
  const asksName = mustType && evidence !== 'loading'
  const keep = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    // The field was not there when the dialog opened; nobody who has gone on meanwhile is called back.
    if (asksName && document.activeElement === keep.current) field.current?.focus()
  }, [asksName])
  const ready = evidence !== 'loading' && (!mustType || typed.trim() === key.name)
  const submit = async (): Promise<void> => {
    if (!ready) return setFault(texts.remove.mismatch)
    setBusy(true)
    try {
      await remove(key)
      onClose()
    } catch (error) {
      setBusy(false)
      setFault(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={texts.remove.title(key.name)} alert onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <EvidenceText evidence={evidence} />
        <p>{texts.remove.effect}</p>
        {asksName ? (
          <label className="field">
            {texts.remove.type}
            <input
              ref={field}
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
          <button type="button" ref={keep} className="button" data-focus-first onClick={onClose}>
            {texts.remove.keep}
          </button>
          <button type="submit" className="button danger" aria-disabled={!ready} disabled={busy}>
            {texts.remove.go}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
