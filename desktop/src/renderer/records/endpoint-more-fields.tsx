/** What most endpoints leave as it is: host, limits, certificates. Folded away, and open where something of it is not so, or is wrong. */
import { useEffect, useState } from 'react'
import { useConsole } from '../console-context.ts'
import { Field, type Faults } from '../parts/form.tsx'
import { TextField } from './common-fields.tsx'
import { hasMore, moreFields, numbers, type Draft, type EndpointField, type NumberField } from './endpoint-draft.ts'
import { bytesText, timeText } from './endpoint-parts.tsx'

interface MoreFieldsProps {
  readonly draft: Draft
  readonly onChange: (more: Partial<Draft>) => void
  readonly faults: Faults<EndpointField>
}

export const MoreFields = ({ draft, onChange, faults }: MoreFieldsProps) => {
  const { texts, dates } = useConsole()
  const { form } = texts.records
  const isWrong = moreFields.some((field) => faults[field] !== undefined)
  const [open, setOpen] = useState(() => hasMore(draft))
  useEffect(() => {
    if (isWrong) setOpen(true)
  }, [isWrong])
  const labels: Readonly<Record<NumberField, string>> = {
    body_bytes_max: form.body,
    connect_timeout_ms: form.connect,
    answer_timeout_ms: form.answer,
    idle_timeout_ms: form.idle,
  }
  const hintOf = (field: NumberField): string => {
    const value = Number(draft[field])
    if (!Number.isFinite(value)) return ''
    return field === 'body_bytes_max' ? bytesText(value, texts, dates) : timeText(value, texts, dates)
  }
  return (
    <details
      className="more"
      // What is wrong must be in sight before the focus goes to it.
      open={open || isWrong}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{form.more}</summary>
      <TextField
        label={form.host}
        hint={form.hostHint}
        fault={faults.host}
        value={draft.host}
        onChange={(host) => onChange({ host })}
        code
        optional
      />
      <div className="side-by-side">
        {numbers.map((field) => (
          <TextField
            key={field}
            label={labels[field]}
            hint={hintOf(field)}
            fault={faults[field]}
            value={draft[field]}
            onChange={(value) => onChange({ [field]: value })}
            inputMode="numeric"
          />
        ))}
      </div>
      <Field
        label={`${form.certificates} ${texts.common.optional}`}
        hint={form.certificatesHint}
        fault={faults.upstream_ca}
      >
        {(props) => (
          <textarea
            {...props}
            className="mono"
            rows={3}
            spellCheck={false}
            value={draft.upstream_ca}
            onChange={(event) => onChange({ upstream_ca: event.target.value })}
          />
        )}
      </Field>
    </details>
  )
}
