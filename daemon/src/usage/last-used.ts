/**
 * When each key was last used. Promises: kept in memory on the path of a call, on the disk within a minute and at stop, and
 * merged by the later time. May lose the last 60 seconds. Never: a keystore write, or anything fatal: a file that cannot be
 * read is set aside.
 */
import { openNewestFile } from '../disk/newest-file.ts'
import type { Sealer } from './usage-files.ts'

export interface LastUsed {
  /** Notes a use; cheap enough for every call. */
  note(keyId: string, atMs: number): void
  /** RFC 3339, or `null` for a key that has never been used. */
  of(keyId: string): string | null
  /** Writes what has changed since the last flush. Keys that are not in `existing` are forgotten. */
  flush(existing: (keyId: string) => boolean): Promise<void>
}

/** Loads what the newest readable file holds. `onSetAside` hears of a file that could not be read. */
export const openLastUsed = async (options: {
  dir: string
  sealer: Sealer
  onSetAside: (message: string) => void
}): Promise<LastUsed> => {
  const file = await openNewestFile({
    ...options,
    suffix: 'pku',
    about: 'last-used times',
    associated: 'last-used/v1',
    read: (plain) => new Map(Object.entries(JSON.parse(plain.toString('utf8')) as Record<string, number>)),
  })
  const times = file.found ?? new Map<string, number>()
  let changed = false

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
      try {
        await file.write(Buffer.from(JSON.stringify(Object.fromEntries(times))))
      } catch (error) {
        changed = true
        throw error
      }
    },
  }
}
