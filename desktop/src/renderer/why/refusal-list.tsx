/** The refusals of one key that are remembered, newest first, each with the sentence that says why. */
import type { RefusalView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'
import { canAskAgain } from './question.ts'
import { callerOf, useExactTime } from './refusal-said.tsx'

const shown = 50
const topics = ['usage'] as const

interface RefusalListProps {
  /** The id of the key. */
  readonly of: string
  readonly onCheck: (refusal: RefusalView) => void
}

export const RefusalList = ({ of: key, onCheck }: RefusalListProps) => {
  const { texts } = useConsole()
  const { why } = texts
  const asked = useAsked('refusals.list', { query: { key, per_page: shown } }, topics)
  const time = useExactTime()
  return (
    <section>
      <h3>{why.remembered}</h3>
      <Loaded asked={asked} text={why.loading} rows={3}>
        {({ data, count }) =>
          data.length === 0 ? (
            <p className="hint">{why.none}</p>
          ) : (
            <>
              {/* It scrolls: whoever has no mouse must be able to reach it. */}
              <ul className="plain-list refusals" tabIndex={0} aria-label={why.remembered}>
                {data.map((refusal, at) => (
                  <li key={`${refusal.request_id} ${refusal.at} ${at}`}>
                    <span className="which">
                      <code>{`${refusal.method} ${refusal.path}`}</code>
                      <span className="hint">
                        <time dateTime={refusal.at}>{time(refusal.at)}</time> · {callerOf(refusal, texts)}
                      </span>
                    </span>
                    <span className="said">{refusal.said}</span>
                    {canAskAgain(refusal) ? (
                      <button
                        type="button"
                        className="plain"
                        aria-label={why.checkOf(`${refusal.method} ${refusal.path}`)}
                        onClick={() => onCheck(refusal)}
                      >
                        {why.check}
                      </button>
                    ) : null}
                  </li>
                ))}
              </ul>
              {count > data.length ? <p className="hint">{why.newest(data.length, count)}</p> : null}
            </>
          )
        }
      </Loaded>
    </section>
  )
}
