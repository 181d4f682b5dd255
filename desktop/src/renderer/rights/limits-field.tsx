/** Which policies hold: ticked, each with its limits in words, and where none fits a new limit in the same place. */
import { limitUnits, type LimitUnit } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import { limitsInWords } from '../records/limits-in-words.ts'
import { useAll } from '../records/use-all.ts'
import { Ticks } from './narrowing.tsx'
import { noLimit, type LimitDraft } from './new-limit.ts'

export interface LimitsValue {
  /** Ids. */
  readonly policies: readonly string[]
  readonly limit: LimitDraft
}

interface LimitsFieldProps {
  readonly value: LimitsValue
  readonly onChange: (more: Partial<LimitsValue>) => void
  /** Whose calls are counted together. */
  readonly hint: string
  readonly faults: Readonly<Partial<Record<'policies' | 'limit', string | undefined>>>
}

export const LimitsField = ({ value, onChange, hint, faults }: LimitsFieldProps) => {
  const { texts } = useConsole()
  const { limits } = texts.rights
  const policies = useAll('policies.list')
  const { limit } = value
  return (
    <fieldset className="choices limits">
      <legend>{limits.title}</legend>
      {policies.fault === null ? null : <p className="hint">{limits.unknown}</p>}
      {policies.data === null || policies.data.length === 0 ? null : (
        <Ticks
          label={limits.title}
          chosen={value.policies}
          onChoose={(chosen) => onChange({ policies: chosen })}
          offered={policies.data.map((policy) => {
            const words = limitsInWords(policy, texts)
            // A name that says it is not said twice.
            const notes = [policy.name === words ? '' : words, policy.enabled ? '' : texts.records.disabled]
            const note = notes.filter((each) => each !== '').join(', ')
            return { id: policy.id, text: policy.name, ...(note === '' ? {} : { note }) }
          })}
        />
      )}
      {limit.wanted ? (
        <NewLimit limit={limit} onChange={(next) => onChange({ limit: next })} fault={faults.limit} />
      ) : (
        <button type="button" className="button" onClick={() => onChange({ limit: { ...noLimit, wanted: true } })}>
          {limits.add}
        </button>
      )}
      <p className={faults.policies === undefined ? 'hint' : 'fault'}>{faults.policies ?? hint}</p>
    </fieldset>
  )
}

interface NewLimitProps {
  readonly limit: LimitDraft
  readonly onChange: (limit: LimitDraft) => void
  readonly fault: string | undefined
}

const NewLimit = ({ limit, onChange, fault }: NewLimitProps) => {
  const { texts } = useConsole()
  const { limits } = texts.rights
  return (
    <div className="new-limit" role="group" aria-label={limits.newOne}>
      <Field label={limits.calls} hint={limits.callsHint} fault={fault}>
        {(props) => (
          <span className="row">
            <input
              {...props}
              type="text"
              inputMode="numeric"
              autoComplete="off"
              autoFocus
              value={limit.calls}
              onChange={(event) => onChange({ ...limit, calls: event.target.value })}
            />
            <select
              aria-label={limits.unit}
              value={limit.per}
              onChange={({ target }) => onChange({ ...limit, per: target.value as LimitUnit })}
            >
              {limitUnits.map((unit) => (
                <option key={unit} value={unit}>
                  {limits.units[unit]}
                </option>
              ))}
            </select>
            <button type="button" className="button" onClick={() => onChange(noLimit)}>
              {limits.drop}
            </button>
          </span>
        )}
      </Field>
    </div>
  )
}
