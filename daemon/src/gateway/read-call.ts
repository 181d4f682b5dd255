/**
 * Request -> call. Promises: what comes out is unambiguous: one host, one path that means one thing, at most one
 * credential. Anything a proxy and a service could read in two ways is refused, never rewritten. Works on `rawHeaders`
 * alone, because the parsed headers hide duplicates. Never: a secret in what it says.
 */
import type { IncomingMessage } from 'node:http'
import type { Credential } from '../access/decide.ts'
import type { Target } from '../access/access-index.ts'
import type { ProblemCode } from '@postern/shared'

export interface Call extends Target {
  /** With its `?`, or ''. Goes on verbatim. */
  readonly query: string
  /** The Host header as it came. */
  readonly authority: string
  readonly credential: Credential
  /** The headers that may stand only once, by their name in lower case. */
  readonly single: ReadonlyMap<string, string>
  /** The request's own headers, names and values in turn. */
  readonly rawHeaders: readonly string[]
  /** The values of `X-Forwarded-For`, of which only a trusted proxy's word counts. */
  readonly forwardedFor: readonly string[]
  readonly hasBody: boolean
  /** `Content-Length`, or `null` when chunked or absent. */
  readonly contentLength: number | null
}

export interface Malformed {
  readonly code: ProblemCode
  readonly detail: string
}

export const targetBytesMax = 8_192
export const headersMax = 64

/** Headers of which a second one is refused. Two credentials are `credential_malformed`, the rest `request_malformed`. */
const single = new Set([
  'host',
  'authorization',
  'x-api-key',
  'content-length',
  'content-type',
  'transfer-encoding',
  'expect',
  'x-forwarded-method',
  'x-forwarded-host',
  'x-forwarded-uri',
  'x-forwarded-proto',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
])

/** Header names that may not be declared hop-by-hop: dropping them would change who calls, or what. */
const endToEnd =
  /^(?:authorization|x-api-key|host|content-length|content-type|cookie|expect|x-postern-.*|x-forwarded-.*|forwarded|x-real-ip)$/

const hostPattern = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}))(?::\d{1,5})?$/

/**
 * RFC 9112 §3.2.1 origin-form only. `credentialHeader`: a header for keys besides the usual ones, in lower case.
 */
export const readCall = (request: IncomingMessage, credentialHeader: string | null = null): Call | Malformed => {
  const { rawHeaders, url = '', httpVersion, method = '' } = request
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return malformed('only HTTP/1.0 and HTTP/1.1 are spoken here')
  if (rawHeaders.length > headersMax * 2)
    return { code: 'headers_too_large', detail: `at most ${headersMax} header lines` }
  if (url.length > targetBytesMax) return { code: 'target_too_long', detail: `at most ${targetBytesMax} characters` }
  if (isUnanswered(method)) return malformed(`${method} is not answered here`)

  const seen = readHeaders(rawHeaders, credentialHeader)
  if ('code' in seen) return seen
  const host = seen.one.get('host')
  if (host === undefined || !hostPattern.test(host)) return malformed('one Host header with a host name is needed')
  const encoding = seen.one.get('transfer-encoding')
  if (encoding !== undefined && (httpVersion === '1.0' || encoding.toLowerCase() !== 'chunked'))
    return malformed('the only Transfer-Encoding is chunked, in HTTP/1.1')
  const length = seen.one.get('content-length')
  if (length !== undefined && (encoding !== undefined || !/^\d{1,15}$/.test(length)))
    return malformed('Content-Length is not clear')

  const expects = seen.one.get('expect')
  if (expects !== undefined && expects.toLowerCase() !== '100-continue')
    return { code: 'expectation_failed', detail: 'the only expectation is 100-continue' }

  const target = readTarget(url)
  if (typeof target === 'string') return malformed(target)
  return {
    method,
    host: hostName(host),
    path: target.path,
    query: target.query,
    authority: host,
    credential: readCredential(
      seen.one.get('authorization'),
      seen.one.get('x-api-key') ?? (credentialHeader === null ? undefined : seen.one.get(credentialHeader)),
      seen.credentials,
    ),
    forwardedFor: seen.forwardedFor,
    single: seen.one,
    rawHeaders,
    hasBody: encoding !== undefined || (length !== undefined && length !== '0'),
    contentLength: length === undefined ? null : Number(length),
  }
}

/** Methods about the connection itself, which end here whatever an endpoint says. */
export const isUnanswered = (method: string): boolean => method === 'TRACE' || method === 'CONNECT'

/** Lower case and without port, as endpoints name hosts. */
export const hostName = (host: string): string => host.toLowerCase().replace(/:\d{1,5}$/, '')

export const isHost = (host: string): boolean => hostPattern.test(host)

/** The value of the first header of this name, which is in lower case. */
export const headerOf = (rawHeaders: readonly string[], name: string): string | undefined => {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const each = rawHeaders[at]
    // Most names differ in length already, which spares writing them in lower case.
    if (each?.length === name.length && each.toLowerCase() === name) return rawHeaders[at + 1]
  }
  return undefined
}

const malformed = (detail: string): Malformed => ({ code: 'request_malformed', detail })

interface Headers {
  readonly one: Map<string, string>
  readonly credentials: number
  readonly forwardedFor: readonly string[]
}

const readHeaders = (rawHeaders: readonly string[], credentialHeader: string | null): Headers | Malformed => {
  const one = new Map<string, string>()
  const forwardedFor: string[] = []
  let credentials = 0
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    const value = rawHeaders[at + 1] ?? ''
    if (name === 'connection') {
      for (const option of value.split(',')) {
        const dashed = option.trim().toLowerCase().replaceAll('_', '-')
        if (endToEnd.test(dashed) || dashed === credentialHeader)
          return malformed('Connection names a header that is not hop-by-hop')
      }
      continue
    }
    if (name === 'x-forwarded-for') forwardedFor.push(value)
    const isExtra = name === credentialHeader
    if (!isExtra && !single.has(name)) continue
    if (isExtra || name === 'authorization' || name === 'x-api-key') credentials += 1
    else if (one.has(name)) return malformed(`${name} stands twice`)
    one.set(name, value)
  }
  return { one, credentials, forwardedFor }
}

const pathPattern = /^(?:\/(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%[0-9A-Fa-f]{2})*)+$/
// Dots, slashes, backslashes and NUL in disguise, other control characters, escapes of escapes of such, and the overlong
// UTF-8 forms (RFC 3629 §3) that careless decoders read as one of them.
const disguised = /%(?:2[eEfF]|5[cC]|[01][0-9A-Fa-f]|7[fF]|25[0-9A-Fa-f]{2}|[cC][01]|[eE]0%[89]|[fF]0%8)/
const dotSegment = /\/\.{1,2}(?:\/|$)/

/** Splits a target and refuses a path that is not in its one canonical form. Gives a sentence when it refuses. */
export const readTarget = (url: string): { path: string; query: string } | string => {
  if (url.charCodeAt(0) !== 0x2f) return 'the target must be a path'
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const query = mark < 0 ? '' : url.slice(mark)
  if (query !== '' && !/^[\x21\x22\x24-\x7e]+$/.test(query)) return 'the query holds a character that no URL has'
  if (!pathPattern.test(path)) return 'the path holds a character or an escape that cannot stand in it'
  if (path.includes('//')) return 'the path has an empty segment'
  if (dotSegment.test(path)) return 'the path has a "." or ".." segment'
  if (path.includes('%') && disguised.test(path)) return 'the path hides a dot, slash, backslash or control character'
  return { path, query }
}

/** A key by itself. A comma is how some proxies write two headers as one. */
const keyText = /^[\x21-\x2b\x2d-\x7e]{1,1024}$/
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/

/** RFC 6750 §2.1 Bearer, RFC 7617 Basic, and `X-API-Key`. Scheme names whatever their case. */
const readCredential = (authorization: string | undefined, apiKey: string | undefined, count: number): Credential => {
  if (count === 0) return { kind: 'none' }
  if (count > 1) return { kind: 'malformed', why: 'present one credential, once' }
  if (apiKey !== undefined)
    return keyText.test(apiKey)
      ? { kind: 'value', value: apiKey }
      : { kind: 'malformed', why: 'X-API-Key holds the key value and nothing else' }
  const [, scheme = '', rest = ''] = /^([A-Za-z]+) +([^ ]+)$/.exec(authorization ?? '') ?? []
  if (!token68.test(rest))
    return { kind: 'malformed', why: 'Authorization is "Bearer KEY" or "Basic" with keyId:secret in base64' }
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { kind: 'value', value: rest }
    case 'basic': {
      const text = Buffer.from(rest, 'base64').toString('latin1')
      const colon = text.indexOf(':')
      if (colon < 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(rest))
        return { kind: 'malformed', why: 'Basic holds keyId:secret in base64' }
      return { kind: 'pair', keyId: text.slice(0, colon), secret: text.slice(colon + 1) }
    }
    default:
      return { kind: 'malformed', why: 'the scheme of Authorization is Bearer or Basic' }
  }
}
