/**
 * What a secret that Postern has drawn is checked by. Promises: what is kept is never the secret, and one function makes it
 * where it is issued and where it is checked. Pure.
 */
import { createHash, timingSafeEqual } from 'node:crypto'

/** SHA-256 over the id and the secret, enough for 256 random bits. base64url. */
export const drawnVerifier = (id: string, secret: string): string =>
  createHash('sha256').update(id).update(secret).digest('base64url')

/** Whether two verifiers are the same; how long it takes says nothing of where they differ. */
export const isSameVerifier = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one, 'base64url'), Buffer.from(other, 'base64url')]
  return a.length === b.length && timingSafeEqual(a, b)
}
