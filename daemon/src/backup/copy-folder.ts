/**
 * A backup: a copy of the data folder in another place, which opens there with the recovery kit. A folder, or one archive
 * that `tar` opens. Promises: under its final name it is whole, read back and on the disk, with its SHA256SUMS; one that
 * was cut short keeps another name and is taken away by the next. Never: the machine key, what this run of the daemon
 * needs for itself, or anything written over.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { giveName, realDisk, syncName, writeAll, writeDurably } from '../disk/durable-file.ts'
import { Problem } from '../problem.ts'
import {
  assertApart,
  backupName,
  eachFile,
  filesToBackUp,
  partialPrefix,
  piecesOf,
  type BackupFolders,
  type OpenedFile,
} from './source-files.ts'
import { formatSums, sumsName } from './sums.ts'
import { packInto } from './tar.ts'

export interface BackupMade {
  /** The folder of the backup, or its archive. */
  readonly path: string
  /** Without SHA256SUMS. */
  readonly files: number
  readonly bytes: number
}

/** Where a backup goes: a folder that gets a new one in it, or a new file. */
export type BackupTarget = { readonly dir: string } | { readonly file: string }

export interface CopyOptions extends BackupFolders {
  readonly target: BackupTarget
  readonly storeId: string
  readonly generation: number
  readonly nowMs: number
  /** Made by the clock: has another name, and the folder has to be there already, since a disk may not be. */
  readonly scheduled?: boolean
  /** Aborted when nobody waits for it any more. */
  readonly gone?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  /** Puts what belongs beside the backups into their folder, before a backup gets its name. */
  readonly beside?: (dir: string) => Promise<void>
}

/** Copies. Throws `field_invalid` for a target that cannot be one, `conflict` when the name is taken, `store_unavailable`. */
export const makeBackup = async (options: CopyOptions): Promise<BackupMade> => {
  const { target, storeId, nowMs } = options
  const name = backupName(options, nowMs, options.scheduled)
  const path = 'dir' in target ? join(target.dir, name) : target.file
  const folder = dirname(path)
  const field = 'dir' in target ? 'dir' : 'file'
  await assertApart(options, field, 'dir' in target ? target.dir : target.file)
  const ours = `${partialPrefix}${storeId.slice(0, 8)}-`
  const unfinished = join(folder, ours + basename(path))
  try {
    // One folder is made, and none above it: that is a disk that is not mounted, or a slip of the pen.
    if (options.scheduled !== true && field === 'dir') await makeOne(folder)
    else await assertFolderThere(folder)
    const there = await readdir(folder)
    for (const left of there.filter((each) => each.startsWith(ours))) await rm(join(folder, left), { recursive: true })
    if (there.includes(basename(path))) throw taken(path)
    const write = field === 'dir' ? copyInto : archiveInto
    const made = await write(unfinished, name, options)
    await options.beside?.(folder)
    options.gone?.throwIfAborted()
    if (field === 'dir') {
      await rename(unfinished, path)
      await syncName(path)
    } else {
      await giveName(unfinished, path, realDisk).catch(ifTaken(path))
      await syncName(path)
    }
    return { path, ...made }
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined)
    if (error instanceof Problem) throw error
    if (options.gone?.aborted === true)
      throw new Problem('request_timeout', { detail: 'The backup was stopped; nothing is left of it.' })
    throw new Problem('store_unavailable', {
      detail: `The backup could not be written into ${folder} (${(error as NodeJS.ErrnoException).code ?? 'it was not read back as it was written'}); nothing is left of it. Look at free space and at who may write there: it is the user Postern runs as.`,
      cause: error,
    })
  }
}

const taken = (path: string): Problem =>
  new Problem('conflict', { detail: `${path} is there already; it is left as it is.` })

const ifTaken =
  (path: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw error.code === 'EEXIST' ? taken(path) : error
  }

/** Throws `field_invalid` for a folder that is not there, as that of a disk that is not mounted. */
const makeOne = async (dir: string): Promise<void> => {
  if (/\.(?:zip|gz|tgz|bz2|xz|7z)$/i.test(dir)) {
    const message = `${dir} looks like an archive; the name of one ends in .tar`
    throw new Problem('field_invalid', { detail: `dir: ${message}`, errors: [{ field: 'dir', message }] })
  }
  await mkdir(dir, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error
  })
  await assertFolderThere(dir)
}

export const assertFolderThere = async (dir: string): Promise<void> => {
  const facts = await stat(dir).catch(() => undefined)
  const message = `${dir} is not a folder that is there; make it, or mount its disk`
  if (facts?.isDirectory() !== true)
    throw new Problem('field_invalid', { detail: `dir: ${message}`, errors: [{ field: 'dir', message }] })
}

type Write = (
  target: string,
  name: string,
  options: CopyOptions,
) => Promise<{ readonly files: number; readonly bytes: number }>

const copyInto: Write = async (target, _name, options) => {
  const { use, ...each } = await started(options)
  await mkdir(target, { mode: 0o700 })
  const folders = new Set<string>([target])
  const { sums, bytes } = await use(async ({ path, bytes: size, pieces }) => {
    const to = join(target, path)
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    await copyFile(to, size, pieces)
    // Also the folders in between: a name is durable once its folder is.
    for (let at = dirname(to); at.length >= target.length; at = dirname(at)) folders.add(at)
  })
  await writeDurably(join(target, sumsName), Buffer.from(formatSums(sums)))
  for (const folder of folders) await syncName(join(folder, '.'))
  each.finished()
  return { files: sums.size, bytes }
}

const archiveInto: Write = async (target, name, options) => {
  const { use, ...each } = await started(options)
  const file = await open(target, 'wx+', 0o600)
  try {
    const hash = createHash('sha256')
    let size = 0
    const take = async (piece: Buffer): Promise<void> => {
      hash.update(piece)
      size += await writeAll(file, piece, null)
    }
    const done = await packInto({ root: name, modifiedMs: options.nowMs, take }, async (add) => {
      const copied = await use((opened) => add(opened))
      const sums = Buffer.from(formatSums(copied.sums))
      await add({ path: sumsName, bytes: sums.length, modifiedMs: options.nowMs, pieces: [sums] })
      return copied
    })
    await file.sync()
    const again = createHash('sha256')
    for await (const piece of piecesOf(file, size)) again.update(piece)
    if (!hash.digest().equals(again.digest())) throw new Error(`${target} is not what was written`)
    each.finished()
    return { files: done.sums.size, bytes: done.bytes }
  } finally {
    await file.close()
  }
}

const started = async ({ dataDir, gone, onProgress }: CopyOptions) => {
  const files = await filesToBackUp(dataDir)
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  const onBytes = (bytes: number): void => onProgress?.((done += bytes), total)
  return {
    use: (take: (file: OpenedFile) => Promise<void>) =>
      eachFile(dataDir, files, { ...(gone === undefined ? {} : { gone }), onBytes }, take),
    finished: (): void => onProgress?.(total, total),
  }
}

/** Writes a new file, syncs it and reads it back. */
const copyFile = async (to: string, bytes: number, pieces: AsyncIterable<Buffer>): Promise<void> => {
  const copy = await open(to, 'wx+', 0o600)
  try {
    const hash = createHash('sha256')
    for await (const piece of pieces) {
      hash.update(piece)
      await writeAll(copy, piece, null)
    }
    await copy.sync()
    const again = createHash('sha256')
    for await (const piece of piecesOf(copy, bytes)) again.update(piece)
    if (!hash.digest().equals(again.digest())) throw new Error(`${to} is not what was written`)
  } finally {
    await copy.close()
  }
}
