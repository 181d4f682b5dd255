/** The shapes of clients, collections and endpoints. */
import { z } from 'zod'
import { accessLimits, credentialWays, endpointMethods } from './access.ts'
import { addressesInput, addressesView, deprecationInput, deprecationView, policiesInput } from './rights-schemas.ts'
import { description, grants, idOrName, instant, name, reference } from './schema-parts.ts'
import { signInInput, signInView } from './sign-in-schemas.ts'
import { reachEvidence } from './usage-schemas.ts'

export const newClient = z.strictObject({
  name,
  description: description.optional(),
  project: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  collections: grants.optional().meta({ description: 'granted collections; null: every one; absent: none' }),
  addresses: addressesInput.optional().meta({ description: 'hold for all of its keys, besides their own' }),
  policies: policiesInput.optional().meta({ description: 'limits that hold for all of its keys together' }),
  accepts: z
    .array(z.enum(credentialWays))
    .min(1)
    .optional()
    .meta({ description: 'ways in which its callers may prove themselves; default: key, oauth2' }),
  sign_in: signInInput.nullable().optional().meta({ description: 'how tokens of somebody else’s are checked' }),
  administrator: z
    .boolean()
    .optional()
    .meta({ description: 'its keys with the scope exports:read read the changes to everybody’s' }),
})
export type NewClient = z.infer<typeof newClient>
export const clientEdit = newClient.partial()
export type ClientEdit = z.infer<typeof clientEdit>

const recordView = { id: z.string(), created_at: instant, updated_at: instant, enabled: z.boolean(), etag: z.string() }

export const clientView = z.object({
  ...recordView,
  name: z.string(),
  description: z.string(),
  project: z.string().nullable(),
  email: z.string().nullable(),
  collections: z.array(reference).nullable(),
  addresses: addressesView,
  policies: z.array(reference),
  accepts: z.array(z.enum(credentialWays)),
  sign_in: signInView.nullable(),
  administrator: z.boolean(),
  active_keys_count: z.number(),
  total_keys_count: z.number(),
})
export type ClientView = z.infer<typeof clientView>

export const newCollection = z.strictObject({
  name,
  version: z.string().optional().meta({ description: 'of its documents, such as 1.2.0; default: 1.0.0' }),
  description: description.optional(),
  project: z.string().nullable().optional(),
})
export type NewCollection = z.infer<typeof newCollection>
export const collectionEdit = newCollection.partial()
export type CollectionEdit = z.infer<typeof collectionEdit>

export const collectionView = z.object({
  ...recordView,
  name: z.string(),
  version: z.string(),
  description: z.string(),
  project: z.string().nullable(),
  endpoints_count: z.number(),
})
export type CollectionView = z.infer<typeof collectionView>

const endpointFields = {
  description: description.optional(),
  method: z.enum(endpointMethods).optional().meta({ description: 'default: GET' }),
  host: z.string().nullable().optional().meta({ description: 'only calls for this host; null: any' }),
  upstream: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'an http or https URL without query, with {name} for raw segments; null: forward-auth only' }),
  upstream_ca: z.string().nullable().optional().meta({ description: 'PEM certificates to trust for this upstream' }),
  query_parameter: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'a key may be presented in this query parameter too; null: only in headers' }),
  principal: z
    .boolean()
    .optional()
    .meta({ description: 'the upstream gets a signed X-Postern-Principal besides the headers' }),
  deprecation: deprecationInput
    .nullable()
    .optional()
    .meta({ description: 'callers are told in Deprecation, Sunset and Link; null: it stays' }),
  body_bytes_max: z
    .number()
    .optional()
    .meta({ description: `default ${accessLimits.bodyBytesDefault}` }),
  connect_timeout_ms: z.number().optional(),
  answer_timeout_ms: z.number().optional(),
  idle_timeout_ms: z.number().optional(),
}
export const newEndpoint = z.strictObject({ ...endpointFields, collection: idOrName, path: z.string() })
export type NewEndpoint = z.infer<typeof newEndpoint>
export const endpointEdit = z.strictObject({
  ...endpointFields,
  collection: idOrName.optional(),
  path: z.string().optional(),
})
export type EndpointEdit = z.infer<typeof endpointEdit>

export const endpointView = z.object({
  ...recordView,
  collection: reference,
  description: z.string(),
  method: z.enum(endpointMethods),
  path: z.string(),
  host: z.string().nullable(),
  upstream: z.string().nullable(),
  upstream_ca: z.string().nullable(),
  query_parameter: z.string().nullable(),
  principal: z.boolean(),
  deprecation: deprecationView.nullable(),
  body_bytes_max: z.number(),
  connect_timeout_ms: z.number(),
  answer_timeout_ms: z.number(),
  idle_timeout_ms: z.number(),
})
export type EndpointView = z.infer<typeof endpointView>

/** After what stops calls: who is hit. */
export const clientWithEvidence = clientView.extend({ evidence: reachEvidence })
export const collectionWithEvidence = collectionView.extend({ evidence: reachEvidence })
export const endpointWithEvidence = endpointView.extend({ evidence: reachEvidence })
