/** Tries a recovery code from paper against this key store. Promises: right or wrong in words; the code goes nowhere else. */
import { useState, type KeyboardEvent } from 'react'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Field, FormDialog } from '../parts/form.tsx'

const fields = ['code'] as const

export const TryKit = ({ onTried, onClose }: { onTried: () => void; onClose: () => void }) => {
  const { bridge, texts } = useConsole()
  const words = texts.recovery
  const [code, setCode] = useState('')
  const [shown, setShown] = useState(false)
  const [capsLock, setCapsLock] = useState(false)
  const [opened, setOpened] = useState<string | null>(null)

  const save = async (): Promise<void> => {
    try {
      const { slot_id: slotId } = await bridge.call('slots.confirm', { body: { code } })
      setCode('')
      setOpened(slotId)
      onTried()
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'recovery_code_invalid') throw error
      // It is about what was typed, and is told there.
      throw new Refusal(error.code, error.message, { errors: [{ field: 'code', message: error.message }] })
    }
  }
  const look = (event: KeyboardEvent): void => setCapsLock(event.getModifierState('CapsLock'))

  if (opened !== null)
    return (
      <Dialog title={words.rightTitle} onClose={onClose}>
        <p role="status">{words.right(opened)}</p>
        <div className="row end">
          <button type="button" className="button primary" autoFocus onClick={onClose}>
            {words.done}
          </button>
        </div>
      </Dialog>
    )
  return (
    <FormDialog
      title={words.tryTitle}
      submit={words.tryGo}
      fields={fields}
      check={() => (code.trim() === '' ? { code: words.codeMissing } : {})}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <p>{words.tryAbout}</p>
          <Field label={words.code} hint={words.codeHint} fault={faults.code}>
            {(control) => (
              <input
                {...control}
                className="code"
                type={shown ? 'text' : 'password'}
                autoFocus
                required
                autoComplete="off"
                autoCapitalize="characters"
                spellCheck={false}
                value={code}
                onChange={(event) => setCode(event.target.value)}
                onKeyDown={look}
                onKeyUp={look}
              />
            )}
          </Field>
          <p className="hint" role="status">
            {capsLock ? words.capsLock : ''}
          </p>
          <label className="check">
            <input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />
            {words.showCode}
          </label>
        </>
      )}
    </FormDialog>
  )
}
