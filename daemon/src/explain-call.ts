/**
 * Whether a call would pass, asked by people: the request is read by the functions that read calls, judged by the `decide`
 * that judges them, and set beside what has been changed since. Promises: makes no call, counts nothing, changes nothing.
 */
import { METHODS } from 'node:http'
import { isOwnPath, readInstant, type Explanation, type ExplainRequest } from '@postern/shared'
import { matchEndpoint, type AccessIndex, type Target } from './access/access-index.ts'
import { buildIndex } from './access/build-index.ts'
import { explain } from './access/explain.ts'
import { parseNetwork } from './addresses/networks.ts'
import type { Document, EndpointRecord } from './document/document.ts'
import { hostName, isHost, isUnanswered, readTarget, targetBytesMax, type Malformed } from './gateway/read-call.ts'
import { targetOf } from './gateway/forward-auth.ts'
import { findKey } from './keys/find.ts'
import type { LimitState } from './limits/limits.ts'
import { sayStanding } from './limits/say-limits.ts'
import type { StoreInUse } from './open-store.ts'
import { Problem } from './problem.ts'
import { wordsOf } from './store-words.ts'

export interface ExplainDeps {
  readonly store: Pick<StoreInUse, 'document' | 'index' | 'isTrailFull' | 'changes' | 'limitsOf'>
  /** By which calls are judged. */
  readonly nowMs: number
}

/** At most this many changes since are told. */
const changesMax = 20

/** Throws `field_invalid` for what is no question, and `not_found` for a key that is not there. */
export const explainCall = async (asked: ExplainRequest, { store, nowMs }: ExplainDeps): Promise<Explanation> => {
  const document = store.document()
  const index = store.index()
  const atMs = asked.at === undefined ? nowMs : readAt(asked.at)
  const address = asked.address === undefined ? null : readAddress(asked.address)
  const key = asked.key === undefined ? null : findKey(document, asked.key, { removed: true })
  const target = asked.forward_auth === true ? proxied(asked, index) : straight(asked)
  const isAnswered = 'code' in target || matchEndpoint(index, target) !== null
  const asleep = isAnswered ? null : disabledFor(document, target)
  const words = wordsOf(document)
  const found = explain({
    judging: store.isTrailFull() ? 'store_unavailable' : index,
    caller: {
      credential: key === null ? { kind: 'none' } : { kind: 'known', keyId: key.id },
      nowMs: atMs,
      address,
    },
    target,
    words: { ...words, disabledEndpoint: () => (asleep === null ? undefined : words.disabledAs(asleep)) },
    // Another instant finds another count, which nobody knows.
    limitsAt: asked.at === undefined ? ({ id }) => sayStanding(standingOf(store, id, asked)) : undefined,
  })
  const { verdict, reason, status, endpoint } = found
  const concerned = endpoint ?? (found.reason === 'no_endpoint' ? asleep : null)
  const about = [key?.id, key?.clientId, concerned?.id, concerned?.collectionId]
  return {
    verdict,
    reason,
    status,
    at: new Date(atMs).toISOString(),
    judged_by: asked.at === undefined ? 'live' : 'rules_of_today',
    key: key === null ? null : { id: key.id, name: key.name },
    endpoint: endpoint === null ? null : { id: endpoint.id, method: endpoint.method, path: endpoint.path },
    rules: [...found.rules],
    changed_since: atMs < nowMs ? await changedSince(store, new Set(about.filter((id) => id !== undefined)), atMs) : [],
  }
}

/** A proxy that only asks takes no place under way. */
const standingOf = (
  store: ExplainDeps['store'],
  keyId: string,
  { forward_auth: asks }: ExplainRequest,
): readonly LimitState[] | null =>
  store.limitsOf(keyId)?.filter(({ limit }) => asks !== true || limit.per !== 'concurrent') ?? null

/** The endpoint that would answer, were it and its collection enabled. */
const disabledFor = (document: Document, target: Target): EndpointRecord | null => {
  const enabled = <T extends { disabledAt: string | null }>(records: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(records).map(([id, record]) => [id, { ...record, disabledAt: null }]))
  const { endpoints, collections } = document
  const awake = { ...document, keys: {}, endpoints: enabled(endpoints), collections: enabled(collections) }
  const record = endpoints[matchEndpoint(buildIndex(awake, 0), target)?.id ?? '']
  if (record === undefined) return null
  const isDisabled = record.disabledAt !== null || typeof collections[record.collectionId]?.disabledAt === 'string'
  return isDisabled ? record : null
}

/** A call as it arrives, read as `readCall` reads it. */
const straight = ({ method, path, host }: ExplainRequest): Target | Malformed => {
  const malformed = (detail: string): Malformed => ({ code: 'request_malformed', detail })
  if (path.length > targetBytesMax) return { code: 'target_too_long', detail: `at most ${targetBytesMax} characters` }
  if (isUnanswered(method)) return malformed(`${method} is not answered here`)
  if (!METHODS.includes(method))
    return malformed(`${method} is not a method of HTTP; methods are in capitals, as in GET`)
  if (host !== undefined && !isHost(host)) return malformed('one Host header with a host name is needed')
  const target = readTarget(path)
  if (typeof target === 'string') return malformed(target)
  if (isOwnPath(target.path)) return refuse('path', 'is answered by Postern itself; ask about one of an endpoint')
  return { method, host: host === undefined ? '' : hostName(host), path: target.path }
}

/** A call that a proxy asks about. */
const proxied = ({ method, path, host }: ExplainRequest, index: AccessIndex): Target | Malformed => {
  const target = targetOf({ method, host, uri: path }, index)
  return typeof target === 'string' ? { code: 'request_malformed', detail: target } : target
}

const readAt = (text: string): number => {
  const ms = readInstant(text, 0)
  return Number.isNaN(ms) ? refuse('at', 'give an instant such as 2026-11-30T12:00:00Z, or a date in UTC') : ms
}

const readAddress = (text: string): string => {
  // As a listener on both families gives IPv4 addresses, and as the gateway reads them.
  const read = parseNetwork(text.trim().replace(/^::ffff:(?=\d+\.)/i, ''))
  if (typeof read === 'string' || text.includes('/'))
    return refuse('address', 'one IPv4 or IPv6 address, such as 203.0.113.7 or 2001:db8::1')
  return read.address
}

const refuse = (field: string, message: string): never => {
  throw new Problem('field_invalid', { detail: `${field}: ${message}`, errors: [{ field, message }] })
}

/** From the trail, newest first: what was done to any of these records after an instant. */
const changedSince = async (
  { changes }: Pick<StoreInUse, 'changes'>,
  ids: ReadonlySet<string>,
  atMs: number,
): Promise<Explanation['changed_since']> => {
  const last: Explanation['changed_since'] = []
  const all = changes({ after: 0, fromMs: atMs + 1, toMs: Infinity, clientId: null })
  for await (const { change } of all) {
    // Some records are about several keys at once.
    if (!change.object.id.split(',').some((id) => ids.has(id))) continue
    last.push({ at: change.at, action: change.action, by: change.actor?.name ?? '' })
    if (last.length > changesMax) last.shift()
  }
  return last.toReversed()
}
