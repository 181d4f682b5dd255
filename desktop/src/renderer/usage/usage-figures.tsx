/** What a report of usage says: the bars, why calls were refused, and who called. */
import { useMemo } from 'react'
import type { UsageReportRow, UsageReportView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { createDates } from '../dates.ts'
import { RecordTable } from '../parts/record-table.tsx'
import { UsageChart } from '../parts/usage-chart.tsx'
import { usePreference } from '../preferences.ts'
import { barsCsv, barsOf, reasonsOf, sumOf, usageCsv } from './figures.ts'
import { barStart, type Period, type Unit } from './periods.ts'
import { useSaved } from './use-saved.ts'

/** The groups that a table can have; time has the bars. */
export const tableGroups = ['key', 'client', 'owner', 'endpoint', 'caller'] as const
export type TableGroup = (typeof tableGroups)[number]

const rowsShown = 200

export const useBarNames = (unit: Unit): { short: (bar: string) => string; long: (bar: string) => string } => {
  const { dates } = useConsole()
  return useMemo(() => {
    if (unit === 'hour') return { short: dates.time, long: dates.dayAndTime }
    // Days and months are those of UTC, and would be others in a zone.
    const name = (options: Intl.DateTimeFormatOptions) => {
      const format = new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' })
      return (bar: string): string => format.format(new Date(barStart(bar)))
    }
    if (unit === 'month')
      return { short: name({ month: 'short', year: '2-digit' }), long: name({ month: 'long', year: 'numeric' }) }
    return { short: name({ day: 'numeric', month: 'short' }), long: createDates('UTC').day }
  }, [unit, dates])
}

export const BarsSection = ({ report, period, unit }: { report: UsageReportView; period: Period; unit: Unit }) => {
  const { texts, dates } = useConsole()
  const { usage } = texts
  const save = useSaved()
  const [shown, setShown] = usePreference('usage-bars', ['chart', 'table'], 'chart')
  const names = useBarNames(unit)
  const bars = useMemo(() => barsOf(period.bars, report.data), [period.bars, report.data])
  const { allowed, refused } = sumOf(bars)
  const utc = createDates('UTC')
  const end = Date.parse(report.to) - 1
  const isHours = unit === 'hour'
  const from = isHours ? dates.dayAndTime(report.from) : utc.day(report.from)
  const to = isHours ? dates.dayAndTime(report.to) : utc.day(end)
  return (
    <section className="report">
      <div className="top">
        <h2>{usage.period(from, to)}</h2>
        <button type="button" className="button" onClick={() => setShown(shown === 'chart' ? 'table' : 'chart')}>
          {shown === 'chart' ? usage.asTable : usage.asChart}
        </button>
        <button type="button" className="button" onClick={() => save(`usage-by-${unit}`, 'csv', barsCsv(bars))}>
          {usage.export}
        </button>
      </div>
      <p className="legend">
        <span className="passed">
          <i className="swatch" aria-hidden="true" />
          {usage.passed} <strong>{dates.number(allowed)}</strong>
        </span>
        <span className="refused">
          <i className="swatch" aria-hidden="true" />
          {usage.refused} <strong>{dates.number(refused)}</strong>
        </span>
        <span className="hint">{zoneText(unit, report.to, texts.usage, dates)}</span>
      </p>
      {shown === 'chart' ? (
        <UsageChart rows={bars.map((bar) => ({ ...bar, label: names.short(bar.id) }))} />
      ) : (
        <RecordTable
          caption={usage.bars}
          rows={bars.toReversed()}
          idOf={({ id }) => id}
          columns={[
            { name: 'start', head: usage.unitHeads[unit], cell: ({ id }) => names.long(id) },
            { name: 'passed', head: usage.passed, number: true, cell: (bar) => dates.number(bar.allowed) },
            { name: 'refused', head: usage.refused, number: true, cell: (bar) => dates.number(bar.refused) },
          ]}
          nothing=""
        />
      )}
    </section>
  )
}

type Said = ReturnType<typeof useConsole>

/** In which zone the bars are, and where that is another one than the gateway's, when they begin there. */
const zoneText = (unit: Unit, to: string, usage: Said['texts']['usage'], { zone, time }: Said['dates']): string => {
  if (unit === 'hour') return usage.inZone(zone)
  const midnight = time(`${to.slice(0, 10)}T00:00:00.000Z`)
  const begins = createDates('UTC').time(`${to.slice(0, 10)}T00:00:00.000Z`)
  return midnight === begins ? usage.inUtc[unit] : `${usage.inUtc[unit]} ${usage.midnight(midnight, zone)}`
}

export const ReasonsSection = ({ report }: { report: UsageReportView }) => {
  const { texts, dates } = useConsole()
  const { usage } = texts
  const reasons = useMemo(() => reasonsOf(report.data), [report.data])
  const all = reasons.reduce((sum, { calls }) => sum + calls, 0)
  const said: Readonly<Record<string, string>> = usage.reasons
  return (
    <section className="report">
      <div className="top">
        <h2>{usage.why}</h2>
      </div>
      <RecordTable
        caption={usage.why}
        rows={reasons}
        idOf={({ code }) => code}
        columns={[
          { name: 'reason', head: usage.reason, cell: ({ code }) => said[code] ?? code },
          { name: 'calls', head: usage.calls, number: true, cell: ({ calls }) => dates.number(calls) },
          { name: 'share', head: usage.share, number: true, cell: ({ calls }) => usage.percent((100 * calls) / all) },
        ]}
        nothing={usage.noneRefused}
      />
    </section>
  )
}

interface GroupsSectionProps {
  readonly report: UsageReportView
  readonly group: TableGroup
  /** Shows the calls of one alone. */
  readonly onNarrow: ((row: UsageReportRow) => void) | null
}

export const GroupsTable = ({ report, group, onNarrow }: GroupsSectionProps) => {
  const { texts, dates } = useConsole()
  const { usage } = texts
  const rows = report.data.slice(0, rowsShown)
  const nameOf = ({ group: { id, name } }: UsageReportRow): string =>
    id === '' ? usage.nameless[group] : id === '*' ? usage.several : name
  return (
    <>
      <RecordTable
        caption={usage.by[group]}
        rows={rows}
        idOf={({ group: { id } }) => id}
        columns={[
          {
            name: 'name',
            head: usage.groups[group],
            cell: (row) =>
              onNarrow === null || row.group.id === '' || row.group.id === '*' ? (
                nameOf(row)
              ) : (
                <button type="button" className="link" title={usage.narrow} onClick={() => onNarrow(row)}>
                  {nameOf(row)}
                </button>
              ),
          },
          { name: 'passed', head: usage.passed, number: true, cell: ({ allowed }) => dates.number(allowed) },
          { name: 'refused', head: usage.refused, number: true, cell: ({ refused }) => dates.number(refused) },
          { name: 'callers', head: usage.callers, number: true, cell: ({ callers }) => dates.number(callers) },
        ]}
        nothing={usage.nothing}
      />
      {rows.length === report.data.length ? null : (
        <p className="hint cut-short">{usage.cutShort(rows.length, report.data.length)}</p>
      )}
    </>
  )
}

export const groupsCsv = (report: UsageReportView): string => usageCsv(report.data)
