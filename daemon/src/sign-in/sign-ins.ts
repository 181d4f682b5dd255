/**
 * Who calls with a token that somebody else has made (RFC 7519, by the rules of RFC 8725). Promises: a token is taken only
 * by a client that asked for its algorithm, its issuer, its audience and its claims before any signature was looked at,
 * whose key checks the signature, and one of whose own keys it picks; anything else is `null`, without a word why. Never:
 * throws, opens a secret, or knows where clients are kept. Time is what the caller says it is.
 */
import { jwtVerify } from 'jose'
import type { SignInAlgorithm } from '@postern/shared'
import { judgeClaims, leewaySeconds, type Claimed } from './claims.ts'
import { isTokenLike, readToken, type ReadToken } from './read-token.ts'
import { createRemembered, type Verified } from './remembered.ts'
import type { SignInRules } from './rules.ts'

/** A call has the rights, limits, addresses, state and end of this key, and none besides. */
export interface SignedIn {
  readonly clientId: string
  readonly way: SignInRules['kind']
  /** A key of that client, which may be disabled, expired or not allowed: that is judged like for any call with it. */
  readonly keyId: string
  /** As whom the token says it acts, for a key that does not say so itself. */
  readonly subject: string | null
  /** Valid strictly before this instant. */
  readonly expiresAtMs: number
}

export interface SignIns {
  /** What is known of a token that was verified before; `null`: it has to be verified. */
  known(token: string, nowMs: number): SignedIn | null
  /** `null`: refused. Never rejects. */
  verify(token: string, nowMs: number): Promise<SignedIn | null>
}

export interface SignInsDeps {
  /** By the id of the client, in the order in which clients were made. Asked each time. */
  readonly rules: () => ReadonlyMap<string, SignInRules>
  /** The id of a key of this client, by its id or name; `null`: it has no such key. Asked each time. */
  readonly keyOf: (clientId: string, idOrName: string) => string | null
}

/** So many clients may share an issuer before the later ones are not asked any more. */
export const clientsTriedMax = 50

export const createSignIns = ({ rules, keyOf }: SignInsDeps): SignIns => {
  const remembered = createRemembered()

  const signedIn = ({
    rules: by,
    profile,
    subject,
    expiresAtMs,
  }: Claimed & { rules: SignInRules }): SignedIn | null => {
    const named = profile ?? by.keyId
    const keyId = named === null ? null : keyOf(by.clientId, named)
    return keyId === null ? null : { clientId: by.clientId, way: by.kind, keyId, subject, expiresAtMs }
  }

  return {
    known(token, nowMs) {
      if (!isTokenLike(token)) return null
      const verified = remembered.get(token, nowMs)
      if (verified === null) return null
      if (rules().get(verified.rules.clientId) === verified.rules) return signedIn(verified)
      remembered.forget(token)
      return null
    },
    async verify(token, nowMs) {
      const read = readToken(token)
      if (read === null) return null
      for (const each of candidates([...rules().values()], read, nowMs)) {
        const found = signedIn(each)
        if (found === null || !(await isSigned(token, read, each.rules, nowMs))) continue
        // While it was checked the settings may have changed, and the key may have gone.
        const still = rules().get(found.clientId) === each.rules ? signedIn(each) : null
        if (still === null) return null
        remembered.put(token, each, nowMs)
        return still
      }
      return null
    },
  }
}

/** Clients that would take the token if it is signed: those that name its issuer, else those that name none. */
const candidates = (all: readonly SignInRules[], { alg, claims }: ReadToken, nowMs: number): Verified[] => {
  const { iss } = claims
  const named = all.filter(({ allowedIssuers }) => typeof iss === 'string' && allowedIssuers.includes(iss))
  const asked = named.length > 0 ? named : all.filter(({ allowedIssuers }) => allowedIssuers.length === 0)
  const found: Verified[] = []
  for (const each of asked) {
    if (!(each.algorithms as readonly string[]).includes(alg)) continue
    const claimed = judgeClaims(claims, each, nowMs)
    if (claimed !== null && found.push({ ...claimed, rules: each }) === clientsTriedMax) break
  }
  return found
}

const isSigned = async (
  token: string,
  { alg, kid }: ReadToken,
  rules: SignInRules,
  nowMs: number,
): Promise<boolean> => {
  const keys = await rules.keys.find({ alg: alg as SignInAlgorithm, kid }, nowMs)
  for (const key of keys) if (await isSignedBy(token, key, rules, nowMs)) return true
  return false
}

/** The claims are judged once more by jose, so that two have to be wrong before a wrong one passes. */
const isSignedBy = async (
  token: string,
  key: Parameters<typeof jwtVerify>[1],
  { algorithms, allowedIssuers, audience }: SignInRules,
  nowMs: number,
): Promise<boolean> => {
  try {
    await jwtVerify(token, key, {
      algorithms: [...algorithms],
      currentDate: new Date(nowMs),
      clockTolerance: leewaySeconds,
      requiredClaims: ['exp'],
      ...(allowedIssuers.length === 0 ? {} : { issuer: [...allowedIssuers] }),
      ...(audience === null ? {} : { audience }),
    })
    return true
  } catch {
    return false
  }
}
