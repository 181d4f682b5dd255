/**
 * Document -> access index; the keeper's side only. Promises: what is disabled or removed, or cannot be understood, is not
 * reachable through the index. Records are translated once each, so a change costs little however many keys there are.
 */
import { parsePathPattern, type EndpointMethod } from '@postern/shared'
import type { ClientRecord, Document, EndpointRecord, KeyRecord, PolicyRecord } from '../document/document.ts'
import type { AccessIndex, EndpointAccess, KeyAccess, PathNode, DeprecationHeader } from './access-index.ts'
import { compileAddresses } from './address-rules.ts'
import { limitsOf, type LimitAccess } from './limit-access.ts'

/** Builds the index of a document at a generation. Pure. */
export const buildIndex = (document: Document, generation: number): AccessIndex => {
  const keys = new Map<string, KeyAccess>()
  const imported = new Map<string, KeyAccess>()
  for (const id of Object.keys(document.keys)) {
    const key = document.keys[id]
    if (key === undefined || key.removedAt !== null) continue
    const client = document.clients[key.clientId]
    if (client === undefined) continue
    const access = keyAccess(key, client, document.policies)
    keys.set(id, access)
    for (const { origin, verifier } of access.secrets)
      if (origin === 'imported') imported.set(verifier.toString('base64url'), access)
  }
  const endpoints: EndpointAccess[] = []
  const hosts = new Map<string, MutableNode>()
  const anyHost = emptyNode()
  for (const record of Object.values(document.endpoints)) {
    const collection = document.collections[record.collectionId]
    if (record.disabledAt !== null || collection === undefined || collection.disabledAt !== null) continue
    const endpoint = endpointAccess(record, collection.name)
    if (endpoint === null) continue
    endpoints.push(endpoint)
    const root = record.host === null ? anyHost : (hosts.get(record.host) ?? emptyNode())
    if (record.host !== null) hosts.set(record.host, root)
    plant(root, endpoint)
  }
  const blocked = new Map(Object.values(document.blocks).map(({ id, until }) => [id, Date.parse(until)]))
  const { importPepper, credentialHeader, publicUrl, wrongCredentialsPerMinute } = document.settings
  return {
    generation,
    keys,
    decoys: [...keys.values()],
    imported,
    importPepper: importPepper === null ? null : Buffer.from(importPepper, 'base64url'),
    credentialHeader,
    publicUrl,
    takesQueryKeys: endpoints.some(({ queryParameter }) => queryParameter !== null),
    endpoints,
    hosts,
    anyHost,
    blocked,
    wrongCredentialsPerMinute,
  }
}

type Policies = Document['policies']
/** The policies that a record names, as they are. */
type Under = readonly (PolicyRecord | undefined)[]

const translatedKeys = new WeakMap<KeyRecord, { client: ClientRecord; own: Under; clients: Under; access: KeyAccess }>()

const keyAccess = (key: KeyRecord, client: ClientRecord, policies: Policies): KeyAccess => {
  const known = translatedKeys.get(key)
  const own = under(key, policies)
  const clients = under(client, policies)
  if (known?.client === client && same(known.own, own) && same(known.clients, clients)) return known.access
  const access: KeyAccess = {
    id: key.id,
    name: key.name,
    clientId: client.id,
    clientName: client.name,
    subject: key.subject,
    scopes: key.scopes,
    accepts: new Set(client.accepts),
    administrator: client.administrator,
    honey: key.honey !== null,
    disabled: key.disabledAt !== null || client.disabledAt !== null,
    expiresAtMs: key.expiresAt === null ? Infinity : Date.parse(key.expiresAt),
    secrets: key.secrets
      .map(({ version, origin, verifier, validUntil }) => ({
        version,
        origin,
        verifier: Buffer.from(verifier, 'base64url'),
        validUntilMs: validUntil === null ? Infinity : Date.parse(validUntil),
      }))
      // Comparing digests of unequal length throws; a verifier that is not one admits nobody.
      .filter(({ verifier }) => verifier.length === 32),
    collections: reachOf(key.collections, client.collections),
    endpoints: key.endpoints === null ? null : new Set(key.endpoints),
    // What may be read may be asked about (RFC 9110 §9.3.2).
    methods:
      key.methods === null
        ? null
        : new Set<string>(key.methods.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : each))),
    addresses: compileAddresses(key.addresses),
    clientAddresses: compileAddresses(client.addresses),
    limits: limitsUnder(client.id, clients, key.id, own),
  }
  translatedKeys.set(key, { client, own, clients, access })
  return access
}

const noPolicies: Under = []

const under = (holder: { readonly policies: readonly string[] }, policies: Policies): Under =>
  holder.policies.length === 0
    ? noPolicies
    : holder.policies.map((id) => (Object.hasOwn(policies, id) ? policies[id] : undefined))

const same = (one: Under, other: Under): boolean =>
  one === other || (one.length === other.length && one.every((policy, at) => policy === other[at]))

/** A disabled policy limits nothing; of one that is not there nobody knows what it would have limited. */
const limitsUnder = (clientId: string, clients: Under, keyId: string, own: Under): KeyAccess['limits'] => {
  const limits: LimitAccess[] = []
  for (const policy of clients) {
    if (policy === undefined) return null
    if (policy.disabledAt === null) limits.push(...limitsOf(policy, 'client', clientId))
  }
  for (const policy of own) {
    if (policy === undefined) return null
    if (policy.disabledAt === null) limits.push(...limitsOf(policy, 'key', keyId))
  }
  return limits
}

/** A key reaches what it was narrowed to, and of that only what its client is still granted. */
const reachOf = (narrowed: readonly string[] | null, granted: readonly string[] | null): ReadonlySet<string> | null => {
  if (narrowed === null) return granted === null ? null : new Set(granted)
  return new Set(granted === null ? narrowed : narrowed.filter((id) => granted.includes(id)))
}

const translatedEndpoints = new WeakMap<EndpointRecord, EndpointAccess>()

const endpointAccess = (record: EndpointRecord, collectionName: string): EndpointAccess | null => {
  const known = translatedEndpoints.get(record)
  if (known?.collectionName === collectionName) return known
  const segments = parsePathPattern(record.path)
  if (typeof segments === 'string') return null
  const upstream = record.upstream === null ? null : /^(https?:\/\/[^/]+)(.*)$/.exec(record.upstream)
  const access: EndpointAccess = {
    id: record.id,
    collectionId: record.collectionId,
    collectionName,
    method: record.method,
    path: record.path,
    segments,
    host: record.host,
    upstream:
      upstream === null ? null : { origin: upstream[1] ?? '', path: upstream[2] === '' ? '/' : (upstream[2] ?? '/') },
    upstreamCa: record.upstreamCa,
    queryParameter: record.queryParameter,
    principal: record.principal,
    deprecation: deprecationHeaders(record.deprecation),
    bodyBytesMax: record.bodyBytesMax,
    connectTimeoutMs: record.connectTimeoutMs,
    answerTimeoutMs: record.answerTimeoutMs,
    idleTimeoutMs: record.idleTimeoutMs,
  }
  translatedEndpoints.set(record, access)
  return access
}

/** RFC 9745 §2 (a date as a structured field, seconds) and §3, RFC 8594 §3 (an HTTP date). What cannot be read is not said. */
const deprecationHeaders = (record: EndpointRecord['deprecation']): readonly DeprecationHeader[] => {
  if (record === null) return []
  const sinceMs = Date.parse(record.since)
  const sunsetMs = Date.parse(record.sunset ?? '')
  const headers: DeprecationHeader[] = []
  if (Number.isFinite(sinceMs))
    headers.push({ name: 'Deprecation', value: `@${Math.floor(sinceMs / 1000)}`, replaces: true })
  if (Number.isFinite(sunsetMs))
    headers.push({ name: 'Sunset', value: new Date(sunsetMs).toUTCString(), replaces: true })
  if (record.link !== null)
    headers.push({ name: 'Link', value: `<${record.link}>; rel="deprecation"`, replaces: false })
  return headers
}

interface MutableNode extends PathNode {
  literals: Map<string, MutableNode>
  named: MutableNode | null
  ends: Map<EndpointMethod, EndpointAccess>
  rests: Map<EndpointMethod, EndpointAccess>
}

const emptyNode = (): MutableNode => ({ literals: new Map(), named: null, ends: new Map(), rests: new Map() })

const plant = (root: MutableNode, endpoint: EndpointAccess): void => {
  let node = root
  for (const segment of endpoint.segments) {
    if (segment.kind === 'rest') {
      node.rests.set(endpoint.method, endpoint)
      return
    }
    if (segment.kind === 'named') {
      node.named ??= emptyNode()
      node = node.named
      continue
    }
    const next = node.literals.get(segment.text) ?? emptyNode()
    node.literals.set(segment.text, next)
    node = next
  }
  node.ends.set(endpoint.method, endpoint)
}
