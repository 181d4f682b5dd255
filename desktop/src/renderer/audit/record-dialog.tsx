/** One record of the trail, whole: in words, and with what it is checked by. */
import type { AuditView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Fact } from '../parts/states.tsx'
import { actionText, actorText, objectText, outcomeText, sourceText } from './in-words.ts'

export const RecordDialog = ({ of: record, onClose }: { of: AuditView; onClose: () => void }) => {
  const { texts, dates } = useConsole()
  const { audit } = texts
  const { detail, columns } = audit
  const { seq, ts: at, actor, action, object, fields, note, count, missing, kept_from: kept, boot, prev, sig } = record
  const proofs: Readonly<Record<string, string>> = audit.proofs
  return (
    <Dialog title={audit.details(dates.number(seq))} onClose={onClose}>
      <dl className="facts">
        <Fact label={detail.what}>{actionText(record, texts)}</Fact>
        <Fact label={detail.outcome}>{outcomeText(record, texts)}</Fact>
        <Fact label={columns.time}>
          {dates.dayAndTime(at)} <code>{at}</code>
        </Fact>
        <Fact label={columns.actor}>
          {actorText(record, texts)}. {proofs[actor.proof]}
        </Fact>
        <Fact label={columns.source}>{sourceText(record, texts)}</Fact>
        <Fact label={columns.object}>
          {objectText(record, texts)} <code>{object.id}</code>
        </Fact>
        {record.client === undefined ? null : <CodeFact label={detail.client} text={record.client} />}
        {fields === undefined ? null : <CodeFact label={detail.fields} text={fields.join(', ')} />}
        {note === undefined ? null : <Fact label={detail.note}>{note}</Fact>}
        {count === undefined ? null : <Fact label={detail.count}>{dates.number(count)}</Fact>}
        {missing === undefined ? null : <Fact label={detail.missing}>{detail.range(missing.from, missing.to)}</Fact>}
        {kept === undefined ? null : <Fact label={detail.kept}>{dates.number(kept.seq)}</Fact>}
        <CodeFact label={detail.code} text={action} />
        {record.generation === null ? null : <Fact label={detail.generation}>{dates.number(record.generation)}</Fact>}
        {record.request_id === null ? null : <CodeFact label={detail.request} text={record.request_id} />}
        {boot === undefined ? null : (
          <Fact label={detail.run}>
            {detail.intoRun(boot, dates.number(Math.round((record.mono_ms ?? 0) / 1_000)))}
          </Fact>
        )}
        {prev === undefined ? (
          <Fact label={detail.prev}>{detail.noChain}</Fact>
        ) : (
          <CodeFact label={detail.prev} text={prev} />
        )}
        {prev === undefined ? null : sig === undefined ? (
          <Fact label={detail.seal}>{detail.sealed}</Fact>
        ) : (
          <CodeFact label={detail.seal} text={sig} />
        )}
      </dl>
      <div className="row end">
        <button type="button" className="button primary" onClick={onClose}>
          {texts.common.close}
        </button>
      </div>
    </Dialog>
  )
}

const CodeFact = ({ label, text }: { label: string; text: string }) => (
  <Fact label={label}>
    <code>{text}</code>
  </Fact>
)
