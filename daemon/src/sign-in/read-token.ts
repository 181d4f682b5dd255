/**
 * Text -> the parts of a signed token (RFC 7515 §3.1, RFC 7519 §7.2), of which nothing is believed yet. Promises: what could
 * be read in two ways is not read at all: bytes that are not canonical base64url, a name that stands twice (RFC 7515 §4, RFC
 * 7519 §4), text that is no UTF-8. Never: a key, or a place to find one, out of the token itself (RFC 8725 §3.10).
 */

export const tokenBytesMax = 8_192

/** Nobody has vouched for any of this. */
export interface ReadToken {
  readonly alg: string
  /** `undefined`: the token does not name its key. */
  readonly kid: string | undefined
  readonly claims: Readonly<Record<string, unknown>>
}

// Keys that a token brings or points to, what changes the way it is read, and what has to be understood or refused.
const forbidden = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'zip', 'b64', 'enc']
// RFC 7515 §4.1.9: a type without a slash is one of application/…
const types = ['jwt', 'application/jwt', 'at+jwt', 'application/at+jwt']

/** Whether text has the outer form of a signed token: three parts of base64url. A key of Postern's never has. */
export const isTokenLike = (text: string): boolean =>
  text.length <= tokenBytesMax && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)

/** `null`: it is no token that could be taken, whoever has signed it. */
export const readToken = (text: string): ReadToken | null => {
  if (!isTokenLike(text)) return null
  const parts = text.split('.')
  const [head, body] = parts.map(bytesOf)
  if (head === undefined || body === undefined || parts.some((part) => bytesOf(part) === null)) return null
  const header = objectOf(head)
  const claims = objectOf(body)
  if (header === null || claims === null) return null
  const { alg, typ, kid } = header
  if (typeof alg !== 'string' || forbidden.some((name) => Object.hasOwn(header, name))) return null
  if (typ !== undefined && (typeof typ !== 'string' || !types.includes(typ.toLowerCase()))) return null
  if (kid !== undefined && typeof kid !== 'string') return null
  return { alg, kid, claims }
}

/** `null` unless these very characters are how the bytes are written. */
const bytesOf = (part: string): Buffer | null => {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : null
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const objectOf = (bytes: Buffer | null): Record<string, unknown> | null => {
  if (bytes === null) return null
  try {
    const text = utf8.decode(bytes)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    return countColons(text) === countMembers(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Of valid JSON: how many members its objects are written with, for each has one colon outside of strings. */
const countColons = (text: string): number => text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1

/** How many are left once it is parsed: fewer, when a name stood twice. */
const countMembers = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  const inside = Object.values(value).reduce<number>((sum, each) => sum + countMembers(each), 0)
  return inside + (Array.isArray(value) ? 0 : Object.keys(value).length)
}
