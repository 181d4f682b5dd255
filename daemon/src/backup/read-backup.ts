/**
 * A backup as it lies somewhere, a folder or an archive, read one file after the other. Promises: nothing is written, and
 * no name in it leads out of it. What cannot be read as a backup is said, never guessed.
 */
import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { Problem } from '../problem.ts'
import { filesIn, isGeneration, piecesOf } from './source-files.ts'
import { isPlainPath, parseSums, sumsName } from './sums.ts'
import { endBytes, entriesOf } from './tar.ts'

export interface BackupFile {
  /** Relative, with forward slashes. */
  readonly path: string
  readonly bytes: number
  /** May be read once, before the next file. */
  readonly pieces: AsyncIterable<Buffer>
}

export interface BackupSource {
  readonly kind: 'folder' | 'archive'
  readonly path: string
  /** About as many bytes as `files` will read. */
  readonly bytes: number
  /** All files, in their order. Throws `keystore_damaged` where it is no backup any more. */
  files(): AsyncGenerator<BackupFile>
}

const refuse = (message: string): never => {
  throw new Problem('field_invalid', { detail: `path: ${message}`, errors: [{ field: 'path', message }] })
}

/** Finds a backup. Throws `field_invalid` naming what is wrong with the path. */
export const findBackup = async (path: string): Promise<BackupSource> => {
  if (!isAbsolute(path)) refuse('give the whole path of a backup')
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) =>
    refuse(
      error.code === 'ENOENT' || error.code === 'ENOTDIR'
        ? `there is nothing at ${path}`
        : `${path} cannot be read by the user Postern runs as (${error.code ?? 'unknown'})`,
    ),
  )
  if (facts.isDirectory()) return folderAt(path)
  if (facts.isFile() && path.endsWith('.tar')) return { ...archiveAt(path), bytes: facts.size }
  return refuse(`${path} is neither a folder nor a .tar`)
}

const damaged = (path: string, what: string, cause?: unknown): Problem =>
  new Problem('keystore_damaged', { detail: `The backup ${path} is damaged: ${what}. Use another one.`, cause })

const folderAt = async (path: string): Promise<BackupSource> => {
  const found = await filesIn(path)
  const files = async function* (): AsyncGenerator<BackupFile> {
    for (const each of found) {
      const file = await open(join(path, each.path), 'r').catch((error: NodeJS.ErrnoException) => {
        throw damaged(path, `${each.path} cannot be read (${error.code ?? 'unknown'})`, error)
      })
      try {
        const { size } = await file.stat()
        yield { path: each.path, bytes: size, pieces: piecesOf(file, size) }
      } finally {
        await file.close()
      }
    }
  }
  return { kind: 'folder', path, bytes: found.reduce((sum, { bytes }) => sum + bytes, 0), files }
}

const archiveAt = (path: string) => {
  const files = async function* (): AsyncGenerator<BackupFile> {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const end = Buffer.alloc(endBytes)
      const isWhole = size >= endBytes && (await file.read(end, 0, endBytes, size - endBytes)).bytesRead === endBytes
      if (!isWhole || end.some((byte) => byte !== 0)) throw damaged(path, 'the archive is cut')
      const seen = new Set<string>()
      for await (const { name, type, bytes, pieces } of entriesOf(piecesOf(file, size))) {
        if (type === 'directory') continue
        const inside = insideOf(name)
        if (type !== 'file' || !isPlainPath(inside))
          throw damaged(path, `it holds ${JSON.stringify(name.slice(0, 100))}, which no backup holds`)
        if (seen.has(inside)) throw damaged(path, `it holds ${inside} twice`)
        seen.add(inside)
        yield { path: inside, bytes, pieces }
      }
    } catch (error) {
      throw error instanceof Problem ? error : damaged(path, 'the archive cannot be read', error)
    } finally {
      await file.close()
    }
  }
  return { kind: 'archive' as const, path, files }
}

const rooms = /^(?:store|slots2?|audit|usage|notices|tls)\//

/** An archive of a data folder has one folder around everything, or none. */
const insideOf = (name: string): string => {
  const plain = name.replace(/^(?:\.\/)+/, '')
  return rooms.test(plain) || !plain.includes('/') ? plain : plain.slice(plain.indexOf('/') + 1)
}

export interface BackupFault {
  readonly file: string | null
  readonly problem: string
}

/** What a look at every byte of a backup has found, without any key. */
export interface ReadBackup {
  readonly files: number
  readonly bytes: number
  /** How many files its SHA256SUMS names; `null`: it has none, as a plain copy. */
  readonly listed: number | null
  /** Of both copies of each slot: file name -> bytes. */
  readonly slots: ReadonlyMap<string, readonly Buffer[]>
  /** The newest few generations whose outer hash is good, the newest first. */
  readonly generations: readonly { readonly gen: number; readonly bytes: Buffer }[]
  readonly faults: readonly BackupFault[]
}

const generationsHeld = 3
const slotBytesMax = 65_536
const sumsBytesMax = 64 * 1024 ** 2

/**
 * Reads everything: every file against SHA256SUMS, every generation against its own hash. `check`: throws for a generation
 * that is not whole.
 */
export const readBackup = async (
  source: BackupSource,
  { check, onProgress }: { check: (bytes: Buffer) => void; onProgress?: (done: number, total: number) => void },
): Promise<ReadBackup> => {
  const hashes = new Map<string, string>()
  const slots = new Map<string, Buffer[]>()
  const faults: BackupFault[] = []
  let generations: { gen: number; bytes: Buffer }[] = []
  let sums: Buffer | undefined
  let done = 0
  const fault = (file: string | null, problem: string): void => void faults.push({ file, problem })

  const look = async ({ path, bytes, pieces }: BackupFile): Promise<void> => {
    const hash = createHash('sha256')
    const isHeld =
      isGeneration(path) ||
      (path === sumsName && bytes <= sumsBytesMax) ||
      (/^slots2?\/[^/]+$/.test(path) && bytes <= slotBytesMax)
    const held: Buffer[] = []
    for await (const piece of pieces) {
      hash.update(piece)
      if (isHeld) held.push(piece)
      done += piece.length
      onProgress?.(done, source.bytes)
    }
    if (path === sumsName) {
      if (!isHeld) fault(path, 'it is too long to be one')
      sums = Buffer.concat(held)
      return
    }
    hashes.set(path, hash.digest('hex'))
    if (isGeneration(path)) {
      const whole = Buffer.concat(held)
      try {
        check(whole)
        generations.push({ gen: Number(path.slice(6, 16)), bytes: whole })
        generations = generations.toSorted((a, b) => b.gen - a.gen).slice(0, generationsHeld)
      } catch (error) {
        fault(path, `the generation is damaged: ${error instanceof Error ? error.message : 'unknown'}`)
      }
    } else if (isHeld) {
      const name = path.slice(path.indexOf('/') + 1)
      slots.set(name, [...(slots.get(name) ?? []), Buffer.concat(held)])
    }
  }

  for await (const file of source.files())
    await look(file).catch((error: NodeJS.ErrnoException) =>
      // An archive that breaks in the middle has no more files; a folder has.
      source.kind === 'folder'
        ? fault(file.path, `it cannot be read (${error.code ?? error.message})`)
        : Promise.reject(error),
    )
  if (![...hashes.keys()].some(isGeneration)) fault(null, 'it holds no generation of a keystore')
  const listed = sums === undefined ? null : compare(sums, hashes, fault)
  const bytes = Math.min(done, source.bytes)
  return { files: hashes.size, bytes, listed, slots, generations, faults }
}

const compare = (
  bytes: Buffer,
  hashes: ReadonlyMap<string, string>,
  fault: (file: string | null, problem: string) => void,
): number | null => {
  let sums: Map<string, string>
  try {
    sums = parseSums(bytes.toString('utf8'))
  } catch (error) {
    fault(sumsName, error instanceof Error ? error.message : 'it cannot be read')
    return null
  }
  for (const [path, hash] of sums) {
    const found = hashes.get(path)
    if (found === undefined) fault(path, `${sumsName} names it, but it is not there`)
    else if (found !== hash) fault(path, `it is not what ${sumsName} says`)
  }
  for (const path of hashes.keys()) if (!sums.has(path)) fault(path, `${sumsName} does not name it`)
  return sums.size
}
