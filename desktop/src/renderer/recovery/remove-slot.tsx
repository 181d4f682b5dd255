/**
 * Takes a way to open the key store away, after saying what that means. Promises: this machine's own slot and the last
 * recovery slot are not even asked for; where no other kit has ever been tried, a click is not enough.
 */
import { useId, useState } from 'react'
import type { SlotView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { kindOf } from './slot-kind.ts'

interface RemoveSlotProps {
  readonly of: SlotView
  readonly among: readonly SlotView[]
  readonly remove: () => Promise<void>
  readonly onClose: () => void
}

export const RemoveSlot = ({ of: slot, among, remove, onClose }: RemoveSlotProps) => {
  const { texts } = useConsole()
  const words = texts.recovery
  const [typed, setTyped] = useState('')
  const inputId = useId()
  const otherKits = among.filter(({ id, kind }) => kind === 'recovery' && id !== slot.id)
  const isLast = slot.kind === 'recovery' && otherKits.length === 0
  if (slot.this_machine || isLast)
    return (
      <Dialog title={words.ownTitle} alert onClose={onClose}>
        <p>{slot.this_machine ? words.own : words.last}</p>
        <div className="row end">
          <button type="button" className="button" autoFocus onClick={onClose}>
            {texts.common.close}
          </button>
        </div>
      </Dialog>
    )
  const isProven = otherKits.some(({ health, confirmed_at: at }) => health === 'ok' && at !== null)
  const mustType = slot.kind === 'recovery' && !isProven
  return (
    <ConfirmDialog
      title={words.removeTitle(kindOf(slot, texts))}
      go={words.removeGo}
      keep={words.removeKeep}
      danger
      notYet={mustType && typed.trim() !== slot.id ? words.removeMismatch : null}
      act={remove}
      onClose={onClose}
    >
      <p>
        <code>{slot.id}</code>
      </p>
      <p>{slot.kind === 'recovery' ? words.removeKit : words.removeMachine}</p>
      <p>
        <strong>{words.removeStay}</strong>
      </p>
      {mustType ? (
        <>
          <p className="banner calm">{words.removeUntried}</p>
          <div className="field">
            <label htmlFor={inputId}>{words.removeType}</label>
            <input
              id={inputId}
              type="text"
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
        </>
      ) : null}
    </ConfirmDialog>
  )
}
