/**
 * The store folder: finds the newest generation that opens, sets damaged ones aside, reads new ones back. Never overwrites or
 * deletes a generation that could not be read.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { namesIn, readWhole } from '../disk/disk-calls.ts'
import { isTemporary, takeBackDurably, type DiskCalls } from '../disk/durable-file.ts'
import { Problem, isProblem } from '../problem.ts'
import { surveyStore, surveyText } from './corruption.ts'
import { openGeneration, type OpenedGeneration, type SealedGeneration } from './generation-file.ts'
import { sha256, type Layout } from './layout.ts'
import { prunable, windowMs, type KeptGeneration } from './retention.ts'

const generationPattern = /^(\d{10})\.pks$/
const seenPattern = /^(\d{10})\.pks(?:\..*)?$/

export interface FoundGenerations {
  /** Numbers of the generations that have their name, newest first. */
  readonly present: number[]
  /** The highest number any file here ever had, set-aside ones included; 0 for none. */
  readonly highest: number
  readonly temporary: string[]
}

export const listGenerations = async (layout: Layout, disk: DiskCalls): Promise<FoundGenerations> => {
  const names = await namesIn(layout.store, disk)
  const numbersOf = (pattern: RegExp): number[] =>
    names
      .map((name) => pattern.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .toSorted((a, b) => b - a)
  return {
    present: numbersOf(generationPattern),
    highest: numbersOf(seenPattern)[0] ?? 0,
    temporary: names.filter(isTemporary),
  }
}

export const pathOfGeneration = (layout: Layout, gen: number): string =>
  join(layout.store, `${String(gen).padStart(10, '0')}.pks`)

/**
 * Opens the newest good generation, with whichever root key opens it. `damaged`: newer ones that did not open, still where
 * they were. Throws `keystore_damaged` when none opens, `keystore_too_new` for one from a newer Postern (falling back past it
 * would lose what that one holds), `store_unavailable` for one that cannot be read just now.
 */
export const openNewest = async <T>(
  layout: Layout,
  rootKeys: readonly Buffer[],
  read: (opened: OpenedGeneration) => T,
  disk: DiskCalls,
): Promise<{ opened: OpenedGeneration; rootKey: Buffer; value: T; damaged: number[] }> => {
  const { present } = await listGenerations(layout, disk)
  const damaged: number[] = []
  for (const gen of present) {
    const bytes = await readWhole(pathOfGeneration(layout, gen), disk)
    try {
      if (bytes === undefined) throw new Error('the disk does not give it back')
      const { opened, rootKey } = openWithAny(bytes, rootKeys)
      if (opened.header.gen !== gen) throw new Error('the generation is not the one its name says')
      return { opened, rootKey, value: read(opened), damaged }
    } catch (error) {
      if (isProblem(error, 'keystore_too_new')) throw error
      damaged.push(gen)
    }
  }
  const files = await surveyStore(layout, rootKeys, disk)
  throw new Problem('keystore_damaged', {
    extensions: { generations: files },
    detail:
      present.length === 0
        ? `There are key slots, but no generation in ${layout.store}. Copy the store folder back from a backup; nothing has been changed.`
        : `None of the ${present.length} generations in ${layout.store} opens (newest ${present[0]}). Restore the folder from a backup; nothing has been changed. What can still be read:\n${surveyText(files)}`,
  })
}

/** A root key opens what was sealed since it was drawn; the one before it opens what is older. */
export const openWithAny = (
  bytes: Buffer,
  rootKeys: readonly Buffer[],
): { opened: OpenedGeneration; rootKey: Buffer } => {
  let fault: unknown
  for (const rootKey of rootKeys) {
    try {
      return { opened: openGeneration(bytes, rootKey), rootKey }
    } catch (error) {
      if (isProblem(error, 'keystore_too_new')) throw error
      fault = error
    }
  }
  throw fault
}

/** Keeps a damaged generation under another name, out of the way and untouched. Gives the new name. */
export const setAside = async (layout: Layout, gen: number, disk: DiskCalls): Promise<string> => {
  const path = pathOfGeneration(layout, gen)
  const aside = `${path}.${randomBytes(4).toString('hex')}.bad`
  await disk.rename(path, aside)
  return aside
}

/** Reads a generation back as it was written. Throws when it is not the same. */
export const verifyGeneration = async (
  layout: Layout,
  gen: number,
  sealed: SealedGeneration,
  disk: DiskCalls,
): Promise<void> => {
  const bytes = await disk.readFile(pathOfGeneration(layout, gen))
  const hash = bytes.subarray(bytes.length - 32)
  if (hash.toString('hex') !== sealed.hash || !sha256(bytes.subarray(0, bytes.length - 32)).equals(hash))
    throw new Error('the generation does not read back as it was written')
}

/** Takes away a generation of our own whose change is refused: it must not come true at the next start, nor after a cut. */
export const takeBack = async (layout: Layout, gen: number, disk: DiskCalls): Promise<void> => {
  await takeBackDurably(pathOfGeneration(layout, gen), disk).catch(() => undefined)
}

/** A generation that lies in the store folder. */
export interface StoredGeneration extends KeptGeneration {
  readonly bytes: number
}

export const storedGenerations = async (
  layout: Layout,
  nowMs: number,
  disk: DiskCalls,
): Promise<StoredGeneration[]> => {
  const { present } = await listGenerations(layout, disk)
  return Promise.all(
    present.map(async (gen) => {
      const facts = await disk.stat(pathOfGeneration(layout, gen)).catch(() => undefined)
      return { gen, writtenMs: facts?.mtimeMs ?? nowMs, bytes: facts?.size ?? 0 }
    }),
  )
}

/** Deletes what retention lets go; gives what is left. */
export const pruneGenerations = async (
  layout: Layout,
  stored: readonly StoredGeneration[],
  nowMs: number,
  disk: DiskCalls,
): Promise<StoredGeneration[]> => {
  const gone = new Set(prunable(stored, nowMs))
  for (const gen of gone) await disk.unlink(pathOfGeneration(layout, gen)).catch(() => undefined)
  return stored.filter(({ gen }) => !gone.has(gen))
}

/** How many bytes the 15-minute window holds. */
export const windowBytesOf = (stored: readonly StoredGeneration[], nowMs: number): number =>
  stored.filter(({ writtenMs }) => nowMs - writtenMs < windowMs).reduce((sum, { bytes }) => sum + bytes, 0)
