/**
 * Settings of the key store. Promises: what somebody else has changed meanwhile is never overwritten unseen, no input is
 * lost, and what was saved can be undone.
 */
import { useId, useRef, useState } from 'react'
import { revealPolicies, type RevealPolicy, type SettingsEdit, type SettingsView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { Field } from '../parts/form.tsx'
import { Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'

const rateMax = 10_000

/** What somebody has changed, and nothing else: the rest is as the store has it. */
interface Draft {
  /** What was shown when the changing began. */
  readonly of: SettingsView
  readonly reveal?: RevealPolicy
  readonly rate?: string
}

/** Null: there is nothing to save. */
const draftOf = ({ of: settings, reveal, rate }: Draft): Draft | null => {
  const changed = {
    ...(reveal === undefined || reveal === settings.reveal_default ? {} : { reveal }),
    ...(rate === undefined || rate === String(settings.socket_requests_per_second) ? {} : { rate }),
  }
  return Object.keys(changed).length === 0 ? null : { of: settings, ...changed }
}

const editOf = ({ reveal, rate }: Draft): SettingsEdit => ({
  ...(reveal === undefined ? {} : { reveal_default: reveal }),
  ...(rate === undefined ? {} : { socket_requests_per_second: Number(rate) }),
})

export const StoreSettings = ({ off }: { off: string | null }) => {
  const { texts } = useConsole()
  const words = texts.settings
  const settings = useAsked('settings.get', {})
  return (
    <section aria-labelledby="store-settings">
      <h2 id="store-settings">{words.store}</h2>
      <p className="hint">{words.storeAbout}</p>
      <Loaded asked={settings} text={words.loading} rows={3}>
        {(found) => <Form settings={found} off={off} again={settings.again} />}
      </Loaded>
    </section>
  )
}

interface FormProps {
  readonly settings: SettingsView
  readonly off: string | null
  readonly again: () => void
}

const Form = ({ settings, off, again }: FormProps) => {
  const { bridge, texts, toasts } = useConsole()
  const words = texts.settings
  const [draft, setDraft] = useState<Draft | null>(null)
  const [rateFault, setRateFault] = useState<string>()
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const hintId = useId()
  const { of } = draft ?? { of: settings }
  const reveal = draft?.reveal ?? of.reveal_default
  const rate = draft?.rate ?? String(of.socket_requests_per_second)
  const change = (more: Omit<Draft, 'of'>): void => {
    setDraft(draftOf({ of, ...draft, ...more }))
    setRateFault(undefined)
    setFault('')
  }

  const sayUndoable = (was: SettingsEdit, etag: string): void => {
    const run = (): void => {
      toasts.undo.current = null
      bridge.call('settings.edit', { body: was, ifMatch: etag }).then(
        () => {
          again()
          toasts.show(words.restored)
        },
        (error: unknown) => toasts.show(`${whyOf(error)} ${texts.states.notSaved}`, { alert: true }),
      )
    }
    toasts.undo.current = run
    toasts.show(words.saved, { actions: [{ text: texts.common.undo, run }] })
  }

  const whyOf = (error: unknown): string => {
    if (error instanceof Refusal && error.code === 'precondition_failed') return words.meanwhile
    return error instanceof Error ? error.message : String(error)
  }

  const save = async (): Promise<void> => {
    if (draft === null) return
    if (!/^\d{1,5}$/.test(rate) || Number(rate) < 1 || Number(rate) > rateMax) {
      setRateFault(words.rateFault)
      return form.current?.querySelector<HTMLElement>('input[inputmode]')?.focus()
    }
    setBusy(true)
    setFault('')
    try {
      const edit = editOf(draft)
      const saved = await bridge.call('settings.edit', { body: edit, ifMatch: of.etag })
      const was = Object.fromEntries(Object.keys(edit).map((name) => [name, of[name as keyof SettingsEdit]]))
      setDraft(null)
      again()
      sayUndoable(was, saved.etag)
    } catch (error) {
      const told = error instanceof Refusal ? error.errors.find(({ field }) => field.startsWith('socket')) : undefined
      if (told === undefined) setFault(whyOf(error))
      else setRateFault(told.message)
      // Once it is said, and the newest is shown, the next try is about that.
      if (error instanceof Refusal && error.code === 'precondition_failed')
        setDraft(draftOf({ ...draft, of: await bridge.call('settings.get').catch(() => of) }))
    }
    setBusy(false)
  }

  return (
    <form
      ref={form}
      noValidate
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy && off === null) void save()
      }}
    >
      <fieldset className="choices" aria-describedby={hintId}>
        <legend>{words.reveal}</legend>
        {revealPolicies.map((each) => (
          <label key={each} className="choice">
            <input type="radio" name="reveal" checked={reveal === each} onChange={() => change({ reveal: each })} />
            {words.reveals[each]}
          </label>
        ))}
        <p id={hintId} className="hint">
          {words.revealHints[reveal]} {words.revealOnly}
        </p>
      </fieldset>
      <Field label={words.rate} hint={words.rateHint} fault={rateFault}>
        {(control) => (
          <input
            {...control}
            className="short"
            type="text"
            inputMode="numeric"
            autoComplete="off"
            value={rate}
            onChange={(event) => change({ rate: event.target.value.trim() })}
          />
        )}
      </Field>
      <p className="fault" role="alert">
        {fault}
      </p>
      {draft === null ? null : (
        <div className="row">
          <ActionButton
            text={busy ? texts.common.working : words.save}
            kind="primary"
            off={off}
            onPress={() => void save()}
          />
          <button type="button" className="button" onClick={() => setDraft(null)}>
            {words.discard}
          </button>
          <span className="hint">{words.changed}</span>
        </div>
      )}
    </form>
  )
}
