/**
 * The file-system calls that everything durable is made of, in one place, so that tests can hand in a disk that fails, or
 * one that forgets what was not synced. Promises: `realDisk` is Node's file system and nothing else; reading tells a file
 * that is damaged or gone from one that cannot be read just now. Never: takes the second for the first.
 */
import { link, lstat, mkdir, open, readdir, readFile, rename, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Problem } from '../problem.ts'

/** An open file, as far as durable files need one. */
export type DiskFile = Pick<FileHandle, 'read' | 'write' | 'sync' | 'datasync' | 'stat' | 'truncate' | 'close'>

/** What a disk is asked for. Each behaves, and fails, as its namesake in `node:fs/promises`. */
export interface DiskCalls {
  open(path: string, flags: string, mode?: number): Promise<DiskFile>
  link(existing: string, path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  mkdir(path: string, mode: number): Promise<void>
  readdir(path: string): Promise<string[]>
  readFile(path: string): Promise<Buffer>
  readonly lstat: typeof lstat
  readonly stat: typeof stat
}

export const realDisk: DiskCalls = {
  open,
  link,
  rename,
  unlink,
  mkdir: (path, mode) => mkdir(path, { mode }),
  readdir: (path) => readdir(path),
  readFile: (path) => readFile(path),
  lstat,
  stat,
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** The names in a folder; none when the folder is not there. Throws the file system's error. */
export const namesIn = async (dir: string, disk: DiskCalls = realDisk): Promise<string[]> => {
  try {
    return await disk.readdir(dir)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/**
 * The bytes of a file, or `undefined` when it is not there or its disk has lost them (EIO, also when asked again). Throws
 * `store_unavailable` when it cannot be read for a reason that says nothing about the file, such as too many open files:
 * nobody may conclude from that that it is damaged.
 */
export const readWhole = async (path: string, disk: DiskCalls = realDisk): Promise<Buffer | undefined> => {
  for (let tries = 1; ; tries++) {
    try {
      return await disk.readFile(path)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
      if (code !== 'EIO')
        throw new Problem('store_unavailable', {
          detail: `${path} is there, but could not be read (${code ?? 'for an unknown reason'}). Nothing has been changed. Look at its owner and at what else this machine does, then start again.`,
          internal: String(error),
          cause: error,
        })
      if (tries > 1) return undefined
    }
  }
}

/** Makes a folder, and those above it, whose names are on the disk when the promise resolves. One that is there is fine. */
export const makeFolder = async (path: string, disk: DiskCalls = realDisk): Promise<void> => {
  const missing: string[] = []
  for (let dir = resolve(path); ; dir = dirname(dir)) {
    const there = await disk.stat(dir).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    })
    if (there !== undefined || dir === dirname(dir)) break
    missing.unshift(dir)
  }
  for (const dir of missing) {
    await disk.mkdir(dir, 0o700).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    await syncFolder(dirname(dir), disk)
  }
}

/** Makes the names in a folder durable. Windows cannot open a folder and keeps names by its own journal. */
export const syncFolder = async (dir: string, disk: DiskCalls = realDisk): Promise<void> => {
  if (process.platform === 'win32') return
  const folder = await disk.open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
