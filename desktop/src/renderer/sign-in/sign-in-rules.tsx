/** What a token of somebody else's has to say, and with whose rights a call with it goes on. */
import { useConsole, useKnown } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import { TextField } from '../records/common-fields.tsx'
import { Narrowing } from '../rights/narrowing.tsx'
import { fittingAlgorithms, type ClaimRow } from './sign-in-draft.ts'
import { Lines, type SignInPartProps } from './sign-in-parts.tsx'

export const SignInRules = (props: SignInPartProps) => {
  const { draft, change, faults } = props
  const { signIn } = useConsole().texts
  return (
    <>
      <TextField
        label={signIn.fields.audience}
        hint={signIn.hints.audience}
        fault={faults['sign_in.audience']}
        value={draft.audience}
        onChange={(audience) => change({ audience })}
        code
        optional={draft.kind !== 'oidc'}
      />
      <Lines
        field="allowedIssuers"
        rows={2}
        draft={draft}
        change={change}
        faults={faults}
        optional
        also={draft.kind === 'none' ? '' : signIn.noIssuers[draft.kind]}
      />
      <Claims {...props} />
      <Whose {...props} />
      <Narrowing
        key={`${draft.kind} ${draft.by}`}
        legend={signIn.algorithms}
        all={draft.kind === 'oidc' ? signIn.usualAlgorithms : signIn.allAlgorithms}
        some={signIn.someAlgorithms}
        value={draft.algorithms}
        onChange={(algorithms) => change({ algorithms })}
        offered={fittingAlgorithms(draft).map((name) => ({ id: name, text: name, code: true }))}
        isShort
        fault={faults['sign_in.algorithms']}
      />
    </>
  )
}

const Claims = ({ draft, change, faults }: SignInPartProps) => {
  const { signIn } = useConsole().texts
  const { claims } = draft
  const fault = faults['sign_in.required_claims']
  const put = (at: number, more: Partial<ClaimRow>): void =>
    change({ claims: claims.map((row, index) => (index === at ? { ...row, ...more } : row)) })
  return (
    <fieldset className="choices claims">
      <legend>{signIn.claims}</legend>
      {claims.map((row, at) => (
        <div key={at} className="claim" role="group" aria-label={signIn.claim(at + 1)}>
          <input
            type="text"
            className="mono"
            aria-label={signIn.claimName}
            placeholder={signIn.claimName}
            aria-invalid={fault !== undefined}
            data-told
            spellCheck={false}
            autoComplete="off"
            autoFocus={row.name === '' && row.value === ''}
            value={row.name}
            onChange={(event) => put(at, { name: event.target.value })}
          />
          <input
            type="text"
            className="mono"
            aria-label={signIn.claimValue}
            placeholder={signIn.claimAny}
            spellCheck={false}
            autoComplete="off"
            value={row.value}
            onChange={(event) => put(at, { value: event.target.value })}
          />
          <button
            type="button"
            className="button"
            aria-label={signIn.dropClaim(row.name)}
            onClick={() => change({ claims: claims.filter((_, index) => index !== at) })}
          >
            {signIn.drop}
          </button>
        </div>
      ))}
      <button type="button" className="button" onClick={() => change({ claims: [...claims, { name: '', value: '' }] })}>
        {signIn.addClaim}
      </button>
      <p className={fault === undefined ? 'hint' : 'fault'} role={fault === undefined ? undefined : 'alert'}>
        {fault ?? signIn.claimsHint}
      </p>
    </fieldset>
  )
}

/** Every call has the rights of one key of the client. */
const Whose = ({ client, draft, change, faults }: SignInPartProps) => {
  const { model, texts } = useConsole()
  const { signIn } = texts
  const own = useKnown(model).keys.filter((key) => key.client.id === client?.id && key.honey === null)
  const was = client?.sign_in?.key ?? null
  const isGone = was !== null && !own.some(({ id }) => id === was.id)
  return (
    <fieldset className="choices whose">
      <legend>{signIn.whose}</legend>
      <div className="side-by-side">
        <Field
          label={signIn.key}
          hint={own.length === 0 ? signIn.noKeys : signIn.keyHint}
          fault={faults['sign_in.key']}
        >
          {(props) => (
            <select {...props} value={draft.keyId} onChange={(event) => change({ keyId: event.target.value })}>
              <option value="">{signIn.noKey}</option>
              {own.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
              {isGone ? <option value={was.id}>{signIn.keyGone(was.name)}</option> : null}
            </select>
          )}
        </Field>
        <TextField
          label={signIn.fields.profileClaim}
          hint={signIn.hints.profileClaim}
          fault={faults['sign_in.profile_claim']}
          value={draft.profileClaim}
          onChange={(profileClaim) => change({ profileClaim })}
          code
          optional
        />
      </div>
    </fieldset>
  )
}
