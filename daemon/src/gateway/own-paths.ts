/**
 * The paths that are Postern's own on the connector listener; they go before endpoints. Promises: `/livez` answers while
 * the loop turns; the `/authz` answers are in the form their proxies understand, with every identity header on an allow.
 */
import type { ServerResponse } from 'node:http'
import type { AccessIndex, Target } from '../access/access-index.ts'
import { admit, decide, type Verdict } from '../access/decide.ts'
import { Problem } from '../problem.ts'
import type { CallRecord } from './gateway.ts'
import { identityHeaders } from './identity.ts'
import { headerOf, hostName, isHost, readTarget, type Call } from './read-call.ts'
import { answerProblem, problemOf, retryAfterSeconds } from './refuse.ts'

export interface OwnCall {
  readonly call: Call
  readonly index: AccessIndex | null
  readonly atMs: number
  readonly requestId: string
  readonly response: ServerResponse
  readonly secure: boolean
  readonly record: (outcome: CallRecord['outcome'], parts: Partial<CallRecord>) => void
}

/** Answers when the path is one of Postern's own; else gives false and has done nothing. */
export const answerOwnPath = (own: OwnCall): boolean => {
  const { path } = own.call
  if (path === '/authz/forward-auth') forwardAuth(own)
  else if (path === '/authz/auth-request') authRequest(own)
  else if (path === '/livez') alive(own)
  else if (path === '/readyz') ready(own)
  else if (path === '/.postern/self') self(own)
  else if (/^\/(?:\.postern|authz|oauth|exports|\.well-known)(?:\/|$)/.test(path) && own.index !== null) unknown(own)
  else return false
  return true
}

const answerJson = (
  { response, requestId, call }: OwnCall,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-request-id': requestId,
    ...headers,
  })
  response.end(call.method === 'HEAD' ? undefined : text)
}

const alive = (own: OwnCall): void => answerJson(own, 200, { status: 'alive' })

const ready = (own: OwnCall): void =>
  own.index === null
    ? answerJson(
        own,
        503,
        { status: 'unready', reasons: ['keystore_locked'] },
        { 'retry-after': String(retryAfterSeconds) },
      )
    : answerJson(own, 200, { status: 'ready', reasons: [] })

const refuse = ({ response, requestId, secure, call }: OwnCall, error: unknown): void =>
  answerProblem(response, error, { requestId, secure, close: call.hasBody })

/** "Test connection" for connector authors: who am I here, until when, and what may I call? Never the key. */
const self = (own: OwnCall): void => {
  const holder = admit(own.index, own.call.credential, own.atMs)
  if (!('identified' in holder)) {
    own.record(holder.reason, { keyId: holder.key?.id ?? null })
    return refuse(own, problemOf(holder))
  }
  const { key, secret } = holder.identified
  own.record('allow', { keyId: key.id, secret })
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
  const { rawHeaders } = own.call
  const verdict = judge(own, {
    method: headerOf(rawHeaders, 'x-forwarded-method'),
    host: headerOf(rawHeaders, 'x-forwarded-host'),
    uri: headerOf(rawHeaders, 'x-forwarded-uri'),
  })
  if (verdict.allow) allow(own, verdict)
  else refuse(own, problemOf(verdict))
}

/** nginx: only 2xx, 401 and 403 mean something to it; the truth goes into `X-Postern-Status`. */
const authRequest = (own: OwnCall): void => {
  const { rawHeaders } = own.call
  const given = headerOf(rawHeaders, 'x-original-url')
  const url = given === undefined ? null : URL.parse(given)
  // The raw text behind the origin, because a parsed URL has been rewritten.
  const afterOrigin =
    given === undefined || url === null ? undefined : given.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '')
  const verdict = judge(own, {
    method: headerOf(rawHeaders, 'x-original-method'),
    host: url === null ? (headerOf(rawHeaders, 'x-forwarded-host') ?? own.call.host) : url.host,
    uri: headerOf(rawHeaders, 'x-original-uri') ?? afterOrigin,
  })
  if (verdict.allow) return allow(own, verdict)
  const problem = problemOf(verdict)
  const truth: Record<string, string> = { 'x-postern-status': String(problem.status), 'x-postern-code': problem.code }
  const { 'retry-after': retryAfter, 'www-authenticate': challenge } = problem.headers
  if (retryAfter !== undefined) truth['x-postern-retry-after'] = retryAfter
  if (challenge !== undefined && problem.status === 401) truth['www-authenticate'] = challenge
  own.response.writeHead(problem.status === 401 ? 401 : 403, {
    ...truth,
    'x-request-id': own.requestId,
    'content-length': 0,
  })
  own.response.end()
}

const judge = (
  own: OwnCall,
  said: { method: string | undefined; host: string | undefined; uri: string | undefined },
): Verdict => {
  const target = targetOf(said)
  const verdict: Verdict =
    typeof target === 'string'
      ? own.index === null
        ? { allow: false, reason: 'keystore_locked', key: null }
        : { allow: false, reason: 'request_malformed', key: null, detail: target }
      : decide(own.index, own.call.credential, target, own.atMs)
  const asked = typeof target === 'string' ? {} : { method: target.method, path: target.path }
  if (verdict.allow) {
    const { key, secret } = verdict.identified
    own.record('allow', { ...asked, keyId: key.id, secret, endpointId: verdict.endpoint.id })
  } else own.record(verdict.reason, { ...asked, keyId: verdict.key?.id ?? null })
  return verdict
}

const targetOf = ({
  method,
  host,
  uri,
}: {
  method: string | undefined
  host: string | undefined
  uri: string | undefined
}): Target | string => {
  if (method === undefined || !/^[A-Z]{1,20}$/.test(method)) return 'the proxy has to send the method of the call'
  if (uri === undefined) return 'the proxy has to send the path of the call'
  if (host !== undefined && !isHost(host)) return 'the host the proxy sends cannot be read'
  const target = readTarget(uri)
  return typeof target === 'string'
    ? target
    : { method, host: host === undefined ? '' : hostName(host), path: target.path }
}

const allow = ({ response, requestId }: OwnCall, { identified }: Verdict & { allow: true }): void => {
  response.writeHead(200, [...identityHeaders(identified.key), 'X-Request-Id', requestId, 'Content-Length', '0'])
  response.end()
}

/** A reserved path that is not answered (yet): as any unknown path, a good key is asked for first. */
const unknown = (own: OwnCall): void => {
  const holder = admit(own.index, own.call.credential, own.atMs)
  const reason = 'identified' in holder ? 'no_endpoint' : holder.reason
  own.record(reason, {})
  refuse(own, 'identified' in holder ? new Problem('no_endpoint') : problemOf(holder))
}
