/** Usage: who calls what, how often, and why calls are refused. Live, and calmly so. */
import { useCallback, useState } from 'react'
import type { UsageReportRow } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { addDays, dateIn } from '../dates.ts'
import type { PageProps } from '../pages.tsx'
import { Loaded } from '../parts/states.tsx'
import { usePreference } from '../preferences.ts'
import { PeriodField } from '../usage/period-field.tsx'
import { periodOf, ranges, units, unitsOf, type Dated } from '../usage/periods.ts'
import { everything, ScopeField, scopeKinds, type Scope } from '../usage/scope-field.tsx'
import { BarsSection, GroupsTable, groupsCsv, ReasonsSection, tableGroups } from '../usage/usage-figures.tsx'
import { useSaved } from '../usage/use-saved.ts'
import { RefusalLookup } from '../why/refusal-lookup.tsx'
import { useAsked } from '../use-asked.ts'
import { useCalmNews } from '../use-calm-news.ts'

const wantedUnits = ['fitting', ...units] as const
const lookEveryMs = 5_000

/** `key k7f3a2qz` as another page asks for it. */
const scopeOf = (asked: string | null): Scope => {
  const [kind, ref = ''] = asked?.split(' ') ?? []
  const found = scopeKinds.find((each) => each === kind)
  return found === undefined || ref === '' ? everything : { kind: found, ref, name: ref }
}

/** `why`, with or without a request id. Null: another page asked for something else. */
const lookupOf = (asked: string | null): string | null =>
  /^why(?::(.*))?$/s
    .exec(asked ?? '')
    ?.slice(1)
    .join('') ?? null

export const UsagePage = ({ asked }: PageProps) => {
  const { texts, dates, nowMs } = useConsole()
  const { usage } = texts
  const [range, setRange] = usePreference('usage-range', ranges, '24h')
  const [wantedUnit, setUnit] = usePreference('usage-unit', wantedUnits, 'fitting')
  const [group, setGroup] = usePreference('usage-group', tableGroups, 'key')
  const [dated, setDated] = useState<Dated>(() => {
    const today = dateIn(nowMs(), dates.zone)
    return { from: addDays(today, -6), to: today }
  })
  const [scope, setScope] = useState(() => scopeOf(asked))
  const save = useSaved()

  const isWrong = range === 'custom' && !(dated.from !== '' && dated.from <= dated.to)
  const now = nowMs()
  const possible = isWrong ? (['day'] as const) : unitsOf(range, dated, { nowMs: now, zone: dates.zone })
  const unit = possible.find((each) => each === wantedUnit) ?? possible[0] ?? 'day'
  const period = isWrong ? null : periodOf(range, unit, dated, { nowMs: now, zone: dates.zone })
  const isChosen = scope.kind === 'all' || scope.ref !== ''
  const narrowed = scope.kind === 'all' ? {} : { [scope.kind]: scope.ref }
  const about = period === null || !isChosen ? null : { ...period.query, ...narrowed }
  const bars = useAsked('usage.report', about === null ? null : { query: { ...about, group_by: unit } }, [])
  const groups = useAsked('usage.report', about === null ? null : { query: { ...about, group_by: group } }, [])
  const [lookAtBars, lookAtGroups] = [bars.again, groups.again]
  useCalmNews(
    ['usage', 'state'],
    lookEveryMs,
    useCallback(() => {
      lookAtBars()
      lookAtGroups()
    }, [lookAtBars, lookAtGroups]),
  )

  const showAll = (): void => setScope(everything)
  const narrow = (kind: 'key' | 'client' | 'endpoint') => (row: UsageReportRow) => {
    setScope({ kind, ref: row.group.id, name: row.group.name })
    // The row that was pressed may be gone.
    setTimeout(() => document.querySelector<HTMLElement>('[data-action=all-calls]')?.focus())
  }

  return (
    <div className="page usage-page">
      <div className="top">
        <h1>{texts.pages.usage}</h1>
        <ScopeField scope={scope} onChange={setScope} />
        {scope.kind === 'all' ? null : (
          <button type="button" className="button" data-action="all-calls" onClick={showAll}>
            {usage.showAll}
          </button>
        )}
      </div>
      <PeriodField
        range={range}
        onRange={(wanted) => {
          setRange(wanted)
          setUnit('fitting')
        }}
        unit={unit}
        units={possible}
        onUnit={setUnit}
        dated={dated}
        onDated={setDated}
        isWrong={isWrong}
      />
      {period === null || !isChosen ? null : (
        <Loaded asked={bars} text={usage.loading}>
          {(report) =>
            report.calls === 0 ? (
              <div className="nothing">
                <p>{scope.kind === 'all' ? usage.nothing : usage.nothingOf(scope.name)}</p>
                {scope.kind === 'all' ? <p className="hint">{usage.nothingHow}</p> : null}
              </div>
            ) : (
              <>
                <BarsSection report={report} period={period} unit={unit} />
                <ReasonsSection report={report} />
                <section className="report">
                  <div className="top">
                    <h2 id="usage-groups">{usage.who}</h2>
                    <select
                      aria-labelledby="usage-groups"
                      className="short"
                      value={group}
                      onChange={({ target }) => setGroup(tableGroups.find((each) => each === target.value) ?? 'key')}
                    >
                      {tableGroups.map((each) => (
                        <option key={each} value={each}>
                          {usage.by[each]}
                        </option>
                      ))}
                    </select>
                    <button
                      type="button"
                      className="button"
                      disabled={groups.data === null}
                      onClick={() => {
                        if (groups.data !== null) save(`usage-by-${group}`, 'csv', groupsCsv(groups.data))
                      }}
                    >
                      {usage.export}
                    </button>
                  </div>
                  <Loaded asked={groups} text={usage.loading} rows={4}>
                    {(found) => (
                      <GroupsTable
                        report={found}
                        group={group}
                        onNarrow={group === 'owner' || group === 'caller' ? null : narrow(group)}
                      />
                    )}
                  </Loaded>
                </section>
              </>
            )
          }
        </Loaded>
      )}
      <RefusalLookup
        asked={lookupOf(asked)}
        of={scope.kind === 'key' && scope.ref !== '' ? { id: scope.ref, name: scope.name } : null}
      />
    </div>
  )
}
