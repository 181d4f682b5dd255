/** The audit trail: who changed or revealed what. Keys appear by id only. */

export const auditActions = [
  'keystore.init',
  'keystore.unlock',
  'key.issue',
  'key.edit',
  'key.reveal',
  'key.disable',
  'key.enable',
  'key.rotate',
  'key.revoke_old',
  'key.remove',
  'key.restore',
  'key.purge',
  'client.create',
  'client.edit',
  'client.disable',
  'client.enable',
  'client.remove',
  'collection.create',
  'collection.edit',
  'collection.disable',
  'collection.enable',
  'collection.remove',
  'endpoint.create',
  'endpoint.edit',
  'endpoint.disable',
  'endpoint.enable',
  'endpoint.remove',
  'settings.edit',
  'slot.add',
  'slot.remove',
] as const
export type AuditAction = (typeof auditActions)[number]

/**
 * How far an entry's word goes. `intent`: this will become true with `generation`; when no `not_committed` entry follows
 * for the same generation, it did. `done`: it has happened and needs no generation (a reveal). `not_committed`: the
 * intents for this generation never became true. `gap`: the end of the trail was torn and has been cut.
 */
export const auditOutcomes = ['intent', 'done', 'not_committed', 'gap'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** Who acted. `proof` says how the daemon knows the name: `file` (proved by a file only that user could make) or `claimed`. */
export interface Actor {
  kind: 'local' | 'system'
  name: string
  proof: 'file' | 'claimed' | 'none'
}

export interface AuditEntry {
  seq: number
  ts: string
  actor: Actor
  action: AuditAction | 'trail'
  /** What it was done to: a kind and a public id, never a secret. */
  object: { kind: string; id: string; name?: string }
  outcome: AuditOutcome
  /** The keystore generation the change becomes part of; `null` for entries that change nothing. */
  generation: number | null
  request_id: string | null
  /** Names of the changed fields, for edits. */
  fields?: string[]
  note?: string
}
