/** The newest calls with a key, one by one: when, where to, from where, and whether they passed. */
import { useMemo, useState } from 'react'
import type { ChangeTopic, KeyCall, KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { StandingIcon } from '../parts/icons.tsx'
import type { Texts } from '../texts/texts.ts'
import { useAsked } from '../use-asked.ts'
import { questionOfCall } from '../why/question.ts'
import { WhyDialog } from '../why/why-later.tsx'

/** A refused call is no use of the key, so its last use does not tell of one. */
const topics: readonly ChangeTopic[] = ['usage']
const most = 10

export const LastCalls = ({ of: key }: { of: KeyView }) => {
  const { texts, dates } = useConsole()
  const { lastCalls, more } = texts.care
  const { data, fault } = useAsked('keys.calls', { params: { key: key.id } }, topics)
  // Calls come close together: their time is told to the second.
  const time = useMemo(
    () => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', timeZone: dates.shownZone }),
    [dates.shownZone],
  )
  const [asking, setAsking] = useState<KeyCall | null>(null)
  if (data === null && fault === null) return null
  return (
    <section>
      <h3>{lastCalls.title}</h3>
      {data === null ? (
        <p className="hint">{more.unknown}</p>
      ) : (
        <>
          {data.data.length === 0 ? null : (
            <ul className="plain-list last-calls">
              {data.data.map((call, at) => (
                <li
                  key={`${call.request_id} ${call.at} ${at}`}
                  className={call.outcome === 'allow' ? 'passed' : 'refused'}
                >
                  <StandingIcon standing={call.outcome === 'allow' ? 'active' : 'expired'} />
                  <code>{routeOf(call, texts)}</code>
                  <time dateTime={call.at} title={call.at}>
                    {time.format(new Date(call.at))}
                  </time>
                  <span className="how">
                    <strong>{verdictOf(call, texts)}</strong> · <span>{sourceOf(call, texts)}</span>
                    {call.outcome === 'allow' ? null : (
                      <button
                        type="button"
                        className="plain"
                        aria-label={texts.why.openOf(routeOf(call, texts))}
                        onClick={() => setAsking(call)}
                      >
                        {texts.why.open}
                      </button>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )}
          {data.data.length === most ? null : (
            <p className="hint">
              {(data.data.length === 0 ? lastCalls.none : lastCalls.since)(dates.dayAndTime(data.since))}
            </p>
          )}
        </>
      )}
      {asking === null ? null : (
        <WhyDialog
          of={key}
          about={questionOfCall(asking, dates.shownZone)}
          request={asking.request_id}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  )
}

const routeOf = ({ method, endpoint, path }: KeyCall, { care }: Texts): string =>
  `${method} ${endpoint === null ? (path ?? '') : (endpoint.pattern ?? `(${care.lastCalls.removed})`)}`

const verdictOf = ({ outcome, secret }: KeyCall, { care: { lastCalls }, usage }: Texts): string => {
  if (outcome === 'allow') return secret === 'old' ? lastCalls.passedOld : lastCalls.passed
  // Whoever presents a trap proves it, and is answered as with a wrong value.
  return outcome === 'credential_invalid' ? lastCalls.trap : usage.reasons[outcome]
}

const sourceOf = ({ address, asked_by_proxy: byProxy }: KeyCall, { care: { lastCalls } }: Texts): string =>
  byProxy ? lastCalls.proxy(address) : lastCalls.caller(address)
