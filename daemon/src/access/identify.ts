/**
 * Names the key behind what a caller presented, or none. Promises: unknown id, wrong secret and wrong checksum take the
 * same path and the same time. A plain SHA-256 is enough for secrets of 256 random bits; a slow hash would only be
 * something a caller could abuse.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import { parseKeyPair, parseKeyValue } from '@postern/shared'
import { importedVerifier, sha256Of } from '../verifiers/imported.ts'
import type { AccessIndex, KeyAccess, SecretAccess } from './access-index.ts'

export type Presented =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'pair'; readonly keyId: string; readonly secret: string }

/** A key that is taken for proven. Only for asking what would become of a call; nothing that a caller sends is read as it. */
export interface Known {
  readonly kind: 'known'
  readonly keyId: string
}

export interface Identified {
  readonly key: KeyAccess
  /** `old`: the secret from before a rotation, during its overlap. */
  readonly secret: 'current' | 'old'
  readonly version: number
}

const nobody: readonly SecretAccess[] = [{ version: 0, origin: 'drawn', verifier: Buffer.alloc(32), validUntilMs: 0 }]
// Filled and compared within one synchronous call, then filled anew.
const digest = Buffer.alloc(32)
const noParts = { keyId: '00000000', secret: '0'.repeat(43) }

/** `nowMs` decides whether an old secret's overlap has ended. */
export const identify = (index: AccessIndex, presented: Presented, nowMs: number): Identified | null => {
  const parts =
    presented.kind === 'value' ? parseKeyValue(presented.value) : parseKeyPair(presented.keyId, presented.secret)
  if (parts === null && presented.kind === 'value' && index.importPepper !== null) {
    const found = identifyImported(index, presented.value, index.importPepper, nowMs)
    if (found !== null) return found
  }
  const { keyId, secret } = parts ?? noParts
  // One byte a character: twice as fast as asking for a Buffer, which is made outside of the heap each time (measured).
  digest.write(hash('sha256', keyId + secret, 'latin1'), 'latin1')
  const key = parts === null ? undefined : index.keys.get(keyId)
  let found: SecretAccess | null = null
  const secrets = key?.secrets ?? decoyOf(index, keyId)
  for (const held of secrets) {
    const same = timingSafeEqual(digest, held.verifier)
    if (same && held.origin === 'drawn' && nowMs < held.validUntilMs) found = held
  }
  return key === undefined || found === null ? null : identified(key, found)
}

/**
 * What an unknown id is compared with: the secrets of some key, always the same one for the same id. A constant would lie in
 * the processor's cache while a key that is asked for seldom does not, and that can be measured from outside.
 */
const decoyOf = ({ decoys }: AccessIndex, keyId: string): readonly SecretAccess[] => {
  let mixed = 7
  for (let at = 0; at < keyId.length; at++) mixed = (Math.imul(mixed, 31) + keyId.charCodeAt(at)) | 0
  const decoy = decoys[(mixed >>> 0) % decoys.length]
  return decoy === undefined || decoy.secrets.length === 0 ? nobody : decoy.secrets
}

const identified = (key: KeyAccess, { validUntilMs, version }: SecretAccess): Identified => ({
  key,
  secret: validUntilMs === Infinity ? 'current' : 'old',
  version,
})

/** By the verifier itself: under a pepper that nobody outside knows, so how long a look-up takes tells nothing of a value. */
const identifyImported = (index: AccessIndex, value: string, pepper: Buffer, nowMs: number): Identified | null => {
  const verifier = importedVerifier(pepper, sha256Of(value))
  const key = index.imported.get(verifier.toString('base64url'))
  const found = key?.secrets.find(
    (held) => held.origin === 'imported' && timingSafeEqual(verifier, held.verifier) && nowMs < held.validUntilMs,
  )
  return key === undefined || found === undefined ? null : identified(key, found)
}

/** As if the key's newest secret had been presented. */
export const identifyKnown = (index: AccessIndex, { keyId }: Known): Identified | null => {
  const key = index.keys.get(keyId)
  const [current] = key?.secrets ?? []
  return key === undefined || current === undefined ? null : identified(key, current)
}
