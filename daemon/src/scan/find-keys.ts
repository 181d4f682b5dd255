/**
 * Finds key values and admin tokens in a stream of bytes of any length, in one window of memory. Promises: each is told exactly
 * once, wherever the pieces are cut, as ASCII (and so UTF-8 and Latin-1), as UTF-16 of either byte order at any offset, and
 * as HTTP Basic; with its line where the bytes are text. Never: a regular expression over the whole.
 */
import {
  adminTokenInText,
  adminTokenLength,
  adminTokenPrefix,
  keyIdLength,
  keyPrefix,
  keyValueInText,
  keyValueLength,
  parseAdminToken,
  parseKeyPair,
  parseKeyValue,
  tokenIdLength,
} from '@postern/shared'
import { assertNever } from '../problem.ts'

/** `utf-16`: either byte order. `basic`: base64 of `keyId:secret` after the word Basic (RFC 7617). */
export type Form = 'text' | 'utf-16' | 'basic'

/** What it opens: endpoints through the gateway, or the admin API. */
export type Opens = 'key' | 'admin_token'

/** `value` is a secret: it goes no further than to be masked and told apart. */
export interface Match {
  readonly opens: Opens
  readonly form: Form
  /** The id of the key, or of the admin token. */
  readonly keyId: string
  readonly value: string
  /** False: it has the shape of a key value, but was mistyped or made up. */
  readonly checksumRight: boolean
  /** Where its first byte is, from 0. */
  readonly offset: number
  /** From 1; `null` where the bytes are no text. */
  readonly line: number | null
}

export interface Finder {
  /** Where the next bytes may be written; never empty. Say how many with `filled`. */
  room(): Buffer
  filled(bytes: number): void
  /** Copies a piece of any size in. */
  push(piece: Buffer): void
  /** Looks at what is left. Nothing may follow. */
  end(): void
}

const pieceBytes = 64 * 1024
const basicWord = 'Basic '
const pairLength = keyIdLength + 1 + (keyValueLength - keyPrefix.length - keyIdLength - 1)
/** Base64 without its padding. */
const basicLength = basicWord.length + Math.ceil((pairLength * 4) / 3)
/** The first 8 KiB tell text from anything else, as git has it. */
const kindBytes = 8 * 1024

const wholeValue = new RegExp(`^${keyValueInText.source}$`)
const wholeToken = new RegExp(`^${adminTokenInText.source}$`)
const wholePair = /^([0-9A-Za-z]+):([0-9A-Za-z]+)$/
// The scheme is case-insensitive; its first letter is looked at afterwards.
const needleBasic = Buffer.from(basicWord.slice(1), 'latin1')

const isBase64 = Array.from({ length: 256 }, (_, byte) => /[0-9A-Za-z+/]/.test(String.fromCharCode(byte)))

/** The longest form, less one byte: what may have begun in one window and end in the next. */
const tailBytes = 2 * Math.max(keyValueLength, adminTokenLength) - 2
export const windowBytes = pieceBytes + tailBytes

type Kind = 'text' | 'utf-16le' | 'utf-16be' | 'binary'

interface Read {
  readonly opens: Opens
  readonly value: string
  readonly keyId: string
  readonly checksumRight: boolean
}

interface Shape {
  readonly form: Form
  readonly needle: Buffer
  /** How far before the needle the form begins, and how many bytes it has from there. */
  readonly before: number
  readonly width: number
  /** Cannot be in bytes without a zero. */
  readonly hasZeros: boolean
  read(window: Buffer, at: number): Read | null
}

const shapes: readonly Shape[] = [
  ...bothWidths(keyPrefix, keyValueLength, readValue),
  ...bothWidths(adminTokenPrefix, adminTokenLength, readToken),
  { form: 'basic', needle: needleBasic, before: 1, width: basicLength, hasZeros: false, read: readBasic },
]

/**
 * `window`: memory of `windowBytes` to work in, for callers that look at one thing after another. `lines`: false for callers
 * who only want to know whether there is a key at all, in half the time; every `line` is then `null`.
 */
export const createFinder = (
  onMatch: (match: Match) => void,
  { window = Buffer.allocUnsafe(windowBytes), lines: counts = true }: { window?: Buffer; lines?: boolean } = {},
): Finder => {
  let length = 0
  /** The offset of the window's first byte, and the lines that ended before it. */
  let start = 0
  let lines = 0
  let kind: Kind | undefined
  /** For each shape: the first offset at which one could begin that has not been looked at. */
  const next = shapes.map(() => 0)

  const look = (last: boolean): void => {
    kind ??= counts ? kindOf(window.subarray(0, Math.min(length, kindBytes))) : 'binary'
    const seen = window.subarray(0, length)
    const zeros = seen.includes(0)
    const found: { at: number; form: Form; read: Read }[] = []
    for (const [index, shape] of shapes.entries()) {
      // The last place where it could begin and still end in this window.
      const end = length - shape.width
      let at = zeros || !shape.hasZeros ? Math.max(0, (next[index] ?? 0) - start) : length
      while (at <= end) {
        at = seen.indexOf(shape.needle, at + shape.before) - shape.before
        if (at < 0 || at > end) break
        const read = shape.read(seen, at)
        if (read !== null) found.push({ at, form: shape.form, read })
        at += 1
      }
      next[index] = start + Math.max(0, end + 1)
    }
    if (found.length > 0) tell(found)
    const keep = last ? 0 : Math.min(length, tailBytes)
    const gone = length - keep
    lines += countLines(kind, { window: seen, from: 0, to: gone, start })
    window.copyWithin(0, gone, length)
    start += gone
    length = keep
  }

  const tell = (found: { at: number; form: Form; read: Read }[]): void => {
    let line = lines + 1
    let counted = 0
    const seen = window.subarray(0, length)
    for (const { at, form, read } of found.toSorted((a, b) => a.at - b.at)) {
      line += countLines(kind ?? 'binary', { window: seen, from: counted, to: at, start })
      counted = at
      onMatch({ form, ...read, offset: start + at, line: kind === 'binary' ? null : line })
    }
  }

  const filled = (bytes: number): void => {
    length += bytes
    if (length === window.length) look(false)
  }

  return {
    room: () => window.subarray(length),
    filled,
    push(piece) {
      for (let from = 0; from < piece.length;) {
        const taken = piece.copy(window, length, from)
        from += taken
        filled(taken)
      }
    },
    end: () => look(true),
  }
}

/** A secret of one length that begins in one way, in bytes and in units of two bytes. */
function bothWidths(prefix: string, length: number, read: (value: string) => Read | null): Shape[] {
  const plain = Buffer.from(prefix, 'latin1')
  // Without the outer zero bytes, which are what tells the byte orders apart, one search is enough for both.
  const wide = Buffer.from(prefix, 'utf16le').subarray(0, -1)
  const readPlain = (window: Buffer, at: number): Read | null => read(window.toString('latin1', at, at + length))
  const readWide = (window: Buffer, at: number): Read | null => {
    let value = ''
    for (let index = 0; index < length; index++) {
      if (index > 0 && window[at + 2 * index - 1] !== 0) return null
      value += String.fromCharCode(window[at + 2 * index] ?? 0)
    }
    return read(value)
  }
  return [
    { form: 'text', needle: plain, before: 0, width: length, hasZeros: false, read: readPlain },
    { form: 'utf-16', needle: wide, before: 0, width: 2 * length - 1, hasZeros: true, read: readWide },
  ]
}

function readBasic(window: Buffer, at: number): Read | null {
  // `B` or `b`
  if (((window[at] ?? 0) | 0x20) !== 0x62) return null
  // "Basic" is a common word: what follows is decoded only where it can be base64.
  for (let index = at + basicWord.length; index < at + basicLength; index++)
    if (!isBase64[window[index] ?? 0]) return null
  const encoded = window.toString('latin1', at + basicWord.length, at + basicLength)
  const [, keyId, secret] = wholePair.exec(Buffer.from(encoded, 'base64').toString('latin1')) ?? []
  if (keyId === undefined || secret === undefined) return null
  const read = readValue(`${keyPrefix}${keyId}_${secret}`)
  return read === null ? null : { ...read, checksumRight: parseKeyPair(keyId, secret) !== null }
}

function readValue(value: string): Read | null {
  if (!wholeValue.test(value)) return null
  const keyId = value.slice(keyPrefix.length, keyPrefix.length + keyIdLength)
  return { opens: 'key', value, keyId, checksumRight: parseKeyValue(value) !== null }
}

function readToken(value: string): Read | null {
  if (!wholeToken.test(value)) return null
  const id = value.slice(adminTokenPrefix.length, adminTokenPrefix.length + tokenIdLength)
  return { opens: 'admin_token', value, keyId: `at_${id}`, checksumRight: parseAdminToken(value) !== null }
}

const kindOf = (first: Buffer): Kind => {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le'
  if (first[0] === 0xfe && first[1] === 0xff) return 'utf-16be'
  return first.includes(0) ? 'binary' : 'text'
}

interface Stretch {
  readonly window: Buffer
  readonly from: number
  readonly to: number
  /** The offset of the window's first byte: UTF-16 units begin at even offsets. */
  readonly start: number
}

const lineFeed = 0x0a

const countLines = (kind: Kind, { window, from, to, start }: Stretch): number => {
  let count = 0
  switch (kind) {
    case 'binary':
      return 0
    case 'text':
      for (let at = from; at < to; at++) if (window[at] === lineFeed) count += 1
      return count
    case 'utf-16le':
    case 'utf-16be': {
      const [low, high] = kind === 'utf-16le' ? [0, 1] : [1, 0]
      for (let at = from + ((start + from) % 2); at < to; at += 2)
        if (window[at + low] === lineFeed && window[at + high] === 0) count += 1
      return count
    }
    default:
      return assertNever(kind)
  }
}
