/** The states that every page can be in instead of, or above, what it shows. */
import { useEffect, useState, type ReactNode } from 'react'
import { useConsole, useKnown } from '../console-context.ts'
import { LockIcon } from './icons.tsx'

/** After this many tries in vain, waiting is not all that can be said. */
const connectingTries = 4

const Banner = ({ children }: { children: ReactNode }) => (
  <div className="banner" role="alert">
    {children}
  </div>
)

export const Command = ({ text }: { text: string }) => {
  const { bridge, texts, toasts } = useConsole()
  return (
    <p className="command">
      <code>{text}</code>
      <button
        type="button"
        className="button"
        onClick={() => void bridge.copyText(text).then(() => toasts.show(texts.common.copied))}
      >
        {texts.common.copy}
      </button>
    </p>
  )
}

/** What is wrong with all of Postern, above what is known of it. */
export const StateBanner = () => {
  const { model, texts, dates } = useConsole()
  const { link, status, asOfMs, fault } = useKnown(model)
  const { states } = texts
  const asOf = asOfMs === null ? null : <p>{states.asOf(dates.time(asOfMs))}</p>
  if (link.kind === 'lost' && link.tries < connectingTries)
    return (
      <div className="banner calm" role="status">
        <p>{states.connecting(link.tries)}</p>
        {asOf}
      </div>
    )
  if (link.kind === 'lost')
    return (
      <Banner>
        <p>{states.stopped}</p>
        <p>{states.stoppedHow}</p>
        <Command text={states.doctorCommand} />
        {asOf}
      </Banner>
    )
  const damaged = status?.state === 'damaged' || status?.problem?.code === 'keystore_damaged'
  if (damaged)
    return (
      <Banner>
        <p>{states.damaged}</p>
        <p>{status?.problem?.detail}</p>
        <p>{states.damagedHow}</p>
        <Command text={states.doctorCommand} />
      </Banner>
    )
  if (status?.state === 'locked')
    return (
      <Banner>
        <p>
          <LockIcon /> {states.locked}
        </p>
        <p>{status.problem?.detail}</p>
        <p>{states.lockedHow}</p>
        <Command text={states.unlockCommand} />
      </Banner>
    )
  if (fault === null) return null
  return (
    <Banner>
      <p>
        {states.unexpected(fault.code)} {fault.message}
      </p>
      <FaultActions code={fault.code} detail={fault.message} requestId={fault.requestId} />
    </Banner>
  )
}

const FaultActions = ({ code, detail, requestId }: { code: string; detail: string; requestId: string | null }) => {
  const { bridge, model, texts } = useConsole()
  return (
    <p className="row">
      <button type="button" className="button" onClick={() => void model.refresh()}>
        {texts.common.retry}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => void bridge.copyText(`${code}\n${detail}\n${requestId ?? ''}`)}
      >
        {texts.states.copyDetails}
      </button>
    </p>
  )
}

/** Nothing at first, skeleton rows after 150 ms, and after a second it is said too. */
export const Loading = ({ text, rows = 6 }: { text: string; rows?: number }) => {
  const [stage, setStage] = useState<'nothing' | 'shown' | 'said'>('nothing')
  useEffect(() => {
    const timers = [setTimeout(() => setStage('shown'), 150), setTimeout(() => setStage('said'), 1_000)]
    return () => timers.forEach((timer) => clearTimeout(timer))
  }, [])
  return (
    <div className="skeleton">
      <p role="status">{stage === 'said' ? text : ''}</p>
      {stage === 'nothing' ? null : Array.from({ length: rows }, (_, at) => <div key={at} className="bone" />)}
    </div>
  )
}

export const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="fact">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)
