/** Signed tokens put together by hand, so that any part of one can be wrong. */
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

export const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

export type Signer = (input: string) => Buffer

export const hmac =
  (secret: string | Buffer, hash = 'sha256'): Signer =>
  (input) =>
    createHmac(hash, secret).update(input).digest()

export const signer =
  (key: KeyObject, hash: string | null = 'sha256'): Signer =>
  (input) =>
    sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })

/** Head and claims may be text, to be written as it is. */
export const token = (head: unknown, claims: unknown, by: Signer): string => {
  const input = `${part(head)}.${part(claims)}`
  return `${input}.${by(input).toString('base64url')}`
}

export const rsaPair = (modulusLength = 2048) => generateKeyPairSync('rsa', { modulusLength })
export const ecPair = (namedCurve: 'P-256' | 'P-384' | 'P-521' = 'P-256') => generateKeyPairSync('ec', { namedCurve })

export const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' })

/** As an issuer publishes it. */
export const jwk = (key: KeyObject, more: object = {}): object => ({ ...key.export({ format: 'jwk' }), ...more })
