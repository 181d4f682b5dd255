/**
 * The immutable view from which verdicts are made. Promises: holds everything a call is judged by, and verifiers instead
 * of secrets. Never: changes; a change of the store publishes another index.
 */
import type { CredentialWay, EndpointMethod, KeyScope, PatternSegment } from '@postern/shared'
import type { AddressAccess } from './address-rules.ts'
import type { LimitAccess } from './limit-access.ts'

export interface KeyAccess {
  readonly id: string
  readonly name: string
  readonly clientId: string
  readonly clientName: string
  /** Whom the key stands for, or `null`. */
  readonly subject: string | null
  /** What it may ask of Postern itself. */
  readonly scopes: readonly KeyScope[]
  /** In which ways its client's callers may prove themselves. */
  readonly accepts: ReadonlySet<CredentialWay>
  /** Its client is an administrator: exports tell it of everybody. */
  readonly administrator: boolean
  /** A trap: refused like an unknown key. */
  readonly honey: boolean
  /** The key itself or its client is disabled. */
  readonly disabled: boolean
  /** Valid strictly before; Infinity: never expires. */
  readonly expiresAtMs: number
  readonly secrets: readonly SecretAccess[]
  /** Collections it reaches; `null`: every one. */
  readonly collections: ReadonlySet<string> | null
  /** Endpoints it reaches within them; `null`: every one. */
  readonly endpoints: ReadonlySet<string> | null
  /** Methods it may use; `null`: every one. */
  readonly methods: ReadonlySet<string> | null
  readonly addresses: AddressAccess
  /** Of its client, which hold besides its own. */
  readonly clientAddresses: AddressAccess
  /** Its client's and its own; `null`: it is under a policy that is not there, so it is not known what it may. */
  readonly limits: readonly LimitAccess[] | null
}

export interface SecretAccess {
  readonly version: number
  /** An imported value is presented whole; see the room `verifiers`. */
  readonly origin: 'drawn' | 'imported'
  readonly verifier: Buffer
  readonly validUntilMs: number
}

export interface EndpointAccess {
  readonly id: string
  readonly collectionId: string
  readonly collectionName: string
  readonly method: EndpointMethod
  readonly path: string
  readonly segments: readonly PatternSegment[]
  readonly host: string | null
  /** Where calls go; `null`: forward-auth only. */
  readonly upstream: { readonly origin: string; readonly path: string } | null
  readonly upstreamCa: string | null
  /** A key may be presented in this query parameter too. */
  readonly queryParameter: string | null
  /** The upstream gets a signed word of who calls. */
  readonly principal: boolean
  /** What every answer says of its going away; none: it stays. */
  readonly deprecation: readonly DeprecationHeader[]
  readonly bodyBytesMax: number
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  readonly idleTimeoutMs: number
}

export interface DeprecationHeader {
  readonly name: 'Deprecation' | 'Sunset' | 'Link'
  readonly value: string
  /** Instead of the upstream's own; else beside it. */
  readonly replaces: boolean
}

export interface AccessIndex {
  readonly generation: number
  readonly keys: ReadonlyMap<string, KeyAccess>
  /** The same keys, of which one stands in where an id is unknown. */
  readonly decoys: readonly KeyAccess[]
  /** Keys with a value from elsewhere, by its verifier in base64url. */
  readonly imported: ReadonlyMap<string, KeyAccess>
  /** What imported values are hashed with; `null`: there are none. */
  readonly importPepper: Buffer | null
  /** A header for keys besides the usual ones, in lower case. */
  readonly credentialHeader: string | null
  /** Where callers reach the gateway; `null`: as they call it. */
  readonly publicUrl: string | null
  /** Some endpoint takes a key in the query. */
  readonly takesQueryKeys: boolean
  readonly endpoints: readonly EndpointAccess[]
  readonly hosts: ReadonlyMap<string, PathNode>
  readonly anyHost: PathNode
  /** Networks (see `networkOf`) that are refused, and until when; milliseconds. */
  readonly blocked: ReadonlyMap<string, number>
  /** Credentials that are not valid which one network, or one key's name, may present in a minute. */
  readonly wrongCredentialsPerMinute: number
}

/** A node of the tree of path segments. Literal before named before rest. */
export interface PathNode {
  readonly literals: ReadonlyMap<string, PathNode>
  readonly named: PathNode | null
  readonly ends: ReadonlyMap<EndpointMethod, EndpointAccess>
  readonly rests: ReadonlyMap<EndpointMethod, EndpointAccess>
}

export interface Target {
  readonly method: string
  /** Lower case, without port; '' when the call names none. */
  readonly host: string
  /** As it arrived, without query; known to be canonical. */
  readonly path: string
  /** A proxy only asks, and forwards by itself. Otherwise endpoints without an upstream do not exist for this call. */
  readonly forwardAuth?: true
}

/**
 * The most specific endpoint for a target, or none: literal before named before rest, segment by segment; then the method
 * itself before GET for HEAD before ANY; an endpoint for this host before one for any host. Nothing is decoded.
 */
export const matchEndpoint = (index: AccessIndex, target: Target): EndpointAccess | null => {
  const segments = target.path.slice(1).split('/')
  const own = index.hosts.get(target.host)
  return (
    (own === undefined ? null : walk(own, segments, 0, target.method)) ??
    walk(index.anyHost, segments, 0, target.method)
  )
}

const walk = (node: PathNode, segments: readonly string[], at: number, method: string): EndpointAccess | null => {
  const segment = segments[at]
  if (segment === undefined) return pick(node.ends, method)
  const literal = node.literals.get(segment)
  const byLiteral = literal === undefined ? null : walk(literal, segments, at + 1, method)
  if (byLiteral !== null) return byLiteral
  const byName = node.named === null || segment === '' ? null : walk(node.named, segments, at + 1, method)
  if (byName !== null) return byName
  return pick(node.rests, method)
}

const pick = (byMethod: ReadonlyMap<EndpointMethod, EndpointAccess>, method: string): EndpointAccess | null =>
  byMethod.get(method as EndpointMethod) ??
  (method === 'HEAD' ? byMethod.get('GET') : undefined) ??
  // OPTIONS is a question of browsers; it is answered only where it was declared.
  (method === 'OPTIONS' ? undefined : byMethod.get('ANY')) ??
  null

/** The raw text of every named segment of a path that the endpoint has matched. */
export const segmentValues = (endpoint: EndpointAccess, path: string): ReadonlyMap<string, string> => {
  const texts = path.slice(1).split('/')
  const values = new Map<string, string>()
  for (const [at, segment] of endpoint.segments.entries()) {
    if (segment.kind === 'named') values.set(segment.name, texts[at] ?? '')
    if (segment.kind === 'rest') values.set(segment.name, texts.slice(at).join('/'))
  }
  return values
}
