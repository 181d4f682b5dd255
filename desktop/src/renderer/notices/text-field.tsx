/** A field of a form that takes a text; several lines where `lines` says so. */
import { useState } from 'react'
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'

interface TextFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly fault: string | undefined
  readonly hint?: string
  readonly optional?: boolean
  readonly type?: 'text' | 'password'
  readonly inputMode?: 'numeric' | 'email' | 'url'
  readonly lines?: number
  readonly autoFocus?: boolean
}

export const TextField = (props: TextFieldProps) => {
  const { label, value, onChange, fault, hint = '', optional = false, type = 'text', inputMode, lines } = props
  const { texts } = useConsole()
  return (
    <Field label={optional ? `${label} ${texts.common.optional}` : label} hint={hint} fault={fault}>
      {(control) => {
        const common = {
          ...control,
          value,
          required: !optional,
          autoFocus: props.autoFocus,
          autoComplete: type === 'password' ? 'new-password' : 'off',
          spellCheck: false,
          onChange: (event: { target: { value: string } }) => onChange(event.target.value),
        }
        return lines === undefined ? (
          <input {...common} type={type} inputMode={inputMode} />
        ) : (
          <textarea {...common} rows={lines} />
        )
      }}
    </Field>
  )
}

interface ChoiceFieldProps<T extends string> {
  readonly label: string
  readonly hint: string
  readonly choices: readonly T[]
  readonly names: Readonly<Record<T, string>>
  readonly value: T
  readonly onChange: (value: T) => void
  readonly fault: string | undefined
}

export const ChoiceField = <T extends string>(props: ChoiceFieldProps<T>) => (
  <Field label={props.label} hint={props.hint} fault={props.fault}>
    {(control) => (
      <select
        {...control}
        value={props.value}
        onChange={({ target }) => {
          const chosen = props.choices.find((each) => each === target.value)
          if (chosen !== undefined) props.onChange(chosen)
        }}
      >
        {props.choices.map((each) => (
          <option key={each} value={each}>
            {props.names[each]}
          </option>
        ))}
      </select>
    )}
  </Field>
)

/** What is typed into the fields of a form, by their names. */
export const useTyped = <F extends string>(
  start: Readonly<Record<F, string>>,
): readonly [Readonly<Record<F, string>>, (field: F) => (text: string) => void] => {
  const [typed, setTyped] = useState(start)
  return [typed, (field) => (text) => setTyped((before) => ({ ...before, [field]: text }))]
}
