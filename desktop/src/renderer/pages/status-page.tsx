/** Status: one sentence first, then what it is made of. What needs somebody says what to do first. */
import { useConsole, useKnown, type Console } from '../console-context.ts'
import { healthReport } from '../health-report.ts'
import { standingOf } from '../keys/standing.ts'
import type { Known } from '../model.ts'
import { FaultShown, Loading } from '../parts/states.tsx'
import { AlarmsCard, CertificateCard, ClockCard, ServiceCard, StoreCard } from '../status/cards.tsx'
import { needsOf, OpenCards, useSafety } from '../status/open-cards.tsx'
import { isDamaged } from '../trouble.ts'
import { useJudgedTime } from '../use-judged-time.ts'

export const StatusPage = () => {
  const console = useConsole()
  const { model, texts, bridge, toasts, nowMs } = console
  const known = useKnown(model)
  const judgedMs = useJudgedTime(known.keys, nowMs)
  const safety = useSafety()
  const { status } = known
  const pressing = known.keys.filter((key) => ['expired', 'urgent', 'soon'].includes(standingOf(key, judgedMs))).length
  const copyReport = (): void =>
    void bridge.copyText(healthReport(known)).then(() => toasts.show(texts.palette.reportCopied))
  return (
    <div className="page status-page">
      <div className="top">
        <h1>{texts.pages.status}</h1>
        <button type="button" className="button" onClick={copyReport}>
          {texts.status.copyReport}
        </button>
      </div>
      {status === null ? (
        <Loading text={texts.states.loadingStatus} rows={4} />
      ) : (
        <>
          <p className="sentence">{sentenceOf(known, pressing, needsOf(safety, judgedMs), console)}</p>
          {safety.fault === null ? null : <FaultShown fault={safety.fault} onRetry={safety.again} />}
          <div className="cards">
            <ServiceCard status={status} />
            <StoreCard status={status} />
            {status.state === 'open' ? <OpenCards judgedMs={judgedMs} safety={safety} /> : null}
            <CertificateCard status={status} judgedMs={judgedMs} />
            <ClockCard />
            <AlarmsCard status={status} />
          </div>
        </>
      )}
    </div>
  )
}

const sentenceOf = (known: Known, pressing: number, others: number, { texts }: Console): string => {
  if (known.link.kind === 'lost') return texts.status.lost
  if (isDamaged(known)) return texts.status.damaged
  if (known.status?.state === 'locked') return texts.status.locked
  const keys = pressing === 0 ? texts.status.fine : texts.status.attention(pressing)
  return others === 0 ? keys : `${keys} ${texts.status.more(others)}`
}
