/** From where calls may come, and from where they may not: two lists of networks, one to a line. */
import { useConsole } from '../console-context.ts'
import { Field } from '../parts/form.tsx'
import type { NetworkTexts } from './networks.ts'

interface NetworksProps {
  readonly value: NetworkTexts
  readonly onChange: (more: Partial<NetworkTexts>) => void
  readonly faults: Readonly<Partial<Record<'addresses.allow' | 'addresses.deny', string | undefined>>>
}

const lists = ['allow', 'deny'] as const

export const NetworksFields = ({ value, onChange, faults }: NetworksProps) => {
  const { texts } = useConsole()
  const { networks } = texts.rights
  return (
    <div className="networks">
      <div className="side-by-side">
        {lists.map((list) => (
          <Field key={list} label={networks[list]} hint={networks.hints[list]} fault={faults[`addresses.${list}`]}>
            {(props) => (
              <textarea
                {...props}
                className="mono"
                rows={2}
                spellCheck={false}
                autoComplete="off"
                value={value[list]}
                onChange={(event) => onChange({ [list]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="hint">{networks.caller}</p>
    </div>
  )
}
