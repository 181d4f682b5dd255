/**
 * What a presented secret is checked by. Promises: what is kept is never the secret, and one function makes it where it is
 * issued and where it is checked. Pure.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Of a secret that Postern has drawn: SHA-256 over the id and the secret, enough for 256 random bits. base64url. */
export const drawnVerifier = (id: string, secret: string): string =>
  createHash('sha256').update(id).update(secret).digest('base64url')

/** SHA-256 of a value that is presented whole. */
export const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest()

/**
 * Of a value brought from elsewhere, which may be weaker: HMAC-SHA-256 under the store's pepper of the SHA-256 of the value.
 * `pepper`: base64url, as settings have it. `digest`: 32 bytes. base64url.
 */
export const importedVerifier = (pepper: string, digest: Buffer): string =>
  createHmac('sha256', Buffer.from(pepper, 'base64url')).update(digest).digest('base64url')

/** Whether two verifiers are the same; how long it takes says nothing of where they differ. */
export const isSameVerifier = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one, 'base64url'), Buffer.from(other, 'base64url')]
  return a.length === b.length && timingSafeEqual(a, b)
}
