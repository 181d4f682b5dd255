/**
 * The answer to "may this call pass?". A refusal is an ordinary value: it is recorded with its true reason and answered
 * with its public one. The list is closed, and in the order in which the reasons are judged.
 */
import type { ProblemCode } from './problems.ts'

export const refusalReasons = [
  'request_malformed',
  'keystore_locked',
  'store_unavailable',
  'credential_malformed',
  'credential_missing',
  'credential_invalid',
  'credential_disabled',
  'credential_expired',
  'forbidden',
  'no_endpoint',
  'insufficient_scope',
  'rate_limited',
  'quota_exceeded',
] as const satisfies readonly ProblemCode[]

export type RefusalReason = (typeof refusalReasons)[number]

/**
 * The questions a verdict asks, in their order. Postern's own paths ask those up to `key_addresses`.
 */
export const verdictRules = [
  'request',
  'keystore',
  'credential_form',
  'credential_given',
  'credential_known',
  'key_enabled',
  'key_current',
  'address_blocked',
  'client_addresses',
  'key_addresses',
  'endpoint',
  'collection',
  'key_endpoint',
  'key_method',
  'limits',
] as const
export type VerdictRule = (typeof verdictRules)[number]
