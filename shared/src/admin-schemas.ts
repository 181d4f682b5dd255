/**
 * The shapes that travel over the admin API: what a request may say and what an answer holds. snake_case on the wire;
 * times are RFC 3339 UTC with milliseconds and Z. Unknown fields are refused: a misspelt limit must not pass unnoticed.
 */
import { z } from 'zod'
import { actorKinds } from './audit.ts'
import { keyEvidence } from './usage-schemas.ts'
import { expiryChoice } from './expiry-schema.ts'
import { keyRightsInput, keyRightsView } from './rights-schemas.ts'
import { description, grants, idOrName, instant, name, reference } from './schema-parts.ts'
import { keyScopes, keyStates, keyStatuses, revealPolicies } from './keys.ts'

export * from './audit-schemas.ts'
export * from './link-schemas.ts'
export * from './usage-schemas.ts'
export * from './notice-schemas.ts'
export * from './store-schemas.ts'
export * from './status-schemas.ts'
export * from './try-schemas.ts'
export * from './expiry-schema.ts'
export * from './rights-schemas.ts'
export * from './policy-schemas.ts'
export * from './token-schemas.ts'
export * from './explain-schemas.ts'
export * from './import-schemas.ts'
export * from './sign-in-schemas.ts'
export * from './kit-schemas.ts'
export * from './record-schemas.ts'

const scopes = z.array(z.enum(keyScopes)).meta({ description: 'what it may ask of Postern itself; default: nothing' })
const honey = z.strictObject({
  block_seconds: z.number().optional().meta({ description: 'for how long whoever presents it is refused; default: 0' }),
})

export const newKey = z.strictObject({
  name,
  description: description.optional(),
  owner: z.string().nullable().optional(),
  client: idOrName.optional().meta({ description: 'default: the client "default"' }),
  collections: grants.optional().meta({ description: 'null or absent: every collection of the client' }),
  expires: expiryChoice.optional().meta({ description: 'default: one year' }),
  ...keyRightsInput,
  scopes: scopes.optional(),
  honey: honey.nullable().optional().meta({ description: 'a trap: refused like an unknown key, and told of' }),
  reveal: z.enum(revealPolicies).optional(),
})
export type NewKey = z.infer<typeof newKey>

export const keyEdit = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  owner: z.string().nullable().optional(),
  collections: grants.optional(),
  expires: expiryChoice.optional(),
  ...keyRightsInput,
  scopes: scopes.optional(),
  honey: honey.optional().meta({ description: 'makes it a trap for good' }),
  reveal: z.enum(revealPolicies).optional().meta({ description: 'can be tightened; loosened only by rotating' }),
})
export type KeyEdit = z.infer<typeof keyEdit>

export const rotation = z.strictObject({
  overlap_seconds: z
    .number()
    .optional()
    .meta({ description: 'how long the old secret stays valid; 0, the default: not at all' }),
  reveal: z.enum(revealPolicies).optional(),
})
export type Rotation = z.infer<typeof rotation>

export const keyView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  owner: z.string().nullable(),
  client: reference,
  collections: z.array(reference).nullable().meta({ description: 'null: every collection of the client' }),
  ...keyRightsView,
  scopes: z.array(z.enum(keyScopes)),
  honey: z
    .object({ block_seconds: z.number() })
    .nullable()
    .meta({ description: 'not null: a trap, which opens nothing' }),
  reveal: z.enum(revealPolicies),
  masked: z.string().meta({ description: 'the key value with its secret left out' }),
  state: z.enum(keyStates),
  status: z.enum(keyStatuses),
  client_disabled: z.boolean().meta({ description: 'its client is disabled, so it counts as disabled itself' }),
  created_at: instant,
  expires_at: instant.nullable().meta({ description: 'valid strictly before; null: never expires' }),
  last_used_at: instant.nullable(),
  active_since: instant.nullable(),
  old_secret_valid_until: instant.nullable().meta({ description: 'during the overlap after a rotation' }),
  quarantined: z.boolean().meta({ description: 'it came up with an older folder and waits to live again' }),
  removed_at: instant.nullable(),
  purged_at: instant.nullable().meta({ description: 'when a removed key can no longer be restored' }),
  etag: z.string(),
})
export type KeyView = z.infer<typeof keyView>

/** After what stops calls: who is hit. */
export const keyWithEvidence = keyView.extend({ evidence: keyEvidence })
export type KeyWithEvidence = z.infer<typeof keyWithEvidence>

/** The one answer that carries a secret: after create, rotate and reveal. */
export const issuedKey = keyView.extend({
  value: z.string().nullable().meta({ description: 'the key value; null where the reveal policy keeps none' }),
})
export type IssuedKey = z.infer<typeof issuedKey>

export const changeTopics = ['keys', 'records', 'usage', 'notices', 'state'] as const
export type ChangeTopic = (typeof changeTopics)[number]
export const changesQuery = z.strictObject({
  seen: z.coerce.number().int().optional().meta({ description: 'the seq last answered; absent: answer at once' }),
})
export const changesView = z.object({
  seq: z.number(),
  generation: z.number().nullable(),
  topics: z.array(z.enum(changeTopics)).meta({ description: 'what is newer than what was seen; empty: nothing is' }),
  keys: z.array(z.string()).nullable().meta({ description: 'ids of changed keys; null: read the whole list' }),
  used: z.array(z.object({ id: z.string(), last_used_at: instant })),
})
export type ChangesView = z.infer<typeof changesView>

/** The filters of a list. Numbers arrive as text. */
export const pageQuery = {
  page: z.coerce.number().optional().meta({ description: 'from 1' }),
  per_page: z.coerce.number().optional().meta({ description: '1 to 500, default 100' }),
}
export const keysQuery = z.strictObject({
  ...pageQuery,
  client: z.string().optional(),
  status: z.enum(keyStatuses).optional(),
  state: z.enum(keyStates).optional(),
  text: z.string().max(200).optional().meta({ description: 'in name, description, owner or id, whatever the case' }),
  unused_days: z.coerce.number().optional().meta({ description: 'not used in so many days, and older than that' }),
  removed: z.enum(['true', 'false']).optional().meta({ description: 'with "true", removed keys too' }),
})
export const clientsQuery = z.strictObject({
  ...pageQuery,
  project: z.string().optional(),
  text: z.string().max(200).optional(),
})
export const collectionsQuery = clientsQuery
export const endpointsQuery = z.strictObject({
  ...pageQuery,
  collection: z.string().optional(),
  text: z.string().max(200).optional(),
})
export const policiesQuery = z.strictObject({ ...pageQuery, text: z.string().max(200).optional() })
export const tokensQuery = policiesQuery
export const noticesQuery = z.strictObject({ ...pageQuery })
export const auditQuery = z.strictObject({
  ...pageQuery,
  object: z.string().optional().meta({ description: 'only entries about this id or name' }),
  actor: z.string().optional().meta({ description: 'only entries of actors whose name has this in it' }),
  action: z.string().optional().meta({ description: 'only entries of this action' }),
  source: z.enum(actorKinds).optional().meta({ description: 'only entries of somebody of this kind' }),
  from: z.string().optional().meta({ description: 'a date in UTC or an instant; only entries since then' }),
  to: z
    .string()
    .optional()
    .meta({ description: 'a date in UTC, with its whole day, or an instant; only entries before' }),
})

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), count: z.number(), page: z.number(), per_page: z.number() })
