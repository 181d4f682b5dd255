/** What expires when, for twelve months: days to look at, and a better day for what ends on them. From the keys alone. */
import { useCallback, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { KeyView } from '@postern/shared'
import { useDayNames } from '../calendar/day-names.ts'
import { DayPanel, Warnings } from '../calendar/day-panel.tsx'
import { icsOf, type Ending } from '../calendar/ics.ts'
import { MonthTable } from '../calendar/month-table.tsx'
import { dayAfterPress, daysToLookAt, isPlanned, planOf, type Plan } from '../calendar/plan.ts'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { dateIn } from '../dates.ts'
import type { PageProps } from '../pages.tsx'
import { Command, Loading } from '../parts/states.tsx'
import type { Texts } from '../texts/texts.ts'
import { useJudgedTime } from '../use-judged-time.ts'

const legend = ['expired', 'soon', 'active', 'look'] as const

const endingOf = (key: KeyView, { calendar }: Texts): Ending => ({
  id: `key-${key.id}`,
  // The entity tag is the number of the revision.
  sequence: Number(/^"(\d{1,15})"$/.exec(key.etag)?.[1] ?? 0),
  endMs: Date.parse(key.expires_at ?? ''),
  summary: calendar.event(key.name),
  description: [calendar.eventAbout(key.id), ...(key.owner === null ? [] : [calendar.eventOwner(key.owner)])].join(' '),
})

export const CalendarPage = ({ asked }: PageProps) => {
  const { bridge, model, texts, dates, nowMs, toasts, go } = useConsole()
  const { calendar } = texts
  const known = useKnown(model)
  const { keys, keysLoaded, status } = known
  const judgedMs = useJudgedTime(keys, nowMs)
  const { names, week } = useDayNames()
  const plan = useMemo(() => planOf(keys, judgedMs, dates.zone, week), [keys, judgedMs, dates.zone, week])
  const [picked, setPicked] = useState<string | null>(asked)
  const [days, choose, onKeyDown] = useDays(plan, setPicked)
  // Before somebody has chosen: what needs a look first, or today.
  const chosen = picked ?? daysToLookAt(plan)[0]?.date ?? plan.today
  const planned = keys.filter((key) => isPlanned(key) && Date.parse(key.expires_at ?? '') > judgedMs)

  const save = (): void => {
    const about = { storeId: status?.store?.id ?? 'postern', name: calendar.file, nowMs: nowMs() }
    const text = icsOf(
      planned.map((key) => endingOf(key, texts)),
      about,
    )
    const name = `postern-keys-${dateIn(nowMs(), dates.zone)}.ics`
    void bridge.saveText(name, text).catch(() => toasts.show(calendar.notSaved, { alert: true }))
  }
  const isEmpty = plan.within + plan.past + plan.later === 0
  const attention = daysToLookAt(plan).length

  return (
    <div className="page calendar-page">
      <div className="top">
        <h1>{texts.pages.calendar}</h1>
        <button
          type="button"
          className="button"
          disabled={planned.length === 0}
          title={calendar.exportHint}
          onClick={save}
        >
          {calendar.export}
        </button>
      </div>
      {!keysLoaded ? (
        <Loading text={calendar.loading} />
      ) : isEmpty ? (
        <div className="nothing">
          <p>{keys.length === 0 ? calendar.empty : calendar.noneExpires}</p>
          {keys.length === 0 ? null : <p className="hint">{calendar.leftOut}</p>}
          <button type="button" className="button" onClick={() => go('keys')}>
            {calendar.addKeys}
          </button>
        </div>
      ) : (
        <>
          <p className="sentence">
            {calendar.summary(plan.within)} {attention === 0 ? calendar.fine : calendar.attention(attention)}
          </p>
          <p className="hint aside-line">
            {plan.later === 0 ? '' : `${calendar.later(plan.later)} `}
            {plan.past === 0 ? '' : `${calendar.past(plan.past)} `}
            {calendar.leftOut} {calendar.zone(dates.zone)}
          </p>
          <div className="calendar-split">
            <div className="beside">
              <Warnings plan={plan} names={names} onChoose={choose} />
              <DayPanel
                date={chosen}
                plan={plan}
                week={week}
                names={names}
                judgedMs={judgedMs}
                off={whyOff(known, texts)}
              />
            </div>
            <div>
              <div
                ref={days}
                className="months"
                role="group"
                aria-label={calendar.strip}
                aria-describedby="calendar-keys"
                onKeyDown={(event) => onKeyDown(event, chosen)}
              >
                {plan.months.map((month) => (
                  <MonthTable
                    key={month.month}
                    month={month}
                    today={plan.today}
                    week={week}
                    names={names}
                    chosen={chosen.startsWith(month.month) ? chosen : null}
                    onChoose={choose}
                  />
                ))}
              </div>
              <p className="legend">
                {legend.map((each) => (
                  <span key={each} className="hint">
                    <i className={`day marked sample ${each}`} aria-hidden="true" />
                    {calendar.legend[each]}
                  </span>
                ))}
              </p>
              <p className="hint aside-line" id="calendar-keys">
                {calendar.how}
              </p>
              <div className="subscribe">
                <p className="hint">{calendar.subscribe}</p>
                <Command text={calendar.subscribeCommand} />
              </div>
            </div>
          </div>
        </>
      )}
    </div>
  )
}

/** Choosing a day with the mouse, from the warnings, and with the keys; the focus follows keys alone. */
const useDays = (plan: Plan, pick: (date: string) => void) => {
  const element = useRef<HTMLDivElement>(null)
  const follow = useRef<string | null>(null)
  useLayoutEffect(() => {
    if (follow.current === null) return
    element.current?.querySelector<HTMLElement>(`[data-date="${follow.current}"]`)?.focus()
    follow.current = null
  })
  const choose = useCallback((date: string) => pick(date), [pick])
  const press = (event: KeyboardEvent, chosen: string): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const next = dayAfterPress(event.key, follow.current ?? chosen, plan)
    if (next === null) return
    event.preventDefault()
    follow.current = next
    pick(next)
  }
  return [element, choose, press] as const
}
