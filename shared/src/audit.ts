/** The audit trail: who changed or revealed what. Keys appear by id only. */

export const auditActions = [
  'keystore.init',
  'keystore.unlock',
  'keystore.quarantine',
  'key.issue',
  'key.import',
  'key.edit',
  'key.reveal',
  'key.try',
  'key.disable',
  'key.enable',
  'key.rotate',
  'key.revoke_old',
  'key.remove',
  'key.restore',
  'key.purge',
  'key.reapply',
  'key.release',
  'client.create',
  'client.edit',
  'client.disable',
  'client.enable',
  'client.remove',
  'client.reapply',
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
  'policy.create',
  'policy.edit',
  'policy.disable',
  'policy.enable',
  'policy.remove',
  'token.issue',
  'token.edit',
  'token.disable',
  'token.enable',
  'token.remove',
  'signing_key.draw',
  'settings.edit',
  'channel.set',
  'channel.remove',
  'slot.add',
  'slot.remove',
  'slot.confirm',
  'keystore.rotate',
  'backup.create',
  'backup.note',
  'backup.schedule',
  'backup.drill',
  'backup.drill_schedule',
  'backup.verify',
  'backup.restore',
  'clock.accept',
  'block.set',
  'block.lift',
  'trail.receiver',
  'calendar.set',
  'calendar.remove',
  'call.refused',
] as const
export type AuditAction = (typeof auditActions)[number]

/**
 * How far an entry's word goes. `intent`: this will become true with `generation`; when no `not_committed` entry follows
 * for the same generation, it did. `done`: it has happened and needs no generation (a reveal). `not_committed`: the
 * intents for this generation never became true. `refused`: calls of one caller that were refused within one minute.
 * `gap`: the end of the trail was torn or is missing. `pruned`: retention has let the oldest records go.
 */
export const auditOutcomes = ['intent', 'done', 'not_committed', 'refused', 'gap', 'pruned'] as const
export type AuditOutcome = (typeof auditOutcomes)[number]

/** Somebody of this machine, the holder of an admin token, Postern itself, or whoever calls through the gateway. */
export const actorKinds = ['local', 'token', 'system', 'caller'] as const

/** Who acted. `proof` says how the daemon knows the name: `file` (proved by a file only that user could make), `token`
 * (it presented the token of that name) or `claimed`. */
export interface Actor {
  kind: (typeof actorKinds)[number]
  name: string
  proof: 'file' | 'token' | 'claimed' | 'none'
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
  /** Whose record it is about: the id of a client. */
  client?: string
  /** How many calls a folded record stands for. */
  count?: number
  /** Records that a gap says are not there. */
  missing?: { from: number; to: number }
  /** After retention: the first record that is still there, and the hash it names as the one before it. */
  kept_from?: { seq: number; prev: string }
  /** Which run of the daemon wrote it, and how many milliseconds into that run: a clock that was set shows here. */
  boot?: string
  mono_ms?: number
  /** Hex SHA-256 of the line before. */
  prev?: string
  /** The seal, on the last line of each append. */
  sig?: string
}

/** Which records a list asks for: all of it has to be true of a record; absent: whatever it is. */
export interface RecordsAsked {
  /** The id or the name of what it is about. */
  readonly object?: string | undefined
  /** Part of the name of who acted; case does not matter. */
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly source?: Actor['kind'] | undefined
  /** At or after, and strictly before; milliseconds. */
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

/** Which changes an export asks for. */
export interface ChangesAsked {
  /** At or after, and strictly before; milliseconds. */
  readonly fromMs: number
  readonly toMs: number
  /** Changes after this record; 0: from the first. */
  readonly after: number
  /** Only what concerns this client and its keys; `null`: everything. */
  readonly clientId: string | null
}

/** A change as connectors are told of it. Who made it, notes, and what is a trap are for administrators alone. */
export interface ToldChange {
  readonly seq: number
  readonly change: {
    readonly seq: number
    readonly at: string
    readonly action: string
    readonly object: AuditEntry['object']
    readonly client: string | null
    readonly generation: number | null
    readonly fields?: readonly string[]
    readonly note?: string
    readonly actor?: Actor
  }
}
