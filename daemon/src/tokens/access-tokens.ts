/**
 * Access tokens that are made from keys (RFC 9068) and taken on calls. Promises: signed, for this store alone, at most 15
 * minutes, never beyond what the key and its secret have. A token says whose it is and no more: whether its key is still
 * good is asked anew on each call, so that a key that is disabled takes its tokens with it.
 */
import { randomUUID } from 'node:crypto'
import { jwtVerify } from 'jose'
import type { TokenIssuer } from './issuer.ts'
import type { RevokedTokens } from './revoked-tokens.ts'

export const accessTokenType = 'at+jwt'
export const accessTokenSecondsMax = 900

/** What a token is made from. */
export interface TokenAsked {
  readonly keyId: string
  /** Of the secret that was presented: a token ends with it. */
  readonly secretVersion: number
  /** Valid strictly before; Infinity: without an end of its own. */
  readonly untilMs: number
  /** Who says it: the address at which it was asked for. */
  readonly issuer: string
  /** What it is narrowed to; `null`: to nothing. */
  readonly scope: readonly string[] | null
}

/** What a token that is good says. */
export interface TokenFacts {
  readonly id: string
  readonly keyId: string
  readonly secretVersion: number
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  readonly issuer: string
  readonly scope: readonly string[] | null
}

export interface AccessTokens {
  /** For whom tokens are: their `aud`. */
  readonly audience: string
  /** Rejects with `overloaded` when nothing can be signed. `expiresIn`: seconds. */
  issue(asked: TokenAsked, nowMs: number): Promise<{ token: string; expiresIn: number }>
  /** Of a token that was issued here or verified before, lately; `undefined`: of no such. Expired and revoked ones are `null`. */
  known(token: string, nowMs: number): TokenFacts | null | undefined
  /** `null`: it is none of ours, expired or revoked. */
  verify(token: string, nowMs: number): Promise<TokenFacts | null>
  revoke(facts: TokenFacts, nowMs: number): Promise<void>
}

const keptMax = 10_000

export const createAccessTokens = (deps: {
  readonly issuer: TokenIssuer
  readonly revoked: RevokedTokens
  readonly storeId: string
}): AccessTokens => {
  const { issuer, revoked, storeId } = deps
  const audience = `urn:postern:store:${storeId}`
  // By the token's own text: it is gone from here when it ends, and what it says is judged each time.
  const verified = new Map<string, TokenFacts>()

  const alive = (facts: TokenFacts, nowMs: number): TokenFacts | null =>
    nowMs < facts.expiresAtMs && !revoked.has(facts.id) ? facts : null

  const keep = (token: string, facts: TokenFacts): void => {
    verified.delete(token)
    verified.set(token, facts)
    const [oldest] = verified.keys()
    if (verified.size > keptMax && oldest !== undefined) verified.delete(oldest)
  }

  return {
    audience,
    async issue({ keyId, secretVersion, untilMs, issuer: iss, scope }, nowMs) {
      const at = Math.floor(nowMs / 1_000)
      const exp = Math.min(at + accessTokenSecondsMax, Math.floor(untilMs / 1_000))
      const claims = {
        iss,
        aud: audience,
        sub: keyId,
        client_id: keyId,
        iat: at,
        exp,
        jti: randomUUID(),
        secret_version: secretVersion,
        ...(scope === null ? {} : { scope: scope.join(' ') }),
      }
      const token = await issuer.sign(claims, accessTokenType, nowMs)
      const facts = { id: claims.jti, keyId, secretVersion, issuer: iss, scope }
      keep(token, { ...facts, issuedAtMs: at * 1_000, expiresAtMs: exp * 1_000 })
      return { token, expiresIn: exp - at }
    },
    known(token, nowMs) {
      const facts = verified.get(token)
      if (facts === undefined) return undefined
      const found = alive(facts, nowMs)
      if (found === null) verified.delete(token)
      return found
    },
    async verify(token, nowMs) {
      const facts = await read(token, { issuer, audience, nowMs })
      if (facts === null) return null
      const found = alive(facts, nowMs)
      if (found !== null) keep(token, found)
      return found
    },
    revoke: ({ id, keyId, expiresAtMs }, nowMs) => revoked.add({ id, keyId, expiresAtMs }, nowMs),
  }
}

/** RFC 9068 §4: the type, the algorithm, the signature, for whom, and the dates, each of which refuses. */
const read = async (
  token: string,
  { issuer, audience, nowMs }: { issuer: TokenIssuer; audience: string; nowMs: number },
): Promise<TokenFacts | null> => {
  try {
    const { payload } = await jwtVerify(token, issuer.keySet(), {
      algorithms: ['ES256'],
      typ: accessTokenType,
      audience,
      currentDate: new Date(nowMs),
      requiredClaims: ['iss', 'sub', 'client_id', 'iat', 'exp', 'jti', 'secret_version'],
    })
    const { jti, client_id: keyId, secret_version: secretVersion, iat = NaN, exp = NaN, iss = '', scope } = payload
    if (typeof jti !== 'string' || typeof keyId !== 'string' || typeof secretVersion !== 'number') return null
    if (scope !== undefined && typeof scope !== 'string') return null
    return {
      id: jti,
      keyId,
      secretVersion,
      issuedAtMs: iat * 1_000,
      expiresAtMs: exp * 1_000,
      issuer: iss,
      scope: scope === undefined ? null : scope.split(' '),
    }
  } catch {
    // Whatever is wrong with it, it opens nothing, and its bearer is told no more than that.
    return null
  }
}
