/** The states that every page can be in instead of, or above, what it shows. */
import { useEffect, useState, type ReactNode } from 'react'
import type { Refusal } from '../../bridge.ts'
import { useConsole, useKnown } from '../console-context.ts'
import type { Asked } from '../use-asked.ts'

export const Banner = ({ children }: { children: ReactNode }) => (
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

interface FaultActionsProps {
  readonly code: string
  readonly detail: string
  readonly requestId: string | null
  readonly onRetry: () => void
}

export const FaultActions = ({ code, detail, requestId, onRetry }: FaultActionsProps) => {
  const { bridge, texts } = useConsole()
  return (
    <p className="row">
      <button type="button" className="button" onClick={onRetry}>
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

/**
 * What a page shows of what it asked for: the answer, or that it is coming, or why it is not. What was answered before
 * stays while the newest question is in vain.
 */
export const Loaded = <T,>({
  asked,
  text,
  rows,
  children,
}: {
  asked: Asked<T>
  text: string
  rows?: number
  children: (data: T) => ReactNode
}) => {
  const { model } = useConsole()
  const { status } = useKnown(model)
  const { data, fault } = asked
  return (
    <>
      {fault === null ? null : <FaultShown fault={fault} onRetry={asked.again} />}
      {data !== null ? children(data) : null}
      {/* Locked or damaged: the banner above says all there is to say. */}
      {data === null && fault === null && (status === null || status.state === 'open') ? (
        <Loading text={text} {...(rows === undefined ? {} : { rows })} />
      ) : null}
    </>
  )
}

/** Why something was refused, what that means for what was there, and what can be done. */
export const FaultShown = ({ fault, onRetry }: { fault: Refusal; onRetry: () => void }) => {
  const { texts } = useConsole()
  const { states } = texts
  if (fault.code === 'forbidden')
    return (
      <Banner>
        <p>{states.forbidden}</p>
        <p>{fault.message}</p>
      </Banner>
    )
  return (
    <Banner>
      <p>
        {fault.code === 'rate_limited' ? states.tooFast : `${states.unexpected(fault.code)} ${fault.message}`}{' '}
        {states.faultKept}
      </p>
      <FaultActions code={fault.code} detail={fault.message} requestId={fault.requestId} onRetry={onRetry} />
    </Banner>
  )
}

export const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="fact">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)
