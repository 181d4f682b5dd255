/** The cards there is something to say in only while the key store is open: keys, calls, backup, recovery kit, notices. */
import { useEffect, useMemo, useState } from 'react'
import type { AdminAnswer } from '@postern/shared'
import { useConsole, useKnown } from '../console-context.ts'
import type { Refusal } from '../../bridge.ts'
import { inOrder } from '../keys/order.ts'
import { standingOf } from '../keys/standing.ts'
import { StandingPill } from '../parts/standing-pill.tsx'
import { Fact } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import { BackupCard } from './backup-card.tsx'
import { Card, useWayTo } from './card.tsx'
import {
  backupFacts,
  kitFacts,
  newestUndelivered,
  type BackupsKnown,
  type KitFacts,
  type Tone,
  type Undelivered,
} from './judge.ts'

const nextShown = 5
const noticesLookedAt = 50
const refreshEveryMs = 30_000

/** Undefined: not known yet. */
export interface Safety {
  readonly backup: BackupsKnown | undefined
  readonly kit: KitFacts | undefined
  readonly undelivered: Undelivered | null | undefined
  /** Why something of it is not known. */
  readonly fault: Refusal | null
  again(): void
}

export const useSafety = (): Safety => {
  const backup = useAsked('backups.last', {}, ['state', 'notices', 'records'])
  const slots = useAsked('slots.list', {}, ['state', 'records'])
  const notices = useAsked('notices.list', { query: { page: 1, per_page: noticesLookedAt } }, ['notices'])
  return {
    backup: backup.data ?? undefined,
    kit: slots.data === null ? undefined : kitFacts(slots.data.data),
    undelivered: notices.data === null ? undefined : newestUndelivered(notices.data.data),
    fault: backup.fault ?? slots.fault ?? notices.fault,
    again: () => {
      for (const each of [backup, slots, notices]) each.again()
    },
  }
}

/** How many of these need somebody. */
export const needsOf = ({ backup, kit, undelivered }: Safety, nowMs: number): number => {
  const tones: readonly Tone[] = [
    backup === undefined ? 'fine' : backupFacts(backup, nowMs).tone,
    kit?.tone ?? 'fine',
    undelivered === undefined || undelivered === null ? 'fine' : 'soon',
  ]
  return tones.filter((tone) => tone !== 'fine').length
}

export const OpenCards = ({ judgedMs, safety }: { judgedMs: number; safety: Safety }) => (
  <>
    <TodayCard />
    <ExpiringCard judgedMs={judgedMs} />
    <BackupCard of={safety.backup} judgedMs={judgedMs} />
    <KitCard kit={safety.kit} judgedMs={judgedMs} />
    <NoticesCard of={safety.undelivered ?? null} />
  </>
)

const ExpiringCard = ({ judgedMs }: { judgedMs: number }) => {
  const { model, texts, dates, go } = useConsole()
  const { keys } = useKnown(model)
  const next = useMemo(() => {
    const ending = keys.filter((key) => key.expires_at !== null && standingOf(key, judgedMs) !== 'disabled')
    return inOrder(ending, { column: 'expires', descending: false }, judgedMs).slice(0, nextShown)
  }, [keys, judgedMs])
  const standings = next.map((key) => standingOf(key, judgedMs))
  const tone = standings.some((each) => each === 'expired' || each === 'urgent')
    ? 'urgent'
    : standings.includes('soon')
      ? 'soon'
      : 'fine'
  return (
    <Card
      title={texts.status.expiring}
      tone={tone}
      wide
      action={next.length === 0 ? null : { text: texts.status.showExpiring, run: () => go('keys', 'soon') }}
    >
      {next.length === 0 ? <p>{texts.status.noneExpiring}</p> : null}
      <ul className="plain-list expiring">
        {next.map((key) => (
          <li key={key.id}>
            <span className="cut">{key.name}</span>
            <span>{dates.endDay(key.expires_at ?? 0)}</span>
            <StandingPill of={key} nowMs={judgedMs} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

const TodayCard = () => {
  const { texts, dates, bridge, nowMs } = useConsole()
  const [report, setReport] = useState<AdminAnswer<'usage.report'> | null>(null)
  useEffect(() => {
    const load = (): void => {
      const from = new Date(nowMs()).toISOString().slice(0, 10)
      const query = { group_by: 'day', from, to: from }
      bridge.call('usage.report', { query }, { background: true }).then(setReport, () => undefined)
    }
    load()
    const timer = setInterval(load, refreshEveryMs)
    return () => clearInterval(timer)
  }, [bridge, nowMs])
  const sum = (of: 'allowed' | 'refused'): string =>
    report === null ? '…' : dates.number(report.data.reduce((all, row) => all + row[of], 0))
  return (
    <Card title={texts.status.today}>
      <dl>
        <Fact label={texts.status.passed}>{sum('allowed')}</Fact>
        <Fact label={texts.status.refused}>{sum('refused')}</Fact>
      </dl>
      <p className="hint">{texts.status.todayHint}</p>
    </Card>
  )
}

/** Whether what a backup is opened with still opens anything. */
const KitCard = ({ kit, judgedMs }: { kit: KitFacts | undefined; judgedMs: number }) => {
  const { texts, dates } = useConsole()
  const wayTo = useWayTo()
  const { status } = texts
  const line = kit?.exists === false ? status.kitMakeCommand : status.kitCommand
  const tone = kit?.tone ?? 'fine'
  const tried = (at: string): string => `${dates.dayAndTime(at)} (${dates.relative(at, judgedMs)})`
  return (
    <Card title={status.kit} tone={tone} action={tone === 'fine' ? null : wayTo('recovery', line)}>
      {kit?.exists === false ? (
        <p>{status.kitNone}</p>
      ) : (
        <dl>
          <Fact label={status.kitTried}>
            {kit === undefined ? '…' : kit.triedAt === null ? status.kitNever : tried(kit.triedAt)}
          </Fact>
        </dl>
      )}
      {tone === 'fine' ? null : (
        <>
          {kit?.exists === true ? <p>{status.kitOld}</p> : null}
          <p>
            <code>{line}</code>
          </p>
        </>
      )}
    </Card>
  )
}

const NoticesCard = ({ of: undelivered }: { of: Undelivered | null }) => {
  const { texts, dates } = useConsole()
  const wayTo = useWayTo()
  if (undelivered === null) return null
  const { notice, receipt } = undelivered
  return (
    <Card title={texts.status.notices} tone="soon" wide action={wayTo('notices', texts.status.noticesCommand)}>
      <p>{texts.status.noticeLost(receipt.channel)}</p>
      <p>
        <time dateTime={notice.at}>{dates.dayAndTime(notice.at)}</time> {notice.text}
      </p>
      {receipt.note === null ? null : <p className="hint">{receipt.note}</p>}
    </Card>
  )
}
