/**
 * The journals of revocations that lie about, and what they have to say to a document that is being opened. Promises: only
 * authentic lines count; where it cannot be known what was taken back since, that is said (`gap`). Never: writes.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readLog } from '../disk/append-log.ts'
import { readNewest } from '../disk/numbered-files.ts'
import { readTextLines } from '../disk/read-lines.ts'
import type { JournalKey } from '../keystore/journal-key.ts'
import { commonLength, emptyChain, latestOf, readChain, wholeFrom, type Chain } from './lines.ts'
import type { Standing } from './standing.ts'

/** The number and the mac of the last line that this machine has written. */
export interface JournalHead {
  /** Of its file: it grows even when the journal had to begin again. */
  readonly number: number
  readonly storeId: string
  readonly seq: number
  readonly mac: string
}

export interface FoundJournals {
  /** In the data folder: as old as the folder. */
  readonly own: Chain
  /** In the machine folder. */
  readonly machine: Chain
  /** Taken out of a backup target and put into the data folder's journal folder. */
  readonly copies: readonly (Chain & { readonly path: string })[]
  readonly head: JournalHead | undefined
}

export const journalFolder = 'revocations'
export const headName = 'revocations-head'
const copyPattern = /^postern-[0-9a-f]{8}-revocations-(\d+)\.jsonl$/

/** The name of a copy beside backups: of which store, and up to which line. */
export const copyName = (storeId: string, seq: number): string =>
  `postern-${storeId.slice(0, 8)}-revocations-${String(seq).padStart(10, '0')}.jsonl`

/** The line up to which a copy goes, by its name; `undefined`: this is no name of a copy of this store. */
export const seqOfCopy = (name: string, storeId: string): number | undefined => {
  const [, seq] = copyPattern.exec(name) ?? []
  return seq === undefined || !name.startsWith(`postern-${storeId.slice(0, 8)}-`) ? undefined : Number(seq)
}

export const readHead = (machineDir: string, storeId: string): Promise<JournalHead | undefined> =>
  readNewest<JournalHead>(
    machineDir,
    headName,
    (head, number) => head.number === number && head.storeId === storeId && typeof head.mac === 'string',
  )

const namesIn = async (dir: string): Promise<string[]> => {
  try {
    return await readdir(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Reads every journal of a store that this machine has. */
export const findJournals = async (
  folders: { dataDir: string; machineDir: string },
  key: JournalKey,
): Promise<FoundJournals> => {
  const read = async (dir: string): Promise<Chain> =>
    (await namesIn(dir)).length === 0 ? emptyChain : readChain(readLog(dir), key)
  const ownDir = join(folders.dataDir, journalFolder)
  const copies: (Chain & { path: string })[] = []
  for (const name of await namesIn(ownDir)) {
    const seq = seqOfCopy(name, key.storeId)
    if (seq === undefined) continue
    const path = join(ownDir, name)
    const chain = await readChain(readTextLines(path), key)
    // Its name says how long it was; a shorter one has been cut.
    copies.push({ path, lines: chain.lines, intact: chain.intact && chain.lines.length === seq })
  }
  return {
    own: await read(ownDir),
    machine: await read(join(folders.machineDir, journalFolder)),
    copies,
    head: await readHead(folders.machineDir, key.storeId),
  }
}

export const holdsHead = ({ lines }: Chain, { seq, mac }: JournalHead): boolean => lines[seq - 1]?.mac === mac

/** The chain that the journal goes on from: one that holds what this machine wrote last, then the longest. */
export const bestOf = ({ own, machine, copies, head }: FoundJournals): Chain => {
  const weight = (chain: Chain): number =>
    chain.lines.length + (head !== undefined && holdsHead(chain, head) ? Number.MAX_SAFE_INTEGER / 2 : 0)
  return [machine, own, ...copies].toSorted((a, b) => weight(b) - weight(a))[0] ?? emptyChain
}

export interface Judged {
  /** What is to hold for the document besides what it says itself. */
  readonly standings: readonly Standing[]
  /** Whether something newer than the document is known to have been. */
  readonly newer: boolean
  /** Whether what was taken back since the document's generation cannot be known. */
  readonly gap: boolean
}

/**
 * What the journals have to say to a document of generation `loaded`. `remembered`: the generation this machine wrote last,
 * `null` when it has never written this store.
 */
export const judge = (
  found: FoundJournals,
  { loaded, remembered }: { loaded: number; remembered: number | null },
): Judged => {
  const { own, machine, copies, head } = found
  const best = bestOf(found)
  // The usual start: the folder is as this machine left it. What its journals say beyond it never came true.
  const asLeft = remembered !== null && loaded >= remembered
  const standings: Standing[] = []
  const hear = (chain: Chain, isNews: (index: number) => boolean): void => {
    standings.push(...latestOf(chain.lines.filter((_line, index) => isNews(index))).values())
  }
  // From the first line on that is newer: what follows it may put it right.
  const firstNewer = own.lines.findIndex(({ generation }) => generation > loaded)
  if (!asLeft && firstNewer >= 0) hear(own, (index) => index >= firstNewer)
  for (const chain of [machine, ...copies]) {
    const common = commonLength(own, chain)
    const tooNew = (index: number): boolean =>
      asLeft && chain === machine && (chain.lines[index]?.generation ?? 0) > loaded
    hear(chain, (index) => index >= common && !tooNew(index))
  }
  const chains = [own, machine, ...copies]
  const beyond = chains.some(({ lines }) => lines.some(({ generation }) => generation > loaded))
  const isLost = (chain: Chain): boolean =>
    !chain.intact &&
    !chains.some(
      (other) =>
        other.intact && commonLength(chain, other) === chain.lines.length && other.lines.length > chain.lines.length,
    )
  if (asLeft) return { standings, newer: false, gap: false }
  if (remembered !== null)
    return { standings, newer: true, gap: head === undefined || !holdsHead(best, head) || wholeFrom(best) > loaded }
  return { standings, newer: beyond, gap: chains.some(isLost) || (beyond && wholeFrom(best) > loaded) }
}
