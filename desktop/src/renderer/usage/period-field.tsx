/** Which time is shown, and how it is divided into bars. */
import { useId } from 'react'
import { useConsole } from '../console-context.ts'
import { dateBounds, ranges, type Dated, type Range, type Unit } from './periods.ts'

interface PeriodFieldProps {
  readonly range: Range
  readonly onRange: (range: Range) => void
  readonly unit: Unit
  /** Those there can be. */
  readonly units: readonly Unit[]
  readonly onUnit: (unit: Unit) => void
  readonly dated: Dated
  readonly onDated: (dated: Dated) => void
  readonly isWrong: boolean
}

export const PeriodField = ({ range, onRange, unit, units, onUnit, dated, onDated, isWrong }: PeriodFieldProps) => {
  const { texts, dates, nowMs } = useConsole()
  const { usage } = texts
  const [fromId, toId, unitId, toldId] = [useId(), useId(), useId(), useId()]
  const bounds = dateBounds(nowMs(), dates.zone)
  const limits = { min: bounds.from, max: bounds.to, 'aria-describedby': toldId, 'aria-invalid': isWrong }
  return (
    <>
      <div className="chips" role="group" aria-label={usage.range}>
        {ranges.map((each) => (
          <button key={each} type="button" className="chip" aria-pressed={each === range} onClick={() => onRange(each)}>
            {usage.ranges[each]}
          </button>
        ))}
        <label className="beside" htmlFor={unitId}>
          {usage.unit}
        </label>
        <select
          id={unitId}
          className="short"
          value={unit}
          onChange={({ target }) => onUnit(units.find((each) => each === target.value) ?? unit)}
        >
          {units.map((each) => (
            <option key={each} value={each}>
              {usage.units[each]}
            </option>
          ))}
        </select>
      </div>
      {range === 'custom' ? (
        <div className="chips">
          <label htmlFor={fromId}>{usage.from}</label>
          <input
            {...limits}
            id={fromId}
            type="date"
            className="short"
            value={dated.from}
            onChange={({ target }) => onDated({ ...dated, from: target.value })}
          />
          <label htmlFor={toId}>{usage.to}</label>
          <input
            {...limits}
            id={toId}
            type="date"
            className="short"
            value={dated.to}
            onChange={({ target }) => onDated({ ...dated, to: target.value })}
          />
          <span id={toldId} className={isWrong ? 'fault' : 'hint'} role="status">
            {isWrong ? usage.datesWrong : ''}
          </span>
        </div>
      ) : null}
    </>
  )
}
