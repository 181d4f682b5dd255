/**
 * Backups as far as this machine knows of them: it makes them, is told of those that others make, and remembers the last,
 * outside the data folder, so that a restored copy does not claim to have one.
 */
import { keepNewest, readNewest } from '../disk/numbered-files.ts'
import { copyFolder, type BackupMade } from './copy-folder.ts'

export interface KnownBackup {
  /** RFC 3339: when it was begun. */
  readonly at: string
  /** Where it lies; `null`: made by another program, which said so. */
  readonly path: string | null
  /** Of the store when it was begun. */
  readonly generation: number
}

export interface Backups {
  last(): KnownBackup | null
  /** Copies the data folder into a folder of its own in `dir`. Throws what `copyFolder` throws. */
  create(dir: string): Promise<BackupMade & KnownBackup>
  /** Another program has just copied the folder. */
  note(): Promise<KnownBackup>
}

interface Remembered extends KnownBackup {
  readonly number: number
  readonly storeId: string
}

const fileName = 'backup'

export const openBackups = async (options: {
  dataDir: string
  machineDir: string
  storeId: string
  generation: () => number
  now: () => number
}): Promise<Backups> => {
  const { machineDir, storeId, generation, now } = options
  const isOurs = (value: Remembered, number: number): boolean =>
    value.number === number && value.storeId === storeId && !Number.isNaN(Date.parse(value.at))
  let last = await readNewest<Remembered>(machineDir, fileName, isOurs)
  let turn: Promise<unknown> = Promise.resolve()

  const remember = async (known: KnownBackup): Promise<KnownBackup> => {
    const next = { number: (last?.number ?? 0) + 1, storeId, ...known }
    await keepNewest(machineDir, fileName, next.number, next)
    last = next
    return known
  }

  const create: Backups['create'] = async (dir) => {
    const known = { at: new Date(now()).toISOString(), generation: generation() }
    const made = await copyFolder({ ...options, target: dir, generation: known.generation, nowMs: now() })
    await remember({ ...known, path: made.path })
    return { ...known, ...made }
  }

  return {
    last: () => (last === undefined ? null : { at: last.at, path: last.path, generation: last.generation }),
    // One after the other: the second of two at once would take the first's unfinished copy for a dead one's.
    create: (dir) => {
      const mine = turn.then(() => create(dir))
      turn = mine.catch(() => undefined)
      return mine
    },
    note: () => remember({ at: new Date(now()).toISOString(), path: null, generation: generation() }),
  }
}
