/** The part of the key form that most keys do not need: value, client, and what it may call, by checkbox. */
import { defaultClientId, type KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import { useAsked } from '../use-asked.ts'
import { grantable, revealsFor, type KeyMore } from './key-more.ts'

interface MoreProps {
  readonly of: KeyView | null
  readonly value: KeyMore
  readonly onChange: (value: KeyMore) => void
  /** At the collections. */
  readonly fault: string | undefined
}

export const KeyFormMore = ({ of: key, value, onChange, fault }: MoreProps) => {
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
              onChange={() => onChange({ ...value, reveal: policy })}
            />
            {form.reveals[policy]}
          </label>
        ))}
        {key?.reveal === 'always' && value.reveal !== 'always' ? <p className="fault">{form.tightened}</p> : null}
      </fieldset>
      <Reach of={key} value={value} onChange={onChange} fault={fault} />
    </>
  )
}

const perPage = 500

const Reach = ({ of: key, value, onChange, fault }: MoreProps) => {
  const { texts } = useConsole()
  const { form } = texts.care
  const clients = useAsked('clients.list', { query: { per_page: perPage } })
  const collections = useAsked('collections.list', { query: { per_page: perPage } })
  if (clients.fault !== null || collections.fault !== null) return <p className="hint">{form.unknown}</p>
  if (clients.data === null || collections.data === null) return <p className="hint">{form.loading}</p>
  const clientId = value.client ?? defaultClientId
  const offered = grantable(
    clients.data.data.find(({ id }) => id === clientId)?.collections ?? null,
    collections.data.data,
  )
  const chosen = new Set(value.collections ?? [])
  const toggle = (id: string): void => {
    const next = chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id]
    onChange({ ...value, collections: next })
  }
  return (
    <>
      {key !== null ? null : (
        <Field label={form.client} hint={form.clientHint} fault={undefined}>
          {(props) => (
            <select
              {...props}
              value={clientId}
              // What another client was granted says nothing of this one.
              onChange={(event) => onChange({ ...value, client: event.target.value, collections: null })}
            >
              {clients.data?.data.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <fieldset className="choices">
        <legend>{form.reach}</legend>
        <label className="choice">
          <input
            type="radio"
            name="reach"
            checked={value.collections === null}
            onChange={() => onChange({ ...value, collections: null })}
          />
          {form.reachAll}
        </label>
        <label className="choice">
          <input
            type="radio"
            name="reach"
            checked={value.collections !== null}
            aria-invalid={fault !== undefined}
            data-told
            onChange={() => onChange({ ...value, collections: [] })}
          />
          {form.reachSome}
        </label>
        {offered.length === 0 ? <p className="hint">{form.nothingGranted}</p> : null}
        {value.collections === null ? null : (
          <div className="ticks">
            {offered.map(({ id, name }) => (
              <label key={id} className="tick">
                <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
                <span>{name}</span>
              </label>
            ))}
          </div>
        )}
        <p className="fault" role="alert">
          {fault ?? ''}
        </p>
      </fieldset>
    </>
  )
}
