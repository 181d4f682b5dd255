/**
 * The paths that are Postern's own on the connector listener; they go before endpoints. Promises: `/livez` answers while
 * the loop turns; nothing but these is answered without an allow.
 */
import { calendarPath, isOwnPath, jwksPath } from '@postern/shared'
import { admit } from '../access/decide.ts'
import { Problem } from '../problem.ts'
import { answerCalendar } from './calendar.ts'
import { answerCollectionDocument } from './collection-document.ts'
import { answerChanges } from './exports.ts'
import { answerAuthz } from './forward-auth.ts'
import { answerOAuth } from './oauth.ts'
import { answerText, isQuestion, refuse, type OwnCall } from './own-call.ts'
import { problemOf, retryAfterSeconds } from './refuse.ts'

/** Answers when the path is one of Postern's own; else gives false and has done nothing. */
export const answerOwnPath = (own: OwnCall): boolean => {
  const { path } = own.call
  if (answerAuthz(own)) return true
  if (path === '/livez') alive(own)
  else if (path === '/readyz') ready(own)
  else if (path === '/.postern/self') self(own)
  else if (path === calendarPath) answerCalendar(own)
  else if (path === jwksPath) jwks(own)
  else if (answerOAuth(own)) return true
  else if (path === '/exports/changes') answerChanges(own)
  else if (answerCollectionDocument(own)) return true
  else if (isOwnPath(path) && own.index !== null) unknown(own)
  else return false
  return true
}

const answerJson = (own: OwnCall, status: number, body: object, headers: Record<string, string> = {}): void =>
  answerText(own, status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })

/** RFC 7517 §5. Public, as its keys are: whoever checks a signature asks without a key. */
const jwks = (own: OwnCall): void => {
  if (own.index === null)
    return refuse(own, problemOf({ allow: false, reason: own.closed, rule: 'keystore', key: null }))
  if (isQuestion(own))
    answerText(own, 200, JSON.stringify(own.rooms.jwks()), {
      'content-type': 'application/jwk-set+json',
      'cache-control': 'public, max-age=300',
    })
}

const alive = (own: OwnCall): void => {
  if (isQuestion(own)) answerJson(own, 200, { status: 'alive' })
}

const ready = (own: OwnCall): void => {
  if (!isQuestion(own)) return
  if (own.index === null)
    answerJson(
      own,
      503,
      { status: 'unready', reasons: [own.closed === 'store_unavailable' ? 'audit_unwritable' : own.closed] },
      { 'retry-after': String(retryAfterSeconds) },
    )
  else answerJson(own, 200, { status: 'ready', reasons: [] })
}

/** "Test connection" for connector authors: who am I here, until when, and what may I call? Never the key. */
const self = (own: OwnCall): void => {
  const holder = admit(own.index ?? own.closed, own.caller)
  if (!('identified' in holder)) return refuse(own, own.turnAway(holder))
  const { key, secret, version } = holder.identified
  own.record('allow', { keyId: key.id, secret, secretVersion: version })
  if (!isQuestion(own)) return
  const reachable = holder.index.endpoints.filter(
    ({ collectionId }) => key.collections === null || key.collections.has(collectionId),
  )
  answerJson(own, 200, {
    id: key.id,
    name: key.name,
    client: key.clientName,
    subject: key.subject,
    expires_at: key.expiresAtMs === Infinity ? null : new Date(key.expiresAtMs).toISOString(),
    secret,
    collections: [...new Set(reachable.map(({ collectionName }) => collectionName))],
    endpoints: reachable.map(({ method, path, host }) => ({ method, path, host })),
  })
}

/** A reserved path that is not answered: as for any unknown path, a good key is asked for first. */
const unknown = (own: OwnCall): void => {
  const holder = admit(own.index ?? own.closed, own.caller)
  if ('identified' in holder) {
    own.record('no_endpoint', { keyId: holder.identified.key.id, rule: 'endpoint' })
    return refuse(own, new Problem('no_endpoint'))
  }
  refuse(own, own.turnAway(holder))
}
