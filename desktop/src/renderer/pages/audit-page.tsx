/** The audit trail: who changed or revealed what, found, checked, and handed on. */
import { useEffect, useState } from 'react'
import type { AuditVerification, AuditView } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { exportTrail } from '../audit/export-trail.ts'
import { FilterFields } from '../audit/filter-fields.tsx'
import { actionText, actorText, asideText, objectText, recordsCsv, sourceText } from '../audit/in-words.ts'
import { RecordDialog } from '../audit/record-dialog.tsx'
import { noFilter, queryOf, type TrailFilter } from '../audit/trail-filter.ts'
import { useTrail } from '../audit/use-trail.ts'
import { Verdict } from '../audit/verdict.tsx'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { dateIn } from '../dates.ts'
import type { PageProps } from '../pages.tsx'
import { RecordTable } from '../parts/record-table.tsx'
import { Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import { useSaved } from '../usage/use-saved.ts'

const askAfterMs = 300

export const AuditPage = ({ asked }: PageProps) => {
  const { texts, dates } = useConsole()
  const { audit } = texts
  const [filter, setFilter] = useState<TrailFilter>({ ...noFilter, object: asked ?? '' })
  const [wanted, setWanted] = useState(filter)
  const [viewed, setViewed] = useState<AuditView | null>(null)
  const trail = useTrail(queryOf(wanted, dates.zone))
  const save = useSaved()
  useEffect(() => {
    const timer = setTimeout(() => setWanted(filter), askAfterMs)
    return () => clearTimeout(timer)
  }, [filter])
  const isFiltered = Object.values(wanted).some((each) => each.trim() !== '')
  const csv = (): void => save('audit', 'csv', recordsCsv(trail.data?.data ?? []))

  return (
    <div className="page audit-page">
      <TrailActions hasRecords={(trail.data?.data.length ?? 0) > 0} onCsv={csv} />
      <FilterFields filter={filter} onChange={setFilter} />
      <Loaded asked={trail} text={audit.loading} rows={10}>
        {({ data, count }) => (
          <>
            <RecordTable
              caption={audit.table}
              rows={data}
              idOf={({ seq }) => String(seq)}
              columns={[
                {
                  name: 'record',
                  head: audit.columns.record,
                  cell: (record) => (
                    <button
                      type="button"
                      className="link"
                      aria-label={audit.open(dates.number(record.seq))}
                      onClick={() => setViewed(record)}
                    >
                      {dates.number(record.seq)}
                    </button>
                  ),
                },
                {
                  name: 'time',
                  head: audit.columns.time,
                  cell: ({ ts: at }) => (
                    <time dateTime={at} title={at}>
                      {dates.dayAndTime(at)}
                    </time>
                  ),
                },
                { name: 'actor', head: audit.columns.actor, cell: (record) => actorText(record, texts) },
                {
                  name: 'action',
                  head: audit.columns.action,
                  cell: (record) => (
                    <>
                      {actionText(record, texts)} <span className="hint">{asideText(record, texts)}</span>
                    </>
                  ),
                },
                { name: 'object', head: audit.columns.object, cell: (record) => objectText(record, texts) },
                { name: 'source', head: audit.columns.source, cell: (record) => sourceText(record, texts) },
              ]}
              nothing={
                <>
                  <p>{isFiltered ? audit.noMatch : audit.empty}</p>
                  {isFiltered ? (
                    <button type="button" className="button" onClick={() => setFilter(noFilter)}>
                      {audit.filter.clear}
                    </button>
                  ) : null}
                </>
              }
            />
            {count === 0 ? null : (
              <p className="row below">
                {data.length < count ? (
                  <button
                    type="button"
                    className="button"
                    aria-disabled={trail.older === null}
                    onClick={() => trail.older?.()}
                  >
                    {audit.older}
                  </button>
                ) : null}
                <span className="hint" role="status">
                  {audit.shown(data.length, count)}
                </span>
              </p>
            )}
          </>
        )}
      </Loaded>
      {viewed === null ? null : <RecordDialog of={viewed} onClose={() => setViewed(null)} />}
    </div>
  )
}

/** What is done with the whole trail, and how that ended. */
const TrailActions = ({ hasRecords, onCsv }: { hasRecords: boolean; onCsv: () => void }) => {
  const { bridge, model, texts, dates, nowMs, toasts } = useConsole()
  const { audit } = texts
  const off = whyOff(useKnown(model), texts, 'viewer')
  const [found, setFound] = useState<AuditVerification | null>(null)
  const [doing, setDoing] = useState<{ what: 'verify' } | { what: 'export'; records: number } | null>(null)

  const tell = (error: unknown): void =>
    toasts.show(
      error instanceof Refusal && error.message !== '' ? error.message : texts.states.unexpected('internal'),
      {
        alert: true,
      },
    )
  const verify = async (): Promise<void> => {
    setFound(null)
    setDoing({ what: 'verify' })
    setFound(await bridge.call('audit.verify'))
  }
  const saveTrail = async (): Promise<void> => {
    setDoing({ what: 'export', records: 0 })
    const text = await exportTrail(bridge, (records) => setDoing({ what: 'export', records }))
    const name = `postern-audit-${dateIn(nowMs(), dates.zone)}.jsonl`
    if (text === null) toasts.show(audit.nothingToExport)
    else if (await bridge.saveText(name, text)) toasts.show(audit.exported)
  }
  const run = (job: () => Promise<void>) => () => {
    if (off === null && doing === null)
      job()
        .catch(tell)
        .finally(() => setDoing(null))
  }
  const isOff = off !== null || doing !== null
  return (
    <>
      <div className="top">
        <h1>{texts.pages.audit}</h1>
        <button
          type="button"
          className="button primary"
          aria-disabled={isOff}
          title={off ?? undefined}
          onClick={run(verify)}
        >
          {audit.verify}
        </button>
        <button
          type="button"
          className="button"
          aria-disabled={isOff}
          title={off ?? undefined}
          onClick={run(saveTrail)}
        >
          {doing?.what === 'export' ? audit.exporting(doing.records) : audit.export}
        </button>
        <button type="button" className="button" disabled={!hasRecords} onClick={onCsv}>
          {audit.exportCsv}
        </button>
      </div>
      <ReceiverLine />
      {doing?.what === 'verify' ? (
        <p className="hint aside-line" role="status">
          {audit.verifying}
        </p>
      ) : null}
      {found === null ? null : <Verdict of={found} />}
    </>
  )
}

/** Whether what is written here is somewhere else too. */
const ReceiverLine = () => {
  const { texts } = useConsole()
  const { audit } = texts
  const { data } = useAsked('audit.receiver', {}, ['records', 'keys', 'state'])
  if (data === null) return null
  const { receiver, sent_seq: sent, last_seq: last, problem } = data
  return (
    <p className={problem === null ? 'hint aside-line' : 'fault aside-line'}>
      {receiver === null
        ? audit.sentNowhere
        : [
            audit.sent(`${receiver.host}:${receiver.port}`, sent ?? 0, last),
            ...(problem === null ? [] : [audit.notReached(problem)]),
          ].join(' ')}
    </p>
  )
}
