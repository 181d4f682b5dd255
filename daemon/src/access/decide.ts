/**
 * May this call pass? Pure: no clock, no disk, no network. An ordered list of questions; the first that is answered with no
 * is the verdict. The order is part of the contract: a caller learns that a key is disabled or expired only after proving
 * its secret, and learns of endpoints only with a good key.
 */
import type { RefusalReason, VerdictRule } from '@postern/shared'
import { matchEndpoint, type AccessIndex, type EndpointAccess, type KeyAccess, type Target } from './access-index.ts'
import {
  identify,
  identifyKnown,
  identifyProven,
  type Identified,
  type Known,
  type Presented,
  type Proven,
} from './identify.ts'
import { assertNever } from '../problem.ts'
import { networkOf } from './network.ts'

/** What a call presents: a credential, none, or something that cannot be read as one. */
export type Credential = Presented | { readonly kind: 'none' } | { readonly kind: 'malformed'; readonly why: string }

export interface Refusal {
  readonly allow: false
  readonly reason: RefusalReason
  /** Which question was answered with no. */
  readonly rule: VerdictRule
  readonly key: KeyAccess | null
  /** Where the call was going, as far as it was asked. */
  readonly endpoint?: EndpointAccess
  readonly detail?: string
}

export interface Allowed {
  readonly allow: true
  readonly identified: Identified
  readonly endpoint: EndpointAccess
}

export type Verdict = Allowed | Refusal

/** Why there is no index to judge by. */
export type ClosedReason = Extract<RefusalReason, 'keystore_locked' | 'store_unavailable'>

/** What calls are judged by, or why none may be; `null` while the keystore is locked. */
export type Judging = AccessIndex | ClosedReason | null

/** Who asks: what they present, when, and from where. */
export interface Caller {
  /**
   * `proven`: a token was presented and checked. `known`: nobody presents anything; somebody asks what would become of a
   * call with this key.
   */
  readonly credential: Credential | Proven | Known
  readonly nowMs: number
  /** As the socket or a trusted proxy gives it; `null`: not known, because a proxy asks for somebody else. */
  readonly address: string | null
  /** Too many wrong credentials come from there: a value that may be weak enough to be guessed is not looked up. */
  readonly guessing?: boolean
  /** The key is presented to be exchanged for a token. */
  readonly exchanges?: boolean
}

/** Hears each question that is asked, in order, and whether it was answered with yes. */
export type Trace = (rule: VerdictRule, passed: boolean) => void

export const decide = (index: Judging, caller: Caller, target: Target, trace?: Trace): Verdict => {
  const holder = admit(index, caller, trace)
  if (!('identified' in holder)) return holder
  const { identified, index: opened } = holder
  const { key } = identified
  const endpoint = matchEndpoint(opened, target)
  if (endpoint === null || (endpoint.upstream === null && target.forwardAuth !== true))
    return refuse(trace, 'endpoint', 'no_endpoint', key)
  trace?.('endpoint', true)
  const { collections, endpoints, methods } = key
  if (collections !== null && !collections.has(endpoint.collectionId))
    return { ...refuse(trace, 'collection', 'insufficient_scope', key), endpoint }
  trace?.('collection', true)
  if (endpoints !== null && !endpoints.has(endpoint.id))
    return { ...refuse(trace, 'key_endpoint', 'insufficient_scope', key), endpoint }
  trace?.('key_endpoint', true)
  if (methods !== null && !methods.has(target.method))
    return { ...refuse(trace, 'key_method', 'insufficient_scope', key), endpoint }
  trace?.('key_method', true)
  return { allow: true, identified, endpoint }
}

/** The first half of a verdict: is there a key in good standing? Postern's own paths ask only this. */
export const admit = (
  index: Judging,
  { credential, nowMs, address, guessing = false, exchanges = false }: Caller,
  trace?: Trace,
): { readonly identified: Identified; readonly index: AccessIndex } | Refusal => {
  if (index === null || typeof index === 'string') return refuse(trace, 'keystore', index ?? 'keystore_locked')
  trace?.('keystore', true)
  if (credential.kind === 'malformed')
    return { ...refuse(trace, 'credential_form', 'credential_malformed'), detail: credential.why }
  trace?.('credential_form', true)
  if (credential.kind === 'none') return refuse(trace, 'credential_given', 'credential_missing')
  trace?.('credential_given', true)
  const identified = identifiedBy(index, credential, nowMs, guessing)
  if (identified === null) return refuse(trace, 'credential_known', 'credential_invalid')
  const { key } = identified
  // Whose client takes nothing but tokens may still exchange a key for one.
  const isKey = credential.kind === 'value' || credential.kind === 'pair'
  if (isKey && !exchanges && !key.accepts.has('key'))
    return refuse(trace, 'credential_known', 'credential_invalid', key)
  // The same words as for a key that is none; only the record names it.
  if (key.honey) return refuse(trace, 'credential_known', 'credential_invalid', key)
  trace?.('credential_known', true)
  if (key.disabled) return refuse(trace, 'key_enabled', 'credential_disabled', key)
  trace?.('key_enabled', true)
  // Written so that a date that could not be read (NaN) refuses.
  if (!(nowMs < key.expiresAtMs)) return refuse(trace, 'key_current', 'credential_expired', key)
  trace?.('key_current', true)
  if (address !== null && isBlocked(index, address, nowMs)) return refuse(trace, 'address_blocked', 'forbidden', key)
  trace?.('address_blocked', true)
  if (!key.clientAddresses.admits(address)) return refuse(trace, 'client_addresses', 'forbidden', key)
  trace?.('client_addresses', true)
  if (!key.addresses.admits(address)) return refuse(trace, 'key_addresses', 'forbidden', key)
  trace?.('key_addresses', true)
  return { identified, index }
}

const identifiedBy = (
  index: AccessIndex,
  credential: Presented | Proven | Known,
  nowMs: number,
  guessing: boolean,
): Identified | null => {
  switch (credential.kind) {
    case 'value':
    case 'pair':
      return identify(index, credential, nowMs, guessing)
    case 'proven':
      return identifyProven(index, credential, nowMs)
    case 'known':
      return identifyKnown(index, credential)
    default:
      return assertNever(credential)
  }
}

const isBlocked = ({ blocked }: AccessIndex, address: string, nowMs: number): boolean =>
  blocked.size > 0 && nowMs < Math.max(blocked.get(networkOf(address)) ?? 0, blocked.get(address) ?? 0)

const refuse = (
  trace: Trace | undefined,
  rule: VerdictRule,
  reason: RefusalReason,
  key: KeyAccess | null = null,
): Refusal => {
  trace?.(rule, false)
  return { allow: false, reason, rule, key }
}
