/**
 * May this call pass? Pure: no clock, no disk, no network. The order of the questions is part of the contract: a caller
 * learns that a key is disabled or expired only after proving its secret, and learns of endpoints only with a good key.
 */
import type { RefusalReason } from '@postern/shared'
import { matchEndpoint, type AccessIndex, type EndpointAccess, type KeyAccess, type Target } from './access-index.ts'
import { identify, type Identified, type Presented } from './identify.ts'

/** What a call presents: a credential, none, or something that cannot be read as one. */
export type Credential = Presented | { readonly kind: 'none' } | { readonly kind: 'malformed'; readonly why: string }

export type Verdict =
  | { readonly allow: true; readonly identified: Identified; readonly endpoint: EndpointAccess }
  | { readonly allow: false; readonly reason: RefusalReason; readonly key: KeyAccess | null; readonly detail?: string }

/** Why there is no index to judge by. */
export type ClosedReason = Extract<RefusalReason, 'keystore_locked' | 'store_unavailable'>

/** What calls are judged by, or why none may be; `null` while the keystore is locked. */
export type Judging = AccessIndex | ClosedReason | null

export const decide = (index: Judging, credential: Credential, target: Target, nowMs: number): Verdict => {
  const holder = admit(index, credential, nowMs)
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
  credential: Credential,
  nowMs: number,
): { readonly identified: Identified; readonly index: AccessIndex } | (Verdict & { allow: false }) => {
  if (index === null || typeof index === 'string') return refusal(index ?? 'keystore_locked')
  if (credential.kind === 'malformed') return { ...refusal('credential_malformed'), detail: credential.why }
  if (credential.kind === 'none') return refusal('credential_missing')
  const identified = identify(index, credential, nowMs)
  if (identified === null) return refusal('credential_invalid')
  const { key } = identified
  if (key.disabled) return { ...refusal('credential_disabled'), key }
  // Written so that a date that could not be read (NaN) refuses.
  if (!(nowMs < key.expiresAtMs)) return { ...refusal('credential_expired'), key }
  return { identified, index }
}

const refusal = (reason: RefusalReason): Verdict & { allow: false } => ({ allow: false, reason, key: null })
