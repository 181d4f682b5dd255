/**
 * The value of an admin token: `posternadm_` + the 12 characters of its id after `at_` + `_` + 43 characters secret + 6
 * characters checksum, base62 throughout. Told apart from a key at its first characters: neither ever passes for the other.
 */
import { checksumLength, checksumOfParts, secretLength } from './key-format.ts'

/** What every admin token begins with. */
export const adminTokenPrefix = 'posternadm_'
const idPrefix = 'at_'
export const tokenIdLength = 12
/** The characters of an admin token, prefix and checksum included. */
export const adminTokenLength = adminTokenPrefix.length + tokenIdLength + 1 + secretLength + checksumLength

const tokenIdPattern = /^at_[0-9A-Za-z]{12}$/
const secretPattern = /^[0-9A-Za-z]{43}$/
const valuePattern = /^posternadm_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/

/** Finds admin tokens in running text; for scanners and for keeping secrets out of logs. */
export const adminTokenInText = /posternadm_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}/g

export interface TokenParts {
  /** With its prefix `at_`, as records have it. */
  readonly tokenId: string
  readonly secret: string
}

/** The string that carries both halves. Throws a RangeError when a half has the wrong shape: that is a bug, not input. */
export const formatAdminToken = ({ tokenId, secret }: TokenParts): string => {
  if (!tokenIdPattern.test(tokenId) || !secretPattern.test(secret)) throw new RangeError('not the parts of a token')
  const id = tokenId.slice(idPrefix.length)
  return `${adminTokenPrefix}${id}_${secret}${checksumOfParts(id, secret)}`
}

/** Reads an admin token; `null` when the shape or the checksum is wrong. */
export const parseAdminToken = (value: string): TokenParts | null => {
  const [, id, secret, checksum] = valuePattern.exec(value) ?? []
  if (id === undefined || secret === undefined || checksumOfParts(id, secret) !== checksum) return null
  return { tokenId: `${idPrefix}${id}`, secret }
}

/** What lists and logs may show of an admin token. `last4`: its last four characters. */
export const maskAdminToken = (tokenId: string, last4: string): string =>
  `${adminTokenPrefix}${tokenId.slice(idPrefix.length)}_…${last4}`
