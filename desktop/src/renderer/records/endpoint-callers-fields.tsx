/**
 * How callers of an endpoint are known, and what they are told: a query parameter for keys, the signed word to the service,
 * and that the endpoint will go. Folded away, and open where something of it is not so, or is wrong.
 */
import { useConsole } from '../console-context.ts'
import type { Faults } from '../parts/form.tsx'
import { Fold } from '../rights/fold.tsx'
import { TextField } from './common-fields.tsx'
import { callersFields, hasCallers, type DeprecationTexts, type Draft, type EndpointField } from './endpoint-draft.ts'

interface CallersFieldsProps {
  readonly draft: Draft
  readonly onChange: (more: Partial<Draft>) => void
  readonly faults: Faults<EndpointField>
}

const deprecationFields = ['since', 'sunset', 'link'] as const

export const CallersFields = ({ draft, onChange, faults }: CallersFieldsProps) => {
  const { texts } = useConsole()
  const { endpoint } = texts.rights
  const { deprecation } = draft
  const hints = { since: endpoint.sinceHint, sunset: endpoint.sunsetHint, link: endpoint.linkHint }
  const change = (more: Partial<DeprecationTexts>): void => onChange({ deprecation: { ...deprecation, ...more } })
  return (
    <Fold
      summary={endpoint.title}
      isOpen={hasCallers(draft)}
      isWrong={callersFields.some((field) => faults[field] !== undefined)}
    >
      <TextField
        label={endpoint.queryParameter}
        hint={draft.query_parameter.trim() === '' ? endpoint.queryParameterHint : ''}
        fault={faults.query_parameter}
        value={draft.query_parameter}
        onChange={(name) => onChange({ query_parameter: name })}
        code
        optional
      />
      {draft.query_parameter.trim() === '' ? null : (
        <p className="fault" role="alert">
          {endpoint.queryParameterWarning}
        </p>
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={draft.principal}
          onChange={({ target }) => onChange({ principal: target.checked })}
        />
        {endpoint.principal}
      </label>
      {faults.principal === undefined ? null : <p className="fault">{faults.principal}</p>}
      <label className="check">
        <input type="checkbox" checked={deprecation.told} onChange={({ target }) => change({ told: target.checked })} />
        {endpoint.deprecated}
      </label>
      {deprecation.told ? (
        <div className="side-by-side">
          {deprecationFields.map((field) => (
            <TextField
              key={field}
              label={endpoint[field]}
              hint={hints[field]}
              fault={faults[`deprecation.${field}`]}
              value={deprecation[field]}
              onChange={(text) => change({ [field]: text })}
              optional={field !== 'since'}
              inputMode={field === 'link' ? 'url' : 'text'}
            />
          ))}
        </div>
      ) : null}
    </Fold>
  )
}
