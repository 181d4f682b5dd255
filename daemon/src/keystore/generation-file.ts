/**
 * One generation on disk (`.pks`): the whole document, sealed. Promises: a byte changed, cut, added or taken from another
 * generation is noticed before anything is believed. Never: the same key and nonce twice, a tag shorter than 16 bytes.
 *
 *   "PSTN1\n" · u32 header length · header (JSON) · u32 keyring length · keyring · chunks · SHA-256 of all before
 *
 * The chunks follow the STREAM construction (as in age): AES-256-GCM, nonce = 11-byte counter and a last-chunk flag, key =
 * HKDF-SHA-256(data key, salt of this file). The outer hash is unkeyed on purpose: a copy can be checked without any key.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { Problem } from '../problem.ts'
import { keyOf, parseKeyring, serialiseKeyring, type Keyring } from './keyring.ts'
import { sha256 } from './layout.ts'

export interface GenerationHeader {
  readonly v: 1
  readonly storeId: string
  readonly gen: number
  /** Hex outer hash of the generation before, or '' for the first. */
  readonly prevHash: string
  readonly dek: string
  readonly salt: string
  readonly chunk: number
  readonly plainLen: number
  readonly created: string
}

export interface SealedGeneration {
  readonly parts: readonly Buffer[]
  /** Hex SHA-256 over everything before it: the generation's name in the chain. */
  readonly hash: string
}

export interface OpenedGeneration {
  readonly header: GenerationHeader
  readonly keyring: Keyring
  readonly plain: Buffer
  readonly hash: string
}

const magic = Buffer.from('PSTN1\n', 'ascii')
const chunkBytes = 65_536
const tagBytes = 16
const headerBytesMax = 4_096
const keyringBytesMax = 4 * 1024 * 1024

export const sealGeneration = (input: {
  storeId: string
  gen: number
  prevHash: string
  created: string
  rootKey: Buffer
  keyring: Keyring
  plain: Buffer
}): SealedGeneration => {
  const { rootKey, keyring, plain } = input
  const salt = randomBytes(32)
  const header: GenerationHeader = {
    v: 1,
    storeId: input.storeId,
    gen: input.gen,
    prevHash: input.prevHash,
    dek: keyring.dekId,
    salt: salt.toString('base64url'),
    chunk: chunkBytes,
    plainLen: plain.length,
    created: input.created,
  }
  const headerBytes = Buffer.from(JSON.stringify(header), 'utf8')
  const aad = sha256(headerBytes)
  const sealedKeyring = sealBlob(rootKey, serialiseKeyring(keyring), aad)
  const parts = [magic, u32(headerBytes.length), headerBytes, u32(sealedKeyring.length), sealedKeyring]
  const key = chunkKey(keyring, keyring.dekId, salt)
  for (let at = 0, counter = 0; counter === 0 || at < plain.length; at += chunkBytes, counter++) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(counter, at + chunkBytes >= plain.length), {
      authTagLength: tagBytes,
    })
    cipher.setAAD(aad)
    parts.push(cipher.update(plain.subarray(at, at + chunkBytes)), cipher.final(), cipher.getAuthTag())
  }
  const hash = sha256(...parts)
  parts.push(hash)
  return { parts, hash: hash.toString('hex') }
}

/** Checks the outer hash and reads the header, without any key. Throws on anything that is not a whole generation. */
export const readGeneration = (
  bytes: Buffer,
): { header: GenerationHeader; aad: Buffer; rest: Buffer; hash: string } => {
  if (bytes.length < magic.length + 4 + 32) throw new Error('not a generation')
  const body = bytes.subarray(0, bytes.length - 32)
  const hash = sha256(body)
  if (!hash.equals(bytes.subarray(bytes.length - 32))) throw new Error('the checksum does not fit')
  const format = /^PSTN([1-9])\n/.exec(bytes.toString('latin1', 0, magic.length))?.[1]
  if (format === undefined) throw new Error('not a generation')
  // Whole, so it is not damage that says so.
  if (format !== '1') throw tooNew(format)
  const headerBytes = take(body, magic.length, headerBytesMax)
  const header = JSON.parse(headerBytes.toString('utf8')) as GenerationHeader
  if (header.v !== 1) throw tooNew(String(header.v))
  if (header.chunk !== chunkBytes) throw new Error('the chunk size is not one this format has')
  return {
    header,
    aad: sha256(headerBytes),
    rest: body.subarray(magic.length + 4 + headerBytes.length),
    hash: hash.toString('hex'),
  }
}

const tooNew = (format: string): Problem =>
  new Problem('keystore_too_new', {
    detail: `The keystore has format ${format}; this Postern reads format 1. Use a newer Postern.`,
  })

/** Opens a generation. Throws when it is damaged or was not sealed under this root key. */
export const openGeneration = (bytes: Buffer, rootKey: Buffer): OpenedGeneration => {
  const { header, aad, rest, hash } = readGeneration(bytes)
  const sealedKeyring = take(rest, 0, keyringBytesMax)
  const keyring = parseKeyring(openBlob(rootKey, sealedKeyring, aad))
  const key = chunkKey(keyring, header.dek, Buffer.from(header.salt, 'base64url'))
  const sealed = rest.subarray(4 + sealedKeyring.length)
  const pieces: Buffer[] = []
  const step = chunkBytes + tagBytes
  for (let at = 0, counter = 0; counter === 0 || at < sealed.length; at += step, counter++) {
    pieces.push(openChunk(key, aad, sealed.subarray(at, at + step), nonceOf(counter, at + step >= sealed.length)))
  }
  const plain = Buffer.concat(pieces)
  if (plain.length !== header.plainLen) throw new Error('the length does not fit')
  return { header, keyring, plain, hash }
}

/** How much of a damaged generation still opens. */
export interface Readable {
  readonly checksum: 'good' | 'bad'
  /** Chunks that open under this root key, of those there should be; `null` when its header or keyring does not. */
  readonly chunks: { readonly good: number; readonly all: number } | null
  /** Of the document. */
  readonly bytes: number
}

/** Tries every chunk of a generation by itself, whatever the others are like. Never throws. */
export const readableOf = (bytes: Buffer, rootKey: Buffer): Readable => {
  const end = bytes.length - 32
  const checksum = end > 0 && sha256(bytes.subarray(0, end)).equals(bytes.subarray(end)) ? 'good' : 'bad'
  try {
    const headerBytes = take(bytes, magic.length, headerBytesMax)
    const header = JSON.parse(headerBytes.toString('utf8')) as GenerationHeader
    const aad = sha256(headerBytes)
    const keyringAt = magic.length + 4 + headerBytes.length
    const sealedKeyring = take(bytes, keyringAt, keyringBytesMax)
    const keyring = parseKeyring(openBlob(rootKey, sealedKeyring, aad))
    const key = chunkKey(keyring, header.dek, Buffer.from(header.salt, 'base64url'))
    const all = Math.max(1, Math.ceil(header.plainLen / chunkBytes))
    let good = 0
    let opened = 0
    for (let counter = 0; counter < all; counter++) {
      const at = keyringAt + 4 + sealedKeyring.length + counter * (chunkBytes + tagBytes)
      const plainBytes = counter < all - 1 ? chunkBytes : header.plainLen - counter * chunkBytes
      try {
        const chunk = bytes.subarray(at, at + plainBytes + tagBytes)
        opened += openChunk(key, aad, chunk, nonceOf(counter, counter === all - 1)).length
        good += 1
      } catch {
        // This one is lost; the others are looked at all the same.
      }
    }
    return { checksum, chunks: { good, all }, bytes: opened }
  } catch {
    return { checksum, chunks: null, bytes: 0 }
  }
}

const openChunk = (key: Buffer, aad: Buffer, chunk: Buffer, nonce: Buffer): Buffer => {
  if (chunk.length < tagBytes) throw new Error('a chunk is cut')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(aad)
  decipher.setAuthTag(chunk.subarray(chunk.length - tagBytes))
  return Buffer.concat([decipher.update(chunk.subarray(0, chunk.length - tagBytes)), decipher.final()])
}

const chunkKey = (keyring: Keyring, dekId: string, salt: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', keyOf(keyring.deks[dekId]), salt, 'postern/store/v1', 32))

const nonceOf = (counter: number, last: boolean): Buffer => {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(counter, 5, 6)
  nonce[11] = last ? 1 : 0
  return nonce
}

/** AES-256-GCM with a random nonce in front and the tag behind; for few, small blobs under one key. */
export const sealBlob = (key: Buffer, plain: Buffer, aad: Buffer): Buffer => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

export const openBlob = (key: Buffer, sealed: Buffer, aad: Buffer): Buffer => {
  if (sealed.length < 12 + tagBytes) throw new Error('a sealed blob is cut')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: tagBytes })
  decipher.setAAD(aad)
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - tagBytes)), decipher.final()])
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const take = (bytes: Buffer, at: number, max: number): Buffer => {
  if (at + 4 > bytes.length) throw new Error('a length is cut')
  const length = bytes.readUInt32BE(at)
  if (length > max || at + 4 + length > bytes.length) throw new Error('a length does not fit')
  return bytes.subarray(at + 4, at + 4 + length)
}
