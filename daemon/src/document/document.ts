/**
 * What the keystore holds, as one immutable value. Promises: this is the shape on disk, in memory and in the frozen
 * fixtures. Never: changed in place; a change is a new value that shares what did not change.
 *
 * Times are RFC 3339 UTC with milliseconds and Z. Records are kept by id, so their order on disk is the order of creation.
 */
import type {
  CallMethod,
  CredentialWay,
  EndpointMethod,
  KeyRight,
  KeyScope,
  LimitWindow,
  RevealPolicy,
  Role,
  SignInAlgorithm,
} from '@postern/shared'
import type { SealedSecret, SettingsRecord } from './settings-record.ts'

export type * from './settings-record.ts'

export const documentVersion = 5

/** One secret of a key. The first of a key is current; a second one is the old secret during a rotation's overlap. */
export interface KeySecret {
  readonly version: number
  /**
   * Drawn by Postern, or brought from elsewhere: an imported value is presented whole, without a key id, and may be weaker
   * than 256 bits.
   */
  readonly origin: 'drawn' | 'imported'
  /**
   * base64url. Drawn: SHA-256(key id + secret), enough for a secret of 256 random bits. Imported: HMAC-SHA-256 under the
   * store's pepper of the SHA-256 of the value.
   */
  readonly verifier: string
  /** The last four characters of the key value, for recognising it. */
  readonly last4: string
  /** The secret sealed once more (associated data: key id, field, version); `null` when the policy keeps none. */
  readonly sealed: string | null
  readonly createdAt: string
  /** When an old secret stops being valid; `null` for the current one. */
  readonly validUntil: string | null
}

/** From where calls may come. Networks are in their canonical form (see the room `addresses`). */
export interface AddressRules {
  /** `null`: from anywhere. Never empty. */
  readonly allow: readonly string[] | null
  /** These are refused, whatever is allowed. */
  readonly deny: readonly string[]
}

/** What the holder of an admin token may do with one key. */
export interface KeyGrant {
  readonly tokenId: string
  readonly rights: readonly KeyRight[]
}

export interface KeyRecord {
  readonly id: string
  /** Grows with every change to this record; the entity tag of the admin API. */
  readonly revision: number
  readonly name: string
  readonly description: string
  /** Who answers for it among people. */
  readonly owner: string | null
  /** As whom its calls act; upstreams are told. `null`: as nobody but itself. */
  readonly subject: string | null
  readonly clientId: string
  /** Collection ids this key is narrowed to; `null`: all that its client may reach. */
  readonly collections: readonly string[] | null
  /** Endpoint ids this key is narrowed to, within its collections; `null`: all of them. */
  readonly endpoints: readonly string[] | null
  /** Methods this key is narrowed to; GET covers HEAD. `null`: all of them. */
  readonly methods: readonly CallMethod[] | null
  readonly addresses: AddressRules
  /** Policy ids whose limits hold for this key alone. */
  readonly policies: readonly string[]
  /** Who may see and manage it besides administrators; `null`: whoever has the role for it. */
  readonly grants: readonly KeyGrant[] | null
  /** What it may ask of Postern itself, besides calling endpoints. */
  readonly scopes: readonly KeyScope[]
  /** Not `null`: a trap. It opens nothing, and whoever presents it is told of. */
  readonly honey: HoneyRecord | null
  readonly reveal: RevealPolicy
  readonly secrets: readonly KeySecret[]
  readonly createdAt: string
  /** Valid strictly before this instant; `null`: never expires. */
  readonly expiresAt: string | null
  /** Since when it has been enabled without a break; `null` while disabled. */
  readonly activeSince: string | null
  readonly disabledAt: string | null
  readonly removedAt: string | null
  /**
   * Since when it has waited for somebody to say that it may live again: it came back from an older folder, and what was
   * done to it since is not known. Always disabled as well; enabling it ends the wait.
   */
  readonly quarantinedAt: string | null
}

export interface HoneyRecord {
  /** For how long the address that presented it is refused; 0: not at all. */
  readonly blockSeconds: number
}

/** How callers of a client prove themselves with tokens that somebody else has made (RFC 7519). */
export interface SignInRecord {
  /** jwt: by a key that was given. oidc: by keys that an issuer publishes. */
  readonly kind: 'jwt' | 'oidc'
  /** The only ones that are taken (RFC 8725 §3.1). */
  readonly algorithms: readonly SignInAlgorithm[]
  /** jwt by HMAC. */
  readonly secret: SealedSecret | null
  /** jwt by RSA or EC: PEM of the public key. */
  readonly publicKey: string | null
  /** oidc: where the issuer's metadata begins, or `null` when only the address of its keys is known. */
  readonly issuer: string | null
  readonly jwksUrl: string | null
  /** PEM of an authority to trust for these addresses; `null`: the system's. */
  readonly ca: string | null
  /** `iss` is one of these; empty: any. */
  readonly allowedIssuers: readonly string[]
  /** `aud` holds this; `null`: it is not looked at. */
  readonly audience: string | null
  /** Claims that have to be there; `value`: and to have, or to hold, this. */
  readonly requiredClaims: readonly { readonly name: string; readonly value: string | null }[]
  /** The claim that names the key whose rights a call has; `null`: none does. */
  readonly profileClaim: string | null
  /** The key whose rights a call has when no claim names one; `null`: then it has none. */
  readonly keyId: string | null
}

export interface ClientRecord {
  readonly id: string
  readonly revision: number
  readonly name: string
  readonly description: string
  readonly project: string | null
  readonly email: string | null
  /** Collection ids granted to this client; `null`: every collection. */
  readonly collections: readonly string[] | null
  readonly addresses: AddressRules
  /** Policy ids whose limits hold for all keys of this client together. */
  readonly policies: readonly string[]
  /** In which ways its callers may prove themselves. */
  readonly accepts: readonly CredentialWay[]
  /** How tokens of somebody else's are checked; not `null` when `jwt` or `oidc` is accepted. */
  readonly signIn: SignInRecord | null
  /** Its keys with the scope may read the changes to everybody's, not only its own. */
  readonly administrator: boolean
  readonly createdAt: string
  readonly updatedAt: string
  readonly disabledAt: string | null
}

export interface CollectionRecord {
  readonly id: string
  /** Of its description, as its documents say it. */
  readonly version: string
  readonly revision: number
  readonly name: string
  readonly description: string
  readonly project: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly disabledAt: string | null
}

/** RFC 9745 and RFC 8594. */
export interface DeprecationRecord {
  readonly since: string
  /** When it will answer no more; never before `since`. `null`: not said. */
  readonly sunset: string | null
  /** Where callers read what to do; `null`: nowhere. */
  readonly link: string | null
}

export interface EndpointRecord {
  readonly id: string
  readonly revision: number
  readonly collectionId: string
  readonly description: string
  readonly method: EndpointMethod
  readonly path: string
  /** Only calls for this host (no port, lower case); `null`: any host. */
  readonly host: string | null
  /** Where calls go, with `{name}` for raw segments; `null`: forward-auth only. */
  readonly upstream: string | null
  /** PEM of a certificate authority to trust for this upstream besides none other; `null`: the system's. */
  readonly upstreamCa: string | null
  /** A key may be presented in this query parameter too; `null`: only in headers. */
  readonly queryParameter: string | null
  /** The upstream gets a signed word of who calls, besides the headers. */
  readonly principal: boolean
  /** Callers are told that it will go; `null`: it stays. */
  readonly deprecation: DeprecationRecord | null
  readonly bodyBytesMax: number
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly disabledAt: string | null
}

/** Limits under a name, for clients and keys to be put under. */
export interface PolicyRecord {
  readonly id: string
  readonly revision: number
  readonly name: string
  readonly description: string
  /** At most one for each unit, shortest first. */
  readonly windows: readonly LimitWindow[]
  /** Calls under way at once; `null`: not limited. */
  readonly concurrent: number | null
  readonly createdAt: string
  readonly updatedAt: string
  /** While disabled it limits nothing. */
  readonly disabledAt: string | null
}

/** What stands for a person or a program at the admin API. */
export interface AdminTokenRecord {
  readonly id: string
  readonly revision: number
  readonly name: string
  readonly description: string
  readonly role: Role
  /** base64url of SHA-256(token id + secret). The token itself is not kept. */
  readonly verifier: string
  readonly last4: string
  /** Valid strictly before this instant; `null`: never expires. */
  readonly expiresAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly disabledAt: string | null
}

/** An address that is refused for a time. */
export interface BlockRecord {
  /** An address, or the first 64 bits of an IPv6 address in the form `2001:db8:0:1::/64`. */
  readonly id: string
  /** The honey key that was presented from there. */
  readonly keyId: string
  readonly createdAt: string
  /** Refused strictly before this instant. */
  readonly until: string
}

export interface Document {
  readonly version: typeof documentVersion
  readonly keys: Readonly<Record<string, KeyRecord>>
  readonly clients: Readonly<Record<string, ClientRecord>>
  readonly collections: Readonly<Record<string, CollectionRecord>>
  readonly endpoints: Readonly<Record<string, EndpointRecord>>
  readonly policies: Readonly<Record<string, PolicyRecord>>
  readonly adminTokens: Readonly<Record<string, AdminTokenRecord>>
  readonly blocks: Readonly<Record<string, BlockRecord>>
  readonly settings: SettingsRecord
}
