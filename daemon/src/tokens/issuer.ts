/**
 * Signs what Postern says of a caller. Promises: ES256 by the newest key that may sign; every key that something could still
 * be checked by is published. Never: a private key in anything it answers. It is handed to the data plane, which sees only
 * these few functions.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'

/** A signing key, opened. Binary parts are base64url. */
export interface SigningKey {
  readonly id: string
  readonly publicKey: string
  readonly privateKey: string
  readonly signsFromMs: number
}

export interface TokenIssuer {
  /** A JWS of `claims` with the header `typ`, or `null` when there is no key to sign with. */
  sign(claims: Readonly<Record<string, unknown>>, typ: string, nowMs: number): Promise<string> | null
  /** RFC 7517 §5: the public halves, the next one too. */
  jwks(): { keys: Record<string, unknown>[] }
}

interface Ready {
  readonly key: SigningKey
  readonly signer: KeyObject
  readonly jwk: Record<string, unknown>
}

/** `keys`: oldest first, as they are now; asked each time, and each key is read once. */
export const createTokenIssuer = (keys: () => readonly SigningKey[]): TokenIssuer => {
  let known: { from: readonly SigningKey[]; ready: readonly Ready[] } = { from: [], ready: [] }
  const ready = (): readonly Ready[] => {
    const from = keys()
    if (from !== known.from) known = { from, ready: from.map(read) }
    return known.ready
  }
  return {
    sign(claims, typ, nowMs) {
      const signing = ready().findLast(({ key }) => key.signsFromMs <= nowMs)
      if (signing === undefined) return null
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ, kid: signing.key.id }).sign(signing.signer)
    },
    jwks: () => ({ keys: ready().map(({ jwk }) => jwk) }),
  }
}

const read = (key: SigningKey): Ready => {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')
  const { kty, crv, x, y } = createPublicKey({ key: bytes(key.publicKey), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  })
  return {
    key,
    signer: createPrivateKey({ key: bytes(key.privateKey), format: 'der', type: 'pkcs8' }),
    jwk: { kty, crv, x, y, kid: key.id, use: 'sig', alg: 'ES256' },
  }
}
