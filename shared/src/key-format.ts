/**
 * The key value: `postern_` + 8 characters key id + `_` + 43 characters secret + 6 characters checksum, base62 throughout.
 * The prefix and the checksum let scanners and typo checks recognise a key without asking anyone: the checksum is
 * CRC-32 (IEEE 802.3) over id + secret, base62 with digits first, left-padded with `0`.
 */
export const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** What every key value begins with. */
export const keyPrefix = 'postern_'
export const keyIdLength = 8
export const secretLength = 43
export const checksumLength = 6
/** The characters of a key value, prefix and checksum included. */
export const keyValueLength = keyPrefix.length + keyIdLength + 1 + secretLength + checksumLength

const keyIdPattern = /^[0-9A-Za-z]{8}$/
const secretPattern = /^[0-9A-Za-z]{43}$/
const pairSecretPattern = /^[0-9A-Za-z]{49}$/
const valuePattern = /^postern_([0-9A-Za-z]{8})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

/** Finds key values in running text; for scanners and for keeping secrets out of logs. */
export const keyValueInText = /postern_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}/g

/**
 * Text that could hold a key's secret, with or without what stands around it in a key value. Where strangers choose a text
 * freely, such text is not repeated: not in a log, a file or an answer.
 */
export const couldHoldSecret = (text: string): boolean => /[0-9A-Za-z]{40}/.test(text)

export interface KeyParts {
  keyId: string
  secret: string
}

export const isKeyId = (text: string): boolean => keyIdPattern.test(text)

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc >>> 0
})

const crc32 = (text: string, before = 0): number => {
  let crc = ~before
  for (let at = 0; at < text.length; at++) crc = (crcTable[(crc ^ text.charCodeAt(at)) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

/** The 6 characters that end a key value. */
export const checksumOf = ({ keyId, secret }: KeyParts): string => checksumOfParts(keyId, secret)

/** CRC-32 over an id and a secret, as 6 characters of base62. */
export const checksumOfParts = (id: string, secret: string): string => {
  let rest = crc32(secret, crc32(id))
  let text = ''
  for (let digit = 0; digit < checksumLength; digit++) {
    text = base62.charAt(rest % 62) + text
    rest = (rest / 62) >>> 0
  }
  return text
}

/** The string that carries both halves. Throws a RangeError when a half has the wrong shape: that is a bug, not input. */
export const formatKeyValue = (parts: KeyParts): string => {
  if (!keyIdPattern.test(parts.keyId) || !secretPattern.test(parts.secret))
    throw new RangeError('not the parts of a key')
  return `postern_${parts.keyId}_${parts.secret}${checksumOf(parts)}`
}

/** Reads a key value; `null` when the shape or the checksum is wrong. */
export const parseKeyValue = (value: string): KeyParts | null => {
  const found = valuePattern.exec(value)
  if (found === null) return null
  const parts = { keyId: found[1] ?? '', secret: found[2] ?? '' }
  return checksumOf(parts) === found[3] ? parts : null
}

/**
 * Reads the pair form (HTTP Basic `keyId:secret`): the secret half is the last 49 characters of the key value, or the whole
 * value, which people put where a password is asked for.
 */
export const parseKeyPair = (keyId: string, secret: string): KeyParts | null => {
  if (!keyIdPattern.test(keyId)) return null
  if (pairSecretPattern.test(secret)) return parseKeyValue(`postern_${keyId}_${secret}`)
  const whole = parseKeyValue(secret)
  return whole?.keyId === keyId ? whole : null
}

/** What lists and logs may show of a key value. `last4`: its last four characters. */
export const maskKeyValue = (keyId: string, last4: string): string => `postern_${keyId}_…${last4}`
