/**
 * How callers of a client sign in: with what, whose tokens are taken besides, and what those are checked by. Promises: a secret
 * is never shown; that one will be forgotten is said before it is. How tokens are checked is for administrators to say; that none
 * are taken is for everybody who may change the client.
 */
import { useId } from 'react'
import { may, useConsole, useKnown } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import { TextField } from '../records/common-fields.tsx'
import { SignInRules } from './sign-in-rules.tsx'
import { losesSecret, plainWays, tokenKinds, withOther, type SignInDraft } from './sign-in-draft.ts'
import { fieldOf } from './sign-in-faults.ts'
import { Lines, type SignInFieldsProps, type SignInPartProps } from './sign-in-parts.tsx'

export const SignInFields = (props: SignInFieldsProps) => {
  const { client, draft, onChange, faults } = props
  const { model, texts } = useConsole()
  const { signIn } = texts
  const mayCheck = may(useKnown(model), 'administrator')
  const change = (more: Partial<SignInDraft>): void => onChange(withOther(draft, more))
  const part = { ...props, change }
  const group = useId()
  return (
    <div className="sign-in">
      <fieldset className="choices">
        <legend>{signIn.ways}</legend>
        {plainWays.map((way) => (
          <label key={way} className="choice">
            <input
              type="checkbox"
              checked={draft.ways.includes(way)}
              aria-describedby={`${group}-ways`}
              aria-invalid={faults.accepts !== undefined}
              data-told
              onChange={({ target }) =>
                change({
                  ways: plainWays.filter((each) => (each === way ? target.checked : draft.ways.includes(each))),
                })
              }
            />
            {signIn.names[way]}
          </label>
        ))}
        <p
          id={`${group}-ways`}
          className={faults.accepts === undefined ? 'hint' : 'fault'}
          role={faults.accepts === undefined ? undefined : 'alert'}
        >
          {faults.accepts ?? ''}
        </p>
      </fieldset>
      <fieldset className="choices" aria-describedby={`${group}-kind`}>
        <legend>{signIn.others}</legend>
        {tokenKinds.map((kind) => (
          <label key={kind} className="choice">
            <input
              type="radio"
              name={`${group}-kind`}
              checked={draft.kind === kind}
              disabled={!mayCheck && kind !== 'none' && kind !== client?.sign_in?.kind}
              onChange={() => change({ kind })}
            />
            {kind === 'none' ? signIn.noOthers : signIn.names[kind]}
          </label>
        ))}
        <p id={`${group}-kind`} className={faults.sign_in === undefined ? 'hint' : 'fault'}>
          {faults.sign_in ??
            (mayCheck ? (draft.kind === 'none' ? '' : signIn.kindHints[draft.kind]) : signIn.administrators)}
        </p>
      </fieldset>
      {losesSecret(draft) ? (
        <p className="fault" role="alert">
          {draft.kind === 'jwt' && draft.by === 'secret' ? signIn.replacesSecret : signIn.losesSecret}
        </p>
      ) : null}
      {draft.kind === 'none' || !mayCheck ? null : (
        <>
          {draft.kind === 'jwt' ? <OwnKey {...part} /> : <Issuer {...part} />}
          <SignInRules {...part} />
        </>
      )}
    </div>
  )
}

const sources = ['secret', 'public_key'] as const

const OwnKey = ({ draft, change, faults }: SignInPartProps) => {
  const { signIn } = useConsole().texts
  const group = useId()
  return (
    <>
      <fieldset className="choices">
        <legend>{signIn.checkedBy}</legend>
        {sources.map((by) => (
          <label key={by} className="choice">
            <input type="radio" name={group} checked={draft.by === by} onChange={() => change({ by })} />
            {signIn.sources[by]}
          </label>
        ))}
      </fieldset>
      {draft.by === 'secret' ? (
        <Field
          label={draft.isSecretSet ? signIn.newSecret : signIn.secret}
          hint={draft.isSecretSet ? signIn.secretSet : signIn.secretHint}
          fault={faults['sign_in.secret']}
        >
          {(props) => (
            <input
              {...props}
              type="password"
              className="mono"
              autoComplete="new-password"
              spellCheck={false}
              value={draft.secret}
              onChange={(event) => change({ secret: event.target.value })}
            />
          )}
        </Field>
      ) : (
        <Lines field="publicKey" rows={5} draft={draft} change={change} faults={faults} />
      )}
    </>
  )
}

const Issuer = ({ draft, change, faults }: SignInPartProps) => {
  const { signIn } = useConsole().texts
  return (
    <>
      {(['issuer', 'jwksUrl'] as const).map((field) => (
        <TextField
          key={field}
          label={signIn.fields[field]}
          hint={signIn.hints[field]}
          fault={faults[fieldOf[field]]}
          value={draft[field]}
          onChange={(text) => change({ [field]: text })}
          inputMode="url"
          code
          optional={field === 'jwksUrl'}
        />
      ))}
      <Lines field="ca" rows={2} draft={draft} change={change} faults={faults} optional />
    </>
  )
}
