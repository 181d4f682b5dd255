/**
 * Signs what Postern says of a caller. Promises: ES256 by the newest key that may sign; every key that something could still
 * be checked by is published. Never: a private key in anything it answers. It is handed to the data plane, which sees only
 * these few functions.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { createLocalJWKSet, SignJWT, type JSONWebKeySet, type JWK } from 'jose'
import { Problem } from '../problem.ts'

/** A signing key, opened. Binary parts are base64url. */
export interface SigningKey {
  readonly id: string
  readonly publicKey: string
  readonly privateKey: string
  readonly signsFromMs: number
}

export type LocalKeySet = ReturnType<typeof createLocalJWKSet>

export interface TokenIssuer {
  /** A JWS of `claims` with the header `typ`. Rejects with what `first` rejects with when there is nothing to sign with. */
  sign(claims: Readonly<Record<string, unknown>>, typ: string, nowMs: number): Promise<string>
  /** RFC 7517 §5: the public halves, the next one too. */
  jwks(): JSONWebKeySet
  /** What jose checks a signature of Postern's own by. */
  keySet(): LocalKeySet
}

interface Ready {
  readonly key: SigningKey
  readonly signer: KeyObject
  readonly jwk: JWK
}

/**
 * `keys`: oldest first, as they are now; asked each time, and each key is read once. `first`: draws one where there is none
 * that may sign.
 */
export const createTokenIssuer = (keys: () => readonly SigningKey[], first: () => Promise<void>): TokenIssuer => {
  const readAll = (from: readonly SigningKey[]) => {
    const ready = from.map(read)
    const jwks: JSONWebKeySet = { keys: ready.map(({ jwk }) => jwk) }
    return { from, ready, jwks, keySet: createLocalJWKSet(jwks) }
  }
  let known = readAll([])
  const present = (): typeof known => {
    const from = keys()
    if (from !== known.from) known = readAll(from)
    return known
  }
  return {
    async sign(claims, typ, nowMs) {
      const maySign = ({ key }: Ready): boolean => key.signsFromMs <= nowMs
      if (!present().ready.some(maySign)) await first()
      const signing = present().ready.findLast(maySign)
      if (signing === undefined) throw new Problem('overloaded', { internal: 'there is no key to sign with' })
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ, kid: signing.key.id }).sign(signing.signer)
    },
    jwks: () => present().jwks,
    keySet: () => present().keySet,
  }
}

const read = (key: SigningKey): Ready => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')
  const {
    kty = '',
    crv = '',
    x = '',
    y = '',
  } = createPublicKey({ key: bytes(key.publicKey), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  })
  return {
    key,
    signer: createPrivateKey({ key: bytes(key.privateKey), format: 'der', type: 'pkcs8' }),
    jwk: { kty, crv, x, y, kid: key.id, use: 'sig', alg: 'ES256' },
  }
}
