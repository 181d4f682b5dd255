/**
 * Proxies ask about a call and forward it by themselves. Promises: each is answered in the form it understands; 200 and
 * every identity header on an allow, so that none of the caller's survives; what a proxy does not say is never made up.
 * Never: reads anything from a query, nor lets a refusal look like a failure to a proxy that lets calls pass on failures.
 */
import type { AccessIndex, EndpointAccess, KeyAccess, Target } from '../access/access-index.ts'
import { decide } from '../access/decide.ts'
import { rateLimitFields } from '../limits/rate-limit-fields.ts'
import { Problem } from '../problem.ts'
import { knowsCaller } from './caller-address.ts'
import { identityHeaders } from './identity.ts'
import { receiptHeader, takeCall } from './limit-calls.ts'
import { refuse, type OwnCall } from './own-call.ts'
import { hostName, isHost, isUnanswered, readTarget, type Call } from './read-call.ts'
import { ownHeaders } from './refuse.ts'

const extAuthzPrefix = '/authz/ext-authz'

/** Answers the three paths that proxies ask; else gives false and has done nothing. */
export const answerAuthz = (own: OwnCall): boolean => {
  const { path } = own.call
  if (path === '/authz/forward-auth') judge(own, forwardedOf(own.call), refuse)
  else if (path === '/authz/auth-request') judge(own, originalOf(own.call), refuseToNginx)
  else if (path === extAuthzPrefix || path.startsWith(`${extAuthzPrefix}/`))
    judge(own, ownTargetOf(own.call), refuseToEnvoy)
  else return false
  return true
}

/** What a proxy says of the call it asks about. */
interface Asked {
  readonly method: string | undefined
  readonly host: string | undefined
  readonly uri: string | undefined
}

/** Traefik and Caddy: the target in `X-Forwarded-*`; any answer but 2xx goes to the caller as it is. */
const forwardedOf = ({ single }: Call): Asked => ({
  method: single.get('x-forwarded-method'),
  host: single.get('x-forwarded-host'),
  uri: single.get('x-forwarded-uri'),
})

/** `X-Original-URI` is a path, `X-Original-URL` a whole URL. The raw text counts: a parsed URL has been rewritten. */
const originalOf = ({ single, authority }: Call): Asked | string => {
  const method = single.get('x-original-method')
  const uri = single.get('x-original-uri')
  const url = single.get('x-original-url')
  const forwardedHost = single.get('x-forwarded-host')
  if (url === undefined) return { method, uri, host: forwardedHost ?? authority }
  const [, host, path = ''] = /^https?:\/\/([^/?#\\@]+)(.*)$/i.exec(url) ?? []
  if (host === undefined) return 'X-Original-URL is not a URL'
  // A proxy that writes one of them lets the caller's own other one through, which must not choose another host.
  if (uri !== undefined && uri !== path) return 'X-Original-URI and X-Original-URL are not about the same path'
  const besides = forwardedHost ?? (uri === undefined ? undefined : authority)
  if (besides !== undefined && hostName(besides) !== hostName(host))
    return 'X-Original-URL and the host the proxy sends are not about the same host'
  return { method, host, uri: path }
}

/** Envoy: the call itself without its body, its path behind a prefix. Its query is the caller's, and not looked at. */
const ownTargetOf = ({ method, authority, path }: Call): Asked => ({
  method,
  host: authority,
  uri: path.slice(extAuthzPrefix.length),
})

/** nginx: only 2xx, 401 and 403 mean something to it; the truth goes into `X-Postern-Status`. */
const refuseToNginx = ({ response, requestId, secure, call }: OwnCall, problem: Problem): void => {
  const { 'retry-after': retryAfter, ...more } = problem.headers
  response.writeHead(problem.status === 401 ? 401 : 403, {
    ...truthOf(problem),
    ...(retryAfter === undefined ? {} : { 'x-postern-retry-after': retryAfter }),
    ...more,
    ...ownHeaders(requestId, secure),
    'cache-control': 'no-store',
    'content-length': 0,
    ...(call.hasBody ? { connection: 'close' } : {}),
  })
  response.end()
}

/** Envoy: with `failure_mode_allow` a 5xx lets the call pass, so that none is ever given for a verdict. */
const refuseToEnvoy = (own: OwnCall, problem: Problem): void => {
  if (problem.status < 500) return refuse(own, problem)
  const { detail = problem.message, headers } = problem
  refuse(own, new Problem('forbidden', { detail, headers: { ...headers, ...truthOf(problem) } }))
}

const truthOf = ({ status, code }: Problem): Record<string, string> => ({
  'x-postern-status': String(status),
  'x-postern-code': code,
})

/** Answers what is asked: an allow the same way to everybody, a refusal in the proxy's own. */
const judge = (own: OwnCall, asked: Asked | string, sayNo: (own: OwnCall, problem: Problem) => void): void => {
  const target = typeof asked === 'string' ? asked : targetOf(asked, own.index)
  if (typeof target === 'string') {
    const refusal =
      own.index === null
        ? ({ allow: false, reason: own.closed, rule: 'keystore', key: null } as const)
        : ({ allow: false, reason: 'request_malformed', rule: 'request', key: null, detail: target } as const)
    return sayNo(own, own.turnAway(refusal))
  }
  const address = knowsCaller(own.origin) ? own.origin.address : null
  const verdict = decide(own.index ?? own.closed, { ...own.caller, address }, target)
  if (!verdict.allow) return sayNo(own, own.turnAway(verdict, target))
  const { limits } = own.rooms
  const { nowMs } = own.caller
  const taken = takeCall(limits, verdict, { target, nowMs, from: null })
  if (!taken.allow) return sayNo(own, own.turnAway(taken, target))
  const { endpoint, identified } = verdict
  const { key, secret, version } = identified
  own.record('allow', { keyId: key.id, secret, secretVersion: version, endpointId: endpoint.id }, target)
  const { method, path } = target
  const receipt = limits.receipts.issue({ keyId: key.id, method, path }, nowMs)
  const allow = (principal: string): void =>
    sayYes(own, key, [
      'X-Postern-Principal',
      principal,
      ...rateLimitFields(taken.states, nowMs),
      receiptHeader,
      receipt,
    ])
  const signed = signedPrincipal(own, key, endpoint)
  if (signed === null) return allow('-')
  signed.then(allow).catch((error: unknown) => {
    own.rooms.onFault(own.requestId, error)
    sayNo(own, error instanceof Problem ? error : new Problem('internal'))
  })
}

/** Who calls, signed, where the endpoint asks for it; `null`: it does not. */
const signedPrincipal = (own: OwnCall, key: KeyAccess, endpoint: EndpointAccess): Promise<string> | null => {
  if (!endpoint.principal) return null
  const { principals } = own.rooms
  if (principals === undefined) return Promise.reject(new Problem('overloaded', { internal: 'nothing signs here' }))
  return principals.of(key, endpoint, own.caller.nowMs)
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

/** 200 and nothing else: some proxies take no other 2xx. */
const sayYes = ({ response, requestId, call }: OwnCall, key: KeyAccess, fields: readonly string[]): void => {
  const headers = [...identityHeaders(key), ...fields, 'X-Request-Id', requestId, 'Content-Length', '0']
  if (call.hasBody) headers.push('Connection', 'close')
  response.writeHead(200, headers)
  response.end()
}
