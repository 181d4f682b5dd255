/**
 * May this call pass? Pure: no clock, no disk, no network. The order of the questions is part of the contract: a caller
 * learns that a key is disabled or expired only after proving its secret, and learns of endpoints only with a good key.
 */
import type { RefusalReason } from '@postern/shared'
import { matchEndpoint, type AccessIndex, type EndpointAccess, type KeyAccess, type Target } from './access-index.ts'
import { identify, type Identified, type Presented } from './identify.ts'
import { networkOf } from './network.ts'

/** What a call presents: a credential, none, or something that cannot be read as one. */
export type Credential = Presented | { readonly kind: 'none' } | { readonly kind: 'malformed'; readonly why: string }

export type Verdict =
  | { readonly allow: true; readonly identified: Identified; readonly endpoint: EndpointAccess }
  | { readonly allow: false; readonly reason: RefusalReason; readonly key: KeyAccess | null; readonly detail?: string }

/** Why there is no index to judge by. */
export type ClosedReason = Extract<RefusalReason, 'keystore_locked' | 'store_unavailable'>

/** What calls are judged by, or why none may be; `null` while the keystore is locked. */
export type Judging = AccessIndex | ClosedReason | null

/** Who asks: what they present, when, and from where. */
export interface Caller {
  readonly credential: Credential
  readonly nowMs: number
  /** As the socket gives it; `null`: not known, because a proxy asks for somebody else. */
  readonly address: string | null
}

export const decide = (index: Judging, caller: Caller, target: Target): Verdict => {
  const holder = admit(index, caller)
  if (!('identified' in holder)) return holder
  const { identified, index: opened } = holder
  const endpoint = matchEndpoint(opened, target)
  if (endpoint === null || (endpoint.upstream === null && target.forwardAuth !== true))
    return { allow: false, reason: 'no_endpoint', key: identified.key }
  const { collections } = identified.key
  if (collections !== null && !collections.has(endpoint.collectionId))
    return { allow: false, reason: 'insufficient_scope', key: identified.key }
  return { allow: true, identified, endpoint }
}

/** The first half of a verdict: is there a key in good standing? Postern's own paths ask only this. */
export const admit = (
  index: Judging,
  { credential, nowMs, address }: Caller,
): { readonly identified: Identified; readonly index: AccessIndex } | (Verdict & { allow: false }) => {
  if (index === null || typeof index === 'string') return refusal(index ?? 'keystore_locked')
  if (credential.kind === 'malformed') return { ...refusal('credential_malformed'), detail: credential.why }
  if (credential.kind === 'none') return refusal('credential_missing')
  const identified = identify(index, credential, nowMs)
  if (identified === null) return refusal('credential_invalid')
  const { key } = identified
  // The same words as for a key that is none; only the record names it.
  if (key.honey) return { ...refusal('credential_invalid'), key }
  if (key.disabled) return { ...refusal('credential_disabled'), key }
  // Written so that a date that could not be read (NaN) refuses.
  if (!(nowMs < key.expiresAtMs)) return { ...refusal('credential_expired'), key }
  if (address !== null && isBlocked(index, address, nowMs)) return { ...refusal('forbidden'), key }
  return { identified, index }
}

const isBlocked = ({ blocked }: AccessIndex, address: string, nowMs: number): boolean =>
  blocked.size > 0 && nowMs < Math.max(blocked.get(networkOf(address)) ?? 0, blocked.get(address) ?? 0)

const refusal = (reason: RefusalReason): Verdict & { allow: false } => ({ allow: false, reason, key: null })
