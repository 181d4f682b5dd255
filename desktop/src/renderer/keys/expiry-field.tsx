/** When a key ends: a choice or a date, and what that means said in full while it is chosen. */
import { useId } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { createDates, endOfDate, ownZone } from '../dates.ts'
import { ToldField } from '../parts/told-field.tsx'
import type { Texts } from '../texts/texts.ts'
import { dateLimits, dateOf, daysOf, expiryChoices, type ExpiryChoiceName, type ExpiryValue } from './expiry-choice.ts'
import { standingOf } from './standing.ts'

const dayMs = 86_400_000

interface ExpiryFieldProps {
  readonly value: ExpiryValue
  readonly onChange: (value: ExpiryValue) => void
  readonly of: KeyView | null
  readonly fault: string | undefined
  /** What can be chosen; by default everything. */
  readonly offered?: readonly ExpiryChoiceName[]
}

export const ExpiryField = ({ value, onChange, of: key, fault, offered = expiryChoices }: ExpiryFieldProps) => {
  const { texts, dates, nowMs } = useConsole()
  const { form } = texts
  const saidId = useId()
  const told = { isWrong: fault !== undefined, toldBy: saidId }
  const now = nowMs()
  const choices = key === null ? offered : (['keep', ...offered] as const)
  const choose = (choice: ExpiryValue['choice']): void =>
    onChange({ ...value, choice, date: isDated(choice) ? dateOf(choice, now, dates.zone) : value.date })
  return (
    <fieldset className="choices">
      <legend>{form.expires}</legend>
      {choices.map((choice) => (
        <label key={choice} className="choice">
          <input type="radio" name="expires" checked={value.choice === choice} onChange={() => choose(choice)} />
          {textOf(choice, texts)}
        </label>
      ))}
      {value.choice === 'custom' ? (
        <ToldField
          {...told}
          {...dateLimits(now, dates.zone)}
          label={form.date}
          type="date"
          value={value.date}
          onText={(date) => onChange({ ...value, date })}
        />
      ) : null}
      {value.choice === 'days' ? (
        <ToldField
          {...told}
          label={texts.care.form.daysLabel}
          type="text"
          inputMode="numeric"
          value={value.days}
          onText={(days) => onChange({ ...value, days })}
        />
      ) : null}
      <p id={saidId} className={fault === undefined ? 'hint' : 'fault'} role="status">
        {fault ?? <Meaning value={value} of={key} />}
      </p>
    </fieldset>
  )
}

/** A choice that is a date by itself. */
const isDated = (choice: ExpiryValue['choice']): choice is '30d' | '90d' | '6m' | '1y' =>
  !['keep', 'custom', 'days', 'never'].includes(choice)

const textOf = (choice: ExpiryValue['choice'], { form, care }: Texts): string => {
  if (choice === 'keep') return form.keep
  return choice === 'days' || choice === 'never' ? care.form[choice] : form.choices[choice]
}

const Meaning = ({ value, of: key }: Pick<ExpiryFieldProps, 'value' | 'of'>) => {
  const { texts, dates, nowMs } = useConsole()
  const { form } = texts
  const { choice, date } = value
  if (choice === 'keep') {
    const at = key?.expires_at ?? null
    return at === null ? texts.keys.neverExpires : dates.end(at)
  }
  if (choice === 'never') return texts.care.form.neverMeans
  const days = daysOf(value)
  if (choice === 'days' && days === null) return texts.care.form.daysMissing
  if (choice !== 'days' && date === '') return form.dateMissing
  const endMs = choice === 'days' ? nowMs() + (days ?? 0) * dayMs : endOfDate(date, dates.zone)
  const zone = ownZone()
  const revives = key !== null && standingOf(key, nowMs()) === 'expired' && endMs > nowMs()
  return [
    choice === 'days'
      ? texts.care.form.stopsAt(dates.end(endMs), dates.zone)
      : form.stops(dates.endDay(endMs), dates.zone),
    ...(zone === dates.zone ? [] : [form.stopsHere(createDates(zone).dayAndTime(endMs), zone)]),
    ...(revives ? [form.revives] : []),
    form.warned,
  ].join(' ')
}
