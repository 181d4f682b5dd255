/** How a key is used: calls by day, who calls, and how far a rotation has come. */
import { useMemo, useState } from 'react'
import type { KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { createDates } from '../dates.ts'
import { DayChart } from './day-chart.tsx'
import { AdoptionMeter } from './adoption-meter.tsx'
import { CallerTable } from './caller-table.tsx'
import { firstDay, usageDays } from './usage-days.ts'
import { useAskedOfKey } from './use-key-evidence.ts'

const spans = [14, 30] as const

interface KeyUseProps {
  readonly of: KeyView
  readonly judgedMs: number
  readonly off: string | null
}

export const KeyUse = ({ of: key, judgedMs, off }: KeyUseProps) => {
  const { texts } = useConsole()
  const { details, care } = texts
  const { data: evidence, fault } = useAskedOfKey(key, 'keys.evidence', { params: { key: key.id } })
  const rotation = evidence?.rotation ?? null
  return (
    <>
      {rotation === null || key.old_secret_valid_until === null ? null : (
        <AdoptionMeter of={key} rotation={rotation} judgedMs={judgedMs} off={off} />
      )}
      <section>
        <h3>{details.usage}</h3>
        <ByDay of={key} judgedMs={judgedMs} />
        {fault === null ? null : <p className="hint">{texts.evidence.unknown}</p>}
        {evidence === null ? null : (
          <>
            <h4>{details.callers}</h4>
            <p>{details.calls(evidence.calls, evidence.days)}</p>
            {evidence.callers.length === 0 ? null : (
              <CallerTable
                caption={details.callers}
                rows={evidence.callers.map((caller) => ({
                  ...caller,
                  address: caller.address === '*' ? care.more.others : caller.address,
                }))}
              />
            )}
          </>
        )}
      </section>
    </>
  )
}

const ByDay = ({ of: key, judgedMs }: Omit<KeyUseProps, 'off'>) => {
  const { texts } = useConsole()
  const { chart, more } = texts.care
  const [days, setDays] = useState<(typeof spans)[number]>(14)
  const from = firstDay(judgedMs, days)
  const { data, fault } = useAskedOfKey(key, 'usage.report', { query: { key: key.id, group_by: 'day', from } })
  const utc = useMemo(() => createDates('UTC'), [])
  const rows = useMemo(
    () =>
      usageDays(data?.data ?? [], from, days).map(({ date, ...counts }) => ({
        label: utc.day(`${date}T00:00:00Z`),
        ...counts,
      })),
    [data, from, days, utc],
  )
  if (fault !== null) return <p className="hint">{more.unknown}</p>
  return (
    <>
      <div className="row" role="group" aria-label={chart.span}>
        {spans.map((each) => (
          <button key={each} type="button" className="chip" aria-pressed={each === days} onClick={() => setDays(each)}>
            {chart.days(each)}
          </button>
        ))}
        <span className="hint">{chart.utc}</span>
      </div>
      {data === null ? (
        <div className="usage-chart waiting" />
      ) : (
        <DayChart rows={rows} title={chart.title} of={chart.day} />
      )}
    </>
  )
}
