/**
 * How many of the backups that the clock made stay. Promises: only folders that are known to be of this store and made by
 * the schedule are ever taken away, the oldest first, and never the one just made. Never: anything that cannot be
 * recognised, a link, or a backup that somebody has asked for by hand.
 */
import { lstat, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncName } from '../disk/durable-file.ts'
import { partialPrefix } from './source-files.ts'
import { sumsName } from './sums.ts'

const noteName = 'README-RESTORE.txt'

interface Candidate {
  readonly name: string
  readonly generation: number
  readonly stamp: string
}

/** Takes the surplus away; gives the names of what went. `made`: the name of the backup that was just made, read back. */
export const pruneBackups = async (
  dir: string,
  { storeId, keep, made }: { storeId: string; keep: number; made: string },
): Promise<string[]> => {
  const store = storeId.slice(0, 8)
  const pattern = new RegExp(`^postern-${store}-scheduled-(\\d{8}T\\d{6}Z)-g(\\d{1,15})$`)
  const found: Candidate[] = []
  for (const name of await readdir(dir)) {
    const [, stamp, generation] = pattern.exec(name) ?? []
    if (stamp === undefined || name === made) continue
    if (await isOurs(join(dir, name), storeId)) found.push({ name, stamp, generation: Number(generation) })
  }
  // By generation first: a clock that was set back does not make a backup older.
  const newestFirst = found.toSorted((a, b) => b.generation - a.generation || (a.stamp < b.stamp ? 1 : -1))
  const gone: string[] = []
  for (const { name } of newestFirst.slice(keep - 1)) {
    // Under this name it is no backup any more, and the next one finishes what is cut short here.
    const leaving = join(dir, `${partialPrefix}${store}-${name}`)
    await rename(join(dir, name), leaving)
    await syncName(leaving)
    await rm(leaving, { recursive: true })
    gone.push(name)
  }
  return gone
}

const isOurs = async (path: string, storeId: string): Promise<boolean> => {
  const facts = await lstat(path)
  if (!facts.isDirectory()) return false
  const sums = await lstat(join(path, sumsName)).catch(() => undefined)
  if (sums?.isFile() !== true) return false
  const note = await open(join(path, noteName), 'r').catch(() => undefined)
  if (note === undefined) return false
  try {
    const { buffer, bytesRead } = await note.read(Buffer.alloc(4_096), 0, 4_096, 0)
    return buffer.subarray(0, bytesRead).includes(`store ${storeId},`)
  } finally {
    await note.close()
  }
}
