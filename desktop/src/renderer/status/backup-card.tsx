/** Whether there is a backup, and whether it was ever proven that one can be restored. Promises: the most urgent step first. */
import { useConsole } from '../console-context.ts'
import { StandingIcon } from '../parts/icons.tsx'
import { Fact } from '../parts/states.tsx'
import { Card, type CardAction } from './card.tsx'
import { backupFacts, type BackupConcern, type BackupsKnown, type BackupStep } from './judge.ts'

export const BackupCard = ({ of: known, judgedMs }: { of: BackupsKnown | undefined; judgedMs: number }) => {
  const { texts, go } = useConsole()
  const { status } = texts
  if (known === undefined)
    return (
      <Card title={status.backup}>
        <dl>
          <Fact label={status.lastBackup}>…</Fact>
        </dl>
      </Card>
    )
  const { tone, concern, step } = backupFacts(known, judgedMs)
  const names: Readonly<Record<BackupStep, string>> = {
    create: status.backupMake,
    prove: status.proveNow,
    schedule: status.scheduleNow,
  }
  const lines: Readonly<Record<BackupStep, string | null>> = {
    create: status.backupCommand,
    prove: status.proveCommand,
    schedule: null,
  }
  const action: CardAction | null =
    step === null ? null : { text: names[step], run: () => go('recovery', `do:${step}`) }
  const line = step === null ? null : lines[step]
  return (
    <Card title={status.backup} tone={tone} action={action}>
      <Proof of={known} judgedMs={judgedMs} />
      <Concern of={known} concern={concern} />
      <Last of={known} judgedMs={judgedMs} />
      {line === null ? null : (
        <p>
          <code>{line}</code>
        </p>
      )}
    </Card>
  )
}

interface PartProps {
  readonly of: BackupsKnown
  readonly judgedMs: number
}

const Proof = ({ of: { last, proven, drill_failed: failed }, judgedMs }: PartProps) => {
  const { texts, dates } = useConsole()
  const { status } = texts
  if (proven === null) return last === null ? null : <p>{status.notProven}</p>
  return (
    // Of before the one that failed: true, and no reason to be calm.
    <p className={failed === null ? 'proof' : ''}>
      {failed === null ? <StandingIcon standing="active" /> : null}
      <time dateTime={proven.at} title={dates.dayAndTime(proven.at)}>
        {status.proven(dates.relative(proven.at, Math.max(judgedMs, Date.parse(proven.at))))}
      </time>
    </p>
  )
}

const Concern = ({ of: known, concern }: { of: BackupsKnown; concern: BackupConcern | null }) => {
  const { texts } = useConsole()
  const { status } = texts
  const words: Readonly<Record<BackupConcern, string>> = {
    none: status.noBackup,
    drill_failed: status.drillFailed(known.drill_failed?.problem ?? ''),
    old: status.backupOld,
    backup_failed: status.backupFailed(known.schedule?.failed?.problem ?? ''),
    unproven: status.notProvenWhy,
    proof_old: status.proofOld,
    unscheduled: status.unscheduled,
  }
  return concern === null ? null : <p>{words[concern]}</p>
}

const Last = ({ of: { last }, judgedMs }: PartProps) => {
  const { texts, dates } = useConsole()
  const { status } = texts
  if (last === null) return null
  const ago = dates.relative(last.at, Math.max(judgedMs, Date.parse(last.at)))
  return (
    <dl>
      <Fact label={status.lastBackup}>{`${dates.dayAndTime(last.at)} (${ago})`}</Fact>
      <Fact label={status.backupAt}>{last.path ?? status.backupElsewhere}</Fact>
    </dl>
  )
}
