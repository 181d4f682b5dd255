/**
 * What may cross the gateway in headers, both ways (RFC 9110 §7.6.1). Promises: nothing hop-by-hop goes on, the credential
 * stays here, and every name that speaks for Postern is Postern's own.
 */
import { identityHeaders } from './identity.ts'
import type { Forwarding } from './forward.ts'

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
])

/** Names that only Postern may say to an upstream. Underscores count as dashes, because some services read them so. */
const ours = /^(?:x-postern-.*|x-forwarded-.*|forwarded|x-real-ip|x-request-id|host|authorization|x-api-key)$/

const namedIn = (value: string): string[] =>
  value
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())

/** The headers of the call to the upstream, names and values in turn. */
export const upstreamHeaders = ({ call, endpoint, key, requestId, secure, callerAddress }: Forwarding): string[] => {
  const { rawHeaders } = call
  const dropped = connectionNames(rawHeaders)
  const headers: string[] = []
  let authority = call.host
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    const value = rawHeaders[at + 1] ?? ''
    const lower = name.toLowerCase()
    if (lower === 'host') authority = value
    if (hopByHop.has(lower) || dropped?.has(lower) === true || ours.test(lower.replaceAll('_', '-'))) continue
    headers.push(name, value)
  }
  headers.push(
    'Host',
    endpoint.upstream?.origin.replace(/^https?:\/\//, '') ?? '',
    'X-Forwarded-For',
    callerAddress.replace(/^::ffff:/, ''),
    'X-Forwarded-Proto',
    secure ? 'https' : 'http',
    'X-Forwarded-Host',
    authority,
    'X-Request-Id',
    requestId,
    ...identityHeaders(key),
  )
  return headers
}

/** The headers of the answer to the caller, as the upstream wrote them and in its order. */
export const answerHeaders = (
  raw: readonly (Buffer | string)[] | Record<string, unknown> | null | undefined,
  parsed: Record<string, string | string[] | undefined>,
  requestId: string,
): string[] => {
  const flat = Array.isArray(raw) ? (raw as readonly (Buffer | string)[]).map(String) : flatten(parsed)
  const dropped = connectionNames(flat)
  const headers: string[] = []
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = flat[at] ?? ''
    const lower = name.toLowerCase()
    if (
      hopByHop.has(lower) ||
      dropped?.has(lower) === true ||
      lower === 'x-request-id' ||
      lower.startsWith('x-postern-')
    )
      continue
    headers.push(name, flat[at + 1] ?? '')
  }
  headers.push('X-Request-Id', requestId)
  return headers
}

const connectionNames = (flat: readonly string[]): Set<string> | undefined => {
  let names: Set<string> | undefined
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = flat[at] ?? ''
    // Cheap first: the name's length tells most headers apart.
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue
    names ??= new Set()
    for (const each of namedIn(flat[at + 1] ?? '')) names.add(each)
  }
  return names
}

const flatten = (parsed: Record<string, string | string[] | undefined>): string[] =>
  Object.entries(parsed).flatMap(([name, value]) =>
    value === undefined ? [] : Array.isArray(value) ? value.flatMap((each) => [name, each]) : [name, value],
  )
