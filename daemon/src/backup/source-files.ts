/**
 * What belongs into a backup, and where one may lie: of the generations the newest two, of the trail not its reserve, never
 * the machine folder. Every file is read as far as it was when it was opened, and its hash is known afterwards.
 */
import { createHash } from 'node:crypto'
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { isTemporary } from '../disk/durable-file.ts'
import { Problem } from '../problem.ts'
import { sumsName } from './sums.ts'

/** Where backups are taken from. */
export interface BackupFolders {
  readonly dataDir: string
  readonly machineDir: string
}

export interface FoundFile {
  /** Relative, with forward slashes. */
  readonly path: string
  /** When it was looked at. */
  readonly bytes: number
}

/** A file that is being copied. */
export interface OpenedFile {
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  /** May be read once. Throws when the file has become shorter. */
  readonly pieces: AsyncIterable<Buffer>
}

const generationsKept = 2
export const partialPrefix = '.partial-postern-'
const pieceBytes = 1024 * 1024

/** The name of a backup that is begun at an instant; `scheduled`: made by the clock, and taken away by it again. */
export const backupName = (
  store: { readonly storeId: string; readonly generation: number },
  nowMs: number,
  scheduled = false,
): string => {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return `postern-${store.storeId.slice(0, 8)}-${scheduled ? 'scheduled-' : ''}${stamp}-g${store.generation}`
}

const refuse = (field: string, message: string): never => {
  throw new Problem('field_invalid', { detail: `${field}: ${message}`, errors: [{ field, message }] })
}

/** Throws `field_invalid` for a place that is inside of what is copied, or around it. */
export const assertApart = async (folders: BackupFolders, field: 'dir' | 'file', target: string): Promise<void> => {
  if (!isAbsolute(target)) refuse(field, `give the whole path of a ${field === 'dir' ? 'folder' : 'file'}`)
  const real = await realPath(target)
  for (const dir of [folders.dataDir, folders.machineDir])
    if (isInside(target, dir) || isInside(real, await realPath(dir)))
      refuse(field, `not inside ${dir}; choose a folder on another disk`)
  if (field === 'dir' && isInside(folders.dataDir, target))
    refuse(field, `${target} holds the data folder; choose a folder on another disk`)
}

/** Where a path leads, as far as it is there already. */
const realPath = async (path: string): Promise<string> =>
  realpath(path).catch(async () => {
    const parent = dirname(path)
    return parent === path ? path : join(await realPath(parent), basename(path))
  })

const isInside = (path: string, dir: string): boolean => {
  const way = relative(dir, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

/** The files that belong into a backup, by name. Throws when there is no generation among them. */
export const filesToBackUp = async (dataDir: string): Promise<FoundFile[]> => {
  const files = (await filesIn(dataDir)).filter(({ path }) => path !== 'audit/reserve' && path !== sumsName)
  const generations = files.filter(({ path }) => isGeneration(path))
  if (generations.length === 0) throw new Error('there is no generation to copy')
  const old = new Set(generations.slice(0, -generationsKept))
  return files.filter((file) => !old.has(file))
}

export const isGeneration = (path: string): boolean => /^store\/\d{10}\.pks$/.test(path)

/** All files under a folder, by name. Links are not followed: what they lead to is not Postern's. */
export const filesIn = async (root: string, folder = ''): Promise<FoundFile[]> => {
  const found: FoundFile[] = []
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) found.push(...(await filesIn(root, path)))
    else if (entry.isFile() && !isTemporary(entry.name)) {
      const facts = await stat(join(root, path)).catch(ifGone)
      if (facts !== undefined) found.push({ path, bytes: facts.size })
    }
  }
  return found
}

/** Opens the files one after the other; hands over what `use` makes of each. A file that has gone was not needed. */
export const eachFile = async (
  dataDir: string,
  files: readonly FoundFile[],
  options: { gone?: AbortSignal; onBytes?: (bytes: number) => void },
  use: (file: OpenedFile) => Promise<void>,
): Promise<{ sums: Map<string, string>; bytes: number }> => {
  const sums = new Map<string, string>()
  let bytes = 0
  for (const { path } of files) {
    const file = await open(join(dataDir, path), 'r').catch(ifGone)
    if (file === undefined) continue
    try {
      const { size, mtimeMs } = await file.stat()
      const hash = createHash('sha256')
      const pieces = async function* (): AsyncGenerator<Buffer> {
        for await (const piece of piecesOf(file, size)) {
          options.gone?.throwIfAborted()
          hash.update(piece)
          yield piece
          options.onBytes?.(piece.length)
        }
      }
      await use({ path, bytes: size, modifiedMs: mtimeMs, pieces: pieces() })
      sums.set(path, hash.digest('hex'))
      bytes += size
    } finally {
      await file.close()
    }
  }
  return { sums, bytes }
}

/** The first `bytes` of a file. A piece is good until the next one is asked for. Throws when the file is shorter. */
export async function* piecesOf(file: Awaited<ReturnType<typeof open>>, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes;) {
    const piece = Buffer.alloc(Math.min(pieceBytes, bytes - at))
    const { bytesRead } = await file.read(piece, 0, piece.length, at)
    if (bytesRead === 0) throw new Error('a file became shorter while it was copied')
    yield piece.subarray(0, bytesRead)
    at += bytesRead
  }
}

const ifGone = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined
  throw error
}
