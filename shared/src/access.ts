/**
 * Who owns keys and what keys reach: clients, collections, endpoints. Limits and shapes that every side agrees on.
 */

export const accessLimits = {
  nameMin: 3,
  nameMax: 100,
  descriptionMax: 4000,
  projectMax: 100,
  pathMax: 2000,
  upstreamMax: 2000,
  segmentsMax: 64,
  networksMax: 200,
  policiesMax: 8,
  grantsMax: 100,
  subjectMax: 200,
  limitCallsMax: 1_000_000_000,
  concurrentMax: 10_000,
  /** Defaults and bounds of an endpoint's time and size limits. */
  bodyBytesDefault: 10 * 1024 * 1024,
  bodyBytesMax: 10 * 1024 * 1024 * 1024,
  connectTimeoutMsDefault: 5_000,
  answerTimeoutMsDefault: 30_000,
  idleTimeoutMsDefault: 30_000,
  timeoutMsMin: 100,
  timeoutMsMax: 3_600_000,
} as const

/** Client `default` exists from the start under this id; it cannot be removed. */
export const defaultClientId = 'cl_000000000000'

export const endpointMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY'] as const
export type EndpointMethod = (typeof endpointMethods)[number]

/** Methods a key can be narrowed to. */
export const callMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export type CallMethod = (typeof callMethods)[number]

/** Units of a limit's window, shortest first. Days and months are those of UTC. */
export const limitUnits = ['second', 'minute', 'hour', 'day', 'month'] as const
export type LimitUnit = (typeof limitUnits)[number]

/** At most so many calls in one unit of time. */
export interface LimitWindow {
  readonly per: LimitUnit
  readonly calls: number
}

/** In which ways callers of a client can prove themselves: a key, a token made from one, or tokens of somebody else's. */
export const credentialWays = ['key', 'oauth2', 'jwt', 'oidc'] as const
export type CredentialWay = (typeof credentialWays)[number]

/** JWS algorithms of tokens that somebody else has made (RFC 7518 §3.1, RFC 8037). `none` is not among them. */
export const signInAlgorithms = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const
export type SignInAlgorithm = (typeof signInAlgorithms)[number]

/** What somebody may do with a key at the admin API; each includes `view`. */
export const keyRights = ['view', 'reveal', 'manage'] as const
export type KeyRight = (typeof keyRights)[number]

/** What those may do who hold an admin token, or sit at the machine. Each includes what is before it. */
export const roles = ['viewer', 'operator', 'administrator'] as const
export type Role = (typeof roles)[number]

/** Where the public halves of the keys are that Postern signs with. */
export const jwksPath = '/.well-known/jwks.json'

/** Paths of the gateway's own, which no endpoint can have. The first two are themselves alone. */
const ownPaths = /^\/(?:livez$|readyz$|(?:\.postern|authz|oauth|exports|\.well-known)(?:\/|$))/

export const isOwnPath = (path: string): boolean => ownPaths.test(path)

/** One piece of a path pattern. `rest` only stands last and takes everything that is left, including nothing. */
export type PatternSegment =
  { kind: 'literal'; text: string } | { kind: 'named'; name: string } | { kind: 'rest'; name: string }

const namePattern = /^[A-Za-z_][A-Za-z0-9_]{0,49}$/
// RFC 3986 §3.3 pchar without percent-encoding tricks: `%` only as an escape that is not a dot, slash or backslash.
const literalPattern = /^(?:[A-Za-z0-9\-._~!$&'()*+,=:@]|%(?!2[eEfF]|5[cC]|00)[0-9A-Fa-f]{2})+$/

/**
 * Reads a path pattern such as `/orders/{id}` or `/files/{rest*}`. Returns the segments, or a sentence that says what is
 * wrong. Nothing is decoded; case and a trailing slash count.
 */
export const parsePathPattern = (pattern: string): PatternSegment[] | string => {
  if (!pattern.startsWith('/')) return 'a path pattern starts with "/"'
  if (pattern.length > accessLimits.pathMax) return `a path pattern has at most ${accessLimits.pathMax} characters`
  const texts = pattern.slice(1).split('/')
  if (texts.length > accessLimits.segmentsMax) return `a path pattern has at most ${accessLimits.segmentsMax} segments`
  const segments: PatternSegment[] = []
  const names = new Set<string>()
  for (const [at, text] of texts.entries()) {
    const last = at === texts.length - 1
    const braced = /^\{([^{}]*?)(\*?)\}$/.exec(text)
    if (braced !== null) {
      const name = braced[1] ?? ''
      if (!namePattern.test(name)) return `"${text}" is not a segment name: use letters, digits and _, for example {id}`
      if (names.has(name)) return `the segment name "${name}" stands twice`
      names.add(name)
      if (braced[2] === '*' && !last) return `{${name}*} takes the rest of the path, so it can only stand last`
      segments.push(braced[2] === '*' ? { kind: 'rest', name } : { kind: 'named', name })
      continue
    }
    if (text === '' && last) {
      segments.push({ kind: 'literal', text: '' })
      continue
    }
    const wrong = faultOf(text)
    if (wrong !== undefined) return `"${text}" cannot stand in a path: ${wrong}`
    segments.push({ kind: 'literal', text })
  }
  return segments
}

const faultOf = (text: string): string | undefined => {
  if (text === '') return 'an empty segment is not allowed'
  if (text === '.' || text === '..') return '"." and ".." are not allowed'
  if (/[{}]/.test(text)) return 'braces stand around a whole segment, for example {id}'
  if (/[?#]/.test(text)) return 'a pattern has no query and no fragment'
  if (/[^\x21-\x7e]/.test(text)) return 'spaces and letters beyond ASCII are written as they arrive, such as %20'
  return literalPattern.test(text) ? undefined : 'write it as it arrives on the wire (RFC 3986 §3.3)'
}

/** The names an upstream URL may use: those of the path pattern. `{name}` and `{name*}` both stand for the raw text. */
export const upstreamPlaceholder = /\{([A-Za-z_][A-Za-z0-9_]{0,49})(\*?)\}/g

/**
 * The shape of a path pattern: equal shapes match the same paths, whatever their segments are called. The pattern must
 * have been read by `parsePathPattern` before.
 */
export const patternShape = (pattern: string): string =>
  pattern.replaceAll(/\{[^{}]*?(\*?)\}/g, (_, star: string) => (star === '' ? '{}' : '{*}'))
