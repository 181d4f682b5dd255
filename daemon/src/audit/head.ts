/**
 * What this machine remembers of the end of the trail, outside the data folder: it tells a trail whose end was cut off,
 * and the key that checks its seals. The head is written behind the appends, so after a crash it may be a little older than the trail, never newer.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../disk/durable-file.ts'
import { keepNewest, readNewest } from '../disk/numbered-files.ts'

export interface TrailHead {
  readonly storeId: string
  readonly seq: number
  /** Hex SHA-256 of that line. */
  readonly hash: string
}

export interface HeadKeeper {
  /** Remembers a head soon; of several in a row only the last. */
  note(head: TrailHead): void
  /** Waits until what was noted is on the disk, or has failed. */
  settled(): Promise<void>
}

const headName = 'audit-head'

/** The newest head of this store that can be read. */
export const readHead = (machineDir: string, storeId: string): Promise<TrailHead | undefined> =>
  readNewest<TrailHead>(
    machineDir,
    headName,
    (head, seq) => head.seq === seq && head.storeId === storeId && typeof head.hash === 'string',
  )

/** `onFault` hears of a head that could not be written; the trail itself is not touched by that. */
export const keepHead = (machineDir: string, onFault: (error: unknown) => void): HeadKeeper => {
  let next: TrailHead | undefined
  let writing: Promise<void> = Promise.resolve()
  let busy = false

  const run = async (): Promise<void> => {
    while (next !== undefined) {
      const head = next
      next = undefined
      try {
        await keepNewest(machineDir, headName, head.seq, head)
      } catch (error) {
        onFault(error)
      }
    }
    busy = false
  }

  return {
    note(head) {
      next = head
      if (busy) return
      busy = true
      writing = run()
    },
    settled: () => writing,
  }
}

const keyPath = (machineDir: string, storeId: string): string => join(machineDir, `audit-key-${storeId}.json`)

/** Keeps the public key where a check with the daemon stopped finds it, and where whoever changes the folder does not reach. */
export const rememberTrailKey = async (
  machineDir: string,
  { storeId, publicKey }: { storeId: string; publicKey: string },
): Promise<void> => {
  const path = keyPath(machineDir, storeId)
  // Looked for first: on a full disk not even the attempt to write it again succeeds, and Postern should still start.
  if (existsSync(path)) return
  const text = `${JSON.stringify({ storeId, publicKey })}\n`
  await writeDurably(path, Buffer.from(text)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

/** The public keys this machine has met, by store. */
export const readTrailKeys = async (machineDir: string): Promise<{ storeId: string; publicKey: string }[]> => {
  const names = (await readdir(machineDir).catch(() => [])).filter((name) => /^audit-key-.*\.json$/.test(name))
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(machineDir, name), 'utf8')) as never))
}
