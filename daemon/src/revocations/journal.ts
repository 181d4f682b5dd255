/**
 * The journal of revocations: what was taken back of keys and clients, outside the generations, so that a folder from an older
 * day does not bring it to life again. Kept in the data folder and in the machine folder, and beside the backups.
 *
 * Promises: what a change takes away is in both journals before the change is made, so the journal reaches at least as far as
 * the store; what a change gives back is said once it is made. Cut off anywhere, the journal is stricter than the store, and
 * is put right at the next start. Never: a secret, a verifier or a name; a journal that does not hold together is put aside,
 * not written over.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { openAppendLog, type AppendLog } from '../disk/append-log.ts'
import { keepNewest } from '../disk/numbered-files.ts'
import type { Document } from '../document/document.ts'
import type { JournalKey } from '../keystore/journal-key.ts'
import { Problem } from '../problem.ts'
import { createTargets, type Targets } from './targets.ts'
import { bestOf, findJournals, headName, holdsHead, journalFolder, type FoundJournals } from './found.ts'
import { commonLength, latestOf, nextLine, wholeFrom, type Chain, type Line } from './lines.ts'
import { changesBetween, corrections, isSame, nameOf, strictest, type Said, type Standing } from './standing.ts'

/** A change that is under way. Exactly one of the two is called. */
export interface ChangeUnderWay {
  made(): Promise<void>
  failed(): Promise<void>
}

export interface Revocations {
  /** Says what a change will take away. Rejects when that cannot be kept; then the change is not made. */
  begin(before: Document, after: Document, generation: number): Promise<ChangeUnderWay>
  /** The number of the last line. */
  readonly seq: number
  /** Writes the journal into a folder that backups go to, and keeps it up to date there from now on, as far as that goes. */
  copyTo(dir: string): Promise<void>
  /** Waits until copies under way are made or have failed. */
  settled(): Promise<void>
  close(): Promise<void>
}

export type RevocationAlarm = 'revocations_damaged' | 'revocations_unwritten'

export interface RevocationsOptions {
  readonly dataDir: string
  readonly machineDir: string
  readonly key: JournalKey
  readonly document: Document
  readonly generation: number
  readonly now: () => number
  readonly onAlarm: (kind: RevocationAlarm, message: string) => void
}

interface Written {
  readonly log: AppendLog
  /** Lines of the chain that this log does not have yet. */
  owed: string[]
}

/** Opens the journal of an open store and brings both of its places up to date. */
export const openRevocations = async (options: RevocationsOptions): Promise<Revocations> => {
  const { dataDir, machineDir, key, now, onAlarm } = options
  const found = await findJournals(options, key)
  const best = bestOf(found)
  sayDamage(found, best, onAlarm)
  const places: Written[] = []
  for (const [chain, dir] of [
    [found.own, join(dataDir, journalFolder)],
    [found.machine, join(machineDir, journalFolder)],
  ] as const)
    places.push(await openPlace(dir, chain, best))
  const states = latestOf(best.lines)
  let last: Pick<Line, 'seq' | 'mac'> | undefined = best.lines.at(-1)
  let headNumber = found.head?.number ?? 0
  /** Whether the journal may say something else than the document. */
  let astray = false

  const settle = async (): Promise<void> => {
    const outcomes = await Promise.allSettled(
      places.map(async (place) => {
        const taken = [...place.owed]
        if (taken.length === 0) return
        await place.log.append(taken)
        place.owed = place.owed.slice(taken.length)
      }),
    )
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }

  const write = async (says: readonly Line['says'][], generation: number): Promise<void> => {
    // What could not be kept before goes first, and nothing is added to it until it is.
    await settle()
    if (says.length === 0) return
    const at = new Date(now()).toISOString()
    for (const each of says) {
      const line = nextLine(key, last, { generation, at, says: each })
      last = line
      if (each.kind !== 'store') states.set(nameOf(each), each)
      for (const place of places) place.owed.push(line.text)
    }
    await settle()
    headNumber += 1
    await keepNewest(machineDir, headName, headNumber, {
      number: headNumber,
      storeId: key.storeId,
      seq: last?.seq,
      mac: last?.mac,
    })
    targets.refresh()
  }

  const targets: Targets = await createTargets({
    dataDir,
    machineDir,
    storeId: key.storeId,
    seq: () => last?.seq ?? 0,
    onFault: (message) => onAlarm('revocations_unwritten', message),
  })

  const correct = async (document: Document, generation: number): Promise<void> => {
    await write(corrections(document, states), generation)
    astray = false
  }

  /** For what is true already: the word of it may come late, but is not forgotten. */
  const sayLater = async (saying: Promise<void>): Promise<void> => {
    await saying.catch((error: unknown) => {
      astray = true
      onAlarm(
        'revocations_unwritten',
        `The journal of revocations could not be brought up to date (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); it is stricter than the store until the next change goes through.`,
      )
    })
  }

  const first: Line['says'][] = [...newsOf(found, best, states)]
  if (best.lines.length === 0 || !isTrusted(found, best) || first.length > 0 || wholeFrom(best) === Infinity)
    first.unshift({ kind: 'store', id: key.storeId })
  // A disk that takes nothing keeps nobody from starting; the next change is refused until the journal is right.
  await sayLater(write(first, options.generation).then(() => correct(options.document, options.generation)))
  // Now they are part of the journal; heard again they would undo what is decided later.
  if (!astray) for (const { path } of found.copies) await rename(path, `${path}.taken`).catch(() => undefined)

  return {
    get seq() {
      return last?.seq ?? 0
    },
    async begin(before, after, generation) {
      let said: Said
      try {
        if (astray) await correct(before, generation)
        said = changesBetween(before, after, states)
        await write(said.before, generation)
      } catch (error) {
        astray = true
        throw new Problem('store_unavailable', {
          detail:
            'The journal of revocations could not be written, so the change was not made. Look at the disks of the data folder and of the machine folder, then try again.',
          internal: String(error),
          cause: error,
        })
      }
      return {
        made: () => sayLater(write(said.after, generation)),
        failed: async () => (said.before.length > 0 ? sayLater(correct(before, generation)) : undefined),
      }
    },
    copyTo: (dir) => targets.add(dir),
    settled: () => targets.settled(),
    async close() {
      await targets.settled()
      for (const { log } of places) await log.close()
    },
  }
}

/** Whether a chain holds together and goes as far as this machine remembers. */
const isTrusted = ({ head }: FoundJournals, best: Chain): boolean =>
  best.intact && (head === undefined || holdsHead(best, head))

const sayDamage = (found: FoundJournals, best: Chain, onAlarm: RevocationsOptions['onAlarm']): void => {
  const { own, machine, head } = found
  const places = [...(own.intact ? [] : ['the data folder']), ...(machine.intact ? [] : ['the machine folder'])]
  if (places.length > 0)
    onAlarm(
      'revocations_damaged',
      `The journal of revocations in ${places.join(' and in ')} does not hold together; it is kept aside, and the journal goes on from the ${best.lines.length} lines that hold.`,
    )
  else if (head !== undefined && !holdsHead(best, head))
    onAlarm(
      'revocations_damaged',
      `The journal of revocations ends at line ${best.lines.length}, but this machine has written ${head.seq}. For folders from before today it cannot be known any more what was taken back since.`,
    )
}

/** Opens the log in a folder with the lines of `best`: what it lacks is added; one that says otherwise is put aside. */
const openPlace = async (dir: string, chain: Chain, best: Chain): Promise<Written> => {
  const common = commonLength(chain, best)
  if (!chain.intact || common < chain.lines.length) await rename(dir, `${dir}.${randomBytes(4).toString('hex')}.bad`)
  const from = chain.intact && common === chain.lines.length ? common : 0
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const log = await openAppendLog({ dir })
  return { log, owed: best.lines.slice(from).map(({ text }) => text) }
}

/** What other chains say that the best one does not, never laxer than it. */
const newsOf = (found: FoundJournals, best: Chain, states: ReadonlyMap<string, Standing>): Standing[] => {
  const news = new Map<string, Standing>()
  for (const chain of [found.own, found.machine, ...found.copies]) {
    if (chain === best) continue
    for (const [name, standing] of latestOf(chain.lines.slice(commonLength(chain, best)))) {
      const known = news.get(name) ?? states.get(name)
      const next = known === undefined ? standing : strictest(known, standing)
      if (known === undefined || !isSame(known, next)) news.set(name, next)
    }
  }
  return [...news.values()]
}
