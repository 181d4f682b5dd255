/**
 * Settings of the key store. Promises: what somebody else has changed meanwhile is never overwritten unseen, no input is
 * lost, and what was saved can be undone.
 */
import { useId, useRef, useState } from 'react'
import { revealPolicies, type SettingsEdit, type SettingsView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import { Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import {
  editOf,
  onlyChanged,
  textFields,
  textOf,
  wasOf,
  wordFields,
  wrongRates,
  type SettingsDraft,
  type TextField,
  type Typed,
} from './settings-draft.ts'

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
  const [draft, setDraft] = useState<SettingsDraft | null>(null)
  const [faults, setFaults] = useState<Typed>({})
  const [fault, setFault] = useState('')
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const hintId = useId()
  const { of } = draft ?? { of: settings }
  const reveal = draft?.reveal ?? of.reveal_default
  const change = (more: Partial<Omit<SettingsDraft, 'of'>>): void => {
    setDraft(onlyChanged({ of, reveal: draft?.reveal, ...more, typed: { ...draft?.typed, ...more.typed } }))
    setFaults({})
    setFault('')
  }
  /** Said at their fields, the first of which gets the focus. */
  const tellFaults = (found: Typed): void => {
    setFaults(found)
    const first = textFields.find((field) => found[field] !== undefined)
    form.current?.querySelector<HTMLElement>(`[name=${first}]`)?.focus()
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
    const wrong = wrongRates(draft)
    if (wrong.length > 0) return tellFaults(Object.fromEntries(wrong.map((field) => [field, words.rateFault])))
    setBusy(true)
    setFault('')
    try {
      const edit = editOf(draft)
      const saved = await bridge.call('settings.edit', { body: edit, ifMatch: of.etag })
      setDraft(null)
      again()
      sayUndoable(wasOf(of, edit), saved.etag)
    } catch (error) {
      const told = error instanceof Refusal ? faultsOf(error) : {}
      if (Object.keys(told).length === 0) setFault(whyOf(error))
      else tellFaults(told)
      // Once it is said, and the newest is shown, the next try is about that.
      if (error instanceof Refusal && error.code === 'precondition_failed')
        setDraft(onlyChanged({ ...draft, of: await bridge.call('settings.get').catch(() => of) }))
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
        if (off !== null) toasts.show(off, { key: 'off' })
        else if (!busy) void save()
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
      {textFields.map((field) => (
        <SettingField
          key={field}
          field={field}
          fault={faults[field]}
          value={draft?.typed[field] ?? textOf(of, field)}
          onChange={(text) => change({ typed: { [field]: text } })}
        />
      ))}
      <p className="fault" role="alert">
        {fault}
      </p>
      {draft === null ? null : (
        <div className="row">
          <button type="submit" className="button primary" aria-disabled={off !== null} title={off ?? undefined}>
            {busy ? texts.common.working : words.save}
          </button>
          <button type="button" className="button" onClick={() => setDraft(null)}>
            {words.discard}
          </button>
          <span className="hint">{words.changed}</span>
        </div>
      )}
    </form>
  )
}

/** What the daemon refused, at the fields that it named. */
const faultsOf = ({ errors }: Refusal): Typed =>
  Object.fromEntries(
    textFields.flatMap((field) => {
      const told = errors.find((each) => each.field === field)
      return told === undefined ? [] : [[field, told.message]]
    }),
  )

interface SettingFieldProps {
  readonly field: TextField
  readonly fault: string | undefined
  readonly value: string
  readonly onChange: (text: string) => void
}

const SettingField = ({ field, fault, value, onChange }: SettingFieldProps) => {
  const { texts } = useConsole()
  const { label, hint } = texts.settings.fields[field]
  const isWord = wordFields.some((each) => each === field)
  return (
    <Field label={isWord ? `${label} ${texts.common.optional}` : label} hint={hint} fault={fault}>
      {(control) => (
        <input
          {...control}
          className={isWord ? 'mono medium' : 'short'}
          name={field}
          type="text"
          inputMode={field === 'public_url' ? 'url' : isWord ? 'text' : 'numeric'}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value.trim())}
        />
      )}
    </Field>
  )
}
