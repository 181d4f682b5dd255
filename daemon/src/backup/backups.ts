/**
 * Backups as far as this machine knows of them: it makes them, is told of those that others make, and remembers the last,
 * the last that was proven restorable, and what the clock has tried; outside the data folder, so that a restored copy does
 * not claim to have one.
 */
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { keepNewest, readNewest } from '../disk/numbered-files.ts'
import { makeBackup, type BackupMade, type BackupTarget } from './copy-folder.ts'
import type { Tried } from './cron.ts'
import { sumsName } from './sums.ts'

export interface KnownBackup {
  /** RFC 3339: when it was begun. */
  readonly at: string
  /** Where it lies; `null`: made by another program, which said so. */
  readonly path: string | null
  /** Of the store when it was begun. */
  readonly generation: number
}

/** A backup that was restored in memory, every record and secret of it. */
export interface ProvenBackup {
  /** RFC 3339: when it was tried. */
  readonly at: string
  readonly path: string
  /** RFC 3339: when the newest generation in it was written. */
  readonly backupAt: string
  readonly generation: number
  readonly keys: number
}

export interface FailedDrill {
  readonly at: string
  readonly path: string | null
  readonly problem: string
}

/** What is remembered. */
export interface BackupFacts {
  readonly last: KnownBackup | null
  /** Where the newest backup lies that Postern itself has made. */
  readonly madePath: string | null
  readonly proven: ProvenBackup | null
  readonly drillFailed: FailedDrill | null
  /** What the clock has tried; `null`: nothing was asked for yet. */
  readonly backupTried: Tried | null
  readonly drillTried: Tried | null
}

export interface Backups {
  facts(): BackupFacts
  /** Copies the data folder. Throws what `makeBackup` throws. */
  create(
    target: BackupTarget,
    options?: { scheduled?: boolean; gone?: AbortSignal; onProgress?: (done: number, total: number) => void },
  ): Promise<BackupMade & KnownBackup & { readonly path: string }>
  /** Another program has just copied the folder. */
  note(): Promise<KnownBackup>
  remember(more: Partial<Omit<BackupFacts, 'last'>>): Promise<void>
}

interface Remembered extends Partial<BackupFacts> {
  readonly number: number
  readonly storeId: string
}

const fileName = 'backup'
const nothing: BackupFacts = {
  last: null,
  madePath: null,
  proven: null,
  drillFailed: null,
  backupTried: null,
  drillTried: null,
}

export const openBackups = async (options: {
  dataDir: string
  machineDir: string
  storeId: string
  generation: () => number
  now: () => number
  beside?: (dir: string) => Promise<void>
}): Promise<Backups> => {
  const { dataDir, machineDir, storeId, generation, now } = options
  // The hashes of the copy that this folder was restored from; of a store in use they are no longer true.
  await unlink(join(dataDir, sumsName)).catch(() => undefined)
  const isOurs = (value: Remembered, number: number): boolean => value.number === number && value.storeId === storeId
  const found = await readNewest<Remembered>(machineDir, fileName, isOurs)
  let number = found?.number ?? 0
  let facts: BackupFacts = found === undefined ? nothing : factsIn(found)
  let making: Promise<unknown> = Promise.resolve()
  let keeping: Promise<unknown> = Promise.resolve()

  const keep = (more: Partial<BackupFacts>): Promise<void> => {
    const mine = keeping.then(async () => {
      const next = { ...facts, ...more }
      number += 1
      await keepNewest(machineDir, fileName, number, { number, storeId, ...next })
      facts = next
    })
    keeping = mine.catch(() => undefined)
    return mine
  }

  const create: Backups['create'] = async (target, how = {}) => {
    const known = { at: new Date(now()).toISOString(), generation: generation() }
    const made = await makeBackup({ ...options, ...how, target, generation: known.generation, nowMs: now() })
    await keep({ last: { ...known, path: made.path }, madePath: made.path })
    return { ...known, ...made }
  }

  return {
    facts: () => facts,
    // One after the other: the second of two at once would take the first's unfinished copy for a dead one's.
    create: (target, how) => {
      const mine = making.then(() => create(target, how))
      making = mine.catch(() => undefined)
      return mine
    },
    async note() {
      const known = { at: new Date(now()).toISOString(), path: null, generation: generation() }
      await keep({ last: known })
      return known
    },
    remember: (more) => keep(more),
  }
}

/** Earlier this file held the last backup alone, without a name. */
const factsIn = (found: Remembered & Partial<KnownBackup>): BackupFacts => {
  const { at, path, generation } = found
  const bare =
    at === undefined || generation === undefined || Number.isNaN(Date.parse(at))
      ? null
      : { at, path: path ?? null, generation }
  const { last = bare, madePath = bare?.path ?? null, proven, drillFailed, backupTried, drillTried } = found
  return {
    last,
    madePath,
    proven: proven ?? null,
    drillFailed: drillFailed ?? null,
    backupTried: backupTried ?? null,
    drillTried: drillTried ?? null,
  }
}
