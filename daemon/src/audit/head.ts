/**
 * What this machine remembers of the end of the trail, outside the data folder: it tells a trail whose end was cut off,
 * and the key that checks its seals. The head is written behind the appends, so after a crash it may be a little older than the trail, never newer.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../disk/durable-file.ts'

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

const headPattern = /^audit-head-(\d{16})\.json$/

const numbersIn = async (machineDir: string): Promise<number[]> =>
  (await readdir(machineDir).catch(() => []))
    .map((name) => headPattern.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .toSorted((a, b) => b - a)

const pathOf = (machineDir: string, seq: number): string =>
  join(machineDir, `audit-head-${String(seq).padStart(16, '0')}.json`)

/** The newest head of this store that can be read. */
export const readHead = async (machineDir: string, storeId: string): Promise<TrailHead | undefined> => {
  for (const seq of await numbersIn(machineDir)) {
    try {
      const head = JSON.parse(await readFile(pathOf(machineDir, seq), 'utf8')) as TrailHead
      if (head.seq === seq && head.storeId === storeId && typeof head.hash === 'string') return head
    } catch {
      // A damaged one says nothing; the one before it still does.
    }
  }
  return undefined
}

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
        await writeDurably(pathOf(machineDir, head.seq), Buffer.from(`${JSON.stringify(head)}\n`))
        for (const old of (await numbersIn(machineDir)).filter((seq) => seq !== head.seq).slice(1))
          await unlink(pathOf(machineDir, old)).catch(() => undefined)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') onFault(error)
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
