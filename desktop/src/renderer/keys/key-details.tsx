/** All about one key, beside the table: what it is, who uses it, what was done with it. */
import { useEffect, useState } from 'react'
import type { AuditView, KeyEvidence, KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import type { RowAction } from '../pages/keys-page.tsx'
import { CloseIcon } from '../parts/icons.tsx'
import { SecretValue } from '../parts/secret-value.tsx'
import { StandingPill } from '../parts/standing-pill.tsx'
import { Fact } from '../parts/states.tsx'
import { useKeyActions } from './use-key-actions.ts'

const historyShown = 10

interface KeyDetailsProps {
  readonly of: KeyView
  readonly judgedMs: number
  readonly off: string | null
  readonly onAct: (action: RowAction, key: KeyView) => void
  readonly onClose: () => void
}

export const KeyDetails = ({ of: key, judgedMs, off, onAct, onClose }: KeyDetailsProps) => {
  const { bridge, texts, dates } = useConsole()
  const { details } = texts
  const { expires_at: expiresAt, last_used_at: usedAt } = key
  return (
    <aside
      className="details"
      aria-label={details.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <div className="top">
        <h2 className="cut">{key.name}</h2>
        <button type="button" className="plain" aria-label={texts.common.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <p>
        <StandingPill of={key} nowMs={judgedMs} />
      </p>
      <p className="row">
        {(['edit', 'rotate', key.state === 'disabled' ? 'enable' : 'disable', 'remove'] as const).map((action) => (
          <button
            key={action}
            type="button"
            className={action === 'remove' ? 'button danger' : 'button'}
            disabled={off !== null}
            title={off ?? undefined}
            onClick={() => onAct(action, key)}
          >
            {texts.keys.menu[action]}
          </button>
        ))}
      </p>
      {key.honey === null ? null : <p className="hint fault">{details.trap}</p>}
      <h3>{details.value}</h3>
      {key.reveal === 'always' ? (
        <>
          <SecretValue
            masked={key.masked}
            reveal={() => bridge.revealKey(key.id)}
            copy={() => bridge.copyKey(key.id)}
            off={off}
          />
          <p className="hint">{details.hidesItself}</p>
        </>
      ) : (
        <p className="hint">
          <code>{key.masked}</code> {details.notKept}
        </p>
      )}
      <dl>
        <Fact label={details.description}>{key.description === '' ? texts.common.none : key.description}</Fact>
        <Fact label={details.owner}>{key.owner ?? texts.common.none}</Fact>
        <Fact label={details.client}>{key.client.name}</Fact>
        <Fact label={details.reach}>
          {key.collections === null ? details.reachAll : key.collections.map(({ name }) => name).join(', ')}
        </Fact>
        <Fact label={details.expires}>
          {expiresAt === null
            ? texts.keys.neverExpires
            : `${dates.end(expiresAt)}, ${dates.relative(expiresAt, judgedMs)}`}
        </Fact>
        <Fact label={details.used}>{usedAt === null ? texts.keys.notUsed : dates.dayAndTime(usedAt)}</Fact>
        <Fact label={details.created}>{dates.dayAndTime(key.created_at)}</Fact>
        <Fact label={details.id}>
          <code>{key.id}</code>
        </Fact>
      </dl>
      <Use of={key} off={off} />
      <History of={key} />
    </aside>
  )
}

/** Who uses it, and how far a rotation has come. */
const Use = ({ of: key, off }: { of: KeyView; off: string | null }) => {
  const { bridge, model, texts, dates } = useConsole()
  const { details } = texts
  const { tell } = useKeyActions()
  const [evidence, setEvidence] = useState<KeyEvidence | null>(null)
  const { id, etag, last_used_at: usedAt, old_secret_valid_until: oldUntil } = key
  useEffect(() => {
    let current = true
    bridge.call('keys.evidence', { params: { key: id } }, { background: true }).then(
      (found) => {
        if (current) setEvidence(found)
      },
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [bridge, id, etag, usedAt])
  const endOld = (): void =>
    void bridge.call('keys.revoke_old', { params: { key: id } }).then((changed) => model.put(changed), tell)
  if (evidence === null) return null
  const { rotation } = evidence
  return (
    <section>
      <h3>{details.usage}</h3>
      {rotation === null || oldUntil === null ? null : (
        <>
          <meter min={0} max={Math.max(1, rotation.callers)} value={rotation.moved} aria-label={details.callers} />
          <p>
            {details.rotation(rotation.moved, rotation.callers)} {details.oldUntil(dates.dayAndTime(oldUntil))}
          </p>
          <button type="button" className="button" disabled={off !== null} onClick={endOld}>
            {details.endOld}
          </button>
        </>
      )}
      <p>{details.calls(evidence.calls, evidence.days)}</p>
      {evidence.callers.length === 0 ? null : (
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
            {evidence.callers.map((caller) => (
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

const History = ({ of: { id, etag } }: { of: KeyView }) => {
  const { bridge, texts, dates } = useConsole()
  const [entries, setEntries] = useState<readonly AuditView[] | null>(null)
  useEffect(() => {
    const query = { object: id, per_page: historyShown }
    bridge.call('audit.list', { query }, { background: true }).then(
      ({ data }) => setEntries(data),
      () => undefined,
    )
  }, [bridge, id, etag])
  if (entries === null) return null
  return (
    <section>
      <h3>{texts.details.history}</h3>
      {entries.length === 0 ? <p>{texts.details.noHistory}</p> : null}
      <ul className="plain-list">
        {entries.map(({ seq, ts: at, actor, action }) => (
          <li key={seq}>
            <time dateTime={at}>{dates.dayAndTime(at)}</time>
            <span>{actor.name}</span>
            <code>{action}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}
