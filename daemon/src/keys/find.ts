/**
 * Finds records by id or name, and judges entity tags. An id beats a name; a name that is an id is refused when it is
 * given, so the two never mean different things.
 */
import type {
  AdminTokenRecord,
  ClientRecord,
  CollectionRecord,
  Document,
  EndpointRecord,
  KeyRecord,
  PolicyRecord,
} from '../document/document.ts'
import { Problem } from '../problem.ts'
import { foldName, foldOf } from './names.ts'

interface Named {
  readonly id: string
  readonly name: string
}

export interface Revised {
  readonly revision: number
}

/** The entity tag of a record (RFC 9110 §8.8.3): it changes with every change to the record. */
export const etagOf = (record: Revised): string => `"${record.revision}"`

/** Refuses an edit based on something older than `record`. `ifMatch`: the raw header value; `*` matches anything. */
export const assertMatches = (record: Revised, ifMatch: string): void => {
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  if (tags.includes('*') || tags.includes(etagOf(record))) return
  throw new Problem('precondition_failed', {
    detail: 'It has changed since it was read. Read it again, then send the edit with the new entity tag in If-Match.',
  })
}

const findNamed = <T extends Named>(records: Readonly<Record<string, T>>, ref: string, what: string): T => {
  const found = Object.hasOwn(records, ref) ? records[ref] : undefined
  if (found !== undefined) return found
  const folded = foldName(ref)
  for (const record of Object.values(records)) if (foldOf(record) === folded) return record
  throw new Problem('not_found', { detail: `There is no ${what} with this id or name.` })
}

/** A key by id or name. Removed keys are found only when asked for. Throws `not_found`. */
export const findKey = (document: Document, ref: string, options: { removed?: boolean } = {}): KeyRecord => {
  const key = findNamed(document.keys, ref, 'key')
  if (key.removedAt === null || options.removed === true) return key
  throw new Problem('not_found', {
    detail: 'This key has been removed. Restore it first, or list removed keys to see until when that is possible.',
  })
}

export const findClient = (document: Document, ref: string): ClientRecord => findNamed(document.clients, ref, 'client')

export const findCollection = (document: Document, ref: string): CollectionRecord =>
  findNamed(document.collections, ref, 'collection')

export const findPolicy = (document: Document, ref: string): PolicyRecord => findNamed(document.policies, ref, 'policy')

export const findToken = (document: Document, ref: string): AdminTokenRecord =>
  findNamed(document.adminTokens, ref, 'admin token')

/** An endpoint by id, or by `METHOD /path`. */
export const findEndpoint = (document: Document, ref: string): EndpointRecord => {
  const found = Object.hasOwn(document.endpoints, ref) ? document.endpoints[ref] : undefined
  if (found !== undefined) return found
  const matching = Object.values(document.endpoints).filter((endpoint) => `${endpoint.method} ${endpoint.path}` === ref)
  if (matching.length > 1)
    throw new Problem('conflict', { detail: 'Several hosts have this endpoint: name it by its id.' })
  const [only] = matching
  if (only === undefined)
    throw new Problem('not_found', { detail: 'There is no endpoint with this id or "METHOD /path".' })
  return only
}

const prefixedId = /^(?:cl|co|ep|po|at)_[0-9A-Za-z]{12}$/

/**
 * True for text that may not be a name, because it means something as an id: that of a key which exists, or the form of
 * any other id. A word of eight letters alone is a good name, although a key's id could look like it.
 */
export const meansAnId =
  (document: Document) =>
  (text: string): boolean =>
    prefixedId.test(text) || Object.hasOwn(document.keys, text)
