/**
 * `GET /.postern/apis/COLLECTION/openapi.json` and `/swagger.json`: the stable address of what a collection offers. Promises:
 * whoever asks has a key in good standing that reaches it, and reads of what this key may call, and no more; a collection that is
 * not there, is disabled or offers nothing is none.
 */
import { hash } from 'node:crypto'
import { readCollectionDocumentPath, type DocumentFormat } from '@postern/shared'
import type { AccessIndex, KeyAccess } from '../access/access-index.ts'
import { admit } from '../access/decide.ts'
import { Problem } from '../problem.ts'
import { answerText, isQuestion, refuse, type OwnCall } from './own-call.ts'
import { headerOf } from './read-call.ts'
import { ownHeaders } from './refuse.ts'

/** What the holder of a key may call of a collection, as a document; `null`: nothing. */
export type CollectionDocuments = (asked: {
  readonly collectionId: string
  readonly format: DocumentFormat
  readonly endpointIds: ReadonlySet<string>
  readonly methods: ReadonlySet<string> | null
}) => string | null

/** Answers when the path is that of a document; else gives false and has done nothing. */
export const answerCollectionDocument = (own: OwnCall): boolean => {
  const asked = readCollectionDocumentPath(own.call.path)
  if (asked === null) return false
  const holder = admit(own.index ?? own.closed, own.caller)
  if (!('identified' in holder)) {
    refuse(own, own.turnAway(holder))
    return true
  }
  const { key, secret, version } = holder.identified
  const reached = reachedBy(key, holder.index, asked.collectionId)
  if (typeof reached === 'string') {
    refuse(own, own.turnAway({ allow: false, reason: reasonOf(reached), rule: reached, key }))
    return true
  }
  own.record('allow', { keyId: key.id, secret, secretVersion: version })
  if (!isQuestion(own)) return true
  const text = own.rooms.documents({ ...asked, endpointIds: reached, methods: key.methods })
  if (text === null) refuse(own, new Problem('no_endpoint'))
  else answerDocument(own, text)
  return true
}

type Rule = 'endpoint' | 'collection' | 'key_endpoint' | 'key_method'

const reasonOf = (rule: Rule): 'no_endpoint' | 'insufficient_scope' =>
  rule === 'endpoint' ? 'no_endpoint' : 'insufficient_scope'

/** The endpoints that a key reaches, or the question that is answered with no; in the order of a verdict. */
const reachedBy = (key: KeyAccess, { endpoints }: AccessIndex, collectionId: string): Set<string> | Rule => {
  const offered = endpoints.filter((each) => each.collectionId === collectionId && each.upstream !== null)
  if (offered.length === 0) return 'endpoint'
  if (key.collections !== null && !key.collections.has(collectionId)) return 'collection'
  const reached = offered.filter(({ id }) => key.endpoints === null || key.endpoints.has(id))
  if (reached.length === 0) return 'key_endpoint'
  const { methods } = key
  const called = reached.filter(({ method }) => methods === null || method === 'ANY' || methods.has(method))
  return called.length === 0 ? 'key_method' : new Set(called.map(({ id }) => id))
}

/** Never kept by anything shared between callers: it is what one key may call. */
const answerDocument = (own: OwnCall, text: string): void => {
  const headers = {
    etag: `"${hash('sha256', text, 'base64url').slice(0, 27)}"`,
    'cache-control': 'private, no-cache',
    vary: 'Authorization, X-API-Key',
  }
  if (!known(headerOf(own.call.rawHeaders, 'if-none-match'), headers.etag))
    return answerText(own, 200, text, { 'content-type': 'application/json', ...headers })
  own.response.writeHead(304, { ...ownHeaders(own.requestId, own.secure), ...headers })
  own.response.end()
}

/** RFC 9110 §13.1.2: compared weakly. */
const known = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')))
