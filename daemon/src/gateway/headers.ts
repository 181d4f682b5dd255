/**
 * What may cross the gateway in headers, both ways (RFC 9110 §7.6.1). Promises: nothing hop-by-hop goes on, the credential
 * stays here, and every name that speaks for Postern is Postern's own.
 */
import type { ServerResponse } from 'node:http'
import type { EndpointAccess } from '../access/access-index.ts'
import { keyPrefix, keyValueLength } from '@postern/shared'
import type { Forwarding } from './forward.ts'
import { isHost } from './read-call.ts'
import { identityHeaders } from './identity.ts'

const hopByHop = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|expect)$/

/** Names that only Postern may say to an upstream. */
const ours = /^(?:x-postern-.*|x-forwarded-.*|forwarded|x-real-ip|x-request-id|host|authorization|x-api-key)$/

/** Names that frame a message. An upstream that reads `_` as `-` must not find a second one. */
const framing = /^(?:content-length|content-type)$/

interface NameFacts {
  readonly lower: string
  /** As whoever reads `_` as `-` sees it. */
  readonly dashed: string
  readonly staysHere: boolean
}

const knownNames = new Map<string, NameFacts>()
const knownNamesMax = 1_000

/** Whether a caller's header ends here. The answers are kept, because callers send the same few names over and over. */
const factsOf = (name: string): NameFacts => {
  const known = knownNames.get(name)
  if (known !== undefined) return known
  const lower = name.toLowerCase()
  const dashed = lower.replaceAll('_', '-')
  const staysHere = hopByHop.test(dashed) || ours.test(dashed) || (dashed !== lower && framing.test(dashed))
  const facts = { lower, dashed, staysHere }
  if (knownNames.size < knownNamesMax) knownNames.set(name, facts)
  return facts
}

/** The headers of the call to the upstream, names and values in turn. */
export const upstreamHeaders = (forwarding: Forwarding): string[] => {
  const { call, endpoint, key, requestId, origin, credentialHeader, principal } = forwarding
  const { rawHeaders } = call
  const dropped = connectionNames(rawHeaders)
  const headers: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    const { lower, dashed, staysHere } = factsOf(name)
    const value = rawHeaders[at + 1] ?? ''
    if (!staysHere && dashed !== credentialHeader && dropped?.has(lower) !== true && !isKeyValue(value))
      headers.push(name, value)
  }
  headers.push(
    'Host',
    authorityOf(endpoint.upstream?.origin ?? ''),
    'X-Forwarded-For',
    origin.forwardedFor,
    'X-Forwarded-Proto',
    protoOf(forwarding),
    'X-Forwarded-Host',
    hostOf(forwarding),
    'X-Request-Id',
    requestId,
    ...identityHeaders(key),
  )
  if (principal !== null) headers.push('X-Postern-Principal', principal)
  return headers
}

/** A key in a header that carries none here: such as one that did until a setting was changed. */
const isKeyValue = (text: string): boolean => text.length === keyValueLength && text.startsWith(keyPrefix)

/** How the caller called, on the word of a trusted proxy where there is one. */
const protoOf = ({ call, origin, secure }: Forwarding): string => {
  const said = origin.proxied ? call.single.get('x-forwarded-proto') : undefined
  return said === 'https' || said === 'http' ? said : secure ? 'https' : 'http'
}

const hostOf = ({ call, origin }: Forwarding): string => {
  const said = origin.proxied ? call.single.get('x-forwarded-host') : undefined
  return said !== undefined && isHost(said) ? said : call.authority
}

const authorityOf = (origin: string): string => origin.slice(origin.indexOf('//') + 2)

/**
 * The headers of the answer to the caller, byte for byte as the upstream wrote them and in its order. `fields`: what Postern
 * adds. They are lists, so an upstream's own of the same name stay beside them.
 */
export const answerHeaders = (
  raw: readonly (Buffer | string)[],
  requestId: string,
  fields: readonly string[] = [],
  deprecation: EndpointAccess['deprecation'] = [],
): string[] => {
  // latin1 keeps bytes that are not ASCII what they are, because Node writes headers back as latin1.
  const flat = raw.map((piece) => (typeof piece === 'string' ? piece : piece.toString('latin1')))
  const dropped = connectionNames(flat)
  const headers: string[] = []
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = flat[at] ?? ''
    const lower = name.toLowerCase()
    if (staysBehind(lower) || dropped?.has(lower) === true) continue
    if (deprecation.some(({ name: said, replaces }) => replaces && said.toLowerCase() === lower)) continue
    headers.push(name, flat[at + 1] ?? '')
  }
  headers.push('X-Request-Id', requestId, ...fields)
  for (const { name, value } of deprecation) headers.push(name, value)
  return headers
}

/** Says with a refusal, too, that an endpoint goes away: whoever only gets refusals should hear of it. */
export const announceDeprecation = (response: ServerResponse, { deprecation }: EndpointAccess): void => {
  if (response.headersSent) return
  for (const { name, value } of deprecation) response.setHeader(name, value)
}

const staysBehind = (lower: string): boolean =>
  hopByHop.test(lower) || lower === 'x-request-id' || lower.startsWith('x-postern-')

const connectionNames = (flat: readonly string[]): Set<string> | undefined => {
  let names: Set<string> | undefined
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = flat[at] ?? ''
    // Cheap first: the name's length tells most headers apart.
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue
    names ??= new Set()
    for (const option of (flat[at + 1] ?? '').toLowerCase().split(',')) names.add(option.trim())
  }
  return names
}
