/** One month of the calendar: its days under their weekdays, with the number of keys that end on each. */
import { memo } from 'react'
import { useConsole } from '../console-context.ts'
import type { DayNames } from './day-names.ts'
import { needsLook, pileUp, type Day, type Month, type Week } from './plan.ts'

interface MonthTableProps {
  readonly month: Month
  readonly today: string
  readonly week: Week
  readonly names: DayNames
  /** The chosen day, where it is in this month. */
  readonly chosen: string | null
  readonly onChoose: (date: string) => void
}

export const MonthTable = memo(({ month, today, week, names, chosen, onChoose }: MonthTableProps) => {
  const { texts } = useConsole()
  const columns = Array.from({ length: 7 }, (_, at) => ((week.firstDay - 1 + at) % 7) + 1)
  const places: (Day | null)[] = [...Array.from({ length: month.before }, () => null), ...month.days]
  const weeks = Array.from({ length: Math.ceil(places.length / 7) }, (_, at) => places.slice(at * 7, at * 7 + 7))
  return (
    <table className="month">
      <caption>
        {names.month(month.month)}
        {month.count === 0 ? null : <span className="hint"> {texts.calendar.monthCount(month.count)}</span>}
      </caption>
      <thead>
        <tr>
          {columns.map((day) => {
            const { short, long } = names.column(day)
            return (
              <th key={day} scope="col" abbr={long}>
                {short}
              </th>
            )
          })}
        </tr>
      </thead>
      <tbody>
        {weeks.map((row, at) => (
          <tr key={row.find((day) => day !== null)?.date ?? at}>
            {row.map((day, place) =>
              day === null ? (
                <td key={`before ${String(place)}`} />
              ) : (
                <td key={day.date} className={day.isWeekend ? 'weekend' : ''}>
                  <DayButton day={day} today={today} names={names} isChosen={day.date === chosen} onChoose={onChoose} />
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
})

interface DayButtonProps {
  readonly day: Day
  readonly today: string
  readonly names: DayNames
  readonly isChosen: boolean
  readonly onChoose: (date: string) => void
}

const DayButton = ({ day, today, names, isChosen, onChoose }: DayButtonProps) => {
  const { texts, dates } = useConsole()
  const { calendar } = texts
  const count = day.keys.length
  const said = [
    calendar.day(names.long(day.date), count),
    ...(day.date === today ? [calendar.today] : []),
    ...(count > 0 && day.isWeekend ? [calendar.weekend] : []),
    ...(count >= pileUp ? [calendar.pileUp] : []),
  ]
  const classes = [
    'day',
    ...(day.standing === null ? [] : ['marked', day.standing]),
    ...(needsLook(day, today) ? ['look'] : []),
    ...(day.date === today ? ['today'] : []),
  ]
  return (
    <button
      type="button"
      className={classes.join(' ')}
      data-date={day.date}
      aria-pressed={isChosen}
      aria-current={day.date === today ? 'date' : undefined}
      // One stop for Tab among all the days; arrows lead to the others.
      tabIndex={isChosen ? 0 : -1}
      onClick={() => onChoose(day.date)}
    >
      <span className="number" aria-hidden="true">
        {Number(day.date.slice(8))}
      </span>
      {count === 0 ? null : <strong aria-hidden="true">{dates.number(count)}</strong>}
      <span className="unseen">{said.join(', ')}</span>
    </button>
  )
}
