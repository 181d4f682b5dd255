/** What is known of backups: the last one, whether a restore of one was proven, what failed, and what goes on now. */
import type { ReactNode } from 'react'
import type { BackupsView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { StandingIcon } from '../parts/icons.tsx'
import { Fact } from '../parts/states.tsx'
import { RunningWork } from './running-work.tsx'

/** How long ago, also where that instant is a moment ahead of the clock here. */
const useAgo = (): ((at: string) => string) => {
  const { dates, nowMs } = useConsole()
  return (at) => dates.relative(at, Math.max(nowMs(), Date.parse(at)))
}

export const BackupFacts = ({ of: { last, proven, running, ...failures } }: { of: BackupsView }) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  const ago = useAgo()
  return (
    <>
      {running === null ? null : (
        <div className="beside">
          <RunningWork of={running} />
        </div>
      )}
      <Failures of={failures} />
      {last === null ? <p className="beside">{words.noBackup}</p> : null}
      <dl className="facts beside">
        {last === null ? null : (
          <Fact label={words.lastBackup}>
            <span>{`${dates.dayAndTime(last.at)}, ${ago(last.at)}`}</span>
            <span className="hint">{words.generationOf(dates.number(last.generation))}</span>
            {last.path === null ? <span className="hint">{words.elsewhere}</span> : <code>{last.path}</code>}
          </Fact>
        )}
        <Fact label={words.proof}>
          {proven === null ? (
            <>
              <Mark standing="soon">{words.notProven}</Mark>
              <span className="hint">{words.notProvenWhy}</span>
            </>
          ) : (
            <>
              <Mark standing={failures.drill_failed === null ? 'active' : 'disabled'}>
                <time dateTime={proven.at} title={dates.dayAndTime(proven.at)}>
                  {words.proven(ago(proven.at))}
                </time>
              </Mark>
              <span className="hint">
                {words.provenWhat(proven.keys, dates.number(proven.generation), dates.dayAndTime(proven.backup_at))}
              </span>
              <code>{proven.path}</code>
            </>
          )}
        </Fact>
      </dl>
    </>
  )
}

const Mark = ({ standing, children }: { standing: 'soon' | 'active' | 'disabled'; children: ReactNode }) => (
  <span className={`pill ${standing}`}>
    <StandingIcon standing={standing} />
    {children}
  </span>
)

type Failing = Pick<BackupsView, 'drill_failed' | 'schedule' | 'drill_schedule'>

const Failures = ({ of: { drill_failed: drill, schedule, drill_schedule: drills } }: { of: Failing }) => {
  const { texts } = useConsole()
  const words = texts.recovery
  const ago = useAgo()
  const scheduled = schedule?.failed ?? null
  // What a drill found is said by itself, whoever began it.
  const drillScheduled = drill === null ? (drills?.failed ?? null) : null
  return (
    <>
      {drill === null ? null : (
        <Failure text={words.drillFailed(ago(drill.at))} problem={drill.problem} path={drill.path}>
          {words.drillFailedHow}
        </Failure>
      )}
      {scheduled === null ? null : (
        <Failure text={words.scheduledFailed(ago(scheduled.at))} problem={scheduled.problem} calm>
          {words.scheduledFailedHow}
        </Failure>
      )}
      {drillScheduled === null ? null : (
        <Failure text={words.drillScheduledFailed(ago(drillScheduled.at))} problem={drillScheduled.problem} calm>
          {words.scheduledFailedHow}
        </Failure>
      )}
    </>
  )
}

interface FailureProps {
  readonly text: string
  readonly problem: string
  readonly path?: string | null
  /** It is tried again by itself. */
  readonly calm?: boolean
  readonly children: string
}

const Failure = ({ text, problem, path = null, calm = false, children }: FailureProps) => (
  <div className={calm ? 'banner calm' : 'banner'}>
    <p>
      <strong>{text}</strong> {problem}
    </p>
    {path === null ? null : (
      <p>
        <code>{path}</code>
      </p>
    )}
    <p>{children}</p>
  </div>
)
