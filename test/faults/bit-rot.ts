/**
 * Bit rot. Bytes of slots and generations are changed, cut, spliced and swapped, also by somebody who makes the checksum fit
 * again; then the real reading code must give the same data, or the generation before with an alarm, or refuse. Never:
 * something that nobody wrote, an older state without a word, or an error that nothing expected.
 */
import { readAnchor } from '../../daemon/src/keystore/anchor.ts'
import { listGenerations, openNewest } from '../../daemon/src/keystore/generations.ts'
import { layoutOf, type Layout } from '../../daemon/src/keystore/layout.ts'
import { privateJwk, readMachineKey, type MachineKey } from '../../daemon/src/keystore/machine-key.ts'
import { createKeystore } from '../../daemon/src/keystore/open.ts'
import { inspectSlot, recordOfSlot, unwrapSlot } from '../../daemon/src/keystore/slots.ts'
import { Problem } from '../../daemon/src/problem.ts'
import { createChance, type Chance } from './chance.ts'
import { createCrashDisk } from './crash-disk.ts'
import type { CrashState } from './crash-remains.ts'
import { harmed, nameOf, rehashed } from './harm.ts'
import { createTally, type Report, type Verdict } from './count.ts'
import type { Tally } from './tally.ts'

export interface BitRotSize {
  /** How many other values each byte of a slot, and of a generation, is given; 255 are all. */
  readonly valuesOfSlots: number
  readonly valuesOfGenerations: number
  /** Random flips, splices and swaps between generations. */
  readonly random: number
  readonly seed: number
}

/** Reads a store folder: which generation it believes, what is in it, and which newer ones an alarm is raised for. */
interface Reader {
  /** Bytes of a document as this reader's writer leaves them. */
  readonly files: ReadonlyMap<string, Buffer>
  read(files: ReadonlyMap<string, Buffer>): Promise<{ gen: number; document: string; damaged: readonly number[] }>
}

const dataDir = '/data'
const machineDir = '/machine'
const layout: Layout = layoutOf(dataDir, machineDir)
const generations = 5

/** The last but one takes two chunks. */
const documentOf = (gen: number): string =>
  JSON.stringify({ gen, filler: 'f'.repeat(gen === generations - 1 ? 66_000 : gen * 7) })

interface Prepared {
  readonly state: CrashState
  readonly rootKey: Buffer
  readonly key: MachineKey
}

const prepare = async (): Promise<Prepared> => {
  const disk = createCrashDisk(new Map(['', dataDir, machineDir].map((path) => [path, new Map()])))
  const { keystore } = await createKeystore(
    {
      dataDir,
      machineDir,
      codec: { parse: (bytes) => bytes.toString(), serialise: (document: string) => Buffer.from(document) },
      now: () => 0,
      onAlarm: () => undefined,
      disk: disk.calls,
    },
    { release: async () => undefined },
    documentOf(1),
  )
  for (let gen = 2; gen <= generations; gen++) await keystore.write(documentOf(gen))
  const key = await readMachineKey(layout, disk.calls)
  const rootKey = key && (await unwrapSlot(layout, key.slotId, privateJwk(key), disk.calls))?.rootKeys[0]
  if (key === undefined || rootKey === undefined) throw new Error('the prepared keystore has no root key')
  return { state: disk.whole(), rootKey, key }
}

/** The real one: generations by their root key, and the anchor beside them. */
const keystoreReader = ({ state, rootKey }: Prepared): Reader => ({
  files: state.get(layout.store) ?? new Map(),
  async read(files) {
    const disk = createCrashDisk(new Map([...state, [layout.store, files]])).calls
    const { opened, value, damaged } = await openNewest(layout, [rootKey], ({ plain }) => plain.toString(), disk)
    const anchor = await readAnchor(layout, disk)
    const { highest } = await listGenerations(layout, disk)
    if (anchor === undefined || highest < anchor.maxGen) throw new Problem('keystore_rolled_back')
    return { gen: opened.header.gen, document: value, damaged }
  },
})

export const runBitRot = async (size: BitRotSize, report: Report): Promise<Tally> => {
  const tally = createTally()
  const chance = createChance(size.seed)
  const prepared = await prepare()
  await tryCopies(prepared, size.valuesOfSlots, chance, tally)
  report(`slots: ${tally.points} points`)
  const reader = keystoreReader(prepared)
  const name = nameOf(generations)
  const outcomes = { same: 0, before: 0, refused: 0 }
  for (const [what, bytes] of eachByte(reader.files.get(name) ?? Buffer.alloc(0), size.valuesOfGenerations, chance))
    for (const each of [bytes, rehashed(bytes)])
      tally.count(...(await judge(reader, new Map([...reader.files, [name, each]]), `generation ${what}`, outcomes)))
  report(`generations: ${tally.points} points`)
  await runHarm(reader, size, tally, report)
  tally.say(`the newest generation, each byte: ${textOf(outcomes)}; seed ${size.seed}`)
  return tally
}

/** Random harm to the folder of any reader. */
const runHarm = async (
  reader: Reader,
  { random, seed }: Pick<BitRotSize, 'random' | 'seed'>,
  tally: ReturnType<typeof createTally>,
  report: Report,
): Promise<void> => {
  const chance = createChance(seed + 1)
  const outcomes = { same: 0, before: 0, refused: 0 }
  for (let at = 0; at < random; at++) {
    const { files, said } = harmed(reader.files, chance)
    tally.count(...(await judge(reader, files, said, outcomes)))
    if (at % 50_000 === 49_999) report(`random harm: ${at + 1}`)
  }
  tally.say(`random harm: ${textOf(outcomes)}`)
}

type Outcome = 'same' | 'before' | 'refused'

const judge = async (
  reader: Reader,
  files: ReadonlyMap<string, Buffer>,
  said: string,
  outcomes: Record<Outcome, number>,
): Promise<[Verdict, () => string]> => {
  try {
    const { gen, document, damaged } = await reader.read(files)
    if (gen < 1 || gen > generations || document !== documentOf(gen)) return ['wrong', () => `${said}: ${gen}`]
    for (let newer = gen + 1; newer <= generations; newer++) {
      const original = reader.files.get(nameOf(newer))
      const found = files.get(nameOf(newer))
      if (found !== undefined && original?.equals(found)) return ['lost', () => `${said}: ${newer} was whole`]
    }
    outcomes[gen === generations ? 'same' : 'before'] += 1
    const isSilent = gen < generations && damaged.length === 0
    return [isSilent ? 'wrong' : 'fine', () => `${said}: generation ${gen} without a word`]
  } catch (error) {
    outcomes.refused += 1
    return [error instanceof Problem ? 'fine' : 'uncaught', () => `${said}: ${String(error)}`]
  }
}

const textOf = ({ same, before, refused }: Record<Outcome, number>): string =>
  `${same} the same data, ${before} the generation before, ${refused} refused`

/** Each byte changed to `values` others (255: all), and each length it can be cut to. */
function* eachByte(whole: Buffer, values: number, chance: Chance): Generator<[string, Buffer]> {
  for (let at = 0; at < whole.length; at++) {
    for (let value = 0; value < values; value++) {
      const bytes = Buffer.from(whole)
      bytes[at] = (whole[at] ?? 0) ^ (values === 255 ? value + 1 : 1 + chance.under(255))
      yield [`byte ${at}`, bytes]
    }
    yield [`cut to ${at}`, whole.subarray(0, at)]
  }
}

/** One copy of a slot harmed: made anew from the other. Both: the same root key, or none. */
const tryCopies = async (
  { state, rootKey, key }: Prepared,
  values: number,
  chance: Chance,
  tally: ReturnType<typeof createTally>,
): Promise<void> => {
  const [one, two] = layout.slots
  const name = `${key.slotId}.jwe.json`
  const good = state.get(one)?.get(name)
  const record = await recordOfSlot(layout, { ...key, kind: 'machine', createdAt: '' }, createCrashDisk(state).calls)
  if (good === undefined || record === undefined) throw new Error('the prepared keystore has no slot')
  for (const [what, bytes] of eachByte(good, values, chance)) {
    const withCopies = (first: Buffer, second: Buffer): CrashState =>
      new Map([...state, [one, new Map([[name, first]])], [two, new Map([[name, second]])]])
    try {
      const disk = createCrashDisk(withCopies(bytes, good))
      const { healed } = await inspectSlot(layout, record, disk.calls)
      const isHealed = healed.length === 1 && disk.whole().get(one)?.get(name)?.equals(good) === true
      tally.count(isHealed ? 'fine' : 'lost', () => `slot ${what}: not healed`)
      const root = await unwrapSlot(
        layout,
        key.slotId,
        privateJwk(key),
        createCrashDisk(withCopies(bytes, bytes)).calls,
      )
      tally.count(
        root === undefined || root.rootKeys.every((each) => each.equals(rootKey)) ? 'fine' : 'wrong',
        () => `slot ${what}: another key`,
      )
    } catch (error) {
      tally.count('uncaught', () => `slot ${what}: ${String(error)}`)
    }
  }
}

/** The control: a folder of plain JSON files, whose reader believes whatever parses. */
export const runPlain = async (size: Pick<BitRotSize, 'random' | 'seed'>): Promise<Tally> => {
  const all = Array.from({ length: generations }, (_, at) => at + 1)
  const plain: Reader = {
    files: new Map(all.map((gen) => [nameOf(gen), Buffer.from(documentOf(gen))])),
    async read(files) {
      const damaged: number[] = []
      for (const name of [...files.keys()].toSorted().toReversed())
        try {
          const document = files.get(name)?.toString() ?? ''
          return { gen: (JSON.parse(document) as { gen: number }).gen, document, damaged }
        } catch {
          damaged.push(Number(name.slice(0, 10)))
        }
      throw new Problem('keystore_damaged')
    },
  }
  const tally = createTally()
  await runHarm(plain, size, tally, () => undefined)
  return tally
}
