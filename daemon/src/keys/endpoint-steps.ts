/**
 * The life of an endpoint, as pure steps. Promises: no two endpoints answer to the same host, method and shape of path,
 * and an upstream URL only uses what the path pattern names.
 */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import {
  accessLimits,
  isOwnPath,
  parsePathPattern,
  patternShape,
  readInstant,
  upstreamPlaceholder,
  type EndpointEdit,
  type NewEndpoint,
} from '@postern/shared'
import { deniedLiteral } from '../addresses/denied.ts'
import type { DeprecationRecord, Document, EndpointRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { Problem } from '../problem.ts'
import { toInstant } from './expiry.ts'
import { assertMatches, findCollection, findEndpoint } from './find.ts'
import { parseText, refuseField } from './names.ts'
import { firstRevision, nextRevision, put, switches, takeOff } from './record-steps.ts'

/** Creates an endpoint with safe limits. Throws `field_invalid`, `not_found`, `conflict` (naming the other endpoint). */
export const createEndpoint =
  (input: NewEndpoint, id: string): Step<EndpointRecord> =>
  (document, context) => {
    const endpoint: EndpointRecord = {
      ...firstRevision(id, context.nowMs),
      collectionId: findCollection(document, input.collection).id,
      description: '',
      method: 'GET',
      path: input.path,
      host: null,
      upstream: null,
      upstreamCa: null,
      queryParameter: null,
      principal: false,
      deprecation: null,
      bodyBytesMax: accessLimits.bodyBytesDefault,
      connectTimeoutMs: accessLimits.connectTimeoutMsDefault,
      answerTimeoutMs: accessLimits.answerTimeoutMsDefault,
      idleTimeoutMs: accessLimits.idleTimeoutMsDefault,
      ...fieldsOf(input),
    }
    return put(document, 'endpoints', checked(document, endpoint), { action: 'endpoint.create' })
  }

export const editEndpoint =
  (ref: string, ifMatch: string, input: EndpointEdit): Step<EndpointRecord> =>
  (document, context) => {
    const endpoint = findEndpoint(document, ref)
    assertMatches(endpoint, ifMatch)
    const fields = Object.keys(input)
    if (fields.length === 0) return { document, result: endpoint, entry: null }
    const collectionId =
      input.collection === undefined ? endpoint.collectionId : findCollection(document, input.collection).id
    const next = checked(document, {
      ...endpoint,
      collectionId,
      ...(input.path === undefined ? {} : { path: input.path }),
      ...fieldsOf(input),
    })
    return put(document, 'endpoints', nextRevision(next, context.nowMs), { action: 'endpoint.edit', fields })
  }

export const removeEndpoint =
  (ref: string): Step<null> =>
  (document) =>
    takeOff(document, 'endpoints', findEndpoint(document, ref), 'endpoint.remove')

/** A disabled endpoint does not exist for callers. */
export const { disable: disableEndpoint, enable: enableEndpoint } = switches('endpoints', findEndpoint, {
  disable: 'endpoint.disable',
  enable: 'endpoint.enable',
})

const fieldsOf = (input: EndpointEdit): Partial<EndpointRecord> => ({
  ...(input.description === undefined
    ? {}
    : { description: parseText('description', input.description, accessLimits.descriptionMax) }),
  ...(input.method === undefined ? {} : { method: input.method }),
  ...(input.host === undefined ? {} : { host: parseHost(input.host) }),
  ...(input.upstream === undefined ? {} : { upstream: input.upstream }),
  ...(input.upstream_ca === undefined ? {} : { upstreamCa: parseCa(input.upstream_ca) }),
  ...(input.query_parameter === undefined ? {} : { queryParameter: parseQueryParameter(input.query_parameter) }),
  ...(input.principal === undefined ? {} : { principal: input.principal }),
  ...(input.deprecation === undefined
    ? {}
    : { deprecation: input.deprecation === null ? null : parseDeprecation(input.deprecation) }),
  ...(input.body_bytes_max === undefined
    ? {}
    : { bodyBytesMax: parseWhole('body_bytes_max', input.body_bytes_max, 0, accessLimits.bodyBytesMax) }),
  ...(input.connect_timeout_ms === undefined
    ? {}
    : { connectTimeoutMs: parseTimeout('connect_timeout_ms', input.connect_timeout_ms) }),
  ...(input.answer_timeout_ms === undefined
    ? {}
    : { answerTimeoutMs: parseTimeout('answer_timeout_ms', input.answer_timeout_ms) }),
  ...(input.idle_timeout_ms === undefined
    ? {}
    : { idleTimeoutMs: parseTimeout('idle_timeout_ms', input.idle_timeout_ms) }),
})

/** What can only be judged on the whole endpoint: pattern, upstream against pattern, conflict with the others. */
const checked = (document: Document, endpoint: EndpointRecord): EndpointRecord => {
  const segments = parsePathPattern(endpoint.path)
  if (typeof segments === 'string') return refuseField('path', segments)
  if (isOwnPath(endpoint.path))
    return refuseField('path', `${endpoint.path} is answered by Postern itself; choose another`)
  const names = new Set(segments.flatMap((segment) => (segment.kind === 'literal' ? [] : [segment.name])))
  if (endpoint.upstream !== null) assertUpstream(endpoint.upstream, names)
  const shape = patternShape(endpoint.path)
  for (const other of Object.values(document.endpoints)) {
    if (other.id === endpoint.id || other.method !== endpoint.method || other.host !== endpoint.host) continue
    if (patternShape(other.path) === shape)
      throw new Problem('conflict', {
        detail: `"${endpoint.method} ${endpoint.path}" takes the same calls as "${other.method} ${other.path}" (${other.id}); change one of them`,
      })
  }
  return endpoint
}

const assertUpstream = (upstream: string, names: ReadonlySet<string>): void => {
  const refuse = (message: string) => refuseField('upstream', message)
  if (upstream.length > accessLimits.upstreamMax) refuse(`at most ${accessLimits.upstreamMax} characters`)
  for (const [placeholder, name] of upstream.matchAll(upstreamPlaceholder))
    if (!names.has(name ?? '')) refuse(`${placeholder} is not a segment of the path; it may use ${list(names)}`)
  // Placeholders are allowed in the path only: scheme, host and port never come from a request.
  const origin = /^https?:\/\/[^/{}\\?#@\s]+/.exec(upstream)?.[0]
  if (origin === undefined || /^[@{]/.test(upstream.slice(origin.length)))
    return refuse(
      'an http:// or https:// URL such as http://127.0.0.1:9000/orders/{id}, without user, and with {…} in the path only',
    )
  const rest = upstream.slice(origin.length)
  if (/[?#]/.test(rest)) refuse('no query and no fragment: the caller’s query goes on as it is')
  // A named segment is never empty, the rest may be: neither may leave a path that means another.
  const filled = (text: string): string =>
    rest.replaceAll(upstreamPlaceholder, (_, _name, star: string) => (star === '' ? 'x' : text))
  for (const path of [filled('x'), filled('')]) {
    const asPattern = parsePathPattern(path === '' ? '/' : path)
    if (typeof asPattern === 'string') refuse(asPattern)
  }
  const path = filled('x')
  const url = URL.parse(origin + path)
  if (url === null || url.hostname === '') return refuse('this is not a URL that can be reached')
  const denied = deniedLiteral(url.hostname)
  if (denied !== null) refuse(`${url.hostname} is ${denied}, where no upstream may be; name the service's own address`)
}

const list = (names: ReadonlySet<string>): string =>
  names.size === 0 ? 'none, because the path names none' : [...names].map((name) => `{${name}}`).join(', ')

const parseHost = (input: string | null): string | null => {
  if (input === null) return null
  const host = input.toLowerCase()
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  const isName = host.length <= 253 && new RegExp(`^${label}(?:\\.${label})*$`).test(host)
  // As callers write it: IPv6 in brackets, and no zone, which means something on one machine only.
  const isAddress = /^\[[0-9a-f:.]+\]$/.test(host) && isIP(host.slice(1, -1)) === 6
  if (!isName && !isAddress)
    return refuseField('host', 'a host name without port, such as api.example.com, or [2001:db8::1]')
  return host
}

/** Names that mean the same however they are written in a query, so that nothing has to be decoded to find them. */
const parseQueryParameter = (input: string | null): string | null =>
  input === null || /^[A-Za-z0-9_.~-]{1,64}$/.test(input)
    ? input
    : refuseField('query_parameter', 'at most 64 letters, digits and - _ . ~, such as apikey')

const parseDeprecation = (input: NonNullable<EndpointEdit['deprecation']>): DeprecationRecord => {
  const since = instantOf('deprecation.since', input.since)
  const sunset = typeof input.sunset === 'string' ? instantOf('deprecation.sunset', input.sunset) : null
  if (sunset !== null && sunset < since) return refuseField('deprecation.sunset', 'not before since (RFC 9745 §4)')
  const link = input.link ?? null
  if (link !== null && (link.length > 2_000 || !/^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x7e]+$/.test(link)))
    return refuseField('deprecation.link', 'an http or https URL of at most 2000 characters, without spaces, " < or >')
  return { since, sunset, link }
}

const instantOf = (field: string, text: string): string => {
  const ms = readInstant(text, 0)
  return Number.isNaN(ms)
    ? refuseField(field, 'a date such as 2027-03-31, or an instant such as 2027-03-31T12:00:00Z')
    : toInstant(ms)
}

const parseCa = (input: string | null): string | null => {
  if (input === null) return null
  if (input.length > 65_536) return refuseField('upstream_ca', 'at most 64 KiB of PEM certificates')
  const blocks = input.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    for (const block of blocks) void new X509Certificate(block)
  } catch {
    return refuseField('upstream_ca', 'one of the certificates cannot be read')
  }
  if (blocks.length === 0) return refuseField('upstream_ca', 'PEM text with at least one certificate')
  return blocks.join('\n') + '\n'
}

const parseWhole = (field: string, value: number, min: number, max: number): number => {
  if (!Number.isInteger(value) || value < min || value > max)
    return refuseField(field, `a whole number from ${min} to ${max}`)
  return value
}

const parseTimeout = (field: string, value: number): number =>
  parseWhole(field, value, accessLimits.timeoutMsMin, accessLimits.timeoutMsMax)
