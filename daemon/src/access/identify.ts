/**
 * Names the key behind what a caller presented, or none. Promises: unknown id, wrong secret and wrong checksum take the
 * same path and the same time. A plain SHA-256 is enough for secrets of 256 random bits; a slow hash would only be
 * something a caller could abuse.
 */
import { hash, timingSafeEqual } from 'node:crypto'
import { parseKeyPair, parseKeyValue, type CredentialWay } from '@postern/shared'
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

/** A token that has been checked; what it says of a key is judged here. Nothing that a caller sends is read as it. */
export interface Proven {
  readonly kind: 'proven'
  readonly way: Exclude<CredentialWay, 'key'>
  readonly keyId: string
  /** Whose sign-in has checked it; `null`: the token was made here. */
  readonly clientId: string | null
  /** The secret it was made from, with which it ends; `null`: from none. */
  readonly secretVersion: number | null
  /** Whom it speaks of; `null`: nobody but the key. */
  readonly subject: string | null
  /** Valid strictly before. */
  readonly expiresAtMs: number
  /** What it is narrowed to: ids of collections, and scopes; `null`: to nothing. */
  readonly scope: readonly string[] | null
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

/** `nowMs` decides whether an old secret's overlap has ended. `drawnOnly`: a value from elsewhere is not looked up. */
export const identify = (
  index: AccessIndex,
  presented: Presented,
  nowMs: number,
  drawnOnly = false,
): Identified | null => {
  const parts =
    presented.kind === 'value' ? parseKeyValue(presented.value) : parseKeyPair(presented.keyId, presented.secret)
  if (parts === null && presented.kind === 'value' && index.importPepper !== null && !drawnOnly) {
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

/** The key behind a token, as far as the token goes; `null` when its client does not take such tokens, or its secret has ended. */
export const identifyProven = (index: AccessIndex, proven: Proven, nowMs: number): Identified | null => {
  const { keyId, clientId, way, secretVersion, expiresAtMs } = proven
  const key = index.keys.get(keyId)
  if (key === undefined || !(nowMs < expiresAtMs) || !key.accepts.has(way)) return null
  if (clientId !== null && key.clientId !== clientId) return null
  const [current] = key.secrets
  const secret =
    secretVersion === null
      ? current
      : key.secrets.find((held) => held.version === secretVersion && nowMs < held.validUntilMs)
  return secret === undefined ? null : identified(narrowed(key, proven), secret)
}

// A token is presented many times, and whoever knows a key by its object shall know it each time.
const narrowedKeys = new WeakMap<KeyAccess, Map<string, KeyAccess>>()
const narrowedMax = 100

const narrowed = (key: KeyAccess, { scope, subject }: Proven): KeyAccess => {
  if (scope === null && (subject === null || key.subject !== null)) return key
  const known = narrowedKeys.get(key) ?? new Map<string, KeyAccess>()
  narrowedKeys.set(key, known)
  const name = JSON.stringify([scope, subject])
  const found = known.get(name)
  if (found !== undefined) return found
  const reaches = (id: string): boolean => key.collections === null || key.collections.has(id)
  const made: KeyAccess = {
    ...key,
    subject: key.subject ?? subject,
    ...(scope === null
      ? {}
      : { collections: new Set(scope.filter(reaches)), scopes: key.scopes.filter((each) => scope.includes(each)) }),
  }
  if (known.size >= narrowedMax) known.clear()
  known.set(name, made)
  return made
}
