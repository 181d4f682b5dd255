/** The call that is asked about: method, path, host, caller's address and instant. */
import { callMethods } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import type { Question } from './question.ts'

export type AskFaults = Readonly<Partial<Record<keyof Question | 'all', string>>>

interface AskFormProps {
  readonly value: Question
  readonly onChange: (more: Partial<Question>) => void
  readonly faults: AskFaults
  readonly busy: boolean
  readonly onAsk: () => void
}

export const AskForm = ({ value, onChange, faults, busy, onAsk }: AskFormProps) => {
  const { texts, dates } = useConsole()
  const { why } = texts
  // A call may have come with a method that keys cannot be narrowed to.
  const methods = callMethods.some((each) => each === value.method) ? callMethods : [value.method, ...callMethods]
  return (
    <form
      className="ask"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) onAsk()
      }}
    >
      <Field label={why.method} fault={faults.method}>
        {(props) => (
          <select {...props} value={value.method} onChange={({ target }) => onChange({ method: target.value })}>
            {methods.map((method) => (
              <option key={method}>{method}</option>
            ))}
          </select>
        )}
      </Field>
      <MonoField
        label={why.path}
        fault={faults.path}
        value={value.path}
        onChange={(path) => onChange({ path })}
        focusFirst
      />
      <MonoField
        label={why.host}
        hint={why.hostHint}
        fault={faults.host}
        value={value.host}
        onChange={(host) => onChange({ host })}
      />
      <MonoField
        label={why.address}
        hint={why.addressHint}
        fault={faults.address}
        value={value.address}
        onChange={(address) => onChange({ address })}
      />
      <Field label={why.at(dates.shownZone)} hint={why.atHint} fault={faults.at}>
        {(props) => (
          <input
            {...props}
            type="datetime-local"
            step={1}
            value={value.at}
            onChange={({ target }) => onChange({ at: target.value })}
          />
        )}
      </Field>
      <label className="check">
        <input
          type="checkbox"
          checked={value.byProxy}
          onChange={({ target }) => onChange({ byProxy: target.checked })}
        />
        {why.byProxy}
      </label>
      <button type="submit" className="button primary" disabled={busy}>
        {busy ? texts.common.working : why.go}
      </button>
      <p className="fault" role="alert">
        {faults.all ?? ''}
      </p>
    </form>
  )
}

interface MonoFieldProps {
  readonly label: string
  readonly hint?: string
  readonly fault: string | undefined
  readonly value: string
  readonly onChange: (value: string) => void
  /** The dialog opens with the cursor in this field. */
  readonly focusFirst?: true
}

/** A part of the call as it stands on the wire. */
const MonoField = ({ label, hint = '', fault, value, onChange, focusFirst }: MonoFieldProps) => (
  <Field label={label} hint={hint} fault={fault}>
    {(props) => (
      <input
        {...props}
        type="text"
        className="mono"
        autoComplete="off"
        spellCheck={false}
        data-focus-first={focusFirst}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
)
