/**
 * A backup put in the place of a data folder. Promises: the folder has its name only when everything in it is on the disk
 * and has been read back; what lay there before is moved aside, whole, and never deleted. Never: anything written into a
 * folder that is there already.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { syncName, writeAll } from '../disk/durable-file.ts'
import { Problem } from '../problem.ts'
import type { BackupSource } from './read-backup.ts'
import { sumsName } from './sums.ts'

export interface PutInPlace {
  readonly files: number
  /** Where what lay there before is now; `null`: there was nothing. */
  readonly movedTo: string | null
}

/**
 * `check`: looks at the new folder before it gets its name, and throws when it is not good. `bring`: puts what lies beside
 * the backup into it. Throws what they throw, and `store_unavailable`; then the old folder is where it was.
 */
export const putInPlace = async (
  source: BackupSource,
  {
    dataDir,
    nowMs,
    check,
    bring,
  }: {
    dataDir: string
    nowMs: number
    check: (folder: string) => Promise<void>
    bring?: (from: string, folder: string) => Promise<void>
  },
): Promise<PutInPlace> => {
  const parent = dirname(dataDir)
  const ours = `.${basename(dataDir)}.restoring-`
  const folder = join(parent, ours + randomBytes(6).toString('hex'))
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 })
    for (const name of await readdir(parent))
      if (name.startsWith(ours) && /^[0-9a-f]{12}$/.test(name.slice(ours.length)))
        await rm(join(parent, name), { recursive: true })
    await mkdir(folder, { mode: 0o700 })
    const files = await writeFiles(source, folder)
    await check(folder)
    // Its hashes are those of a copy; a folder that is used changes.
    await unlink(join(folder, sumsName)).catch(ifGone)
    await bring?.(dirname(source.path), folder)
    await syncName(join(folder, '.'))
    const movedTo = await moveAside(dataDir, nowMs)
    try {
      await rename(folder, dataDir)
    } catch (error) {
      if (movedTo !== null) await rename(movedTo, dataDir)
      throw error
    }
    await syncName(dataDir)
    return { files, movedTo }
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined)
    if (error instanceof Problem) throw error
    throw new Problem('store_unavailable', {
      detail: `The backup could not be put into ${dataDir} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); what was there is as it was. Look at free space, and at who may write in ${parent}.`,
      cause: error,
    })
  }
}

const writeFiles = async (source: BackupSource, folder: string): Promise<number> => {
  let files = 0
  const folders = new Set<string>([folder])
  for await (const { path, pieces } of source.files()) {
    const to = join(folder, path)
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    const file = await open(to, 'wx', 0o600)
    try {
      for await (const piece of pieces) await writeAll(file, piece, null)
      await file.sync()
    } finally {
      await file.close()
    }
    if (path !== sumsName) files += 1
    for (let at = dirname(to); at.length >= folder.length; at = dirname(at)) folders.add(at)
  }
  for (const each of folders) await syncName(join(each, '.'))
  return files
}

const moveAside = async (dataDir: string, nowMs: number): Promise<string | null> => {
  const there = await readdir(dataDir).catch(ifGone)
  if (there === undefined) return null
  if (there.length === 0) {
    await rmdir(dataDir)
    return null
  }
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const taken = new Set(await readdir(dirname(dataDir)))
  let movedTo = `${dataDir}.before-restore-${stamp}`
  for (let more = 2; taken.has(basename(movedTo)); more++) movedTo = `${dataDir}.before-restore-${stamp}-${more}`
  await rename(dataDir, movedTo)
  await syncName(movedTo)
  return movedTo
}

const ifGone = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined
  throw error
}
