/** One thing that is wrong with all of Postern: what happened, what it means, what to do. */
import { Suspense } from 'react'
import { useConsole, useKnown } from '../console-context.ts'
import { later } from '../later.ts'
import { serviceCommands } from '../shell.ts'
import type { Trouble } from '../trouble.ts'
import { LockIcon } from './icons.tsx'
import { Banner, Command, FaultActions } from './states.tsx'
import type { UnlockFormProps } from './unlock-form.tsx'

const UnlockForm = later<UnlockFormProps>(() => import('./unlock-form.tsx').then((found) => found.UnlockForm))

interface StateBannerProps {
  readonly of: Trouble
}

export const StateBanner = ({ of: trouble }: StateBannerProps) => {
  const { bridge, model, texts } = useConsole()
  const { status } = useKnown(model)
  const { states } = texts
  const commands = serviceCommands(status)
  switch (trouble.kind) {
    case 'connecting':
      return (
        <div className="banner calm" role="status">
          <p>{states.connecting(trouble.tries)}</p>
          <AsOf />
        </div>
      )
    case 'stopped':
      return <Stopped />
    case 'version':
      return (
        <Banner>
          <p>{states.otherVersion(trouble.theirs)}</p>
          {bridge.door === 'browser' ? (
            <>
              <p>{states.otherVersionPage}</p>
              <Command text={commands.console} />
            </>
          ) : (
            <p>{states.otherVersionWindow}</p>
          )}
        </Banner>
      )
    case 'damaged':
      return (
        <Banner>
          <p>{states.damaged}</p>
          <p>{trouble.detail}</p>
          <p>{states.damagedHow}</p>
          <Command text={commands.doctor} />
        </Banner>
      )
    case 'locked':
      return (
        <Banner>
          <p>
            <LockIcon /> {states.locked}
          </p>
          <p>{trouble.detail}</p>
          <Suspense fallback={null}>
            <UnlockForm rolledBack={trouble.rolledBack} />
          </Suspense>
          <p>{states.lockedHow}</p>
          <Command text={commands.unlock} />
        </Banner>
      )
    case 'clock':
      return (
        <Banner>
          <p>{states.clockBack(Math.round(trouble.backMs / 60_000))}</p>
          <p>{states.clockBackHow}</p>
          <Command text={commands.clock} />
          <p className="row">
            <button type="button" className="button" onClick={() => model.acceptClock()}>
              {states.clockIsRight}
            </button>
          </p>
        </Banner>
      )
    case 'fault': {
      const { fault } = trouble
      return (
        <Banner>
          <p>
            {states.unexpected(fault.code)} {fault.message}
          </p>
          <FaultActions
            code={fault.code}
            detail={fault.message}
            requestId={fault.requestId}
            onRetry={() => void model.refresh()}
          />
        </Banner>
      )
    }
  }
}

/** As much of a diagnosis as can be made from here, and the exact commands for the rest. */
const Stopped = () => {
  const { bridge, model, texts, dates } = useConsole()
  const { status } = useKnown(model)
  const { states } = texts
  const { start, log, doctor, console: newLink } = serviceCommands(status)
  return (
    <Banner>
      <p>{states.stopped}</p>
      <AsOf />
      <p>{start === null ? states.whyHow : states.startHow}</p>
      <div className="row">
        <Command text={start ?? doctor} />
        <button type="button" className="button" onClick={() => void model.refresh()}>
          {texts.common.retry}
        </button>
      </div>
      {/* The session has ended with the service: this page waits in vain. A window comes back by itself. */}
      {bridge.door === 'window' ? null : (
        <>
          <p>{states.thenHow}</p>
          <Command text={newLink} />
        </>
      )}
      <details>
        <summary>{states.more}</summary>
        {status === null ? null : (
          <p>{states.ranAs(status.version, status.pid, dates.dayAndTime(status.started_at), status.data_dir)}</p>
        )}
        {start === null ? null : (
          <>
            <p>{states.whyHow}</p>
            {log === null ? null : <Command text={log} />}
            <Command text={doctor} />
          </>
        )}
      </details>
    </Banner>
  )
}

const AsOf = () => {
  const { model, texts, dates } = useConsole()
  const { asOfMs } = useKnown(model)
  return asOfMs === null ? null : <p>{texts.states.asOf(dates.time(asOfMs))}</p>
}
