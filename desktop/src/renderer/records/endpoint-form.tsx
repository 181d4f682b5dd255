/**
 * Add or edit an endpoint: what is called, and where it goes, with the outcome in sight while somebody types. Promises: a
 * collection can be made on the way; what has not been touched is not sent.
 */
import { useRef, useState } from 'react'
import { endpointMethods, type CollectionView, type EndpointMethod, type EndpointView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Field, FormDialog, type Faults } from '../parts/form.tsx'
import { Choices, descriptionFaultOf, DescriptionField, nameFaultOf, onlyFaults, TextField } from './common-fields.tsx'
import {
  bodyOf,
  callersFields,
  draftOf,
  fields,
  moreFields,
  numberFaultOf,
  numbers,
  pathFaultOf,
  type Draft,
  type EndpointField,
} from './endpoint-draft.ts'
import { CallersFields } from './endpoint-callers-fields.tsx'
import { MoreFields } from './endpoint-more-fields.tsx'
import { PreviewText } from './endpoint-parts.tsx'
import { bodiesOf, changesOf, orNull, titleOf } from './kinds.ts'
import { useRecordActions } from './use-record-actions.ts'

/** What is looked at before the daemon is asked. */
type CheckedField = 'name' | 'path' | 'upstream' | 'description' | 'deprecation.since' | (typeof numbers)[number]

interface EndpointFormProps {
  /** Null: a new one. */
  readonly of: EndpointView | null
  /** Where a new one belongs. */
  readonly into: string | null
  readonly endpoints: readonly EndpointView[]
  readonly collections: readonly CollectionView[]
  readonly onClose: () => void
}

export const EndpointForm = ({ of: endpoint, into, endpoints, collections, onClose }: EndpointFormProps) => {
  const { bridge, texts, dates } = useConsole()
  const { edit, made: sayMade } = useRecordActions('endpoints')
  const { form } = texts.records
  const madeOnTheWay = useRef<CollectionView | null>(null)
  const [draft, setDraft] = useState<Draft>(() => draftOf(endpoint, into ?? collections[0]?.id ?? ''))
  const set = (more: Partial<Draft>): void => setDraft((before) => ({ ...before, ...more }))

  const check = (): Faults<EndpointField> =>
    onlyFaults<CheckedField>({
      name: draft.collection === '' ? nameFaultOf(draft.name, texts) : undefined,
      path: pathFaultOf(draft.path, texts),
      upstream: draft.forwards && draft.upstream.trim() === '' ? form.upstreamMissing : undefined,
      description: descriptionFaultOf(draft.description, texts),
      'deprecation.since':
        draft.deprecation.told && draft.deprecation.since.trim() === ''
          ? texts.rights.endpoint.sinceMissing
          : undefined,
      ...(Object.fromEntries(
        numbers.map((field) => [field, numberFaultOf(field, draft[field], texts, dates.number)]),
      ) as Record<(typeof numbers)[number], string | undefined>),
    })

  const save = async (attempt: string): Promise<void> => {
    // Made in the try before, where only the endpoint was refused: it is there now and is not made twice.
    if (draft.collection === '')
      madeOnTheWay.current = await bridge.call('collections.create', {
        body: { name: draft.name.trim() },
        idempotencyKey: `${attempt}-collection`,
      })
    const collection = draft.collection === '' ? (madeOnTheWay.current?.id ?? '') : draft.collection
    if (draft.collection === '') set({ collection })
    const body = { ...bodyOf(draft), collection }
    try {
      if (endpoint === null) {
        const made = await bridge.call('endpoints.create', { body, idempotencyKey: attempt })
        sayMade(made, madeOnTheWay.current?.id === collection ? madeOnTheWay.current : null)
      } else {
        const changed = changesOf(bodiesOf.endpoints(endpoint), body)
        const newest = endpoints.find(({ id }) => id === endpoint.id) ?? endpoint
        if (Object.keys(changed).length > 0) await edit(newest, changed)
      }
    } catch (error) {
      throw atItsField(error, texts.records.changedMeanwhile)
    }
    onClose()
  }

  return (
    <FormDialog
      title={endpoint === null ? form.addEndpoint : form.edit(titleOf(endpoint))}
      submit={endpoint === null ? form.create.endpoints : form.save}
      fields={[...fields, ...moreFields, ...callersFields]}
      check={check}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <CollectionField draft={draft} onChange={set} collections={collections} faults={faults} />
          <div className="method-and-path">
            <Field label={form.method} fault={faults.method}>
              {(props) => (
                <select
                  {...props}
                  value={draft.method}
                  onChange={({ target }) => set({ method: target.value as EndpointMethod })}
                >
                  {endpointMethods.map((method) => (
                    <option key={method} value={method}>
                      {method === 'ANY' ? form.anyMethod : method}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <TextField
              label={form.path}
              hint={form.pathHint}
              fault={faults.path}
              value={draft.path}
              onChange={(path) => set({ path })}
              code
            />
          </div>
          <Choices legend={form.target}>
            {[true, false].map((forwards) => (
              <label key={String(forwards)} className="choice">
                <input
                  type="radio"
                  name="forwards"
                  checked={draft.forwards === forwards}
                  onChange={() => set({ forwards })}
                />
                {forwards ? form.forward : form.authOnly}
              </label>
            ))}
          </Choices>
          {draft.forwards ? (
            <TextField
              label={form.upstream}
              hint={form.upstreamHint}
              fault={faults.upstream}
              value={draft.upstream}
              onChange={(upstream) => set({ upstream })}
              inputMode="url"
              code
            />
          ) : null}
          <div className="field" role="group" aria-label={form.preview}>
            <span aria-hidden="true">{form.preview}</span>
            <PreviewText
              of={{
                method: draft.method,
                host: orNull(draft.host),
                path: draft.path.trim(),
                upstream: draft.forwards ? draft.upstream.trim() : null,
              }}
            />
          </div>
          <DescriptionField
            value={draft.description}
            fault={faults.description}
            onChange={(description) => set({ description })}
          />
          <MoreFields draft={draft} onChange={set} faults={faults} />
          <CallersFields draft={draft} onChange={set} faults={faults} />
        </>
      )}
    </FormDialog>
  )
}

interface CollectionFieldProps {
  readonly draft: Draft
  readonly onChange: (more: Partial<Draft>) => void
  readonly collections: readonly CollectionView[]
  readonly faults: Faults<EndpointField>
}

const CollectionField = ({ draft, onChange, collections, faults }: CollectionFieldProps) => {
  const { texts } = useConsole()
  const { form } = texts.records
  return (
    <>
      <Field label={form.collection} hint={form.collectionHint} fault={faults.collection}>
        {(props) => (
          <select {...props} value={draft.collection} onChange={({ target }) => onChange({ collection: target.value })}>
            {collections.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            <option value="">{form.newCollection}</option>
          </select>
        )}
      </Field>
      {draft.collection === '' ? (
        <TextField
          label={form.newCollectionName}
          hint={form.nameHint}
          fault={faults.name}
          value={draft.name}
          onChange={(name) => onChange({ name })}
        />
      ) : null}
    </>
  )
}

/** An endpoint that takes the same calls is refused as a whole; what has to be changed is the path. */
const atItsField = (error: unknown, changedMeanwhile: string): unknown => {
  if (!(error instanceof Refusal) || error.message === changedMeanwhile) return error
  const field = error.code === 'conflict' ? 'path' : error.code === 'not_found' ? 'collection' : null
  if (field === null || error.errors.length > 0) return error
  return new Refusal(error.code, error.message, { errors: [{ field, message: error.message }] })
}
