/** The keys that end on the chosen day, and where they could go. */
import { useState } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { useKeyActions } from '../keys/use-key-actions.ts'
import { StandingPill } from '../parts/standing-pill.tsx'
import type { DayNames } from './day-names.ts'
import { betterDay, daysToLookAt, pileUp, weekdayOf, type Day, type Plan, type Week } from './plan.ts'

const warningsShown = 6
const keysShown = 50

interface DayPanelProps {
  readonly date: string
  readonly plan: Plan
  readonly week: Week
  readonly names: DayNames
  readonly judgedMs: number
  readonly off: string | null
}

export const DayPanel = ({ date, plan, week, names, judgedMs, off }: DayPanelProps) => {
  const { texts } = useConsole()
  const { calendar } = texts
  const keys = plan.byDate.get(date) ?? []
  const isBad = week.weekend.includes(weekdayOf(date)) || keys.length >= pileUp
  return (
    <section className="card day-panel" aria-labelledby="chosen-day">
      <h2 id="chosen-day">{names.long(date)}</h2>
      {keys.length === 0 ? <p className="hint">{calendar.noneOn}</p> : null}
      <ul className="plain-list">
        {keys.slice(0, keysShown).map((key) => (
          <KeyLine
            key={key.id}
            of={key}
            judgedMs={judgedMs}
            // What has ended does not end on a better day: it would work again.
            to={isBad && Date.parse(key.expires_at ?? '') > judgedMs ? betterDay(date, plan, week) : null}
            names={names}
            off={off}
          />
        ))}
      </ul>
      {keys.length > keysShown ? <p className="hint">{calendar.moreKeys(keys.length - keysShown)}</p> : null}
    </section>
  )
}

interface KeyLineProps {
  readonly of: KeyView
  readonly judgedMs: number
  /** The day it could go to; null: it is well where it is. */
  readonly to: string | null
  readonly names: DayNames
  readonly off: string | null
}

const KeyLine = ({ of: key, judgedMs, to, names, off }: KeyLineProps) => {
  const { texts, dates } = useConsole()
  const { calendar } = texts
  const { edit, tell } = useKeyActions()
  const [busy, setBusy] = useState(false)
  const move = (): void => {
    if (to === null || off !== null || busy) return
    setBusy(true)
    edit(key, { expires: { at: to } })
      .catch(tell)
      .finally(() => setBusy(false))
    // The button goes with the key; what is said next of this day is where the focus belongs.
    document.querySelector<HTMLElement>('.day[tabindex="0"]')?.focus()
  }
  return (
    <li>
      <span className="key-name">
        {key.name}
        <span className="hint">
          {' '}
          {key.owner ?? calendar.ownerless}, {calendar.at(dates.time(key.expires_at ?? 0))}
        </span>
      </span>
      <StandingPill of={key} nowMs={judgedMs} />
      {to === null ? null : (
        <button
          type="button"
          className="button"
          aria-disabled={off !== null || busy}
          title={off ?? names.long(to)}
          onClick={move}
        >
          {calendar.move(names.weekday(to))}
          <span className="unseen"> {calendar.moveWhich(key.name, names.long(to))}</span>
        </button>
      )}
    </li>
  )
}

interface WarningsProps {
  readonly plan: Plan
  readonly names: DayNames
  readonly onChoose: (date: string) => void
}

export const Warnings = ({ plan, names, onChoose }: WarningsProps) => {
  const { texts } = useConsole()
  const { calendar } = texts
  const days = daysToLookAt(plan)
  if (days.length === 0) return null
  const said = ({ date, keys, isWeekend }: Day): string => {
    const tell = !isWeekend ? calendar.piledUp : keys.length >= pileUp ? calendar.both : calendar.onWeekend
    return tell(names.short(date), keys.length)
  }
  return (
    <section className="card warnings" aria-labelledby="days-to-look-at">
      <h2 id="days-to-look-at">{calendar.warnings}</h2>
      <ul className="plain-list">
        {days.slice(0, warningsShown).map((day) => (
          <li key={day.date}>
            <button type="button" className="link" onClick={() => onChoose(day.date)}>
              {said(day)}
            </button>
          </li>
        ))}
      </ul>
      {days.length > warningsShown ? (
        <p className="hint">{calendar.moreWarnings(days.length - warningsShown)}</p>
      ) : null}
    </section>
  )
}
