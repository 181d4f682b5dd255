/**
 * Crash states of the real writer. Sequences of operations run on a disk that forgets; after each call the states that a
 * power cut may leave are enumerated, and on each the real reading code must find the last state that was answered for or
 * the one in flight, whole: document, anchor, head and audit lines. Each so often the whole keystore is opened on one,
 * written to, and opened again.
 */
import { openAppendLog, type AppendLog } from '../../daemon/src/disk/append-log.ts'
import { keepNewestOf } from '../../daemon/src/disk/numbered-files.ts'
import type { Keystore } from '../../daemon/src/keystore/keystore.ts'
import { readMachineKey, type MachineKey } from '../../daemon/src/keystore/machine-key.ts'
import { createKeystore, openKeystore } from '../../daemon/src/keystore/open.ts'
import { createChance, type Chance } from './chance.ts'
import { createCrashDisk, type CrashDisk, type CrashDiskOptions } from './crash-disk.ts'
import type { CrashState } from './crash-remains.ts'
import { createTally, type Report } from './count.ts'
import {
  dataDir,
  depsOn,
  docOf,
  headsOn,
  hold,
  isEnd,
  auditDir,
  judge,
  layout,
  machineDir,
  rootKeysBy,
  startMs,
  type Doc,
  type RootKeysIn,
  type Truth,
} from './judge-state.ts'
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

const operations = ['change', 'line', 'turn', 'head', 'slot', 'unslot', 'refused', 'reopen', 'later'] as const
type Operation = (typeof operations)[number]

/** A keystore on a disk of its own, all of it synced. */
const prepare = async (): Promise<{ state: CrashState; key: MachineKey }> => {
  const disk = createCrashDisk(new Map(['', dataDir, machineDir].map((path) => [path, new Map()])))
  const deps = depsOn(disk.calls, () => startMs)
  await createKeystore(deps, hold, docOf(1))
  await disk.calls.mkdir(auditDir, 0o700)
  const key = await readMachineKey(layout, disk.calls)
  if (key === undefined) throw new Error('the prepared keystore has no machine key')
  return { state: disk.whole(), key }
}

/** Tries all that a size asks for. The seed of each sequence is in the notes of what was found. */
export const runCrashStates = async (size: CrashStatesSize, report: Report): Promise<Tally> => {
  const tally = createTally()
  const { state, key } = await prepare()
  const rootKeysIn = rootKeysBy(key)
  const isOver = (): boolean => tally.points >= size.points
  const tryOne = (sequence: readonly Operation[], seed: number): Promise<void> =>
    trySequence({ state, rootKeysIn, sequence, seed, chance: createChance(seed), size, tally, isOver })
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
  readonly rootKeysIn: RootKeysIn
  readonly sequence: readonly Operation[]
  readonly seed: number
  readonly chance: Chance
  readonly size: CrashStatesSize
  readonly tally: ReturnType<typeof createTally>
  readonly isOver: () => boolean
}

const trySequence = async (trial: Trial): Promise<void> => {
  const { sequence, chance, size, tally, rootKeysIn } = trial
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
      const [verdict, note] = await judge(state, truth, rootKeysIn, whole)
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
