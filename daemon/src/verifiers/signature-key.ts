/**
 * Which algorithms a key can check signatures by, and whether it is good enough to. Promises: a key fits algorithms of its
 * own family alone, so that no public key can pass for the secret of an HMAC (RFC 8725 §2.1, §3.1); what is weak fits none.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { SignInAlgorithm } from '@postern/shared'

const hmac = ['HS256', 'HS384', 'HS512'] as const
const rsa = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const

/** RFC 7518 §3.2: a secret is at least as long as the hash; §3.3: 2048 bits of RSA. The largest keeps a check cheap. */
const secretBytesMin = { HS256: 32, HS384: 48, HS512: 64 } as const
const rsaBits = { min: 2_048, max: 16_384 } as const

/** RFC 7518 §3.4, by the names OpenSSL has for the curves. */
const curves: Readonly<Record<string, SignInAlgorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
}

/** What a secret of so many bytes fits; none when it is too short. */
export const algorithmsOfSecret = (bytes: number): readonly SignInAlgorithm[] =>
  hmac.filter((name) => bytes >= secretBytesMin[name])

/** What a public key fits, or a sentence that says why it fits nothing. */
export const algorithmsOfKey = (key: KeyObject): readonly SignInAlgorithm[] | string => {
  const { namedCurve = '', modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength < rsaBits.min || modulusLength > rsaBits.max)
        return `an RSA key has ${rsaBits.min} to ${rsaBits.max} bits; this one has ${modulusLength}`
      // With an exponent of 1 every number is its own signature.
      if (publicExponent < 3n || publicExponent % 2n === 0n) return 'the exponent of this RSA key is unsafe; use 65537'
      return rsa
    case 'ec': {
      const algorithm = curves[namedCurve]
      return algorithm === undefined ? 'an EC key is on P-256, P-384 or P-521' : [algorithm]
    }
    case 'ed25519':
      return ['EdDSA']
    default:
      return 'a key is RSA, EC (P-256, P-384, P-521) or Ed25519'
  }
}

/**
 * Reads a public key in PEM form, or says why it is none. Only what is public by its label is looked at: from a private key
 * its public half could be worked out, but then a secret would have come here.
 */
export const readPublicKey = (pem: string): KeyObject | string => {
  const text = pem.trim()
  if (/PRIVATE KEY/.test(text)) return 'this is a private key, which stays with whoever signs; give its public key'
  if (!/^-----BEGIN (RSA )?PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\s]+-----END (RSA )?PUBLIC KEY-----$/.test(text))
    return 'one public key in PEM form, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----'
  try {
    return createPublicKey(text)
  } catch {
    return 'this is no public key in PEM form that can be read'
  }
}
