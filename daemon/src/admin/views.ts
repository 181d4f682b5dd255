/** Records as the admin API shows them. Promises: never a secret, a verifier or anything sealed. */
import {
  keyLimits,
  maskKeyValue,
  inEffect,
  statusOf,
  stateOf,
  type AuditEntry,
  type AuditView,
  type BlockView,
  type ClientView,
  type CollectionView,
  type EndpointView,
  type IssuedKey,
  type KeyView,
  type SettingsView,
  type SignInView,
  type SlotView,
} from '@postern/shared'
import type {
  AddressRules,
  BlockRecord,
  ClientRecord,
  CollectionRecord,
  Document,
  EndpointRecord,
  KeyRecord,
  SettingsRecord,
  SignInRecord,
} from '../document/document.ts'
import { etagOf } from '../keys/find.ts'
import type { KeyIssued } from '../keys/key-steps.ts'
import type { SlotInfo } from '../keystore/slot-changes.ts'

const dayMs = 86_400_000

export interface Seen {
  readonly document: Document
  readonly nowMs: number
  lastUsedAt(keyId: string): string | null
}

const reference = (records: Named, id: string) => ({
  id,
  name: records[id]?.name ?? id,
})

type Named = Readonly<Record<string, { id: string; name: string }>>

const references = (records: Named, ids: readonly string[]) => ids.map((id) => reference(records, id))

const endpointReference = ({ endpoints }: Document, id: string) => {
  const { method, path } = endpoints[id] ?? {}
  return { id, name: method === undefined || path === undefined ? id : `${method} ${path}` }
}

const addressesView = ({ allow, deny }: AddressRules) => ({
  allow: allow === null ? null : [...allow],
  deny: [...deny],
})

export const keyView = (key: KeyRecord, { document, nowMs, lastUsedAt }: Seen): KeyView => {
  const [current, old] = key.secrets
  const facts = inEffect(key, document.clients[key.clientId])
  const overlapping = typeof old?.validUntil === 'string' && Date.parse(old.validUntil) > nowMs
  return {
    id: key.id,
    name: key.name,
    description: key.description,
    owner: key.owner,
    client: reference(document.clients, key.clientId),
    collections: key.collections === null ? null : references(document.collections, key.collections),
    subject: key.subject,
    endpoints: key.endpoints === null ? null : key.endpoints.map((id) => endpointReference(document, id)),
    methods: key.methods === null ? null : [...key.methods],
    addresses: addressesView(key.addresses),
    policies: references(document.policies, key.policies),
    grants:
      key.grants === null
        ? null
        : key.grants.map(({ tokenId, rights }) => ({
            token: reference(document.adminTokens, tokenId),
            rights: [...rights],
          })),
    imported: current?.origin === 'imported',
    scopes: [...key.scopes],
    honey: key.honey === null ? null : { block_seconds: key.honey.blockSeconds },
    reveal: key.reveal,
    masked: current?.origin === 'imported' ? `…${current.last4}` : maskKeyValue(key.id, current?.last4 ?? ''),
    state: stateOf(facts, nowMs),
    status: statusOf(facts, nowMs),
    client_disabled: typeof document.clients[key.clientId]?.disabledAt === 'string',
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    last_used_at: lastUsedAt(key.id),
    active_since: key.activeSince,
    old_secret_valid_until: overlapping ? old.validUntil : null,
    quarantined: key.quarantinedAt !== null && key.removedAt === null,
    removed_at: key.removedAt,
    purged_at:
      key.removedAt === null ? null : new Date(Date.parse(key.removedAt) + keyLimits.restoreDays * dayMs).toISOString(),
    etag: etagOf(key),
  }
}

/** The one view that carries a secret. */
export const issuedView = ({ key, value }: KeyIssued, seen: Seen): IssuedKey => ({
  ...keyView(key, seen),
  value: value === null ? null : value.reveal(),
})

const recordView = (record: ClientRecord | CollectionRecord | EndpointRecord) => ({
  id: record.id,
  created_at: record.createdAt,
  updated_at: record.updatedAt,
  enabled: record.disabledAt === null,
  etag: etagOf(record),
})

/** How many keys each client owns, in one pass however many clients are shown. */
export const countKeys = ({ document, nowMs }: Seen): Map<string, { active: number; total: number }> => {
  const counts = new Map<string, { active: number; total: number }>()
  for (const key of Object.values(document.keys)) {
    const state = stateOf(inEffect(key, document.clients[key.clientId]), nowMs)
    if (state === 'removed') continue
    const count = counts.get(key.clientId) ?? { active: 0, total: 0 }
    counts.set(key.clientId, { active: count.active + (state === 'active' ? 1 : 0), total: count.total + 1 })
  }
  return counts
}

export const clientView = (client: ClientRecord, seen: Seen, counts = countKeys(seen)): ClientView => ({
  ...recordView(client),
  name: client.name,
  description: client.description,
  project: client.project,
  email: client.email,
  collections: client.collections === null ? null : references(seen.document.collections, client.collections),
  addresses: addressesView(client.addresses),
  policies: references(seen.document.policies, client.policies),
  accepts: [...client.accepts],
  sign_in: client.signIn === null ? null : signInView(client.signIn, seen.document),
  administrator: client.administrator,
  active_keys_count: counts.get(client.id)?.active ?? 0,
  total_keys_count: counts.get(client.id)?.total ?? 0,
})

/** Without its secret, of which it only says that there is one. */
const signInView = (signIn: SignInRecord, document: Document): SignInView => ({
  kind: signIn.kind,
  algorithms: [...signIn.algorithms],
  secret_set: signIn.secret !== null,
  public_key: signIn.publicKey,
  issuer: signIn.issuer,
  jwks_url: signIn.jwksUrl,
  ca: signIn.ca,
  allowed_issuers: [...signIn.allowedIssuers],
  audience: signIn.audience,
  required_claims: signIn.requiredClaims.map(({ name, value }) => ({ name, value })),
  profile_claim: signIn.profileClaim,
  // One that is gone lets nobody in, and one that may not be viewed is not named.
  key:
    signIn.keyId === null || !Object.hasOwn(document.keys, signIn.keyId)
      ? null
      : reference(document.keys, signIn.keyId),
})

export const collectionView = (collection: CollectionRecord, { document }: Seen): CollectionView => ({
  ...recordView(collection),
  version: collection.version,
  name: collection.name,
  description: collection.description,
  project: collection.project,
  endpoints_count: Object.values(document.endpoints).filter((endpoint) => endpoint.collectionId === collection.id)
    .length,
})

export const endpointView = (endpoint: EndpointRecord, { document }: Seen): EndpointView => ({
  ...recordView(endpoint),
  collection: reference(document.collections, endpoint.collectionId),
  description: endpoint.description,
  method: endpoint.method,
  path: endpoint.path,
  host: endpoint.host,
  upstream: endpoint.upstream,
  upstream_ca: endpoint.upstreamCa,
  query_parameter: endpoint.queryParameter,
  principal: endpoint.principal,
  deprecation: endpoint.deprecation,
  body_bytes_max: endpoint.bodyBytesMax,
  connect_timeout_ms: endpoint.connectTimeoutMs,
  answer_timeout_ms: endpoint.answerTimeoutMs,
  idle_timeout_ms: endpoint.idleTimeoutMs,
})

export const settingsView = (settings: SettingsRecord): SettingsView => ({
  reveal_default: settings.revealDefault,
  socket_requests_per_second: settings.socketRequestsPerSecond,
  admin_requests_per_second: settings.adminRequestsPerSecond,
  wrong_credentials_per_minute: settings.wrongCredentialsPerMinute,
  credential_header: settings.credentialHeader,
  public_url: settings.publicUrl,
  etag: etagOf(settings),
})

export const slotView = (slot: SlotInfo, { confirmedKits }: SettingsRecord): SlotView => ({
  id: slot.id,
  kind: slot.kind,
  created_at: slot.createdAt,
  this_machine: slot.thisMachine,
  health: slot.health,
  confirmed_at: confirmedKits.find(({ slotId }) => slotId === slot.id)?.at ?? null,
})

export const blockView = (block: BlockRecord, { document }: Seen): BlockView => ({
  network: block.id,
  key: reference(document.keys, block.keyId),
  created_at: block.createdAt,
  until: block.until,
})

export const auditView = (entry: AuditEntry & { came_true: boolean }): AuditView => ({ ...entry })
