/**
 * A backup: a copy of the data folder in another place, which opens there with the recovery kit. Promises: under its final
 * name it is whole, read back and on the disk; a copy that was cut short keeps another name and is taken away by the next.
 * Never: the machine key, what this run of the daemon needs for itself, or anything written over.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { isTemporary, syncName, writeAll } from '../disk/durable-file.ts'
import { Problem } from '../problem.ts'

export interface BackupMade {
  /** The folder of the backup. */
  readonly path: string
  readonly files: number
  readonly bytes: number
}

export interface CopyOptions {
  readonly dataDir: string
  readonly machineDir: string
  /** The folder that backups go into; made when it is not there. */
  readonly target: string
  readonly storeId: string
  readonly generation: number
  readonly nowMs: number
}

const generationsKept = 2
const partial = '.partial-postern-'
const pieceBytes = 1024 * 1024

/** Copies the folder. Throws `field_invalid` for a target that cannot be one, `store_unavailable` when it cannot be written. */
export const copyFolder = async (options: CopyOptions): Promise<BackupMade> => {
  const { dataDir, target, storeId, generation, nowMs } = options
  assertApart(options)
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const name = `postern-${storeId.slice(0, 8)}-${stamp}-g${generation}`
  const unfinished = join(target, partial + name)
  try {
    await mkdir(target, { recursive: true, mode: 0o700 })
    for (const left of (await readdir(target)).filter((each) => each.startsWith(partial)))
      await rm(join(target, left), { recursive: true })
    if ((await readdir(target)).includes(name))
      throw new Problem('conflict', { detail: `${join(target, name)} is there already; it is left as it is.` })
    await mkdir(unfinished, { mode: 0o700 })
    const made = await copyInto(dataDir, unfinished, await filesOf(dataDir))
    await rename(unfinished, join(target, name))
    await syncName(join(target, name))
    return { path: join(target, name), ...made }
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined)
    if (error instanceof Problem) throw error
    throw new Problem('store_unavailable', {
      detail: `The backup could not be written into ${target} (${(error as NodeJS.ErrnoException).code ?? 'it was not read back as it was written'}); nothing is left of it. Look at free space and at who may write there: it is the user Postern runs as.`,
      cause: error,
    })
  }
}

const assertApart = ({ dataDir, machineDir, target }: CopyOptions): void => {
  const message = (text: string): Problem =>
    new Problem('field_invalid', { detail: `dir: ${text}`, errors: [{ field: 'dir', message: text }] })
  if (!isAbsolute(target)) throw message('give the whole path of a folder')
  for (const dir of [dataDir, machineDir])
    if (isInside(target, dir)) throw message(`not inside ${dir}; choose a folder on another disk`)
  if (isInside(dataDir, target)) throw message(`${target} holds the data folder; choose a folder on another disk`)
}

const isInside = (path: string, dir: string): boolean => {
  const way = relative(dir, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}

/** Relative paths of what belongs into a backup: of the generations the newest, of the trail not its reserve. */
const filesOf = async (dataDir: string): Promise<string[]> => {
  const files = (await filesIn(dataDir, '')).filter((path) => path !== join('audit', 'reserve'))
  const generations = files.filter((path) => /^store.\d+\.pks$/.test(path)).toSorted()
  const old = new Set(generations.slice(0, -generationsKept))
  return files.filter((path) => !old.has(path))
}

/** Links are not followed: what they lead to is not Postern's. (`readdir` with `recursive` would.) */
const filesIn = async (dataDir: string, folder: string): Promise<string[]> => {
  const found: string[] = []
  for (const entry of await readdir(join(dataDir, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await filesIn(dataDir, path)))
    else if (entry.isFile() && !isTemporary(entry.name)) found.push(path)
  }
  return found
}

const copyInto = async (
  dataDir: string,
  target: string,
  paths: readonly string[],
): Promise<{ files: number; bytes: number }> => {
  let files = 0
  let bytes = 0
  const folders = new Set<string>([target])
  for (const path of paths) {
    await mkdir(dirname(join(target, path)), { recursive: true, mode: 0o700 })
    const copied = await copyFile(join(dataDir, path), join(target, path))
    // A file that went while this was going on was not needed any more; the newest generation never does.
    if (copied === null) continue
    files += 1
    bytes += copied
    folders.add(dirname(join(target, path)))
  }
  if (!paths.some((path) => /^store.\d+\.pks$/.test(path))) throw new Error('there is no generation to copy')
  for (const folder of folders) await syncName(join(folder, '.'))
  return { files, bytes }
}

/** Gives the bytes copied, or `null` for a file that is gone. What grows meanwhile is copied as far as it was. */
const copyFile = async (from: string, to: string): Promise<number | null> => {
  const source = await open(from, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (source === null) return null
  try {
    const { size } = await source.stat()
    const copy = await open(to, 'wx+', 0o600)
    try {
      const hash = createHash('sha256')
      for await (const piece of piecesOf(source, size)) {
        hash.update(piece)
        await writeAll(copy, piece, null)
      }
      await copy.sync()
      const again = createHash('sha256')
      for await (const piece of piecesOf(copy, size)) again.update(piece)
      if (!hash.digest().equals(again.digest())) throw new Error(`${to} is not what was written`)
      return size
    } finally {
      await copy.close()
    }
  } finally {
    await source.close()
  }
}

async function* piecesOf(file: Awaited<ReturnType<typeof open>>, size: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(Math.min(pieceBytes, size))
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, size - at), at)
    if (bytesRead === 0) throw new Error('a file became shorter while it was copied')
    yield piece.subarray(0, bytesRead)
    at += bytesRead
  }
}
