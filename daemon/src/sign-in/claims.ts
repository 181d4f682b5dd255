/**
 * What the claims of a token say, held against what a client asks for. Pure. Promises: what is missing, of another type than
 * RFC 7519 §4.1 says, or too large to mean a time refuses. Never: a word about who has signed it; that is asked besides.
 */
import type { SignInRules } from './rules.ts'

/** How far the clock of an issuer may be ahead of ours (RFC 7519 §4.1.5). A token ends when it says, by our clock. */
export const leewaySeconds = 60

/** OpenID Connect Core §2: at most 255 characters. */
const subjectMax = 255

export interface Claimed {
  /** What the claim that picks a key says; `null`: there is no such claim, and the client's own choice holds. */
  readonly profile: string | null
  readonly subject: string | null
  readonly expiresAtMs: number
}

type Claims = Readonly<Record<string, unknown>>

/** `null`: refused. */
export const judgeClaims = (claims: Claims, rules: SignInRules, nowMs: number): Claimed | null => {
  const { iss, aud, sub } = claims
  const times = timesOf(claims)
  if (times === null || times.expMs <= nowMs) return null
  const latestMs = nowMs + leewaySeconds * 1000
  if (times.nbfMs > latestMs || times.iatMs > latestMs) return null
  if (iss !== undefined && typeof iss !== 'string') return null
  if (rules.allowedIssuers.length > 0 && (iss === undefined || !rules.allowedIssuers.includes(iss))) return null
  if (!isAudience(aud) || (rules.audience !== null && ![aud].flat().includes(rules.audience))) return null
  if (!rules.requiredClaims.every(({ name, value }) => has(claims, name, value))) return null
  if (sub !== undefined && !isSubject(sub)) return null
  const profile = rules.profileClaim === null ? undefined : own(claims, rules.profileClaim)
  if (profile !== undefined && (typeof profile !== 'string' || profile === '')) return null
  return { profile: profile ?? null, subject: sub ?? null, expiresAtMs: times.expMs }
}

const own = (claims: Claims, name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined)

/** The end of the year 9999: a number past it is no time that anybody has meant. */
const secondsMax = 253_402_300_799

/** RFC 7519 §2, NumericDate. `exp` has to be there; the others are long ago when they are not. */
const timesOf = ({ exp, nbf = 0, iat = 0 }: Claims): { expMs: number; nbfMs: number; iatMs: number } | null => {
  const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= secondsMax
  if (!isTime(exp) || !isTime(nbf) || !isTime(iat)) return null
  return { expMs: Math.floor(exp * 1000), nbfMs: nbf * 1000, iatMs: iat * 1000 }
}

const isAudience = (aud: unknown): aud is string | string[] | undefined =>
  aud === undefined ||
  typeof aud === 'string' ||
  (Array.isArray(aud) && aud.every((each: unknown) => typeof each === 'string'))

/** Upstreams are told of it in a header. */
const isSubject = (sub: unknown): sub is string =>
  typeof sub === 'string' && sub !== '' && sub.length <= subjectMax && !/[\p{C}\p{Zl}\p{Zp}]/u.test(sub)

/** There, and: equal to `value`, or holding it as one of a list or one of the words of a text (RFC 8693 §4.2). */
const has = (claims: Claims, name: string, value: string | null): boolean => {
  const claim = own(claims, name)
  if (claim === undefined || claim === null) return false
  if (value === null) return true
  if (typeof claim === 'string') return claim === value || claim.split(' ').includes(value)
  return [claim].flat().some((each: unknown) => isPlain(each) && String(each) === value)
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
