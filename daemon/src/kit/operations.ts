/**
 * Endpoints as the operations of a document. Promises: one operation for a method and a path as documents tell paths apart,
 * which is more coarsely than the gateway does; its id is the same whatever the order of the endpoints. What a document
 * cannot say stands in the operation's description. Pure.
 */
import { parsePathPattern, type PatternSegment } from '@postern/shared'
import type { KitEndpoint, KitSource } from './source.ts'

export interface Operation {
  /** Unique among the operations of a source, a letter first, letters and digits. */
  readonly id: string
  /** In capitals; never ANY. */
  readonly method: string
  readonly segments: readonly PatternSegment[]
  /** With `{name}` for each named segment, and for the rest of a path. */
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly collection: string
  /** The hosts it is answered for; empty: any. */
  readonly hosts: readonly string[]
  readonly queryParameter: string | null
  readonly deprecated: boolean
}

/** What ANY stands for in a document. */
const usualMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const withBody = new Set(['POST', 'PUT', 'PATCH'])
const idLengthMax = 64

export const takesBody = ({ method }: Pick<Operation, 'method'>): boolean => withBody.has(method)

/** In the order of the endpoints. Endpoints whose path cannot be read are not reachable, and left out. */
export const operationsOf = ({ endpoints, methods }: KitSource): Operation[] => {
  const found = endpoints.flatMap((endpoint, order) => candidatesOf(endpoint, order, methods))
  // The gateway's own order: the method itself before ANY, a segment before the rest of the path.
  const ranked = found.toSorted((one, other) => one.rank - other.rank || one.order - other.order)
  const names = new Map<string, readonly PatternSegment[]>()
  const groups = new Map<string, Candidate[]>()
  for (const each of ranked) {
    const shape = shapeOf(each.segments)
    if (!names.has(shape)) names.set(shape, each.segments)
    const group = groups.get(`${each.method} ${shape}`)
    if (group === undefined) groups.set(`${each.method} ${shape}`, [each])
    else group.push(each)
  }
  const merged = [...groups.values()].map((group) => merge(group, names))
  const ids = idsOf(merged.map(({ operation }) => operation))
  return merged
    .toSorted((one, other) => one.order - other.order)
    .map(({ operation }) => ({ ...operation, id: ids.get(keyOf(operation)) ?? '' }))
}

interface Candidate {
  readonly endpoint: KitEndpoint
  readonly method: string
  readonly segments: readonly PatternSegment[]
  readonly order: number
  readonly rank: number
}

const candidatesOf = (endpoint: KitEndpoint, order: number, methods: KitSource['methods']): Candidate[] => {
  const segments = parsePathPattern(endpoint.path)
  if (typeof segments === 'string') return []
  const isAny = endpoint.method === 'ANY'
  const rank = (isAny ? 2 : 0) + (segments.some(({ kind }) => kind === 'rest') ? 1 : 0)
  return (isAny ? usualMethods : [endpoint.method])
    .filter((method) => methods === null || methods.has(method))
    .map((method, at) => ({ endpoint, method, segments, order: order + at / 10, rank }))
}

/** Documents do not tell paths apart that differ in the names of their parameters (OpenAPI 3.1 §4.8.8.2). */
const shapeOf = (segments: readonly PatternSegment[]): string =>
  segments.map((segment) => (segment.kind === 'literal' ? `/${segment.text}` : '/{}')).join('')

const pathOf = (segments: readonly PatternSegment[]): string =>
  segments.map((segment) => (segment.kind === 'literal' ? `/${segment.text}` : `/{${segment.name}}`)).join('')

const merge = (
  group: readonly Candidate[],
  names: ReadonlyMap<string, readonly PatternSegment[]>,
): { operation: Omit<Operation, 'id'>; order: number } => {
  const [first, ...others] = group as [Candidate, ...Candidate[]]
  const { endpoint, method, order } = first
  const named = names.get(shapeOf(first.segments)) ?? first.segments
  const last = first.segments.at(-1)
  // The names may be another endpoint's, but whether the rest of a path is taken is this one's own matter.
  const segments = named.map((segment, at): PatternSegment => {
    const own = first.segments[at]
    return segment.kind === 'literal' || own === undefined || own.kind === 'literal'
      ? segment
      : { kind: own.kind, name: segment.name }
  })
  const hosts = group.some((each) => each.endpoint.host === null)
    ? []
    : group.flatMap((each) => each.endpoint.host ?? [])
  const also = others.filter((each) => each.endpoint.path !== endpoint.path).map((each) => each.endpoint.path)
  const { deprecation } = endpoint
  const description = [
    endpoint.description,
    hosts.length === 0 ? '' : `Answered for the host ${hosts.join(', ')} only.`,
    last?.kind === 'rest' ? 'The last parameter takes the rest of the path, with slashes as they are, not as %2F.' : '',
    also.length === 0 ? '' : `Also answered here: ${[...new Set(also)].join(', ')}`,
    deprecation === null ? '' : deprecationText(deprecation),
  ]
  const head = `${method} ${endpoint.path}`
  const line = endpoint.description.split(/[\r\n]/, 1)[0]?.trim() ?? ''
  // What is one endpoint here are several actions there, which a person has to tell apart.
  const told = line !== '' && endpoint.method === 'ANY' ? `${line} (${method})` : line
  const operation = {
    method,
    segments,
    path: pathOf(segments),
    summary: told === '' || [...told].length > 120 ? [...head].slice(0, 120).join('') : told,
    description: description.filter((text) => text !== '').join('\n\n') || head,
    collection: endpoint.collection,
    hosts: [...new Set(hosts)],
    queryParameter: endpoint.queryParameter,
    deprecated: deprecation !== null,
  }
  return { operation, order }
}

const deprecationText = ({ since, sunset, link }: NonNullable<KitEndpoint['deprecation']>): string =>
  `Deprecated since ${since}${sunset === null ? '' : `; it answers no more after ${sunset}`}.${link === null ? '' : ` See ${link}`}`

type Unnamed = Pick<Operation, 'method' | 'segments' | 'path'>

const keyOf = ({ method, path }: Unnamed): string => `${method} ${path}`

/** `GET /orders/{id}` is getOrdersById. Where two come out the same, all but the first by their text get a suffix. */
const idsOf = (operations: readonly Unnamed[]): Map<string, string> => {
  const taken = new Set<string>()
  const ids = new Map<string, string>()
  for (const operation of operations.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))) {
    const key = keyOf(operation)
    const words = wordsOf(operation)
    let id = words
    for (let round = 0; id.length > idLengthMax || taken.has(id.toLowerCase()); round++)
      id = `${words.slice(0, idLengthMax - 7)}${digest(`${key}${round === 0 ? '' : ` ${round}`}`)}`
    taken.add(id.toLowerCase())
    ids.set(key, id)
  }
  return ids
}

const wordsOf = ({ method, segments }: Unnamed): string => {
  const words = segments.flatMap((segment) =>
    (segment.kind === 'literal' ? segment.text : `by ${segment.name}`).split(/[^A-Za-z0-9]+/).filter(Boolean),
  )
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

/** FNV-1a, 32 bits, as seven letters and digits: told apart, not kept secret. */
const digest = (text: string): string => {
  let sum = 0x811c9dc5
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193) >>> 0
  return `X${sum.toString(36).padStart(6, '0').slice(-6)}`
}

/** The base URL for a host of its own. */
export const urlForHost = (baseUrl: string, host: string): string => {
  const { protocol, port } = new URL(baseUrl)
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}`
}
