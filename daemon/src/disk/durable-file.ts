/**
 * Writes a file so that it is either wholly there or not there, also after a power cut. Promises: the bytes, the size and
 * the name are on the disk when the promise resolves. Never: replaces a file that exists, believes a second fsync after a
 * failed one, leaves its temporary file behind when it can be removed.
 */
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { realDisk, syncFolder, type DiskCalls, type DiskFile } from './disk-calls.ts'

export { realDisk, type DiskCalls } from './disk-calls.ts'

/** Temporary files are named so that readers can tell them, and a dead writer's leftovers can be cleaned. */
export const isTemporary = (name: string): boolean => name.startsWith('.') && name.endsWith('.tmp')

/**
 * Writes `bytes` under the fresh name `path`, readable by its owner alone. Throws the file system's error as it is
 * (`EEXIST` when the name is taken); then nothing has changed, as far as the disk still lets anything be taken back.
 */
export const writeDurably = async (
  path: string,
  bytes: Buffer | readonly Buffer[],
  disk: DiskCalls = realDisk,
): Promise<void> => {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  let named = false
  try {
    const file = await disk.open(temporary, 'wx', 0o600)
    try {
      let length = 0
      for (const part of Array.isArray(bytes) ? (bytes as readonly Buffer[]) : [bytes as Buffer])
        length += await writeAll(file, part, length)
      await file.sync()
      const { size } = await file.stat()
      if (size !== length) throw new Error(`wrote ${length} bytes, but the file has ${size}`)
    } finally {
      await file.close()
    }
    await giveName(temporary, path, disk)
    named = true
    await syncName(path, disk)
  } catch (error) {
    await disk.unlink(temporary).catch(() => undefined)
    // Only what we named ourselves is taken back: under a taken name lies somebody else's file.
    if (named) await takeBackDurably(path, disk).catch(() => undefined)
    throw error
  }
}

/** Takes away a file of our own; after a power cut it does not come back. Throws the file system's error. */
export const takeBackDurably = async (path: string, disk: DiskCalls = realDisk): Promise<void> => {
  await disk.unlink(path)
  await syncFolder(dirname(path), disk)
}

/** Makes what happened to names in a folder durable. Windows cannot open a folder; there the file itself is synced again. */
export const syncName = async (path: string, disk: DiskCalls = realDisk): Promise<void> => {
  if (process.platform !== 'win32') return syncFolder(dirname(path), disk)
  const file = await disk.open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A write may take fewer bytes than it was given; it is repeated until all are out. Gives the number of bytes. */
export const writeAll = async (file: DiskFile, bytes: Buffer, position: number | null): Promise<number> => {
  let done = 0
  while (done < bytes.length) {
    const at = position === null ? null : position + done
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at)
    if (bytesWritten <= 0) throw new Error('the disk took no bytes')
    done += bytesWritten
  }
  return done
}

// Rename replaces silently on every system, whatever was looked up before it; a link is refused when the name is taken.
export const giveName = async (temporary: string, path: string, disk: DiskCalls): Promise<void> => {
  try {
    await disk.link(temporary, path)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
    // Some network and FAT file systems have no links. There the look and the rename are two steps.
    await assertFresh(path, disk)
    return disk.rename(temporary, path)
  }
  await disk.unlink(temporary).catch(() => undefined)
}

const assertFresh = async (path: string, disk: DiskCalls): Promise<void> => {
  const found = await disk.stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (found !== undefined)
    throw Object.assign(new Error(`EEXIST: ${basename(path)} is already there`), { code: 'EEXIST' })
}
