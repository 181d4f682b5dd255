/** A real file system of a few MiB, to be filled. Only root may mount one; elsewhere there is none, and tests say so. */
import { spawnSync } from 'node:child_process'
import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDir } from './start-postern.ts'

export interface SmallDisk {
  readonly dir: string
  /** Takes all the room there is, again and again if need be. */
  fill(): Promise<void>
  /** Gives it all back. */
  free(): Promise<void>
  freeBytes(): Promise<number>
  /** Leaves exactly so much room beside what is there now. */
  leave(bytes: number): Promise<void>
  /** From here on a folder takes no new files; gives what ends that. What is open for writing already stays so. */
  freeze(folder: string): () => void
  remove(): Promise<void>
}

const pageBytes = 4_096

/** `undefined` where none can be mounted. */
export const mountSmallDisk = async (mebibytes: number): Promise<SmallDisk | undefined> => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const dir = await temporaryDir()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0700`, 'tmpfs', dir])
  if (mounted.status !== 0) {
    await rm(dir, { recursive: true })
    return undefined
  }
  const filler = join(dir, 'filler')
  return {
    dir,
    async fill() {
      const file = await open(filler, 'a')
      try {
        for (const bytes of [64 * pageBytes, pageBytes])
          await (async () => {
            for (;;) await file.appendFile(Buffer.alloc(bytes))
          })().catch((error: NodeJS.ErrnoException) => {
            if (error.code !== 'ENOSPC') throw error
          })
      } finally {
        await file.close()
      }
    },
    free: () => rm(filler, { force: true }),
    async freeBytes() {
      const { bavail, bsize } = await statfs(dir)
      return bavail * bsize
    },
    async leave(bytes) {
      const { blocks, bfree, bsize } = await statfs(dir)
      const size = (blocks - bfree) * bsize + bytes
      const done = spawnSync('mount', ['-o', `remount,size=${size / 1024}k`, dir])
      if (done.status !== 0) throw new Error(`the small disk was not resized: ${String(done.stderr)}`)
    },
    freeze(folder) {
      for (const args of [
        ['--bind', folder, folder],
        ['-o', 'remount,bind,ro', folder],
      ]) {
        const { status, stderr } = spawnSync('mount', args)
        if (status !== 0) throw new Error(stderr.toString())
      }
      return () => void spawnSync('umount', ['-l', folder])
    },
    async remove() {
      spawnSync('umount', ['-l', dir])
      await rm(dir, { recursive: true, force: true })
    },
  }
}
