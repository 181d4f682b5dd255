/** What of the trail is shown: by object, actor, action, source and time. */
import { useId } from 'react'
import { actorKinds } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { actionGroups } from './in-words.ts'
import { noFilter, type TrailFilter } from './trail-filter.ts'

interface FilterFieldsProps {
  readonly filter: TrailFilter
  readonly onChange: (filter: TrailFilter) => void
}

export const FilterFields = ({ filter, onChange }: FilterFieldsProps) => {
  const { texts } = useConsole()
  const { audit } = texts
  const [fromId, toId] = [useId(), useId()]
  const change = (name: keyof TrailFilter) => ({
    value: filter[name],
    onChange: ({ target }: { target: { value: string } }) => onChange({ ...filter, [name]: target.value }),
  })
  return (
    <div className="chips filters" role="group" aria-label={audit.filter.title}>
      <input
        {...change('object')}
        type="search"
        className="short wider"
        aria-label={audit.filter.object}
        aria-keyshortcuts="Control+F"
        placeholder={audit.filter.objectHint}
        spellCheck={false}
      />
      <input
        {...change('actor')}
        type="search"
        className="short"
        aria-label={audit.filter.actor}
        placeholder={audit.filter.actorHint}
        spellCheck={false}
      />
      <select {...change('action')} className="short" aria-label={audit.filter.action}>
        <option value="">{audit.filter.anyAction}</option>
        {actionGroups(texts).map(({ group, actions }) => (
          <optgroup key={group} label={group}>
            {actions.map((action) => (
              <option key={action} value={action}>
                {audit.actions[action]}
              </option>
            ))}
            {actions[0] === 'trail.receiver' ? <option value="trail">{audit.actions.trail}</option> : null}
          </optgroup>
        ))}
      </select>
      <select {...change('source')} className="short" aria-label={audit.filter.source}>
        <option value="">{audit.filter.anySource}</option>
        {actorKinds.map((kind) => (
          <option key={kind} value={kind}>
            {audit.sources[kind]}
          </option>
        ))}
      </select>
      <span className="dates">
        <label htmlFor={fromId}>{audit.filter.from}</label>
        <input {...change('from')} id={fromId} type="date" className="short" />
        <label htmlFor={toId}>{audit.filter.to}</label>
        <input {...change('to')} id={toId} type="date" className="short" />
      </span>
      {Object.values(filter).every((each) => each === '') ? null : (
        <button type="button" className="button" onClick={() => onChange(noFilter)}>
          {audit.filter.clear}
        </button>
      )}
    </div>
  )
}
