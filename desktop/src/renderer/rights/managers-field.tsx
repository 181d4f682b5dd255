/** Who may see to a key: everybody with the role, or only some admin tokens. Only administrators are told of the tokens. */
import { keyRights, type KeyRight, type TokenView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import type { Grants } from '../keys/key-more.ts'
import { useAsked } from '../use-asked.ts'
import { withRight } from './grants.ts'

interface ManagersProps {
  /** Null: whoever has the role. */
  readonly value: Grants | null
  readonly onChange: (value: Grants | null) => void
  readonly fault: string | undefined
}

export const ManagersField = ({ value, onChange, fault }: ManagersProps) => {
  const { texts } = useConsole()
  const { managers } = texts.rights
  const tokens = useAsked('tokens.list', {})
  // Of somebody who is no administrator any more, what was known before is not shown either.
  const known = tokens.fault === null ? tokens.data?.data : undefined
  // Administrators may do everything with every key; one that was named nevertheless is shown as it is.
  const offered = (known ?? []).filter(
    ({ id, role }) => role !== 'administrator' || value?.some(({ token }) => token === id) === true,
  )
  return (
    <fieldset className="choices managers">
      <legend>{managers.title}</legend>
      {tokens.fault !== null ? (
        <p className="hint">{tokens.fault.code === 'forbidden' ? managers.forbidden : managers.unknown}</p>
      ) : known === undefined ? (
        <p className="hint">{texts.care.form.loading}</p>
      ) : (
        <>
          {[true, false].map((all) => (
            <label key={String(all)} className="choice">
              <input
                type="radio"
                name="managers"
                checked={(value === null) === all}
                {...(all ? {} : { 'aria-invalid': fault !== undefined, 'data-told': true })}
                onChange={() => onChange(all ? null : [])}
              />
              {all ? managers.all : managers.some}
            </label>
          ))}
          {value === null ? null : offered.length === 0 ? (
            <p className="hint">{managers.none}</p>
          ) : (
            <div className="token-rights">
              {offered.map((token) => (
                <TokenRights key={token.id} of={token} value={value} onChange={onChange} />
              ))}
            </div>
          )}
          <p className={fault === undefined ? 'hint' : 'fault'}>{fault ?? (value === null ? '' : managers.hint)}</p>
        </>
      )}
    </fieldset>
  )
}

interface TokenRightsProps {
  readonly of: TokenView
  readonly value: Grants
  readonly onChange: (value: Grants) => void
}

const TokenRights = ({ of: token, value, onChange }: TokenRightsProps) => {
  const { texts } = useConsole()
  const { managers } = texts.rights
  const held = value.find((each) => each.token === token.id)?.rights ?? []
  return (
    <div className="token-right" role="group" aria-label={token.name}>
      <span className="cut" title={token.name}>
        {token.name} <span className="hint">{managers.roles[token.role]}</span>
      </span>
      {keyRights.map((right: KeyRight) => (
        <label key={right} className="tick">
          <input
            type="checkbox"
            checked={held.includes(right)}
            onChange={({ target }) => onChange(withRight(value, token.id, right, target.checked))}
          />
          <span>{managers.rights[right]}</span>
        </label>
      ))}
    </div>
  )
}
