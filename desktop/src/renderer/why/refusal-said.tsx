/** One refusal that is remembered: why, in a sentence, and which call it was. */
import { useMemo } from 'react'
import type { RefusalView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { StandingIcon } from '../parts/icons.tsx'
import { Fact } from '../parts/states.tsx'
import type { Texts } from '../texts/texts.ts'

export const RefusalSaid = ({ of: refusal }: { of: RefusalView }) => {
  const { texts } = useConsole()
  const { why } = texts
  const { lookup } = why
  const time = useExactTime()
  return (
    <>
      <div className="verdict">
        <StandingIcon standing="expired" />
        <div>
          <p>
            <strong>{refusal.said}</strong>
          </p>
          <p>
            {why.answered(refusal.status)} {refusal.rule === null ? '' : why.ruleNotMet(why.rule[refusal.rule])}
          </p>
        </div>
      </div>
      <dl className="facts">
        <Fact label={lookup.call}>
          <code>{`${refusal.method} ${refusal.path}`}</code>
        </Fact>
        <Fact label={lookup.key}>{refusal.key?.name ?? lookup.noKey}</Fact>
        <Fact label={lookup.when}>{time(refusal.at)}</Fact>
        <Fact label={lookup.address}>{callerOf(refusal, texts)}</Fact>
      </dl>
    </>
  )
}

export const callerOf = (
  { address, asked_by_proxy: byProxy, caller_known: known }: RefusalView,
  { why }: Texts,
): string => {
  if (known === false) return why.lookup.silentProxy(address)
  return byProxy ? why.lookup.proxy(address) : address
}

/** Calls come close together: their time is told to the second. */
export const useExactTime = (): ((instant: string) => string) => {
  const { dates } = useConsole()
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(undefined, {
      dateStyle: 'medium',
      timeStyle: 'medium',
      timeZone: dates.shownZone,
    })
    return (instant) => format.format(new Date(instant))
  }, [dates.shownZone])
}
