/** The part of the key form that hardly any key needs: what becomes of its value, and who may see to it. */
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ManagersField } from '../rights/managers-field.tsx'
import { useAsked } from '../use-asked.ts'
import type { MoreFaults } from './key-form-faults.ts'
import { revealsFor, type KeyMore } from './key-more.ts'

interface MoreProps {
  readonly of: KeyView | null
  readonly value: KeyMore
  readonly onChange: (more: Partial<KeyMore>) => void
  readonly faults: MoreFaults
}

export const KeyFormMore = ({ of: key, value, onChange, faults }: MoreProps) => {
  const { texts } = useConsole()
  const { form } = texts.care
  const settings = useAsked('settings.get', key === null ? {} : null)
  const policyNow = value.reveal ?? settings.data?.reveal_default
  return (
    <>
      <fieldset className="choices">
        <legend>{form.reveal}</legend>
        {revealsFor(key).map((policy) => (
          <label key={policy} className="choice">
            <input
              type="radio"
              name="reveal"
              checked={policyNow === policy}
              onChange={() => onChange({ reveal: policy })}
            />
            {form.reveals[policy]}
          </label>
        ))}
        {key?.reveal === 'always' && value.reveal !== 'always' ? <p className="fault">{form.tightened}</p> : null}
      </fieldset>
      <ManagersField value={value.grants} onChange={(grants) => onChange({ grants })} fault={faults.grants} />
    </>
  )
}
