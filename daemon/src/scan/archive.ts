/**
 * Archives: what is one, and its content in pieces. Promises: nothing is ever unpacked to a disk, memory is bounded by the
 * piece, and the limits against bombs hold while inflating, not by what the archive says of itself.
 */
import { readSync } from 'node:fs'
import { Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import yauzl, { type Entry, type ZipFile } from 'yauzl'

export interface ScanLimits {
  /** What one file may inflate to, archives inside it included: a multiple of its own size … */
  readonly inflateRatioMax: number
  /** … but always so many bytes, and never more than so many. */
  readonly inflateBytesMin: number
  readonly inflateBytesMax: number
  /** Files in one archive, archives inside it included. */
  readonly entriesMax: number
  /** An archive inside an archive is held in memory, up to so many bytes. */
  readonly nestedBytesMax: number
  /** How many archives deep; 2: an archive inside an archive is opened, one inside that is not. */
  readonly depthMax: number
}

export const scanLimits: ScanLimits = {
  inflateRatioMax: 250,
  inflateBytesMin: 64 * 1024 * 1024,
  inflateBytesMax: 16 * 1024 * 1024 * 1024,
  entriesMax: 200_000,
  nestedBytesMax: 64 * 1024 * 1024,
  depthMax: 2,
}

/** Thrown when a limit is reached: the rest of the file is not looked into. */
export class LimitReached extends Error {}

export interface Budget {
  /** Throws LimitReached. */
  inflated(bytes: number): void
  /** Throws LimitReached. */
  entry(): void
}

/** What one file may cost. `size`: its bytes on the disk. */
export const createBudget = (size: number, limits: ScanLimits): Budget => {
  const bytesMax = Math.min(limits.inflateBytesMax, Math.max(limits.inflateBytesMin, size * limits.inflateRatioMax))
  let bytes = 0
  let entries = 0
  return {
    inflated(more) {
      bytes += more
      if (bytes > bytesMax)
        throw new LimitReached(`inflates to more than ${bytesMax} bytes; the rest was not looked into`)
    },
    entry() {
      entries += 1
      if (entries > limits.entriesMax)
        throw new LimitReached(`has more than ${limits.entriesMax} entries; the rest was not looked into`)
    },
  }
}

/** Bytes that can be read more than once. */
export interface Stored {
  pieces(): Iterable<Buffer>
  /** The zip file in them; throws when they are none. */
  zip(): Promise<ZipFile>
}

const pieceBytes = 64 * 1024
// Names stay bytes: yauzl would refuse a whole archive for one name with `..` in it, and nothing is written here.
const zipOptions = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false }

/** The file behind `fd`, no further than `size`. Whoever opened it closes it. */
export const storedFile = (fd: number, size: number): Stored => ({
  *pieces() {
    for (let at = 0; at < size;) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, size - at))
      const read = readSync(fd, piece, 0, piece.length, at)
      if (read === 0) return
      at += read
      yield piece.subarray(0, read)
    }
  },
  zip: () => yauzl.fromFdPromise(fd, zipOptions),
})

export const storedBytes = (bytes: Buffer): Stored => ({
  pieces: () => [bytes],
  zip: () => yauzl.fromBufferPromise(bytes, zipOptions),
})

/** What gzip's members inflate to, one after another (RFC 1952 §2.2). Throws where they are damaged or cut short. */
export const inflateGzip = (stored: Stored): AsyncIterable<Buffer> => {
  const gunzip = createGunzip({ chunkSize: pieceBytes })
  // Whoever reads from it is told of its errors.
  return pipeline(Readable.from(stored.pieces(), { highWaterMark: 2 }), gunzip, () => undefined)
}

/** The entries of a zip in the order of its directory. Throws where the directory is damaged. */
export const entriesOf = async function* (zip: ZipFile): AsyncIterable<Entry> {
  zip.on('error', () => undefined)
  yield* zip.eachEntry()
}

export const nameOf = (entry: Entry): string =>
  yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)

/** Why an entry cannot be looked into, or `null`. */
export const refusalOf = (entry: Entry): string | null => {
  if (entry.isEncrypted()) return 'is encrypted'
  if (!entry.canDecodeFileData()) return `is compressed by method ${entry.compressionMethod}, which is not known here`
  return null
}

/** `bytes`: only looked at as bytes, with the reason to tell. */
export type Format = { readonly kind: 'gzip' | 'zip' } | { readonly kind: 'bytes'; readonly reason: string }

/** How many bytes of the beginning `formatOf` wants to see. */
export const headBytes = 512

const magics: readonly (readonly [at: number, magic: Buffer, name: string])[] = (
  [
    [0, 'BZh', 'bzip2'],
    [0, '\xfd7zXZ\0', 'xz'],
    [0, '\x28\xb5\x2f\xfd', 'zstd'],
    [0, '7z\xbc\xaf\x27\x1c', '7-Zip'],
    [0, 'Rar!\x1a\x07', 'RAR'],
    [0, '\x04\x22\x4d\x18', 'LZ4'],
    [0, '\x1f\x9d', 'compress'],
    [0, 'MSCF\0\0\0\0', 'cabinet'],
  ] as const
).map(([at, magic, name]) => [at, Buffer.from(magic, 'latin1'), name])

const gzipMagic = Buffer.from('\x1f\x8b\x08', 'latin1')
const zipMagics = ['PK\x03\x04', 'PK\x05\x06'].map((magic) => Buffer.from(magic, 'latin1'))
const zipEndMagic = Buffer.from('PK\x05\x06', 'latin1')
const tarMagic = Buffer.from('ustar', 'latin1')
const tarMagicAt = 257

/** The bytes of an end record without a comment; one at the end of a file makes it a zip whatever it begins with. */
export const zipEndBytes = 22

export const endsLikeZip = (lastBytes: Buffer): boolean => has(lastBytes, 0, zipEndMagic)

/** `null`: no format that hides what it holds. `head`: the first `headBytes` bytes, or all there are. */
export const formatOf = (head: Buffer): Format | null => {
  if (has(head, 0, gzipMagic)) return { kind: 'gzip' }
  if (zipMagics.some((magic) => has(head, 0, magic))) return { kind: 'zip' }
  if (has(head, tarMagicAt, tarMagic))
    return { kind: 'bytes', reason: 'is a tar file: looked at as bytes, compressed files inside it were not opened' }
  const known = magics.find(([at, magic]) => has(head, at, magic))
  return known === undefined ? null : { kind: 'bytes', reason: `is compressed as ${known[2]}, which was not opened` }
}

const has = (bytes: Buffer, at: number, magic: Buffer): boolean =>
  bytes.length >= at + magic.length && bytes.compare(magic, 0, magic.length, at, at + magic.length) === 0
