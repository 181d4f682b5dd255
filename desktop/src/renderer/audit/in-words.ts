/** Records of the trail in words. Pure. */
import { auditActions, type AuditAction, type AuditView } from '@postern/shared'
import { csvOf } from '../csv.ts'
import type { Texts } from '../texts/texts.ts'

export const actionText = ({ action }: Pick<AuditView, 'action'>, { audit }: Texts): string =>
  (audit.actions as Readonly<Record<string, string>>)[action] ?? action

export const actorText = ({ actor: { kind, name, proof } }: AuditView, { audit }: Texts): string => {
  if (kind === 'caller') return audit.aCaller
  if (kind === 'system') return audit.postern
  return proof === 'claimed' ? audit.claimed(name) : name
}

/** Where it came from: for a caller the address. */
export const sourceText = ({ actor: { kind, name } }: AuditView, { audit }: Texts): string =>
  kind === 'caller' ? name : ((audit.sources as Readonly<Record<string, string>>)[kind] ?? kind)

export const objectText = ({ object: { kind, id, name } }: AuditView, { audit }: Texts): string => {
  const kindText = (audit.kinds as Readonly<Record<string, string>>)[kind] ?? kind
  return id === kind ? kindText : `${kindText} ${name ?? id}`
}

export const outcomeText = ({ outcome, came_true: cameTrue }: AuditView, { audit }: Texts): string =>
  cameTrue ? audit.outcomes[outcome] : audit.outcomes.takenBack

/** What is worth saying beside the action. */
export const asideText = (record: AuditView, { audit }: Texts): string =>
  [
    ...(record.came_true ? [] : [audit.notDone]),
    ...(record.count === undefined ? [] : [audit.times(record.count)]),
    ...(record.fields === undefined || record.fields.length === 0 ? [] : [audit.fields(record.fields.join(', '))]),
  ].join(' · ')

/** For a list to choose from: by what the action is done to, in the order of the catalogue. */
export const actionGroups = (texts: Texts): readonly { group: string; actions: readonly AuditAction[] }[] =>
  Object.entries(texts.audit.groups).map(([name, group]) => ({
    group,
    actions: auditActions.filter((action) => action.startsWith(`${name}.`)),
  }))

/** With the names and codes of the admin API: a file is for programs too. */
export const recordsCsv = (records: readonly AuditView[]): string =>
  csvOf(
    [
      'seq',
      'ts',
      'actor',
      'actor_kind',
      'actor_proof',
      'action',
      'object_kind',
      'object_id',
      'object_name',
      'outcome',
      'came_true',
      'count',
      'fields',
      'note',
      'generation',
      'request_id',
    ],
    records.map((record) => [
      record.seq,
      record.ts,
      record.actor.name,
      record.actor.kind,
      record.actor.proof,
      record.action,
      record.object.kind,
      record.object.id,
      record.object.name ?? '',
      record.outcome,
      String(record.came_true),
      record.count ?? '',
      record.fields?.join(' ') ?? '',
      record.note ?? '',
      record.generation ?? '',
      record.request_id ?? '',
    ]),
  )
