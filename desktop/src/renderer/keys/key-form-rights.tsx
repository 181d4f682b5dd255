/** The part of the key form that says what it may do: which calls, from where, how often, and as whom. */
import { callMethods, defaultClientId, type KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import { useAll } from '../records/use-all.ts'
import { LimitsField } from '../rights/limits-field.tsx'
import { Narrowing } from '../rights/narrowing.tsx'
import { NetworksFields } from '../rights/networks-fields.tsx'
import { endpointsWithin, grantable, type KeyMore } from './key-more.ts'
import type { MoreFaults } from './key-form-faults.ts'

interface RightsProps {
  readonly of: KeyView | null
  readonly value: KeyMore
  readonly onChange: (more: Partial<KeyMore>) => void
  readonly faults: MoreFaults
}

export const KeyFormRights = (props: RightsProps) => {
  const { value, onChange, faults } = props
  const { texts } = useConsole()
  const { rights } = texts
  return (
    <>
      <Reach {...props} />
      <Narrowing
        legend={rights.methods.title}
        all={rights.methods.all}
        some={rights.methods.some}
        hint={value.methods === null ? '' : rights.methods.hint}
        value={value.methods}
        onChange={(methods) => onChange({ methods })}
        offered={callMethods.map((method) => ({ id: method, text: method, code: true }))}
        isShort
        fault={faults.methods}
      />
      <NetworksFields value={value} onChange={onChange} faults={faults} />
      <LimitsField value={value} onChange={onChange} hint={rights.limits.ofKey} faults={faults} />
      <Field
        label={`${rights.subject.title} ${texts.common.optional}`}
        hint={rights.subject.hint}
        fault={faults.subject}
      >
        {(field) => (
          <input
            {...field}
            type="text"
            autoComplete="off"
            spellCheck={false}
            value={value.subject}
            onChange={(event) => onChange({ subject: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}

const Reach = ({ of: key, value, onChange, faults }: RightsProps) => {
  const { texts } = useConsole()
  const { rights } = texts
  const { form } = texts.care
  const clients = useAll('clients.list')
  const collections = useAll('collections.list')
  const endpoints = useAll('endpoints.list')
  if (clients.fault !== null || collections.fault !== null || endpoints.fault !== null)
    return <p className="hint">{form.unknown}</p>
  if (clients.data === null || collections.data === null || endpoints.data === null)
    return <p className="hint">{form.loading}</p>
  const clientId = value.client ?? defaultClientId
  const offered = grantable(clients.data.find(({ id }) => id === clientId)?.collections ?? null, collections.data)
  const within = (ids: readonly string[] | null) =>
    endpointsWithin(endpoints.data ?? [], ids ?? offered.map(({ id }) => id))
  const reached = within(value.collections)
  const narrow = (ids: readonly string[] | null): void => {
    const left = new Set(within(ids).map(({ id }) => id))
    // An endpoint goes with its collection.
    onChange({ collections: ids, endpoints: value.endpoints?.filter((id) => left.has(id)) ?? null })
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
              onChange={(event) => onChange({ client: event.target.value, collections: null, endpoints: null })}
            >
              {clients.data?.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Narrowing
        key={`collections of ${clientId}`}
        legend={form.reach}
        all={form.reachAll}
        some={form.reachSome}
        value={value.collections}
        onChange={narrow}
        offered={offered.map(({ id, name }) => ({ id, text: name }))}
        none={form.nothingGranted}
        fault={faults.collections}
      />
      <Narrowing
        key={`endpoints of ${clientId}`}
        legend={rights.endpoints.title}
        all={rights.endpoints.all}
        some={rights.endpoints.some}
        value={value.endpoints}
        onChange={(ids) => onChange({ endpoints: ids })}
        offered={reached.map(({ id, method, host, path }) => ({
          id,
          text: `${method} ${host ?? ''}${path}`,
          code: true,
        }))}
        none={value.endpoints === null ? '' : rights.endpoints.none}
        fault={faults.endpoints}
      />
    </>
  )
}
