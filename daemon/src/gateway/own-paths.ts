/**
 * The paths that are Postern's own on the connector listener; they go before endpoints. Promises: `/livez` answers while
 * the loop turns; the `/authz` answers are in the form their proxies understand, with every identity header on an allow.
 */
import { calendarPath, isOwnPath, jwksPath } from '@postern/shared'
import type { AccessIndex, KeyAccess, Target } from '../access/access-index.ts'
import { admit, decide } from '../access/decide.ts'
import { rateLimitFields } from '../limits/rate-limit-fields.ts'
import { Problem } from '../problem.ts'
import { answerCalendar } from './calendar.ts'
import { answerCollectionDocument } from './collection-document.ts'
import { knowsCaller } from './caller-address.ts'
import { answerChanges } from './exports.ts'
import { identityHeaders } from './identity.ts'
import { receiptHeader, takeCall } from './limit-calls.ts'
import { answerOAuth } from './oauth.ts'
import { answerText, isQuestion, refuse, type OwnCall } from './own-call.ts'
import { hostName, isHost, isUnanswered, readTarget, type Call } from './read-call.ts'
import { ownHeaders, problemOf, retryAfterSeconds } from './refuse.ts'

/** Answers when the path is one of Postern's own; else gives false and has done nothing. */
export const answerOwnPath = (own: OwnCall): boolean => {
  const { path } = own.call
  if (path === '/authz/forward-auth') forwardAuth(own)
  else if (path === '/authz/auth-request') authRequest(own)
  else if (path === '/livez') alive(own)
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

/** Traefik and Caddy: the target in `X-Forwarded-*`; any answer but 2xx goes to the caller as it is. */
const forwardAuth = (own: OwnCall): void => {
  const { single } = own.call
  const judged = judge(own, {
    method: single.get('x-forwarded-method'),
    host: single.get('x-forwarded-host'),
    uri: single.get('x-forwarded-uri'),
  })
  if (judged instanceof Problem) refuse(own, judged)
  else allow(own, judged)
}

/** nginx: only 2xx, 401 and 403 mean something to it; the truth goes into `X-Postern-Status`. */
const authRequest = (own: OwnCall): void => {
  const problem = judge(own, originalOf(own.call))
  if (!(problem instanceof Problem)) return allow(own, problem)
  const { response, requestId, secure, call } = own
  const truth: Record<string, string> = { 'x-postern-status': String(problem.status), 'x-postern-code': problem.code }
  const { 'retry-after': retryAfter, 'www-authenticate': challenge, ...more } = problem.headers
  if (retryAfter !== undefined) truth['x-postern-retry-after'] = retryAfter
  if (challenge !== undefined && problem.status === 401) truth['www-authenticate'] = challenge
  response.writeHead(problem.status === 401 ? 401 : 403, {
    ...truth,
    ...more,
    ...ownHeaders(requestId, secure),
    'cache-control': 'no-store',
    'content-length': 0,
    ...(call.hasBody ? { connection: 'close' } : {}),
  })
  response.end()
}

/** What a proxy says of the call it asks about. */
interface Asked {
  readonly method: string | undefined
  readonly host: string | undefined
  readonly uri: string | undefined
}

/** `X-Original-URI` is a path, `X-Original-URL` a whole URL. The raw text counts: a parsed URL has been rewritten. */
const originalOf = ({ single, authority }: Call): Asked | string => {
  const method = single.get('x-original-method')
  const uri = single.get('x-original-uri')
  const url = single.get('x-original-url')
  if (url === undefined) return { method, uri, host: single.get('x-forwarded-host') ?? authority }
  const [, host, path = ''] = /^https?:\/\/([^/?#\\@]+)(.*)$/i.exec(url) ?? []
  if (host === undefined) return 'X-Original-URL is not a URL'
  if (uri !== undefined && uri !== path) return 'X-Original-URI and X-Original-URL are not about the same path'
  return { method, host, uri: path }
}

/** What a proxy may let pass: the key, and what the answer carries besides. */
interface Judged {
  readonly key: KeyAccess
  readonly fields: readonly string[]
}

const judge = (own: OwnCall, asked: Asked | string): Judged | Problem => {
  const target = typeof asked === 'string' ? asked : targetOf(asked, own.index)
  if (typeof target === 'string')
    return own.turnAway(
      own.index === null
        ? { allow: false, reason: own.closed, rule: 'keystore', key: null }
        : { allow: false, reason: 'request_malformed', rule: 'request', key: null, detail: target },
    )
  const address = knowsCaller(own.origin) ? own.origin.address : null
  const verdict = decide(own.index ?? own.closed, { ...own.caller, address }, target)
  if (!verdict.allow) return own.turnAway(verdict, target)
  const { limits } = own.rooms
  const { nowMs } = own.caller
  const taken = takeCall(limits, verdict, { target, nowMs, from: null })
  if (!taken.allow) return own.turnAway(taken, target)
  const { key, secret, version } = verdict.identified
  own.record('allow', { keyId: key.id, secret, secretVersion: version, endpointId: verdict.endpoint.id }, target)
  const { method, path } = target
  const receipt = limits.receipts.issue({ keyId: key.id, method, path }, nowMs)
  return { key, fields: [...rateLimitFields(taken.states, nowMs), receiptHeader, receipt] }
}

/** The call a proxy asks about, or a sentence that says why it cannot be told. What is missing is never made up. */
export const targetOf = ({ method, host, uri }: Asked, index: AccessIndex | null): Target | string => {
  if (method === undefined || !/^[A-Z]{1,20}$/.test(method)) return 'the proxy has to send the method of the call'
  if (isUnanswered(method)) return `${method} is not answered here`
  if (uri === undefined) return 'the proxy has to send the path of the call'
  // Without it a call could reach the endpoint for any host past the stricter one for its own.
  if (host === undefined && index !== null && index.hosts.size > 0) return 'the proxy has to send the host of the call'
  if (host !== undefined && !isHost(host)) return 'the host the proxy sends cannot be read'
  const target = readTarget(uri)
  if (typeof target === 'string') return target
  return { method, host: host === undefined ? '' : hostName(host), path: target.path, forwardAuth: true }
}

/** 200 and nothing else: some proxies take no other 2xx. Every identity header, so that none of the caller's survives. */
const allow = ({ response, requestId, call }: OwnCall, { key, fields }: Judged): void => {
  const headers = [...identityHeaders(key), ...fields, 'X-Request-Id', requestId, 'Content-Length', '0']
  if (call.hasBody) headers.push('Connection', 'close')
  response.writeHead(200, headers)
  response.end()
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
