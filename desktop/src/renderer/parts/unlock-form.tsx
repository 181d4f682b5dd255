/**
 * Opens a locked key store with the recovery code. Promises: the code is in the field and in the one request, nowhere else,
 * and leaves the field as soon as it has opened the store or the form goes; a folder that is older than it should be is
 * accepted only by somebody who was told so.
 */
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'

export interface UnlockFormProps {
  /** It is locked because its folder is older than what this machine last wrote. */
  readonly rolledBack: boolean
}

export const UnlockForm = ({ rolledBack }: UnlockFormProps) => {
  const { bridge, model, texts, toasts } = useConsole()
  const { states } = texts
  // Not a state: what React is told of it would outlive the field.
  const field = useRef<HTMLInputElement>(null)
  const [isShown, setShown] = useState(false)
  const [capsLock, setCapsLock] = useState(false)
  const [asksToAccept, setAsksToAccept] = useState(rolledBack)
  const [accepts, setAccepts] = useState(false)
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const [id, toldId] = [useId(), useId()]

  const unlock = async (): Promise<void> => {
    const code = field.current?.value.trim() ?? ''
    if (code === '') {
      setFault(states.codeMissing)
      return field.current?.focus()
    }
    setBusy(true)
    setFault('')
    try {
      const body = asksToAccept && accepts ? { code, accept_rollback: true } : { code }
      await bridge.call('keystore.unlock', { body })
      if (field.current !== null) field.current.value = ''
      toasts.show(states.unlocked)
      await model.refresh()
    } catch (error) {
      setBusy(false)
      if (error instanceof Refusal && error.code === 'keystore_rolled_back') setAsksToAccept(true)
      setFault(error instanceof Refusal && error.message !== '' ? error.message : states.unexpected('internal'))
      field.current?.focus()
    }
  }
  const look = (event: KeyboardEvent): void => setCapsLock(event.getModifierState('CapsLock'))

  return (
    <form
      className="unlock"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void unlock()
      }}
    >
      <label htmlFor={id}>{states.code}</label>
      <div className="row">
        <input
          id={id}
          ref={field}
          type={isShown ? 'text' : 'password'}
          data-unlock
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          aria-invalid={fault !== ''}
          aria-describedby={toldId}
          onKeyDown={look}
          onKeyUp={look}
          onBlur={() => setCapsLock(false)}
        />
        <button type="button" className="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? texts.common.hide : texts.common.show}
        </button>
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? texts.common.working : states.unlock}
        </button>
      </div>
      <div id={toldId}>
        {/* A code has no small letters: Caps Lock does no harm, and somebody may wonder all the same. */}
        {capsLock ? <p className="hint">{states.capsLock}</p> : null}
        <p className="fault" role="alert">
          {fault}
        </p>
      </div>
      {asksToAccept ? (
        <label className="row accept">
          <input type="checkbox" checked={accepts} onChange={(event) => setAccepts(event.target.checked)} />
          <span>{states.acceptOlder}</span>
        </label>
      ) : null}
    </form>
  )
}
