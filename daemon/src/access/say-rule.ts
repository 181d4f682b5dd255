/**
 * What a question of the verdict looked at and compared with, in one plain sentence; pure. Promises: cheap enough to be said
 * of every refusal as it happens; every text is of a bounded length. Never: a credential, a query, or anything of an index
 * that outlives the sentence.
 */
import type { VerdictRule } from '@postern/shared'
import { assertNever } from '../problem.ts'
import { matchEndpoint, type AccessIndex, type EndpointAccess, type KeyAccess, type Target } from './access-index.ts'
import type { AddressAccess } from './address-rules.ts'
import type { ClosedReason } from './decide.ts'
import { networkOf } from './network.ts'

/** What an index knows by its id alone, or not at all; `undefined`: there is no such thing any more. */
export interface StoreWords {
  collection(id: string): string | undefined
  /** `GET /orders/{id}` */
  endpoint(id: string): string | undefined
  /** Why calls with a key are refused though it is there, or why it is there no more. */
  disabled(keyId: string): string | undefined
  removed(keyId: string): string | undefined
  /** What would answer if it were enabled; asked only where there is time to look for it. */
  disabledEndpoint?(target: Target): string | undefined
}

/** What a verdict was made from. */
export interface Looked {
  /** Or why there was none. */
  readonly judging: AccessIndex | ClosedReason
  readonly key: KeyAccess | null
  /** The key that was asked about; one that is not there any more has no `key`. */
  readonly keyId?: string | null
  readonly endpoint: EndpointAccess | null
  readonly target: Target
  /** The path as it may be shown; default: as it is. */
  readonly shownPath?: string
  readonly nowMs: number
  readonly address: string | null
  /** What was wrong with request or credential, where that is said already. */
  readonly detail?: string | null
  readonly words: StoreWords
}

/** `passed`: how the question was answered. */
export const sayRule = (rule: VerdictRule, passed: boolean, looked: Looked): string => {
  switch (rule) {
    case 'request':
      return passed ? `${looked.target.method} ${shownIn(looked)} can be read` : (looked.detail ?? 'not well formed')
    case 'keystore':
      return sayKeystore(looked)
    case 'credential_form':
      return passed ? 'there is at most one credential, and it can be read' : (looked.detail ?? 'cannot be read')
    case 'credential_given':
      return passed ? 'a credential is presented' : 'no credential is presented'
    case 'credential_known':
      return sayKnown(passed, looked)
    case 'key_enabled':
      if (passed) return 'the key and its client are enabled'
      return (looked.key && looked.words.disabled(looked.key.id)) ?? 'the key or its client is disabled'
    case 'key_current':
      return sayCurrent(looked)
    case 'address_blocked':
      return sayBlocked(passed, looked)
    case 'client_addresses':
      return sayAddresses('client', looked.key?.clientAddresses, looked)
    case 'key_addresses':
      return sayAddresses('key', looked.key?.addresses, looked)
    case 'endpoint':
      return sayEndpoint(looked)
    case 'collection':
      return sayCollection(passed, looked)
    case 'key_endpoint':
      return sayKeyEndpoint(passed, looked)
    case 'key_method':
      return sayMethod(passed, looked)
    case 'limits':
      return passed ? 'within every limit' : (looked.detail ?? 'a limit has been reached')
    default:
      return assertNever(rule)
  }
}

const listed = 8

/** The first ones of a list by name, and how many more. */
const listOf = (items: Iterable<string>, size: number, nameOf: (item: string) => string | undefined): string => {
  if (size === 0) return 'none'
  let text = ''
  let shown = 0
  for (const item of items) {
    if (shown === listed) return `${text} and ${size - shown} more`
    text += `${shown === 0 ? '' : ', '}${nameOf(item) ?? 'one that is there no more'}`
    shown += 1
  }
  return text
}

const itself = (text: string): string => text

// A list of networks may be long, and is the same for many calls.
const listsSaid = new WeakMap<readonly string[], string>()

const networksOf = (networks: readonly string[]): string => {
  const known = listsSaid.get(networks)
  if (known !== undefined) return known
  const said = listOf(networks, networks.length, itself)
  listsSaid.set(networks, said)
  return said
}

const sayKeystore = ({ judging }: Looked): string => {
  if (judging === 'keystore_locked') return 'the keystore is locked'
  if (judging === 'store_unavailable') return 'refusals cannot be recorded any more: the disk and its reserve are full'
  return 'the keystore is open'
}

const sayKnown = (passed: boolean, { key, keyId, words, detail }: Looked): string => {
  if (!passed && typeof detail === 'string') return detail
  if (key?.honey === true && !passed) return `"${key.name}" is a honey key, which opens nothing`
  if (key !== null && !passed) return `the client of "${key.name}" takes tokens, and no keys by themselves`
  if (key !== null) return `it is the key "${key.name}"`
  return (keyId ? words.removed(keyId) : undefined) ?? 'it is the secret of no key'
}

const sayCurrent = ({ key, nowMs }: Looked): string => {
  const { expiresAtMs = NaN } = key ?? {}
  if (expiresAtMs === Infinity) return 'the key never expires'
  if (Number.isNaN(expiresAtMs)) return 'the date on which the key expires cannot be read'
  const at = instantOf(key, expiresAtMs)
  return nowMs < expiresAtMs
    ? `expires at ${at}, ${spanOf(expiresAtMs - nowMs)} later`
    : `expired at ${at}, ${spanOf(nowMs - expiresAtMs)} before`
}

// A key that has expired is often presented again and again, and a date takes longer to write than all else.
const datesSaid = new WeakMap<KeyAccess, string>()

const instantOf = (key: KeyAccess | null, ms: number): string => {
  const said = (key && datesSaid.get(key)) ?? new Date(ms).toISOString()
  if (key !== null) datesSaid.set(key, said)
  return said
}

const spans = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const

const spanOf = (ms: number): string => {
  for (const [unitMs, unit] of spans) {
    const count = Math.floor(ms / unitMs)
    if (count > 0) return `${count} ${unit}${count === 1 ? '' : 's'}`
  }
  return 'less than a second'
}

const sayBlocked = (passed: boolean, { judging, address, nowMs, target }: Looked): string => {
  if (typeof judging === 'string') return 'not known'
  const { blocked } = judging
  if (address === null)
    return target.forwardAuth === true
      ? 'a proxy asks, and the address of its caller is not known'
      : `no address is given; ${blocked.size} are blocked at present`
  if (passed) return `${address} is not blocked`
  const untilMs = Math.max(blocked.get(networkOf(address)) ?? 0, blocked.get(address) ?? 0)
  const until = untilMs > nowMs && Number.isFinite(untilMs) ? ` until ${new Date(untilMs).toISOString()}` : ''
  return `${address} is blocked${until}, because a honey key came from there`
}

const sayAddresses = (whose: 'key' | 'client', rules: AddressAccess | undefined, { address }: Looked): string => {
  if (rules === undefined || (rules.allow === null && rules.deny.length === 0))
    return `the ${whose} has no address lists`
  const { allow, deny } = rules
  const lists = `${allow === null ? '' : `the allow list of the ${whose} is ${networksOf(allow)}`}${
    allow !== null && deny.length > 0 ? '; ' : ''
  }${deny.length === 0 ? '' : `the deny list of the ${whose} is ${networksOf(deny)}`}`
  if (address === null) return `the address of the caller is not known; ${lists}`
  if (rules.admits(address))
    return allow === null
      ? `${address} is not in the deny list of the ${whose}: ${networksOf(deny)}`
      : `${address} is in the allow list of the ${whose}: ${networksOf(allow)}`
  // What is denied is refused whatever is allowed, so the list that refused is told apart by asking it alone.
  return rules.denies(address)
    ? `${address} is in the deny list of the ${whose}: ${networksOf(deny)}`
    : `${address} is not in the allow list of the ${whose}: ${networksOf(allow ?? [])}`
}

const otherMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const named = ({ method, path, host }: EndpointAccess): string =>
  host === null ? `${method} ${path}` : `${method} ${path} of ${host}`

const shownIn = ({ target, shownPath }: Looked): string => shownPath ?? target.path

const sayEndpoint = (looked: Looked): string => {
  const { judging, target, endpoint, words } = looked
  const asked = `${target.method} ${shownIn(looked)}`
  if (endpoint !== null) return `${asked} is answered by ${named(endpoint)}`
  if (typeof judging === 'string') return `no endpoint answers ${asked}`
  const { method: _method, ...place } = target
  const found = matchEndpoint(judging, target)
  if (found !== null) return `${named(found)} is there for proxies that ask alone; it has no upstream to forward to`
  const asleep = words.disabledEndpoint?.(target)
  if (asleep !== undefined) return `no endpoint answers ${asked}: ${asleep}`
  const there = otherMethods.filter((method) => {
    const other = matchEndpoint(judging, { ...place, method })
    return other !== null && (other.upstream !== null || target.forwardAuth === true)
  })
  const instead = there.length === 0 ? '' : `; ${there.join(', ')} ${there.length > 1 ? 'are' : 'is'} there`
  return `no endpoint answers ${asked}${instead}`
}

const sayCollection = (passed: boolean, { key, endpoint, words }: Looked): string => {
  const name = endpoint?.collectionName ?? ''
  const { collections = null } = key ?? {}
  if (collections === null) return 'the key reaches every collection'
  const reached = listOf(collections, collections.size, words.collection)
  return `the collection ${name} is ${passed ? '' : 'not '}among those the key reaches: ${reached}`
}

const sayKeyEndpoint = (passed: boolean, { key, endpoint, words }: Looked): string => {
  const { endpoints = null } = key ?? {}
  if (endpoints === null) return 'the key reaches every endpoint of its collections'
  const reached = listOf(endpoints, endpoints.size, words.endpoint)
  const asked = endpoint === null ? 'the endpoint' : named(endpoint)
  return `${asked} is ${passed ? '' : 'not '}among the endpoints of the key: ${reached}`
}

const sayMethod = (passed: boolean, { key, target }: Looked): string => {
  const { methods = null } = key ?? {}
  if (methods === null) return 'the key may use every method'
  return `${target.method} is ${passed ? '' : 'not '}among the methods of the key: ${listOf(methods, methods.size, itself)}`
}
