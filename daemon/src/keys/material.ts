/** Draws the random parts of ids and secrets, without bias. The only place in this room that is not pure. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { base62, keyIdLength, secretLength } from '@postern/shared'
import { Secret } from '../problem.ts'
import type { SigningMaterial } from './signing-steps.ts'

/** `length` base62 characters from `random` bytes; bytes of 248 and more are thrown away, because 248 = 4 × 62. */
const drawBase62 = (length: number, random: (size: number) => Buffer = randomBytes): string => {
  let text = ''
  while (text.length < length)
    for (const byte of random(length * 2)) if (byte < 248 && text.length < length) text += base62.charAt(byte % 62)
  return text
}

/** 43 base62 characters: a little over 256 random bits. */
export const drawSecret = (): string => drawBase62(secretLength)

export interface KeyMaterial {
  readonly keyId: string
  readonly secret: string
}

export const drawKeyMaterial = (): KeyMaterial => ({ keyId: drawBase62(keyIdLength), secret: drawSecret() })

/** So many ids for keys, each once, and none that `taken` has. */
export const drawKeyIds = (count: number, taken: Readonly<Record<string, unknown>>): string[] => {
  const ids = new Set<string>()
  while (ids.size < count) {
    const id = drawBase62(keyIdLength)
    if (!Object.hasOwn(taken, id)) ids.add(id)
  }
  return [...ids]
}

export const drawId = (prefix: 'cl_' | 'co_' | 'ep_' | 'po_' | 'at_'): string => prefix + drawBase62(12)

/** A P-256 key pair (ES256), named by the thumbprint of its public half (RFC 7638 §3). */
export const drawSigningMaterial = (): SigningMaterial => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' })
  return {
    id: createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    privateKey: new Secret(privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')),
  }
}
