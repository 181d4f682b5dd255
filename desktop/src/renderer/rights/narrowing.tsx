/** A choice between everything and what is ticked. Promises: what was ticked stays so while somebody looks at the other choice. */
import { useId, useState } from 'react'
import { useConsole } from '../console-context.ts'

/** From so many on, a filter helps. */
const filterFrom = 13

export interface Tickable<T extends string> {
  readonly id: T
  readonly text: string
  /** Read as code. */
  readonly code?: boolean
  readonly note?: string
}

interface NarrowingProps<T extends string> {
  readonly legend: string
  readonly all: string
  readonly some: string
  readonly hint?: string
  /** Null: everything. */
  readonly value: readonly T[] | null
  readonly onChange: (value: readonly T[] | null) => void
  readonly offered: readonly Tickable<T>[]
  /** Said where nothing is offered. */
  readonly none?: string
  /** What is offered is as short as the name of a method: more of it goes into a line. */
  readonly isShort?: boolean
  readonly fault: string | undefined
}

export const Narrowing = <T extends string>(props: NarrowingProps<T>) => {
  const { legend, all, some, hint = '', value, onChange, offered, none = '', isShort = false, fault } = props
  const [chosen, setChosen] = useState<readonly T[]>(value ?? [])
  const group = useId()
  const choose = (next: readonly T[]): void => {
    setChosen(next)
    onChange(next)
  }
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {[true, false].map((isAll) => (
        <label key={String(isAll)} className="choice">
          <input
            type="radio"
            name={group}
            checked={(value === null) === isAll}
            aria-describedby={`${group}-told`}
            {...(isAll ? {} : { 'aria-invalid': fault !== undefined, 'data-told': true })}
            // What is not offered any more cannot be chosen either.
            onChange={() => onChange(isAll ? null : chosen.filter((each) => offered.some(({ id }) => id === each)))}
          />
          {isAll ? all : some}
        </label>
      ))}
      {offered.length === 0 && none !== '' ? <p className="hint">{none}</p> : null}
      {value === null || offered.length === 0 ? null : (
        <Ticks label={some} chosen={value} onChoose={choose} offered={offered} isShort={isShort} />
      )}
      <p
        id={`${group}-told`}
        className={fault === undefined ? 'hint' : 'fault'}
        role={fault === undefined ? undefined : 'alert'}
      >
        {fault ?? hint}
      </p>
    </fieldset>
  )
}

interface TicksProps<T extends string> {
  readonly label: string
  readonly chosen: readonly T[]
  readonly onChoose: (chosen: readonly T[]) => void
  readonly offered: readonly Tickable<T>[]
  readonly isShort?: boolean
}

export const Ticks = <T extends string>({ label, chosen, onChoose, offered, isShort = false }: TicksProps<T>) => {
  const { texts } = useConsole()
  const [filter, setFilter] = useState('')
  const wanted = filter.trim().toLowerCase()
  const shown = offered.filter(({ text }) => text.toLowerCase().includes(wanted))
  return (
    <>
      {offered.length < filterFrom ? null : (
        <input
          type="text"
          aria-label={texts.rights.filter(label)}
          placeholder={texts.rights.filterHint}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      <div className={isShort ? 'ticks short' : 'ticks'} role="group" aria-label={label}>
        {shown.map(({ id, text, code = false, note }) => (
          <label key={id} className="tick">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ target }) =>
                onChoose(target.checked ? [...chosen, id] : chosen.filter((each) => each !== id))
              }
            />
            {code ? <code>{text}</code> : <span>{text}</span>}
            {note === undefined ? null : <span className="hint">{note}</span>}
          </label>
        ))}
      </div>
    </>
  )
}
