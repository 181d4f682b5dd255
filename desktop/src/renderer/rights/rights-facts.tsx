/** What a key, or a client, may do, in words; what is left of each limit as of now. */
import type { AddressesView, KeyView, LimitStanding } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Fact } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'

/** From where calls may come, as two facts; the second only where there is something to say. */
export const AddressFacts = ({ of: { allow, deny } }: { of: AddressesView }) => {
  const { texts } = useConsole()
  const { networks } = texts.rights
  return (
    <>
      <Fact label={networks.from}>{allow === null ? networks.anywhere : <NetworkList of={allow} />}</Fact>
      {deny.length === 0 ? null : (
        <Fact label={networks.deny}>
          <NetworkList of={deny} />
        </Fact>
      )}
    </>
  )
}

const NetworkList = ({ of: networks }: { of: readonly string[] }) => (
  <code className="lines">{networks.join('\n')}</code>
)

export const KeyRightsFacts = ({ of: key }: { of: KeyView }) => {
  const { texts } = useConsole()
  const { details, rights } = texts
  return (
    <section>
      <h3>{rights.may}</h3>
      <dl className="facts">
        <Fact label={details.reach}>
          {key.collections === null ? details.reachAll : key.collections.map(({ name }) => name).join(', ')}
        </Fact>
        <Fact label={rights.endpoints.title}>
          {key.endpoints === null ? (
            rights.endpoints.all
          ) : (
            <code className="lines">{key.endpoints.map(({ name }) => name).join('\n')}</code>
          )}
        </Fact>
        <Fact label={rights.methods.title}>{key.methods === null ? rights.methods.all : key.methods.join(', ')}</Fact>
        <AddressFacts of={key.addresses} />
        <Fact label={rights.subject.title}>{key.subject ?? rights.subject.nobody}</Fact>
        <Fact label={rights.managers.title}>
          {key.grants === null
            ? rights.managers.all
            : key.grants.length === 0
              ? rights.managers.administrators
              : key.grants
                  .map(({ token, rights: held }) =>
                    rights.managers.holds(
                      token.name,
                      held.map((right) => rights.managers.rights[right]),
                    ),
                  )
                  .join('\n')}
        </Fact>
      </dl>
      <LimitsLeft of={key} />
    </section>
  )
}

/** Asked anew with every news of calls: what is left changes with them. */
const topics = ['keys', 'records', 'usage'] as const

const LimitsLeft = ({ of: key }: { of: KeyView }) => {
  const { texts } = useConsole()
  const { limits } = texts.rights
  const { data, fault } = useAsked('keys.limits', { params: { key: key.id } }, topics)
  const named = key.policies.map(({ name }) => name).join(', ')
  return (
    <dl>
      <Fact label={limits.title}>
        {fault !== null ? (
          `${named} ${limits.leftUnknown}`.trim()
        ) : data === null ? (
          named
        ) : data.data.length === 0 ? (
          limits.none
        ) : (
          <ul className="plain-list limits-left">
            {data.data.map((standing) => (
              <LimitLeft key={`${standing.policy.id} ${standing.held_by} ${standing.per}`} of={standing} />
            ))}
          </ul>
        )}
      </Fact>
    </dl>
  )
}

const LimitLeft = ({
  of: { policy, held_by: holder, per, limit, remaining, resets_at: resetsAt },
}: {
  of: LimitStanding
}) => {
  const { texts, dates, nowMs } = useConsole()
  const { limits } = texts.rights
  const words = per === 'concurrent' ? texts.limits.atOnce(limit) : texts.limits.per[per](limit)
  return (
    <li>
      <span>
        {words}: <strong>{limits.left(remaining)}</strong>
      </span>
      <span className="hint">
        {holder === 'client' ? limits.ofItsClient(policy.name) : policy.name === words ? '' : policy.name}{' '}
        {resetsAt === null ? '' : limits.whole(dates.relative(resetsAt, nowMs()))}
      </span>
    </li>
  )
}
