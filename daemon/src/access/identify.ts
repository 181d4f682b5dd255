/**
 * Names the key behind what a caller presented, or none. Promises: unknown id, wrong secret and wrong checksum take the
 * same path and the same time. A plain SHA-256 is enough for secrets of 256 random bits; a slow hash would only be
 * something a caller could abuse.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import { parseKeyPair, parseKeyValue } from '@postern/shared'
import type { AccessIndex, KeyAccess } from './access-index.ts'

export type Presented =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'pair'; readonly keyId: string; readonly secret: string }

export interface Identified {
  readonly key: KeyAccess
  /** `old`: the secret from before a rotation, during its overlap. */
  readonly secret: 'current' | 'old'
}

const nobody = Buffer.alloc(32)
// Filled and compared within one synchronous call, then filled anew.
const digest = Buffer.alloc(32)
const noParts = { keyId: '00000000', secret: '0'.repeat(43) }

/** `nowMs` decides whether an old secret's overlap has ended. */
export const identify = (index: AccessIndex, presented: Presented, nowMs: number): Identified | null => {
  const parts =
    presented.kind === 'value' ? parseKeyValue(presented.value) : parseKeyPair(presented.keyId, presented.secret)
  const { keyId, secret } = parts ?? noParts
  // One byte a character: twice as fast as asking for a Buffer, which is made outside of the heap each time (measured).
  digest.write(hash('sha256', keyId + secret, 'latin1'), 'latin1')
  const key = parts === null ? undefined : index.keys.get(keyId)
  let found: Identified['secret'] | null = null
  const secrets = key?.secrets ?? [{ verifier: nobody, validUntilMs: 0 }]
  for (const { verifier, validUntilMs } of secrets) {
    const same = timingSafeEqual(digest, verifier)
    if (same && nowMs < validUntilMs) found = validUntilMs === Infinity ? 'current' : 'old'
  }
  return key === undefined || found === null ? null : { key, secret: found }
}
