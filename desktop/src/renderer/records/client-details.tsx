/** All about one client, beside the table: whom to ask, what it may call, its keys, who calls with them. */
import type { ClientView } from '@postern/shared'
import { useConsole, useKnown } from '../console-context.ts'
import { inOrder } from '../keys/order.ts'
import { StandingPill } from '../parts/standing-pill.tsx'
import { Fact } from '../parts/states.tsx'
import { AddressFacts } from '../rights/rights-facts.tsx'
import { SignInFacts } from '../sign-in/sign-in-facts.tsx'
import { useJudgedTime } from '../use-judged-time.ts'
import { limitsInWords } from './limits-in-words.ts'
import { ReachSection } from './reach.tsx'
import { OnOffPill, RecordPanel, type RecordAction } from './record-parts.tsx'
import { useAll } from './use-all.ts'

const keysShown = 10

interface ClientDetailsProps {
  readonly of: ClientView
  readonly off: string | null
  readonly onAct: (action: RecordAction) => void
  readonly onClose: () => void
}

export const ClientDetails = ({ of: client, off, onAct, onClose }: ClientDetailsProps) => {
  const { texts, dates } = useConsole()
  const { details } = texts.records
  const access =
    client.collections === null
      ? details.accessAll
      : client.collections.map(({ name }) => name).join('\n') || details.accessNone
  return (
    <RecordPanel
      label={details.ofClient}
      of={client}
      pill={<OnOffPill enabled={client.enabled} />}
      off={off}
      onAct={onAct}
      onClose={onClose}
    >
      <dl>
        {client.description === '' ? null : <Fact label={details.description}>{client.description}</Fact>}
        <Fact label={texts.records.project}>{client.project ?? texts.common.none}</Fact>
        <Fact label={details.contact}>{client.email ?? texts.common.none}</Fact>
        <Fact label={details.access}>{access}</Fact>
        <SignInFacts of={client} />
        <AddressFacts of={client.addresses} />
        <Fact label={texts.rights.limits.title}>
          {client.policies.length === 0 ? texts.rights.limits.none : <PoliciesOf client={client} />}
        </Fact>
        <Fact label={details.administrator}>
          {client.administrator ? details.administratorYes : details.administratorNo}
        </Fact>
        <Fact label={details.created}>{dates.dayAndTime(client.created_at)}</Fact>
        <Fact label={details.changed}>{dates.dayAndTime(client.updated_at)}</Fact>
        <Fact label={details.id}>
          <code>{client.id}</code>
        </Fact>
      </dl>
      <KeysOf client={client} onAll={() => onAct('keys')} />
      <ReachSection kind="clients" id={client.id} />
    </RecordPanel>
  )
}

/** Each with its limits in words, as soon as they are known. */
const PoliciesOf = ({ client }: { client: ClientView }) => {
  const { texts } = useConsole()
  const policies = useAll('policies.list')
  return client.policies
    .map(({ id, name }) => {
      const policy = policies.data?.find((each) => each.id === id)
      const words = policy === undefined ? name : limitsInWords(policy, texts)
      return words === name ? name : `${name}: ${words}`
    })
    .join('\n')
}

const KeysOf = ({ client, onAll }: { client: ClientView; onAll: () => void }) => {
  const { model, texts, nowMs } = useConsole()
  const { keys } = useKnown(model)
  const judgedMs = useJudgedTime(keys, nowMs)
  const { details } = texts.records
  const own = keys.filter((key) => key.client.id === client.id)
  const shown = inOrder(own, { column: 'status', descending: false }, judgedMs).slice(0, keysShown)
  return (
    <section>
      <h3>{details.keys}</h3>
      {own.length === 0 ? <p>{details.noKeys}</p> : null}
      <ul className="plain-list">
        {shown.map((key) => (
          <li key={key.id}>
            <span className="cut" title={key.name}>
              {key.name}
            </span>
            <StandingPill of={key} nowMs={judgedMs} />
          </li>
        ))}
      </ul>
      {own.length === 0 ? null : (
        <button type="button" className="button" onClick={onAll}>
          {details.moreKeys(own.length)}
        </button>
      )}
    </section>
  )
}
