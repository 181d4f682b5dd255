/**
 * One open file: its bytes as they are, then what is in it where it is an archive. Promises: 64 KiB at a time whatever its
 * size; of an archive inside an archive at most `nestedBytesMax` in memory; whatever was not looked into is noted.
 */
import { readSync } from 'node:fs'
import { basename } from 'node:path'
import type { ZipFile } from 'yauzl'
import { assertNever } from '../problem.ts'
import {
  createBudget,
  endsLikeZip,
  entriesOf,
  formatOf,
  headBytes,
  inflateGzip,
  LimitReached,
  nameOf,
  refusalOf,
  storedBytes,
  storedFile,
  zipEndBytes,
  type Budget,
  type Format,
  type ScanLimits,
  type Stored,
} from './archive.ts'
import { createFinder, windowBytes, type Finder, type Match } from './find-keys.ts'
import type { Sightings, Trail } from './sightings.ts'

export interface OpenFile {
  readonly fd: number
  /** Bytes when it was opened; what is appended meanwhile is not looked at. 0: read until it ends. */
  readonly size: number
  /** Its own name, for what a gzip file holds. */
  readonly name: string
}

export interface FileScanner {
  /** Throws what reading the file throws. `onBytes` hears of each piece read or inflated. */
  scan(file: OpenFile, sightings: Sightings): Promise<void>
}

export const createFileScanner = (limits: ScanLimits, onBytes: (bytes: number) => void): FileScanner => {
  const window = Buffer.allocUnsafe(windowBytes)
  return {
    async scan(file, sightings) {
      const format = scanBytes(file, { onMatch: (match) => sightings.see(match, []), onBytes, window })
      if (format === null) return
      const inside = scanInside({ limits, onBytes, sightings, budget: createBudget(file.size, limits) })
      try {
        await inside.open(storedFile(file.fd, file.size), format, [], file.name)
      } catch (error) {
        if (!(error instanceof LimitReached)) throw error
        sightings.note('unreadable', error.message, [])
      }
    },
  }
}

interface Look {
  readonly onMatch: (match: Match) => void
  readonly onBytes: (bytes: number) => void
  readonly window: Buffer
}

/** Tells what the file's own bytes hold, and gives its format. */
const scanBytes = (file: OpenFile, { onMatch, onBytes, window }: Look): Format | null => {
  let counted = 0
  const onRead = (end: number): void => {
    if (end > counted) onBytes(end - counted)
    counted = Math.max(counted, end)
  }
  // Counting lines costs as much as looking; few files hold a key, and those are read again.
  let seen = false
  const finder = createFinder(() => (seen = true), { window, lines: false })
  const format = readThrough(file, finder, { onRead, isEnough: () => seen })
  if (!seen) return format
  return readThrough(file, createFinder(onMatch, { window }), { onRead, isEnough: () => false })
}

const readThrough = (
  { fd, size }: OpenFile,
  finder: Finder,
  { onRead, isEnough }: { onRead: (end: number) => void; isEnough: () => boolean },
): Format | null => {
  let format: Format | null = null
  let at = 0
  while (!isEnough()) {
    const room = finder.room()
    const read = readSync(fd, room, 0, size === 0 ? room.length : Math.min(room.length, size - at), at)
    if (read === 0) break
    if (at === 0) format = formatOf(room.subarray(0, Math.min(read, headBytes)))
    at += read
    onRead(at)
    finder.filled(read)
  }
  finder.end()
  return format ?? formatOfEnd(fd, size)
}

/** Programs that unpack themselves begin as anything and end as a zip. */
const formatOfEnd = (fd: number, size: number): Format | null => {
  if (size < zipEndBytes) return null
  const last = Buffer.allocUnsafe(zipEndBytes)
  readSync(fd, last, 0, zipEndBytes, size - zipEndBytes)
  return endsLikeZip(last) ? { kind: 'zip' } : null
}

interface Inside {
  readonly limits: ScanLimits
  readonly budget: Budget
  readonly sightings: Sightings
  readonly onBytes: (bytes: number) => void
}

const scanInside = ({ limits, budget, sightings, onBytes }: Inside) => {
  /** Looks into what `stored` holds; its own bytes have been looked at. Throws LimitReached. */
  const open = async (stored: Stored, format: Format, trail: Trail, name: string): Promise<void> => {
    switch (format.kind) {
      case 'bytes':
        return sightings.note('not_opened', format.reason, trail)
      case 'gzip':
        budget.entry()
        return openOne(inflateGzip(stored), [...trail, inflatedName(name)], trail)
      case 'zip':
        return openZip(stored, trail)
      default:
        return assertNever(format)
    }
  }

  const openZip = async (stored: Stored, trail: Trail): Promise<void> => {
    let zip: ZipFile
    try {
      zip = await stored.zip()
    } catch {
      return sightings.note('unreadable', 'looks like a zip file, but cannot be read as one', trail)
    }
    try {
      for await (const entry of entriesOf(zip)) {
        budget.entry()
        const name = nameOf(entry)
        if (name.endsWith('/') && entry.uncompressedSize === 0) continue
        const within = [...trail, name]
        const refusal = refusalOf(entry)
        if (refusal !== null) {
          sightings.note('unreadable', refusal, within)
          continue
        }
        const stream: AsyncIterable<Buffer> | null = await zip.openReadStreamPromise(entry).catch(() => null)
        if (stream === null) sightings.note('unreadable', damaged, within)
        else await openOne(stream, within, within)
      }
    } catch (error) {
      if (error instanceof LimitReached) throw error
      sightings.note('unreadable', 'is a damaged zip file; the rest of its entries were not looked into', trail)
    }
  }

  /** Damage ends this stream alone. `blame`: what the damage is said of. */
  const openOne = async (pieces: AsyncIterable<Buffer>, trail: Trail, blame: Trail): Promise<void> => {
    let inner: { stored: Stored; format: Format } | null
    try {
      inner = await look(pieces, trail)
    } catch (error) {
      if (error instanceof LimitReached) throw error
      return sightings.note('unreadable', damaged, blame)
    }
    if (inner !== null) await open(inner.stored, inner.format, trail, trail.at(-1) ?? '')
  }

  /** Looks at a stream, and keeps it when it turns out to be an archive that may be opened. */
  const look = async (
    pieces: AsyncIterable<Buffer>,
    trail: Trail,
  ): Promise<{ stored: Stored; format: Format } | null> => {
    const finder = createFinder((match) => sightings.see(match, trail))
    let format: Format | null | undefined
    let kept: Buffer[] = []
    let keptBytes = 0
    const keep = (piece: Buffer): void => {
      if (format === null) return
      kept.push(piece)
      keptBytes += piece.length
      if (format === undefined && keptBytes >= headBytes) format = judge(Buffer.concat(kept, headBytes))
      if (format !== null && format !== undefined && keptBytes > limits.nestedBytesMax) {
        sightings.note('unreadable', `is an archive of more than ${limits.nestedBytesMax} bytes in an archive`, trail)
        format = null
      }
      if (format === null) kept = []
    }
    const judge = (head: Buffer): Format | null => {
      const found = formatOf(head)
      if (found === null) return null
      if (found.kind === 'bytes') sightings.note('not_opened', found.reason, trail)
      else if (trail.length < limits.depthMax) return found
      else sightings.note('unreadable', 'is an archive too deep inside other archives', trail)
      return null
    }
    try {
      for await (const piece of pieces) {
        onBytes(piece.length)
        budget.inflated(piece.length)
        finder.push(piece)
        keep(piece)
      }
    } finally {
      // What came before the damage, or the limit, counts.
      finder.end()
    }
    if (format === undefined) format = judge(Buffer.concat(kept))
    return format === null ? null : { stored: storedBytes(Buffer.concat(kept)), format }
  }

  return { open }
}

const damaged = 'is damaged or cut short; what comes after the damage was not looked into'

/** What `gunzip` would call it. */
const inflatedName = (name: string): string => {
  const base = basename(name)
  return base.replace(/\.tgz$/i, '.tar').replace(/(.)\.gz$/i, '$1')
}
