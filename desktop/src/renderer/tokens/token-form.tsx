/** Add or edit an admin token: who it is for, what it may do, and until when. What has not been touched is not sent. */
import { useId, useState } from 'react'
import { roles, type IssuedToken, type NewToken, type Role, type TokenView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { FormDialog, type Faults } from '../parts/form.tsx'
import { ToldField } from '../parts/told-field.tsx'
import { descriptionFaultOf, DescriptionField, nameFaultOf, onlyFaults, TextField } from '../records/common-fields.tsx'
import { defaultExpiry, endMsOf, expiresOf, tokenDateLimits, tokenExpiries, type TokenExpiry } from './token-expiry.ts'
import { useTokenActions } from './use-token-actions.ts'

const fields = ['name', 'role', 'expires', 'description'] as const
type TokenFaults = Faults<(typeof fields)[number]>

interface TokenFormProps {
  /** Null: a new one. */
  readonly of: TokenView | null
  /** As they are now: somebody else may have changed one since. */
  readonly tokens: readonly TokenView[]
  readonly onIssued: (issued: IssuedToken) => void
  readonly onClose: () => void
}

export const TokenForm = ({ of: token, tokens, onIssued, onClose }: TokenFormProps) => {
  const { bridge, texts, dates, nowMs } = useConsole()
  const { form } = texts.tokens
  const { edit } = useTokenActions()
  const [name, setName] = useState(token?.name ?? '')
  const [description, setDescription] = useState(token?.description ?? '')
  const [role, setRole] = useState<Role>(token?.role ?? 'viewer')
  const [expiry, setExpiry] = useState<TokenExpiry>({ choice: token === null ? defaultExpiry : 'keep', date: '' })

  const check = (): TokenFaults =>
    onlyFaults({
      name: nameFaultOf(name, texts),
      role: undefined,
      expires: expiresOf(expiry, nowMs(), dates.zone) === null ? form.dateFault : undefined,
      description: descriptionFaultOf(description, texts),
    })

  const save = async (attempt: string): Promise<void> => {
    const expires = expiresOf(expiry, nowMs(), dates.zone) ?? undefined
    const whole: NewToken = { name: name.trim(), description, role, ...(expires === undefined ? {} : { expires }) }
    if (token === null) return onIssued(await bridge.createToken(whole, attempt))
    const changed: Partial<NewToken> = {
      ...(whole.name === token.name ? {} : { name: whole.name }),
      ...(description === token.description ? {} : { description }),
      ...(role === token.role ? {} : { role }),
      ...(expires === undefined ? {} : { expires }),
    }
    if (Object.keys(changed).length > 0) await edit(tokens.find(({ id }) => id === token.id) ?? token, changed)
    return onClose()
  }

  return (
    <FormDialog
      title={token === null ? form.add : texts.records.form.edit(token.name)}
      submit={token === null ? form.create : texts.records.form.save}
      fields={fields}
      check={check}
      save={save}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextField
            label={texts.records.form.name}
            hint={form.nameHint}
            fault={faults.name}
            value={name}
            onChange={setName}
            autoFocus
          />
          <RoleField value={role} fault={faults.role} onChange={setRole} />
          <TokenExpiryField of={token} value={expiry} fault={faults.expires} onChange={setExpiry} />
          <DescriptionField value={description} fault={faults.description} onChange={setDescription} />
        </>
      )}
    </FormDialog>
  )
}

interface RoleFieldProps {
  readonly value: Role
  readonly fault: string | undefined
  readonly onChange: (role: Role) => void
}

const RoleField = ({ value, fault, onChange }: RoleFieldProps) => {
  const { texts } = useConsole()
  const { form, roles: names, roleMeans } = texts.tokens
  const id = useId()
  return (
    <fieldset className="choices explained">
      <legend>{form.role}</legend>
      {roles.map((role) => (
        <div key={role}>
          <label className="check">
            <input
              type="radio"
              name="role"
              checked={value === role}
              aria-describedby={`${id}-${role}`}
              onChange={() => onChange(role)}
            />
            {names[role]}
          </label>
          <p id={`${id}-${role}`} className="hint">
            {roleMeans[role]}
          </p>
        </div>
      ))}
      {fault === undefined ? null : <p className="fault">{fault}</p>}
    </fieldset>
  )
}

interface TokenExpiryFieldProps {
  readonly of: TokenView | null
  readonly value: TokenExpiry
  readonly fault: string | undefined
  readonly onChange: (value: TokenExpiry) => void
}

const TokenExpiryField = ({ of: token, value, fault, onChange }: TokenExpiryFieldProps) => {
  const { texts, dates, nowMs } = useConsole()
  const { form, neverExpires } = texts.tokens
  const saidId = useId()
  const limits = tokenDateLimits(nowMs(), dates.zone)
  const choices = token === null ? tokenExpiries : (['keep', ...tokenExpiries] as const)
  const end = endMsOf(value, nowMs(), dates.zone)
  const at = token?.expires_at ?? null
  const kept = at === null ? neverExpires : dates.end(at)
  const means = end === null ? form.neverMeans : end === undefined ? form.dateFault : form.stopsAt(dates.end(end))
  return (
    <fieldset className="choices">
      <legend>{form.expires}</legend>
      {choices.map((choice) => (
        <label key={choice} className="choice">
          <input
            type="radio"
            name="expires"
            checked={value.choice === choice}
            onChange={() =>
              onChange({ choice, date: choice === 'date' && value.date === '' ? limits.max : value.date })
            }
          />
          {form.choices[choice]}
        </label>
      ))}
      {value.choice === 'date' ? (
        <ToldField
          {...limits}
          label={form.date}
          type="date"
          value={value.date}
          isWrong={fault !== undefined}
          toldBy={saidId}
          onText={(date) => onChange({ ...value, date })}
        />
      ) : null}
      <p id={saidId} className={fault === undefined ? 'hint' : 'fault'} role="status">
        {fault ?? (value.choice === 'keep' ? kept : means)}
      </p>
    </fieldset>
  )
}
