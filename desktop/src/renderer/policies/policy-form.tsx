/** Add or edit a policy. What has not been touched is not sent. */
import { useMemo, useRef, useState } from 'react'
import { accessLimits, limitUnits, type PolicyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { FormDialog, type Faults } from '../parts/form.tsx'
import { descriptionFaultOf, DescriptionField, nameFaultOf, onlyFaults, TextField } from '../records/common-fields.tsx'
import type { Texts } from '../texts/texts.ts'
import { limitsInWords } from '../records/limits-in-words.ts'
import { LimitRows } from './limit-rows.tsx'
import { bodyOf, bodyOfDraft, callsOf, changedOf, concurrentOf, draftOf, type PolicyDraft } from './policy-draft.ts'
import { usePolicyActions } from './use-policy-actions.ts'

/** What is wrong with one limit is said at its row, so a row is a field. */
const rowField = (at: number): string => `windows.${at}`
const fields: readonly string[] = [
  'name',
  'description',
  ...limitUnits.map((_, at) => rowField(at)),
  'windows',
  'concurrent',
]

const faultsOf = (draft: PolicyDraft, texts: Texts, number: (count: number) => string): Faults<string> => {
  const { form } = texts.policies
  const rows = draft.rows.map((row, at): [string, string | undefined] => [
    rowField(at),
    callsOf(row) === null ? form.callsFault(number(accessLimits.limitCallsMax)) : undefined,
  ])
  return onlyFaults<string>({
    name: nameFaultOf(draft.name, texts),
    description: descriptionFaultOf(draft.description, texts),
    ...Object.fromEntries(rows),
    windows: draft.rows.length === 0 && concurrentOf(draft) === null ? form.nothingLimited : undefined,
    concurrent:
      concurrentOf(draft) === undefined ? form.concurrentFault(number(accessLimits.concurrentMax)) : undefined,
  })
}

interface PolicyFormProps {
  /** Null: a new one. */
  readonly of: PolicyView | null
  /** As they are now: somebody else may have changed one since. */
  readonly policies: readonly PolicyView[]
  readonly onClose: () => void
}

export const PolicyForm = ({ of: policy, policies, onClose }: PolicyFormProps) => {
  const { bridge, texts, dates } = useConsole()
  const { form } = texts.policies
  const { edit, made } = usePolicyActions()
  const [draft, setDraft] = useState(() => draftOf(policy))
  const box = useRef<HTMLFieldSetElement>(null)
  const change = (more: Partial<PolicyDraft>): void => setDraft((before) => ({ ...before, ...more }))
  const check = (): Faults<string> => faultsOf(draft, texts, (count) => dates.number(count))

  const save = async (attempt: string): Promise<void> => {
    const body = bodyOfDraft(draft)
    if (policy === null) {
      made(await bridge.call('policies.create', { body, idempotencyKey: attempt }))
      return onClose()
    }
    const changed = changedOf(bodyOf(policy), body)
    if (Object.keys(changed).length > 0) await edit(policies.find(({ id }) => id === policy.id) ?? policy, changed)
    return onClose()
  }

  // A row's place may be another's now: what was said of it is said anew with the next try.
  const count = draft.rows.length
  const live = useMemo<Faults<string>>(
    () => Object.fromEntries([...Array(count + 1).keys()].map((at) => [rowField(at), undefined])),
    [count],
  )
  const isRight = Object.keys(check()).every((field) => field === 'name')
  return (
    <FormDialog
      title={policy === null ? form.add : texts.records.form.edit(policy.name)}
      submit={policy === null ? form.create : texts.records.form.save}
      fields={fields}
      live={live}
      check={check}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextField
            label={texts.records.form.name}
            hint={form.nameHint}
            fault={faults['name']}
            value={draft.name}
            onChange={(name) => change({ name })}
            autoFocus
          />
          <LimitRows
            rows={draft.rows}
            faults={draft.rows.map((_, at) => faults[rowField(at)])}
            fault={faults['windows']}
            box={box}
            onChange={(rows) => change({ rows })}
          />
          <div className="short-field">
            <TextField
              label={form.concurrent}
              hint={form.concurrentHint}
              fault={faults['concurrent']}
              value={draft.concurrent}
              onChange={(concurrent) => change({ concurrent })}
              inputMode="numeric"
              optional
            />
          </div>
          <DescriptionField
            value={draft.description}
            fault={faults['description']}
            onChange={(description) => change({ description })}
          />
          <p className="hint" role="status">
            {isRight ? form.means(limitsInWords(bodyOfDraft(draft), texts)) : ''}
          </p>
        </>
      )}
    </FormDialog>
  )
}
