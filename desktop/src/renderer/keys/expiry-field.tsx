/** When a key ends: a choice or a date, and what that means said in full while it is chosen. */
import { useId } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { createDates, endOfDate, ownZone } from '../dates.ts'
import { dateLimits, dateOf, expiryChoices, type ExpiryChoiceName } from './expiry-choice.ts'
import { standingOf } from './standing.ts'

export interface ExpiryValue {
  /** `keep`: as it is; for a key that is edited. */
  readonly choice: ExpiryChoiceName | 'keep'
  /** Empty while no date is given. */
  readonly date: string
}

interface ExpiryFieldProps {
  readonly value: ExpiryValue
  readonly onChange: (value: ExpiryValue) => void
  readonly of: KeyView | null
  readonly fault: string | undefined
}

export const ExpiryField = ({ value, onChange, of: key, fault }: ExpiryFieldProps) => {
  const { texts, dates, nowMs } = useConsole()
  const { form } = texts
  const [dateId, saidId] = [useId(), useId()]
  const now = nowMs()
  const limits = dateLimits(now, dates.zone)
  const choices = key === null ? expiryChoices : (['keep', ...expiryChoices] as const)
  const choose = (choice: ExpiryValue['choice']): void =>
    onChange({ choice, date: choice === 'keep' || choice === 'custom' ? value.date : dateOf(choice, now, dates.zone) })
  return (
    <fieldset className="choices">
      <legend>{form.expires}</legend>
      {choices.map((choice) => (
        <label key={choice} className="choice">
          <input type="radio" name="expires" checked={value.choice === choice} onChange={() => choose(choice)} />
          {choice === 'keep' ? form.keep : form.choices[choice]}
        </label>
      ))}
      {value.choice === 'custom' ? (
        <div className="field">
          <label htmlFor={dateId}>{form.date}</label>
          <input
            id={dateId}
            type="date"
            required
            data-told
            min={limits.min}
            max={limits.max}
            value={value.date}
            aria-invalid={fault !== undefined}
            aria-describedby={saidId}
            onChange={(event) => onChange({ ...value, date: event.target.value })}
          />
        </div>
      ) : null}
      <p id={saidId} className={fault === undefined ? 'hint' : 'fault'} role="status">
        {fault ?? <Meaning value={value} of={key} />}
      </p>
    </fieldset>
  )
}

const Meaning = ({ value: { choice, date }, of: key }: Pick<ExpiryFieldProps, 'value' | 'of'>) => {
  const { texts, dates, nowMs } = useConsole()
  const { form } = texts
  if (choice === 'keep') {
    const at = key?.expires_at ?? null
    return at === null ? texts.keys.neverExpires : dates.end(at)
  }
  if (date === '') return form.dateMissing
  const endMs = endOfDate(date, dates.zone)
  const zone = ownZone()
  const revives = key !== null && standingOf(key, nowMs()) === 'expired' && endMs > nowMs()
  return [
    form.stops(dates.endDay(endMs), dates.zone),
    ...(zone === dates.zone ? [] : [form.stopsHere(createDates(zone).dayAndTime(endMs), zone)]),
    ...(revives ? [form.revives] : []),
    form.warned,
  ].join(' ')
}
