/**
 * The recovery kit's code: 32 random bytes as 13 groups of 4 Crockford base32 characters and a check group. It leads to a
 * P-256 private key, so the matching slot can be re-wrapped without the code, and opened without Postern.
 */
import { createECDH, hkdfSync } from 'node:crypto'
import type { JWK_EC_Private } from 'jose'
import { Problem, Secret } from '../problem.ts'
import { sha256 } from './layout.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
export const seedBytes = 32
const codeCharacters = 52

/** Writes a seed as a code. */
export const formatRecoveryCode = (seed: Buffer): Secret => {
  const text = encode(seed).slice(0, codeCharacters) + checkOf(seed)
  return new Secret(text.match(/.{4}/g)?.join('-') ?? '')
}

/**
 * Reads a code: case, spaces and dashes do not matter, O is 0, I and L are 1. Throws `recovery_code_invalid` for one that
 * was mistyped; never repeats it.
 */
export const parseRecoveryCode = (code: Secret): Buffer => {
  const text = code.reveal().toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const strange = [...text].findIndex((character) => !alphabet.includes(character))
  if (strange >= 0)
    throw new Problem('recovery_code_invalid', {
      detail: `Group ${Math.floor(strange / 4) + 1} has a character that no code has; the letters are A to Z without I, L, O and U.`,
    })
  if (text.length !== codeCharacters + 4)
    throw new Problem('recovery_code_invalid', {
      detail: `The code has 14 groups of 4 characters; ${Math.floor(text.length / 4)} groups and ${text.length % 4} characters were typed.`,
    })
  const seed = decode(text.slice(0, codeCharacters))
  if (
    checkOf(seed) !== text.slice(codeCharacters) ||
    encode(seed).slice(0, codeCharacters) !== text.slice(0, codeCharacters)
  )
    throw new Problem('recovery_code_invalid', {
      detail: 'The last group does not fit the others: one character is mistyped.',
    })
  return seed
}

/** HKDF-SHA-256 to 48 bytes, reduced to 1 … n−1: the bias is below 2^-128. */
export const recoveryPrivateKey = (seed: Buffer, storeId: string): JWK_EC_Private & { kty: 'EC' } => {
  const wide = Buffer.from(hkdfSync('sha256', seed, storeId, 'postern/recovery/v1', 48))
  const scalar = (BigInt(`0x${wide.toString('hex')}`) % (order - 1n)) + 1n
  const ecdh = createECDH('prime256v1')
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex')
  ecdh.setPrivateKey(d)
  const point = ecdh.getPublicKey()
  return {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33, 65).toString('base64url'),
    d: d.toString('base64url'),
  }
}

const checkOf = (seed: Buffer): string => encode(sha256('postern/recovery/check/v1', seed)).slice(0, 4)

const encode = (bytes: Buffer): string => {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((held >>> bits) & 31)
    }
    held &= 0xff
  }
  return bits === 0 ? text : text + alphabet.charAt((held << (5 - bits)) & 31)
}

const decode = (text: string): Buffer => {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of text) {
    held = ((held << 5) | alphabet.indexOf(character)) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >>> bits) & 0xff)
    }
  }
  return Buffer.from(bytes).subarray(0, seedBytes)
}
