/**
 * The document as bytes and back. Promises: what is parsed has been looked at field by field; a document that does not fit
 * is refused whole. Never: merges what was read into anything.
 */
import {
  callMethods,
  credentialWays,
  defaultClientId,
  endpointMethods,
  keyRights,
  keyScopes,
  limitUnits,
  mailSecurities,
  revealPolicies,
  roles,
  signInAlgorithms,
  syslogTransports,
} from '@postern/shared'
import { z } from 'zod'
import { Problem } from '../problem.ts'
import { documentVersion, type Document } from './document.ts'
import { migrate } from './migrate.ts'

const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
const ids = z.array(z.string()).nullable()
const base = { id: z.string(), revision: z.number().int().min(1), createdAt: instant }
const record = { ...base, updatedAt: instant, disabledAt: instant.nullable() }

const addresses = z.strictObject({ allow: z.array(z.string()).min(1).nullable(), deny: z.array(z.string()) })

const secret = z.strictObject({
  version: z.number().int(),
  origin: z.enum(['drawn', 'imported']),
  verifier: z.string().length(43),
  last4: z.string(),
  sealed: z.string().nullable(),
  createdAt: instant,
  validUntil: instant.nullable(),
})

const sealedSecret = z.strictObject({ sealed: z.string(), version: z.number().int() })
const ca = z.string().nullable()
const channels = z.strictObject({
  mail: z
    .strictObject({
      host: z.string(),
      port: z.number(),
      security: z.enum(mailSecurities),
      user: z.string().nullable(),
      password: sealedSecret.nullable(),
      from: z.string(),
      to: z.array(z.string()),
      ca,
    })
    .nullable(),
  webhook: z.strictObject({ url: z.string(), secret: sealedSecret, ca }).nullable(),
  syslog: z.strictObject({ transport: z.enum(syslogTransports), host: z.string(), port: z.number(), ca }).nullable(),
  system: z.strictObject({ name: z.string() }).nullable(),
})

const signIn = z.strictObject({
  kind: z.enum(['jwt', 'oidc']),
  algorithms: z.array(z.enum(signInAlgorithms)).min(1),
  secret: sealedSecret.nullable(),
  publicKey: z.string().nullable(),
  issuer: z.string().nullable(),
  jwksUrl: z.string().nullable(),
  ca,
  allowedIssuers: z.array(z.string()),
  audience: z.string().nullable(),
  requiredClaims: z.array(z.strictObject({ name: z.string(), value: z.string().nullable() })),
  profileClaim: z.string().nullable(),
  keyId: z.string().nullable(),
})

const schema = z.strictObject({
  version: z.literal(documentVersion),
  keys: z.record(
    z.string(),
    z.strictObject({
      ...base,
      name: z.string(),
      description: z.string(),
      owner: z.string().nullable(),
      subject: z.string().nullable(),
      clientId: z.string(),
      collections: ids,
      endpoints: ids,
      methods: z.array(z.enum(callMethods)).nullable(),
      addresses,
      policies: z.array(z.string()),
      grants: z.array(z.strictObject({ tokenId: z.string(), rights: z.array(z.enum(keyRights)) })).nullable(),
      scopes: z.array(z.enum(keyScopes)),
      honey: z.strictObject({ blockSeconds: z.number() }).nullable(),
      reveal: z.enum(revealPolicies),
      secrets: z.array(secret).min(1),
      expiresAt: instant.nullable(),
      activeSince: instant.nullable(),
      disabledAt: instant.nullable(),
      removedAt: instant.nullable(),
      quarantinedAt: instant.nullable(),
    }),
  ),
  clients: z.record(
    z.string(),
    z.strictObject({
      ...record,
      name: z.string(),
      description: z.string(),
      project: z.string().nullable(),
      email: z.string().nullable(),
      collections: ids,
      addresses,
      policies: z.array(z.string()),
      accepts: z.array(z.enum(credentialWays)),
      signIn: signIn.nullable(),
      administrator: z.boolean(),
    }),
  ),
  collections: z.record(
    z.string(),
    z.strictObject({
      ...record,
      version: z.string(),
      name: z.string(),
      description: z.string(),
      project: z.string().nullable(),
    }),
  ),
  endpoints: z.record(
    z.string(),
    z.strictObject({
      ...record,
      collectionId: z.string(),
      description: z.string(),
      method: z.enum(endpointMethods),
      path: z.string(),
      host: z.string().nullable(),
      upstream: z.string().nullable(),
      upstreamCa: z.string().nullable(),
      queryParameter: z.string().nullable(),
      principal: z.boolean(),
      deprecation: z
        .strictObject({ since: instant, sunset: instant.nullable(), link: z.string().nullable() })
        .nullable(),
      bodyBytesMax: z.number(),
      connectTimeoutMs: z.number(),
      answerTimeoutMs: z.number(),
      idleTimeoutMs: z.number(),
    }),
  ),
  policies: z.record(
    z.string(),
    z.strictObject({
      ...record,
      name: z.string(),
      description: z.string(),
      windows: z.array(z.strictObject({ per: z.enum(limitUnits), calls: z.number().int().min(1) })),
      concurrent: z.number().int().min(1).nullable(),
    }),
  ),
  adminTokens: z.record(
    z.string(),
    z.strictObject({
      ...record,
      name: z.string(),
      description: z.string(),
      role: z.enum(roles),
      verifier: z.string().length(43),
      last4: z.string(),
      expiresAt: instant.nullable(),
    }),
  ),
  blocks: z.record(
    z.string(),
    z.strictObject({ id: z.string(), keyId: z.string(), createdAt: instant, until: instant }),
  ),
  settings: z.strictObject({
    revision: z.number().int().min(1),
    revealDefault: z.enum(revealPolicies),
    socketRequestsPerSecond: z.number(),
    channels,
    trailReceiver: z.strictObject({ host: z.string(), port: z.number(), ca }).nullable(),
    calendar: z.strictObject({ verifier: z.string().length(43), createdAt: instant }).nullable(),
    confirmedKits: z.array(z.strictObject({ slotId: z.string(), at: instant })),
    backupSchedule: z.strictObject({ cron: z.string(), dir: z.string(), keep: z.number().int() }).nullable(),
    drillSchedule: z.strictObject({ cron: z.string() }).nullable(),
    credentialHeader: z.string().nullable(),
    importPepper: z.string().length(43).nullable(),
    adminRequestsPerSecond: z.number(),
    wrongCredentialsPerMinute: z.number(),
    publicUrl: z.string().nullable(),
    signingKeys: z.array(
      z.strictObject({
        id: z.string(),
        publicKey: z.string(),
        privateKey: sealedSecret,
        createdAt: instant,
        signsFrom: instant,
      }),
    ),
  }),
})

/** Reads a document. Throws `keystore_too_new`, or an Error for bytes that are no document. */
const parse = (bytes: Buffer): Document => {
  const json: unknown = JSON.parse(bytes.toString('utf8'))
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('the document is not an object')
  const current = migrate(json as Record<string, unknown>, documentVersion)
  if (current === null)
    throw new Problem('keystore_too_new', {
      detail: `The keystore's document has version ${String((json as { version?: unknown }).version)}; this Postern reads up to ${documentVersion}. Use a newer Postern.`,
    })
  return schema.parse(current)
}

const texts = new WeakMap<object, string>()

/** Records never change, so the text of each is worked out once: with 10,000 keys a change writes one of them anew. */
const textOf = (value: object): string => {
  const known = texts.get(value)
  if (known !== undefined) return known
  const text = JSON.stringify(value)
  texts.set(value, text)
  return text
}

const shelf = (records: Readonly<Record<string, object>>): string =>
  `{${Object.entries(records)
    .map(([id, each]) => `${JSON.stringify(id)}:${textOf(each)}`)
    .join(',')}}`

const serialise = (document: Document): Buffer =>
  Buffer.from(
    `{"version":${document.version},"keys":${shelf(document.keys)},"clients":${shelf(document.clients)},` +
      `"collections":${shelf(document.collections)},"endpoints":${shelf(document.endpoints)},` +
      `"policies":${shelf(document.policies)},"adminTokens":${shelf(document.adminTokens)},` +
      `"blocks":${shelf(document.blocks)},"settings":${textOf(document.settings)}}`,
    'utf8',
  )

/** Hand this to the keystore: it knows nothing else of documents. */
export const documentCodec = { parse, serialise }

/** A new store: the client `default`, which reaches every collection, and nothing else. */
export const firstDocument = (nowMs: number): Document => {
  const now = new Date(nowMs).toISOString()
  return {
    version: documentVersion,
    keys: {},
    clients: {
      [defaultClientId]: {
        id: defaultClientId,
        revision: 1,
        name: 'default',
        description: 'For sites that do not tell clients apart.',
        project: null,
        email: null,
        collections: null,
        addresses: { allow: null, deny: [] },
        policies: [],
        accepts: ['key', 'oauth2'],
        signIn: null,
        administrator: false,
        createdAt: now,
        updatedAt: now,
        disabledAt: null,
      },
    },
    collections: {},
    endpoints: {},
    policies: {},
    adminTokens: {},
    blocks: {},
    settings: {
      revision: 1,
      revealDefault: 'always',
      socketRequestsPerSecond: 200,
      channels: { mail: null, webhook: null, syslog: null, system: null },
      trailReceiver: null,
      calendar: null,
      confirmedKits: [],
      backupSchedule: null,
      drillSchedule: null,
      credentialHeader: null,
      importPepper: null,
      adminRequestsPerSecond: 10,
      wrongCredentialsPerMinute: 60,
      publicUrl: null,
      signingKeys: [],
    },
  }
}
