/** Who calls with the keys of a client, or an endpoint: said before something is stopped, and shown beside what is looked at. */
import type { ReachEvidence } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { useAsked } from '../use-asked.ts'
import type { Kind } from './kinds.ts'

/** `unknown`: it could not be found out, and must not be taken for unused. */
export type Reach = ReachEvidence | 'loading' | 'unknown'

const topics = ['usage'] as const

/** `kind` null: nothing is asked. */
export const useReach = (kind: Kind | null, id: string): Reach => {
  const ofClient = useAsked('clients.evidence', kind === 'clients' ? { params: { client: id } } : null, topics)
  const ofCollection = useAsked(
    'collections.evidence',
    kind === 'collections' ? { params: { collection: id } } : null,
    topics,
  )
  const ofEndpoint = useAsked('endpoints.evidence', kind === 'endpoints' ? { params: { endpoint: id } } : null, topics)
  const { data, fault } = { clients: ofClient, collections: ofCollection, endpoints: ofEndpoint }[kind ?? 'clients']
  if (data !== null) return data
  return fault === null ? 'loading' : 'unknown'
}

export const ReachText = ({ reach }: { reach: Reach }) => {
  const { texts, dates } = useConsole()
  if (reach === 'loading') return <p role="status">{texts.evidence.loading}</p>
  if (reach === 'unknown') return <p>{texts.evidence.unknown}</p>
  const { calls, days, callers_count: callers, callers: busiest, keys_count: keys, last_hour: last } = reach
  const { evidence } = texts.records
  if (calls === 0) return <p>{evidence.unused(days)}</p>
  const said = [
    evidence.calls(calls, days, callers, keys),
    ...(last === null ? [] : [evidence.latest(dates.dayAndTime(last))]),
    ...(busiest[0] === undefined ? [] : [texts.evidence.busiest(busiest[0].address)]),
  ]
  return (
    <p>
      <strong>{texts.evidence.inUse}</strong> {said.join(', ')}.
    </p>
  )
}

/** With the busiest callers, one to a line. */
export const ReachSection = ({ kind, id }: { kind: Kind; id: string }) => {
  const { texts, dates } = useConsole()
  const { details } = texts
  const reach = useReach(kind, id)
  return (
    <section>
      <h3>{details.usage}</h3>
      <ReachText reach={reach} />
      {typeof reach === 'string' || reach.callers.length === 0 ? null : (
        <table>
          <caption className="unseen">{details.callers}</caption>
          <thead>
            <tr>
              <th scope="col">{details.address}</th>
              <th scope="col">{details.callCount}</th>
              <th scope="col">{details.lastHour}</th>
            </tr>
          </thead>
          <tbody>
            {reach.callers.map((caller) => (
              <tr key={caller.address}>
                <td>{caller.address}</td>
                <td>{dates.number(caller.calls)}</td>
                <td>{dates.dayAndTime(caller.last_hour)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
