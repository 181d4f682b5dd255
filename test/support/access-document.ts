/** Documents with just what an access index is made from. */
import { hash, randomBytes } from 'node:crypto'
import { base62, checksumOf, defaultClientId, formatKeyValue, type EndpointMethod } from '@postern/shared'
import { firstDocument } from '../../daemon/src/document/codec.ts'
import {
  documentVersion,
  type AdminTokenRecord,
  type ClientRecord,
  type CollectionRecord,
  type Document,
  type EndpointRecord,
  type KeyRecord,
  type KeySecret,
  type PolicyRecord,
} from '../../daemon/src/document/document.ts'

const at = '2026-01-01T00:00:00.000Z'

export const randomText = (length: number): string =>
  Array.from(randomBytes(length), (byte) => base62.charAt(byte % 62)).join('')

export interface MadeKey {
  readonly record: KeyRecord
  readonly value: string
  /** The secret half of HTTP Basic. */
  readonly pairSecret: string
}

export const makeSecret = (
  keyId: string,
  validUntil: string | null = null,
): { record: KeySecret; value: string; pairSecret: string } => {
  const secret = randomText(43)
  const value = formatKeyValue({ keyId, secret })
  const verifier = hash('sha256', keyId + secret, 'base64url')
  return {
    record: { version: 2, origin: 'drawn', verifier, last4: value.slice(-4), sealed: null, createdAt: at, validUntil },
    value,
    pairSecret: secret + checksumOf({ keyId, secret }),
  }
}

export const makeKey = (parts: Partial<KeyRecord> = {}): MadeKey => {
  const id = parts.id ?? randomText(8)
  const { record: secret, value, pairSecret } = makeSecret(id)
  const record: KeyRecord = {
    id,
    revision: 1,
    name: `key ${id}`,
    description: '',
    owner: null,
    subject: null,
    endpoints: null,
    methods: null,
    addresses: { allow: null, deny: [] },
    policies: [],
    grants: null,
    clientId: defaultClientId,
    collections: null,
    scopes: [],
    honey: null,
    reveal: 'once',
    secrets: [secret],
    createdAt: at,
    expiresAt: null,
    activeSince: at,
    disabledAt: null,
    removedAt: null,
    quarantinedAt: null,
    ...parts,
  }
  return { record, value, pairSecret }
}

export const makeClient = (parts: Partial<ClientRecord> = {}): ClientRecord => ({
  id: defaultClientId,
  revision: 1,
  name: 'default',
  description: '',
  project: null,
  email: null,
  collections: null,
  addresses: { allow: null, deny: [] },
  policies: [],
  accepts: ['key', 'oauth2'],
  signIn: null,
  administrator: false,
  createdAt: at,
  updatedAt: at,
  disabledAt: null,
  ...parts,
})

export const makeToken = (parts: Partial<AdminTokenRecord> = {}): AdminTokenRecord => ({
  id: 'at_000000000000',
  revision: 1,
  name: 'token',
  description: '',
  role: 'viewer',
  verifier: hash('sha256', 'nobody knows what', 'base64url'),
  last4: 'wxyz',
  expiresAt: null,
  createdAt: at,
  updatedAt: at,
  disabledAt: null,
  ...parts,
})

export const makeCollection = (parts: Partial<CollectionRecord> = {}): CollectionRecord => ({
  id: 'co_erp',
  version: '1.0.0',
  revision: 1,
  name: 'ERP',
  description: '',
  project: null,
  createdAt: at,
  updatedAt: at,
  disabledAt: null,
  ...parts,
})

export const makePolicy = (parts: Partial<PolicyRecord> = {}): PolicyRecord => ({
  id: 'po_small',
  revision: 1,
  name: 'Small',
  description: '',
  windows: [{ per: 'minute', calls: 2 }],
  concurrent: null,
  createdAt: at,
  updatedAt: at,
  disabledAt: null,
  ...parts,
})

let endpointCount = 0

export const makeEndpoint = (
  method: EndpointMethod,
  path: string,
  parts: Partial<EndpointRecord> = {},
): EndpointRecord => ({
  id: `ep_${++endpointCount}`,
  revision: 1,
  collectionId: 'co_erp',
  description: '',
  method,
  path,
  host: null,
  upstream: 'http://127.0.0.1:9',
  upstreamCa: null,
  queryParameter: null,
  principal: false,
  deprecation: null,
  bodyBytesMax: 1_000_000,
  connectTimeoutMs: 1_000,
  answerTimeoutMs: 5_000,
  idleTimeoutMs: 5_000,
  createdAt: at,
  updatedAt: at,
  disabledAt: null,
  ...parts,
})

const byId = <T extends { id: string }>(records: readonly T[]): Record<string, T> =>
  Object.fromEntries(records.map((record) => [record.id, record]))

export const makeDocument = (parts: {
  keys?: readonly (MadeKey | KeyRecord)[]
  clients?: readonly ClientRecord[]
  collections?: readonly CollectionRecord[]
  endpoints?: readonly EndpointRecord[]
  policies?: readonly PolicyRecord[]
  adminTokens?: readonly AdminTokenRecord[]
}): Document => ({
  version: documentVersion,
  keys: byId((parts.keys ?? []).map((key) => ('record' in key ? key.record : key))),
  clients: byId(parts.clients ?? [makeClient()]),
  collections: byId(parts.collections ?? [makeCollection()]),
  endpoints: byId(parts.endpoints ?? []),
  policies: byId(parts.policies ?? []),
  adminTokens: byId(parts.adminTokens ?? []),
  blocks: {},
  settings: firstDocument(0).settings,
})
