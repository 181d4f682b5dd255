/** The limits of a policy, a row for each: how many calls, in which time. What is wrong with one is said under it. */
import { useId, type RefObject } from 'react'
import type { LimitUnit } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { CloseIcon } from '../parts/icons.tsx'
import { unitsFor, withRow, type DraftRow } from './policy-draft.ts'

interface LimitRowsProps {
  readonly rows: readonly DraftRow[]
  /** In the order of the rows. */
  readonly faults: readonly (string | undefined)[]
  /** Of all of them together. */
  readonly fault: string | undefined
  readonly box: RefObject<HTMLFieldSetElement | null>
  readonly onChange: (rows: readonly DraftRow[]) => void
}

export const LimitRows = ({ rows, faults, fault, box, onChange }: LimitRowsProps) => {
  const { texts } = useConsole()
  const { form } = texts.policies
  const faultId = useId()
  const change = (row: number, more: Partial<DraftRow>): void =>
    onChange(rows.map((each) => (each.row === row ? { ...each, ...more } : each)))
  /** What had the focus is gone: it goes to what is there instead. */
  const drop = (row: number): void => {
    onChange(rows.filter((each) => each.row !== row))
    setTimeout(() => box.current?.querySelector<HTMLElement>('.add-limit')?.focus())
  }
  const add = (): void => {
    onChange(withRow(rows))
    setTimeout(() => [...(box.current?.querySelectorAll<HTMLElement>('.limit-row input') ?? [])].at(-1)?.focus())
  }
  return (
    <fieldset ref={box} className="choices limit-rows" aria-describedby={faultId}>
      <legend>{form.limits}</legend>
      {rows.map(({ row, per, calls }, at) => (
        <LimitRow
          key={row}
          per={per}
          calls={calls}
          units={unitsFor(rows, per)}
          fault={faults[at]}
          onCalls={(typed) => change(row, { calls: typed })}
          onUnit={(unit) => change(row, { per: unit })}
          onDrop={() => drop(row)}
        />
      ))}
      <p>
        <button
          type="button"
          className="button add-limit"
          aria-disabled={unitsFor(rows, null).length === 0}
          onClick={() => {
            if (unitsFor(rows, null).length > 0) add()
          }}
        >
          {form.addLimit}
        </button>
      </p>
      <p id={faultId} className={fault === undefined ? 'hint' : 'fault'}>
        {fault ?? form.limitsHint}
      </p>
    </fieldset>
  )
}

interface LimitRowProps {
  readonly per: LimitUnit
  readonly calls: string
  readonly units: readonly LimitUnit[]
  readonly fault: string | undefined
  readonly onCalls: (typed: string) => void
  readonly onUnit: (unit: LimitUnit) => void
  readonly onDrop: () => void
}

const LimitRow = ({ per, calls, units, fault, onCalls, onUnit, onDrop }: LimitRowProps) => {
  const { texts } = useConsole()
  const { form } = texts.policies
  const faultId = useId()
  return (
    <>
      <div className="limit-row">
        <input
          type="text"
          inputMode="numeric"
          autoComplete="off"
          data-told
          aria-label={form.callsOf[per]}
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : faultId}
          value={calls}
          onChange={({ target }) => onCalls(target.value)}
        />
        <select
          aria-label={form.unit}
          value={per}
          onChange={({ target }) => {
            const unit = units.find((each) => each === target.value)
            if (unit !== undefined) onUnit(unit)
          }}
        >
          {units.map((unit) => (
            <option key={unit} value={unit}>
              {form.units[unit]}
            </option>
          ))}
        </select>
        <button type="button" className="plain" aria-label={form.dropLimit[per]} onClick={onDrop}>
          <CloseIcon />
        </button>
      </div>
      {fault === undefined ? null : (
        <p id={faultId} className="fault">
          {fault}
        </p>
      )}
    </>
  )
}
