/** What a restore would do, to be looked at before it is done. Never: a choice that is not in what is shown. */
import { useState } from 'react'
import type { RestorePreview } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { TextField } from '../notices/text-field.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FormDialog } from '../parts/form.tsx'
import { PreviewLists } from './preview-lists.tsx'
import { OwnWork } from './running-work.tsx'

interface PreviewDialogProps {
  readonly of: RestorePreview
  /** Also what differs; it is a part of what was asked. */
  readonly replace: boolean
  /** Asks anew, which puts another one in the place of this. Throws a Refusal. */
  readonly look: (replace: boolean) => Promise<void>
  /** Throws a Refusal. */
  readonly restore: () => Promise<void>
  readonly onBack: () => void
  readonly onClose: () => void
}

const fields = ['typed', 'replace'] as const

export const PreviewDialog = ({ of: preview, replace, look, restore, onBack, onClose }: PreviewDialogProps) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  const { adds, replaces, differs, keeps } = preview
  const [typed, setTyped] = useState('')
  const [looking, setLooking] = useState(false)
  const [refused, setRefused] = useState('')
  const count = adds.length + replaces.length
  const mustType = replaces.length > 0
  const lookAgain = async (next: boolean): Promise<void> => {
    setLooking(true)
    setRefused('')
    // It was typed about what was shown before.
    setTyped('')
    try {
      await look(next)
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error))
    }
    setLooking(false)
  }
  const shown = (fault: string | undefined) => (
    <>
      <p className="sum" role="status">
        {looking ? words.previewAgain : words.previewSum(adds.length, replaces.length, keeps)}
      </p>
      <p className="hint">{words.previewOf(dates.dayAndTime(preview.created_at), dates.number(preview.generation))}</p>
      <p>
        <code>{preview.path}</code>
      </p>
      {replace || differs.length > 0 ? (
        <label className="check">
          <input
            type="checkbox"
            checked={replace}
            aria-disabled={looking}
            onChange={({ target }) => (looking ? undefined : void lookAgain(target.checked))}
          />
          {words.previewReplace}
        </label>
      ) : null}
      <p className="fault" role="alert">
        {fault ?? refused}
      </p>
      <PreviewLists of={preview} />
    </>
  )
  if (count === 0)
    return (
      <Dialog title={words.previewTitle} className="restore" onClose={onClose}>
        {shown(undefined)}
        <p>{words.nothingToRestore}</p>
        <div className="row end">
          <button type="button" className="button" onClick={onBack}>
            {words.restoreBack}
          </button>
          <button type="button" className="button primary" autoFocus onClick={onClose}>
            {texts.common.close}
          </button>
        </div>
      </Dialog>
    )
  return (
    <FormDialog
      title={words.previewTitle}
      className="restore"
      submit={words.restoreGo(count)}
      danger={mustType}
      fields={fields}
      check={() => {
        if (looking) return { replace: words.previewWait }
        return mustType && typed.trim() !== String(replaces.length)
          ? { typed: words.restoreMismatch(replaces.length) }
          : {}
      }}
      whileBusy={{ shown: <OwnWork what="restore" />, close: words.goesOn }}
      save={restore}
      onClose={onClose}
    >
      {(faults) => (
        <>
          {shown(faults.replace)}
          {mustType ? (
            <TextField
              label={words.restoreType(replaces.length)}
              value={typed}
              onChange={setTyped}
              fault={faults.typed}
              inputMode="numeric"
            />
          ) : null}
        </>
      )}
    </FormDialog>
  )
}
