/** What the parts of the form of how callers sign in have in common. */
import type { ClientView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Field, type Faults } from '../parts/form.tsx'
import type { SignInDraft, SignInText } from './sign-in-draft.ts'
import { fieldOf, type SignInField } from './sign-in-faults.ts'

export interface SignInFieldsProps {
  /** Null: a new one, which has no keys yet. */
  readonly client: ClientView | null
  readonly draft: SignInDraft
  readonly onChange: (draft: SignInDraft) => void
  readonly faults: Faults<SignInField>
}

export interface SignInPartProps extends SignInFieldsProps {
  readonly change: (more: Partial<SignInDraft>) => void
}

interface LinesProps extends Pick<SignInPartProps, 'draft' | 'change' | 'faults'> {
  readonly field: SignInText
  readonly rows: number
  readonly optional?: boolean
  /** Said after the hint of the field. */
  readonly also?: string
}

/** A text of several lines, read as code. */
export const Lines = ({ field, rows, draft, change, faults, optional = false, also = '' }: LinesProps) => {
  const { signIn, common } = useConsole().texts
  const label = signIn.fields[field]
  return (
    <Field
      label={optional ? `${label} ${common.optional}` : label}
      hint={`${signIn.hints[field]} ${also}`.trim()}
      fault={faults[fieldOf[field]]}
    >
      {(props) => (
        <textarea
          {...props}
          className="mono"
          rows={rows}
          spellCheck={false}
          autoComplete="off"
          value={draft[field]}
          onChange={(event) => change({ [field]: event.target.value })}
        />
      )}
    </Field>
  )
}
