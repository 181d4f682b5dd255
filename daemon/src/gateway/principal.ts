/**
 * `X-Postern-Principal`: who calls, signed, for upstreams that trust no header of a network. A JWS with the same facts as the
 * identity headers, for this upstream alone and for a minute; checked by the keys at `/.well-known/jwks.json`.
 */
import type { EndpointAccess, KeyAccess } from '../access/access-index.ts'

/** Signs claims; see the room `tokens`. Rejects with `overloaded` when it cannot. */
export type Signer = (claims: Readonly<Record<string, unknown>>, typ: string, nowMs: number) => Promise<string>

/** `sub` is whom the key acts as, or the key itself. Grows only by new members; a change of meaning is another version. */
export const principalVersion = 'v1'

const validForMs = 60_000
/** Signed anew while there is this much left of it. */
const freshForMs = 30_000

export interface Principals {
  /** Rejects when it cannot be signed: without it the call must not go on. */
  of(key: KeyAccess, endpoint: EndpointAccess, nowMs: number): Promise<string>
}

/** `issuer`: who says it. Keys are objects of one index, so that a change of a key is a change of what is signed. */
export const createPrincipals = (sign: Signer, issuer: () => string): Principals => {
  const known = new WeakMap<KeyAccess, Map<string, { readonly token: Promise<string>; readonly untilMs: number }>>()
  return {
    of(key, endpoint, nowMs) {
      const audience = audienceOf(endpoint)
      const tokens = known.get(key) ?? new Map<string, { token: Promise<string>; untilMs: number }>()
      known.set(key, tokens)
      const kept = tokens.get(audience)
      if (kept !== undefined && nowMs < kept.untilMs - freshForMs && nowMs > kept.untilMs - validForMs)
        return kept.token
      const token = sign(claimsOf(key, { audience, issuer: issuer(), nowMs }), 'postern-principal+jwt', nowMs)
      // One that failed is no reason for the next one to.
      token.catch(() => tokens.delete(audience))
      tokens.set(audience, { token, untilMs: nowMs + validForMs })
      return token
    },
  }
}

/** Whom it is for: one upstream; where a proxy forwards by itself, the host, or the collection of an endpoint for any host. */
const audienceOf = ({ upstream, host, collectionId }: EndpointAccess): string =>
  upstream?.origin ?? host ?? collectionId

const claimsOf = (
  key: KeyAccess,
  { audience, issuer, nowMs }: { audience: string; issuer: string; nowMs: number },
): Record<string, unknown> => {
  const at = Math.floor(nowMs / 1_000)
  // Not beyond what the key itself has.
  const until = Math.min(at + validForMs / 1_000, Math.ceil(key.expiresAtMs / 1_000))
  return {
    iss: issuer,
    aud: audience,
    sub: key.subject ?? key.id,
    iat: at,
    nbf: at,
    exp: until,
    version: principalVersion,
    key_id: key.id,
    key_name: key.name,
    client: key.clientName,
    subject: key.subject,
  }
}
