/** Status: one sentence first, then what it is made of. */
import { useEffect, useMemo, useState } from 'react'
import type { AdminAnswer, StatusView } from '@postern/shared'
import { useConsole, useKnown, type Console } from '../console-context.ts'
import { useLastBackup } from '../footer.tsx'
import { inOrder } from '../keys/order.ts'
import { standingOf } from '../keys/standing.ts'
import type { Known } from '../model.ts'
import { StandingPill } from '../parts/standing-pill.tsx'
import { Command, Fact, Loading } from '../parts/states.tsx'
import { useJudgedTime } from '../use-judged-time.ts'

const nextShown = 5
const clockToleranceMs = 90_000
const alarmsShown = 5

export const StatusPage = () => {
  const console = useConsole()
  const { model, texts, bridge, toasts, nowMs } = console
  const known = useKnown(model)
  const judgedMs = useJudgedTime(known.keys, nowMs)
  const { status } = known
  const pressing = known.keys.filter((key) => ['expired', 'urgent', 'soon'].includes(standingOf(key, judgedMs))).length
  const copyReport = (): void =>
    void bridge.copyText(JSON.stringify(status, null, 2)).then(() => toasts.show(texts.common.copied))
  return (
    <div className="page status-page">
      <div className="top">
        <h1>{texts.pages.status}</h1>
        <button type="button" className="button" disabled={status === null} onClick={copyReport}>
          {texts.status.copyReport}
        </button>
      </div>
      {status === null ? (
        <Loading text={texts.states.loadingStatus} rows={4} />
      ) : (
        <>
          <p className="sentence">{sentenceOf(known, pressing, console)}</p>
          <div className="cards">
            <ServiceCard status={status} />
            <StoreCard status={status} />
            {status.state === 'open' ? <OpenCards known={known} judgedMs={judgedMs} /> : null}
            <ClockCard skewMs={known.skewMs} />
            <AlarmsCard status={status} />
          </div>
        </>
      )}
    </div>
  )
}

const sentenceOf = ({ link, status }: Known, pressing: number, { texts }: Console): string => {
  if (link.kind === 'lost') return texts.status.lost
  if (status?.state === 'damaged' || status?.problem?.code === 'keystore_damaged') return texts.status.damaged
  if (status?.state === 'locked') return texts.status.locked
  return pressing === 0 ? texts.status.fine : texts.status.attention(pressing)
}

const ServiceCard = ({ status }: { status: StatusView }) => {
  const { texts, dates } = useConsole()
  return (
    <section className="card">
      <h2>{texts.status.service}</h2>
      <dl>
        <Fact label={texts.status.version}>{status.version}</Fact>
        <Fact label={texts.status.since}>{dates.dayAndTime(status.started_at)}</Fact>
        <Fact label={texts.status.listens}>{status.listeners.map(({ url }) => url).join(' ')}</Fact>
        {status.certificate === null ? null : (
          <Fact label={texts.status.certificate}>{dates.day(status.certificate.not_after)}</Fact>
        )}
      </dl>
    </section>
  )
}

const StoreCard = ({ status }: { status: StatusView }) => {
  const { texts, dates } = useConsole()
  const states = { open: texts.status.open, locked: texts.status.lockedWord, damaged: texts.status.damagedWord }
  return (
    <section className="card">
      <h2>{texts.status.store}</h2>
      <dl>
        <Fact label={texts.status.storeState}>{states[status.state]}</Fact>
        <Fact label={texts.status.folder}>
          <code>{status.data_dir}</code>
        </Fact>
        {status.store === null ? null : (
          <Fact label={texts.status.generation}>{dates.number(status.store.generation)}</Fact>
        )}
      </dl>
    </section>
  )
}

/** What there is to say only while the key store is open. */
const OpenCards = ({ known, judgedMs }: { known: Known; judgedMs: number }) => {
  const { texts, dates, go } = useConsole()
  const backup = useLastBackup()
  const next = useMemo(() => {
    const ending = known.keys.filter((key) => key.expires_at !== null && standingOf(key, judgedMs) !== 'disabled')
    return inOrder(ending, { column: 'expires', descending: false }, judgedMs).slice(0, nextShown)
  }, [known.keys, judgedMs])
  return (
    <>
      <section className="card wide">
        <h2>{texts.status.expiring}</h2>
        {next.length === 0 ? <p>{texts.status.noneExpiring}</p> : null}
        <ul className="plain-list">
          {next.map((key) => (
            <li key={key.id}>
              <span className="cut">{key.name}</span>
              <span>{dates.endDay(key.expires_at ?? 0)}</span>
              <StandingPill of={key} nowMs={judgedMs} />
            </li>
          ))}
        </ul>
        {next.length === 0 ? null : (
          <button type="button" className="button" onClick={() => go('keys', 'soon')}>
            {texts.status.showExpiring}
          </button>
        )}
      </section>
      <TodayCard />
      <section className="card">
        <h2>{texts.status.backup}</h2>
        {backup === null ? (
          <>
            <p>{texts.status.noBackup}</p>
            <Command text={texts.status.backupCommand} />
          </>
        ) : (
          <dl>
            <Fact label={texts.status.lastBackup}>{backup === undefined ? '…' : dates.dayAndTime(backup)}</Fact>
          </dl>
        )}
      </section>
    </>
  )
}

const refreshEveryMs = 30_000

const TodayCard = () => {
  const { texts, dates, bridge, nowMs } = useConsole()
  const [report, setReport] = useState<AdminAnswer<'usage.report'> | null>(null)
  useEffect(() => {
    const load = (): void => {
      const from = new Date(nowMs()).toISOString().slice(0, 10)
      const query = { group_by: 'day', from, to: from }
      bridge.call('usage.report', { query }, { background: true }).then(setReport, () => setReport(null))
    }
    load()
    const timer = setInterval(load, refreshEveryMs)
    return () => clearInterval(timer)
  }, [bridge, nowMs])
  const sum = (of: 'allowed' | 'refused'): string =>
    report === null ? '…' : dates.number(report.data.reduce((all, row) => all + row[of], 0))
  return (
    <section className="card">
      <h2>{texts.status.today}</h2>
      <dl>
        <Fact label={texts.status.passed}>{sum('allowed')}</Fact>
        <Fact label={texts.status.refused}>{sum('refused')}</Fact>
      </dl>
      <p className="hint">{texts.status.todayHint}</p>
    </section>
  )
}

const ClockCard = ({ skewMs }: { skewMs: number }) => {
  const { texts } = useConsole()
  const minutes = Math.round(Math.abs(skewMs) / 60_000)
  return (
    <section className="card">
      <h2>{texts.status.clock}</h2>
      <p>
        {Math.abs(skewMs) < clockToleranceMs
          ? texts.status.clockFine
          : texts.status.clockOff(texts.status.minutes(minutes))}
      </p>
    </section>
  )
}

const AlarmsCard = ({ status }: { status: StatusView }) => {
  const { texts, dates } = useConsole()
  if (status.alarms.length === 0) return null
  return (
    <section className="card wide">
      <h2>{texts.status.alarms}</h2>
      <ul className="plain-list">
        {status.alarms.slice(-alarmsShown).map(({ at, message }) => (
          <li key={`${at} ${message}`}>
            <time dateTime={at}>{dates.dayAndTime(at)}</time> <span>{message}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
