/**
 * A set of published keys (RFC 7517 §5) -> keys that may check tokens. Promises: a key is taken only for what its family,
 * its curve and its own words (`use`, `key_ops`, `alg`) allow; what is weak, secret, private or unknown is left out (RFC
 * 7517 §5: keys that are not understood are ignored).
 */
import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto'
import type { SignInAlgorithm } from '@postern/shared'
import { algorithmsOfKey } from '../verifiers/signature-key.ts'
import type { WantedKey } from './rules.ts'

export interface PublishedKey {
  readonly kid: string | undefined
  readonly algorithms: readonly SignInAlgorithm[]
  readonly key: KeyObject
}

/** Throws for what is no set of keys at all. A set may be empty: its issuer says that nothing is signed by it. */
export const readJwks = (value: unknown): readonly PublishedKey[] => {
  const keys = isRecord(value) ? value['keys'] : undefined
  if (!Array.isArray(keys)) throw new Error('the answer is no set of keys')
  return keys.flatMap((each: unknown) => {
    const key = isRecord(each) ? readKey(each) : null
    return key === null ? [] : [key]
  })
}

/** Without a name any key of the set may be meant; more of them than this are not tried. */
const triedMax = 8

/** Those that a token with this header may have been signed by. */
export const fitting = (keys: readonly PublishedKey[], { alg, kid }: WantedKey): readonly KeyObject[] =>
  keys
    .filter((each) => each.algorithms.includes(alg) && (kid === undefined || each.kid === kid))
    .slice(0, triedMax)
    .map(({ key }) => key)

const readKey = (jwk: Readonly<Record<string, unknown>>): PublishedKey | null => {
  const { kty, crv, n, e, x, y, kid, use, key_ops: uses, alg, d, k } = jwk
  if (d !== undefined || k !== undefined || (kid !== undefined && typeof kid !== 'string')) return null
  if (use !== undefined && use !== 'sig') return null
  if (uses !== undefined && !(Array.isArray(uses) && uses.includes('verify'))) return null
  try {
    const key = createPublicKey({ key: { kty, crv, n, e, x, y } as JsonWebKeyInput['key'], format: 'jwk' })
    const fits = algorithmsOfKey(key)
    if (typeof fits === 'string') return null
    const algorithms = alg === undefined ? fits : fits.filter((each) => each === alg)
    return algorithms.length === 0 ? null : { kid, algorithms, key }
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
