/** Which collections a client may call: every one, also later ones, or those that are chosen. */
import { useId, useState } from 'react'
import type { CollectionView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Choices } from './common-fields.tsx'

/** From so many on, a filter helps. */
const filterFrom = 9

interface GrantsFieldProps {
  /** Ids; null: every collection. */
  readonly value: readonly string[] | null
  readonly onChange: (value: readonly string[] | null) => void
  readonly collections: readonly CollectionView[]
  readonly fault: string | undefined
}

export const GrantsField = ({ value, onChange, collections, fault }: GrantsFieldProps) => {
  const { texts } = useConsole()
  const { form } = texts.records
  const [filter, setFilter] = useState('')
  // What was chosen stays so while somebody looks at the other choice.
  const [chosen, setChosen] = useState<readonly string[]>(value ?? [])
  const toldId = useId()
  const choose = (next: readonly string[]): void => {
    setChosen(next)
    onChange(next)
  }
  const wanted = filter.trim().toLowerCase()
  const shown = collections.filter(({ name }) => name.toLowerCase().includes(wanted))
  const told = chosen.length === 0 ? form.accessNone : form.accessCount(chosen.length)
  return (
    <Choices legend={form.access}>
      {[true, false].map((all) => (
        <label key={String(all)} className="choice">
          <input
            type="radio"
            name="access"
            checked={(value === null) === all}
            onChange={() => onChange(all ? null : chosen)}
          />
          {all ? form.accessAll : form.accessSome}
        </label>
      ))}
      {value === null ? null : (
        <div className="grants" role="group" aria-label={form.accessSome} aria-describedby={toldId}>
          {collections.length === 0 ? <p className="hint">{form.noCollections}</p> : null}
          {collections.length < filterFrom ? null : (
            <input
              type="text"
              aria-label={form.accessFilter}
              placeholder={form.accessFilter}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          )}
          <div className="grant-list">
            {shown.map(({ id, name, enabled }) => (
              <label key={id} className="grant">
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  onChange={({ target }) =>
                    choose(target.checked ? [...chosen, id] : chosen.filter((each) => each !== id))
                  }
                />
                <span className="cut" title={name}>
                  {name}
                </span>
                {enabled ? null : <span className="hint">{texts.records.disabled}</span>}
              </label>
            ))}
          </div>
        </div>
      )}
      <p id={toldId} className={fault === undefined ? 'hint' : 'fault'}>
        {fault ?? (value === null ? '' : told)}
      </p>
    </Choices>
  )
}
