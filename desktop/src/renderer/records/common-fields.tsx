/** Fields that the forms of clients, collections and endpoints share. */
import { useId, type ReactNode } from 'react'
import { accessLimits } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import type { Texts } from '../texts/texts.ts'

interface TextFieldProps {
  readonly label: string
  readonly hint?: string
  readonly fault: string | undefined
  readonly value: string
  readonly onChange: (value: string) => void
  readonly optional?: boolean
  readonly autoFocus?: boolean
  readonly readOnly?: boolean
  /** It is read as code: no spelling, and letters of one width. */
  readonly code?: boolean
  readonly inputMode?: 'text' | 'email' | 'url' | 'numeric'
  /** What others have written here. */
  readonly known?: readonly string[]
}

export const TextField = ({ label, fault, value, onChange, known = [], ...more }: TextFieldProps) => {
  const { texts } = useConsole()
  const listId = useId()
  const { hint, optional = false, autoFocus = false, readOnly = false, code = false, inputMode = 'text' } = more
  return (
    <Field
      label={optional ? `${label} ${texts.common.optional}` : label}
      {...(hint === undefined ? {} : { hint })}
      fault={fault}
    >
      {(props) => (
        <>
          <input
            {...props}
            type="text"
            autoComplete="off"
            className={code ? 'mono' : undefined}
            spellCheck={!code}
            required={!optional}
            {...(autoFocus ? { autoFocus } : {})}
            readOnly={readOnly}
            inputMode={inputMode}
            list={known.length === 0 ? undefined : listId}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          {known.length === 0 ? null : (
            <datalist id={listId}>
              {known.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  )
}

const counterFrom = 3_800

export const DescriptionField = ({ value, fault, onChange }: Pick<TextFieldProps, 'value' | 'fault' | 'onChange'>) => {
  const { texts } = useConsole()
  const left = accessLimits.descriptionMax - [...value].length
  return (
    <Field
      label={`${texts.records.form.description} ${texts.common.optional}`}
      hint={left <= accessLimits.descriptionMax - counterFrom ? texts.form.descriptionLeft(left) : ''}
      fault={fault}
    >
      {(props) => <textarea {...props} rows={2} value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  )
}

/** What is wrong with a name or a description before the daemon is asked. */
export const nameFaultOf = (name: string, texts: Texts): string | undefined => {
  const length = [...name.trim().normalize('NFKC')].length
  if (length < accessLimits.nameMin) return texts.form.nameShort
  return length > accessLimits.nameMax ? texts.form.nameLong : undefined
}

export const descriptionFaultOf = (description: string, texts: Texts): string | undefined =>
  [...description].length > accessLimits.descriptionMax ? texts.form.descriptionLong : undefined

/** The faults there are; a field without one is left out. */
export const onlyFaults = <F extends string>(
  all: Readonly<Record<F, string | undefined>>,
): Partial<Record<F, string>> =>
  Object.fromEntries(Object.entries(all).filter(([, fault]) => fault !== undefined)) as Partial<Record<F, string>>

export const Choices = ({ legend, children }: { legend: string; children: ReactNode }) => (
  <fieldset className="choices">
    <legend>{legend}</legend>
    {children}
  </fieldset>
)
