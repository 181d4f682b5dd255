/**
 * Crash states of the real writer. Sequences of operations run on a disk that forgets; after each call the states that a
 * power cut may leave are enumerated, and on each the real reading code must find the last state that was answered for or
 * the one in flight, whole: document, anchor, head and audit lines. Each so often the whole keystore is opened on one,
 * written to, and opened again.
 */
import { openAppendLog, type AppendLog } from '../../daemon/src/disk/append-log.ts'
import { keepNewestOf, readNewestOf } from '../../daemon/src/disk/numbered-files.ts'
import { readAnchor } from '../../daemon/src/keystore/anchor.ts'
import type { FolderHold } from '../../daemon/src/keystore/folder-hold.ts'
import { listGenerations, openNewest } from '../../daemon/src/keystore/generations.ts'
import type { Keystore, KeystoreDeps } from '../../daemon/src/keystore/keystore.ts'
import { layoutOf } from '../../daemon/src/keystore/layout.ts'
import { privateJwk, readMachineKey } from '../../daemon/src/keystore/machine-key.ts'
import { createKeystore, openKeystore } from '../../daemon/src/keystore/open.ts'
import { unwrapSlot } from '../../daemon/src/keystore/slots.ts'
import type { DiskCalls } from '../../daemon/src/disk/disk-calls.ts'
import { createChance, type Chance } from './chance.ts'
import { createCrashDisk, type CrashDisk, type CrashDiskOptions } from './crash-disk.ts'
import type { CrashState } from './crash-remains.ts'
import { createTally, type Report, type Verdict } from './count.ts'
import type { Tally } from './tally.ts'

export interface CrashStatesSize {
  /** All sequences of operations up to this length … */
  readonly length: number
  /** … and this many by chance, of 4 to 60. */
  readonly random: number
  /** States per change, at most. */
  readonly perChange: number
  /** Stops when this many have been tried. */
  readonly points: number
  readonly seed: number
  /** One in so many states gets the whole keystore opened on it. */
  readonly wholeEvery: number
  readonly forgets?: CrashDiskOptions['forgets']
}

interface Doc {
  readonly n: number
  readonly filler: string
}

const dataDir = '/data'
const machineDir = '/machine'
const auditDir = '/data/audit'
const layout = layoutOf(dataDir, machineDir)
const hold: FolderHold = { release: async () => undefined }
const startMs = Date.parse('2026-01-01T00:00:00Z')

const operations = ['change', 'line', 'turn', 'head', 'slot', 'unslot', 'refused', 'reopen', 'later'] as const
type Operation = (typeof operations)[number]

const headsOn = (disk: DiskCalls) => ({ dir: machineDir, name: 'audit-head', disk })

const linePattern = /^L(\d+) of (\d+)(\.?)$/
const isEnd = (line: string): boolean => linePattern.exec(line)?.[3] === '.'
const codec: KeystoreDeps<Doc>['codec'] = {
  parse: (bytes) => JSON.parse(bytes.toString()) as Doc,
  serialise: (document) => Buffer.from(JSON.stringify(document)),
}
const docOf = (n: number): Doc => ({ n, filler: String(n).repeat(n % 40) })

/** What has been answered for, and what is under way. */
interface Truth {
  n: number
  gen: number
  head: number
  lines: string[]
  slots: number
  next: { n?: number; head?: number; lines?: string[] }
}

/** A keystore on a disk of its own, all of it synced. */
const prepare = async (): Promise<{ state: CrashState; rootKey: Buffer }> => {
  const disk = createCrashDisk(new Map(['', dataDir, machineDir].map((path) => [path, new Map()])))
  const deps = depsOn(disk.calls, () => startMs)
  await createKeystore(deps, hold, docOf(1))
  await disk.calls.mkdir(auditDir, 0o700)
  const key = await readMachineKey(layout, disk.calls)
  const rootKey = key && (await unwrapSlot(layout, key.slotId, privateJwk(key), disk.calls))?.rootKeys[0]
  if (rootKey === undefined) throw new Error('the prepared keystore has no root key')
  return { state: disk.whole(), rootKey }
}

const depsOn = (disk: DiskCalls, now: () => number): KeystoreDeps<Doc> => ({
  dataDir,
  machineDir,
  codec,
  now,
  onAlarm: () => undefined,
  disk,
})

/** Tries all that a size asks for. The seed of each sequence is in the notes of what was found. */
export const runCrashStates = async (size: CrashStatesSize, report: Report): Promise<Tally> => {
  const tally = createTally()
  const { state, rootKey } = await prepare()
  const isOver = (): boolean => tally.points >= size.points
  const tryOne = (sequence: readonly Operation[], seed: number): Promise<void> =>
    trySequence({ state, rootKey, sequence, seed, chance: createChance(seed), size, tally, isOver })
  let sequences = 0
  const chance = createChance(size.seed)
  const random = (): Operation[] => Array.from({ length: 4 + chance.under(57) }, () => chance.pick(operations))
  const drawn = Array.from({ length: size.random }, random)
  for (const sequence of [...sequencesOf(size.length), ...drawn]) {
    if (isOver()) break
    await tryOne(sequence, size.seed + sequences)
    sequences += 1
    if (sequences % 200 === 0) report(`${sequences} sequences, ${tally.points} states`)
  }
  tally.say(`${sequences} sequences, seed ${size.seed}`)
  return tally
}

/** The shorter ones are the beginnings of these. */
function* sequencesOf(length: number): Generator<Operation[]> {
  if (length === 0) return yield []
  for (const before of sequencesOf(length - 1)) for (const operation of operations) yield [...before, operation]
}

interface Trial {
  readonly state: CrashState
  readonly rootKey: Buffer
  readonly sequence: readonly Operation[]
  readonly seed: number
  readonly chance: Chance
  readonly size: CrashStatesSize
  readonly tally: ReturnType<typeof createTally>
  readonly isOver: () => boolean
}

const trySequence = async (trial: Trial): Promise<void> => {
  const { sequence, chance, size, tally, rootKey } = trial
  let nowMs = startMs
  let failing: string | undefined
  const { forgets } = size
  const disk = createCrashDisk(trial.state, {
    now: () => nowMs,
    ...(forgets === undefined ? {} : { forgets }),
    isShort: () => chance.under(4) === 0,
    before: (call, path) => {
      if (failing === undefined || !`${call} ${path}`.includes(failing)) return
      failing = undefined
      throw Object.assign(new Error('EIO'), { code: 'EIO' })
    },
  })
  const truth: Truth = { n: 1, gen: 1, head: 0, lines: [], slots: 0, next: {} }
  const deps = depsOn(disk.calls, () => nowMs)
  const step = { at: 0 }
  const look = async (fresh: boolean): Promise<void> => {
    for (const state of disk.states(size.perChange, chance, fresh)) {
      if (trial.isOver()) return
      const whole = tally.points % size.wholeEvery === 0
      const [verdict, note] = await judge(state, truth, rootKey, whole)
      tally.count(verdict, () => `seed ${trial.seed}, ${sequence.slice(0, step.at + 1).join(' ')}: ${note}`)
    }
  }
  disk.onChange = () => look(true)
  let keystore = await openKeystore(deps, hold)
  let log = await openAppendLog({ dir: auditDir, isEnd, disk: disk.calls })
  for (const operation of sequence) {
    if (trial.isOver()) return
    if (operation === 'reopen') {
      await log.close()
      keystore = await openKeystore(deps, hold)
      log = await openAppendLog({ dir: auditDir, isEnd, disk: disk.calls })
    } else if (operation === 'later') nowMs += 3_600_000
    else await run(operation, { keystore, log, disk, truth, fail: (where) => (failing = where), chance })
    failing = undefined
    truth.next = {}
    // What was in flight has been answered: all the states that were fine before must be looked at again.
    await look(false)
    step.at += 1
  }
}

interface World {
  readonly keystore: Keystore<Doc>
  readonly log: AppendLog
  readonly disk: CrashDisk
  readonly truth: Truth
  readonly fail: (where: string) => void
  readonly chance: Chance
}

const run = async (
  operation: Exclude<Operation, 'reopen' | 'later'>,
  { keystore, log, disk, truth, fail, chance }: World,
): Promise<void> => {
  const append = async (): Promise<void> => {
    const first = truth.lines.length
    const count = 1 + chance.under(3)
    const lines = Array.from({ length: count }, (_, at) => `L${first + at} of ${count}${at === count - 1 ? '.' : ''}`)
    truth.next.lines = lines
    await log.append(lines)
    truth.lines.push(...lines)
    delete truth.next.lines
  }
  switch (operation) {
    case 'line':
      return append()
    case 'turn':
      log.rotate()
      return append()
    case 'head':
      truth.next.head = truth.head + 1
      await keepNewestOf(headsOn(disk.calls), truth.head + 1, { seq: truth.head + 1 })
      truth.head += 1
      return
    case 'change':
    case 'refused': {
      await append()
      const n = truth.n + truth.gen + 1
      truth.next.n = n
      if (operation === 'refused') {
        fail(
          chance.pick([
            'link ',
            'write /data/store',
            'readFile /data/store',
            'open wx /machine/.anchor',
            'link /machine',
          ]),
        )
        const failed = await keystore.write(docOf(n)).then(
          () => false,
          () => true,
        )
        if (failed) return
      } else await keystore.write(docOf(n))
      truth.n = n
      truth.gen = keystore.generation
      return
    }
    case 'slot':
      await keystore.addRecoverySlot()
      truth.gen = keystore.generation
      truth.slots += 1
      return
    case 'unslot': {
      const spare = keystore.slots().filter(({ kind }) => kind === 'recovery')
      if (spare.length < 2) return
      await keystore.removeSlot(spare.at(-1)?.id ?? '')
      truth.gen = keystore.generation
      truth.slots -= 1
    }
  }
}

/** Reads a state with the real code, and says whether it is one of those it may be. */
const judge = async (state: CrashState, truth: Truth, rootKey: Buffer, whole: boolean): Promise<[Verdict, string]> => {
  const disk = createCrashDisk(state).calls
  try {
    const { opened, value, damaged } = await openNewest(layout, [rootKey], ({ plain }) => codec.parse(plain), disk)
    const { n } = value
    if (JSON.stringify(value) !== JSON.stringify(docOf(n))) return ['wrong', 'a document nobody wrote']
    if (opened.header.gen < truth.gen) return ['lost', `generation ${opened.header.gen} of ${truth.gen}`]
    if (n !== truth.n && n !== truth.next.n) return ['wrong', `document ${n}, answered for ${truth.n}`]
    if (damaged.length > 0) return ['wrong', `a generation under its name is not whole (${damaged.join()})`]
    const anchor = await readAnchor(layout, disk)
    if (anchor === undefined || anchor.maxGen < truth.gen) return ['lost', `the anchor says ${anchor?.maxGen}`]
    const { highest } = await listGenerations(layout, disk)
    if (highest < anchor.maxGen) return ['wrong', `anchor ${anchor.maxGen} is ahead of the store (${highest})`]
    const kept = await readNewestOf<{ seq: number }>(headsOn(disk), ({ seq }, at) => seq === at)
    const head = kept?.seq ?? 0
    if (head < truth.head) return ['lost', `head ${head} of ${truth.head}`]
    if (head > (truth.next.head ?? truth.head)) return ['wrong', `head ${head} that nobody wrote`]
    const lines = await linesOn(disk)
    const missing = truth.lines.findIndex((line, at) => lines[at] !== line)
    if (missing >= 0) return ['lost', `line ${missing} of ${truth.lines.length} is ${lines[missing]}`]
    const more = lines.slice(truth.lines.length)
    if (more.length > 0 && more.join() !== truth.next.lines?.join())
      return ['wrong', `lines nobody finished: ${more.join()}`]
    return whole ? await openWhole(disk, n) : ['fine', '']
  } catch (error) {
    return ['uncaught', error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

const linesOn = async (disk: DiskCalls): Promise<string[]> => {
  const log = await openAppendLog({ dir: auditDir, isEnd, disk })
  const lines: string[] = []
  for await (const line of log.oldestFirst()) lines.push(line)
  await log.close()
  return lines
}

/** As the next start does it, with everything it repairs; and then life goes on. */
const openWhole = async (disk: DiskCalls, n: number): Promise<[Verdict, string]> => {
  const deps = depsOn(disk, () => startMs)
  const keystore = await openKeystore(deps, hold)
  if (keystore.document.n !== n) return ['lost', `opened whole it is document ${keystore.document.n}`]
  if (keystore.slots().some(({ health }) => health !== 'ok')) return ['lost', 'a slot has no good copy']
  await keystore.write(docOf(n + 1))
  const again = await openKeystore(deps, hold)
  return again.document.n === n + 1 ? ['fine', ''] : ['lost', `a change after the cut is ${again.document.n}`]
}
