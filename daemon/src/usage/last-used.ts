/**
 * When each key was last used. Promises: kept in memory on the path of a call, on the disk within a minute and at stop, and
 * merged by the later time. May lose the last 60 seconds. Never: a keystore write, or anything fatal: a file that cannot be
 * read is set aside.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../disk/durable-file.ts'

export interface LastUsed {
  /** Notes a use; cheap enough for every call. */
  note(keyId: string, atMs: number): void
  /** RFC 3339, or `null` for a key that has never been used. */
  of(keyId: string): string | null
  /** Writes what has changed since the last flush. Keys that are not in `existing` are forgotten. */
  flush(existing: (keyId: string) => boolean): Promise<void>
}

interface Sealer {
  seal(plain: Buffer, associated: string): string
  open(sealed: string, associated: string): Buffer
}

const usagePattern = /^(\d{10})\.pku$/
const associated = 'last-used/v1'

/** Loads what the newest readable file holds. `onSetAside` hears of a file that could not be read. */
export const openLastUsed = async (options: {
  dir: string
  sealer: Sealer
  onSetAside: (message: string) => void
}): Promise<LastUsed> => {
  const { dir, sealer } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const numbers = async (): Promise<number[]> =>
    (await readdir(dir))
      .map((name) => usagePattern.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .toSorted((a, b) => b - a)
  const pathOf = (seq: number): string => join(dir, `${String(seq).padStart(10, '0')}.pku`)
  const times = new Map<string, number>()
  let changed = false

  const present = await numbers()
  let seq = present[0] ?? 0
  for (const each of present) {
    try {
      const plain = sealer.open(await readFile(pathOf(each), 'utf8'), associated)
      const held = JSON.parse(plain.toString('utf8')) as Record<string, number>
      for (const [keyId, atMs] of Object.entries(held)) times.set(keyId, Math.max(atMs, times.get(keyId) ?? 0))
      break
    } catch {
      const aside = `${pathOf(each)}.${randomBytes(4).toString('hex')}.bad`
      await rename(pathOf(each), aside).catch(() => undefined)
      options.onSetAside(`A file of last-used times could not be read and is kept as ${aside}.`)
    }
  }

  return {
    note(keyId, atMs) {
      if (atMs <= (times.get(keyId) ?? 0)) return
      times.set(keyId, atMs)
      changed = true
    },
    of(keyId) {
      const atMs = times.get(keyId)
      return atMs === undefined ? null : new Date(atMs).toISOString()
    },
    async flush(existing) {
      if (!changed) return
      changed = false
      for (const keyId of times.keys()) if (!existing(keyId)) times.delete(keyId)
      const sealed = sealer.seal(Buffer.from(JSON.stringify(Object.fromEntries(times))), associated)
      seq += 1
      try {
        await writeDurably(pathOf(seq), Buffer.from(sealed))
      } catch (error) {
        changed = true
        throw error
      }
      for (const old of (await numbers()).slice(2)) await unlink(pathOf(old)).catch(() => undefined)
    },
  }
}
