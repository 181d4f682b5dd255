/**
 * Room kept on a disk for the day it is full: a file whose bytes are given back step by step. Promises: what it holds is
 * really allocated and on the disk; it is made only where that leaves at least as much free as it takes. Never: grows
 * beyond its size, or keeps a filling that was cut short.
 */
import { randomFillSync } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { realDisk, writeAll, type DiskCalls } from './durable-file.ts'

export interface ReserveFile {
  /** What it holds at the moment. */
  readonly heldBytes: number
  /** Gives at least this much back to the disk, or all there is. */
  giveUp(bytes: number): Promise<void>
  /** Fills it up where the disk has room; says whether it is whole. Throws the file system's error; then nothing changed. */
  fill(): Promise<boolean>
}

export interface ReserveFileOptions {
  readonly path: string
  readonly bytes: number
  readonly disk?: DiskCalls
  readonly freeBytesOf?: (dir: string) => Promise<number>
}

const chunkBytes = 1024 * 1024

/** Whether a disk refused because it has no room, or this user none on it. */
export const isNoSpace = (error: unknown): boolean =>
  error instanceof Error && ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')

/** Finds out what the file holds; makes nothing yet. */
export const openReserveFile = async ({
  path,
  bytes,
  disk = realDisk,
  freeBytesOf = freeBytesAt,
}: ReserveFileOptions): Promise<ReserveFile> => {
  let heldBytes = await sizeOf(path, disk)

  return {
    get heldBytes() {
      return heldBytes
    },
    async giveUp(wanted) {
      if (heldBytes === 0) return
      const left = Math.max(0, heldBytes - wanted)
      const file = await disk.open(path, 'r+')
      try {
        await file.truncate(left)
        heldBytes = left
        await file.sync()
      } finally {
        await file.close()
      }
    },
    async fill() {
      const missing = bytes - heldBytes
      if (missing <= 0) return true
      // What we have given up ourselves is never enough for this, so a reserve in use is not put back in its own way.
      if ((await freeBytesOf(dirname(path))) < 2 * missing) return false
      const file = await disk.open(path, 'a', 0o600)
      try {
        // Zeros would hold no room where the file system compresses.
        const chunk = randomFillSync(Buffer.alloc(Math.min(chunkBytes, missing)))
        for (let done = 0; done < missing; done += chunk.length)
          await writeAll(file, chunk.subarray(0, missing - done), null)
        await file.sync()
      } catch (error) {
        await file.truncate(heldBytes).catch(() => undefined)
        throw error
      } finally {
        await file.close()
      }
      heldBytes = bytes
      return true
    },
  }
}

const freeBytesAt = async (dir: string): Promise<number> => {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

const sizeOf = async (path: string, disk: DiskCalls): Promise<number> => {
  try {
    const file = await disk.open(path, 'r')
    try {
      return (await file.stat()).size
    } finally {
      await file.close()
    }
  } catch {
    // What cannot be opened holds nothing that could be given up; filling says why.
    return 0
  }
}
