/**
 * Writers by themselves on the disk that forgets: the real one, and broken ones that a rig must catch or it proves nothing.
 * Each writes whole files one after another; after each cut the newest that is whole must be the last that was answered
 * for, or the one in flight.
 */
import type { DiskCalls } from '../../daemon/src/disk/disk-calls.ts'
import { syncName, writeAll, writeDurably } from '../../daemon/src/disk/durable-file.ts'
import { readGeneration, sealGeneration } from '../../daemon/src/keystore/generation-file.ts'
import { newKeyring } from '../../daemon/src/keystore/keyring.ts'
import { createChance } from './chance.ts'
import { createCrashDisk } from './crash-disk.ts'
import type { CrashState } from './crash-remains.ts'
import { createTally, type Report } from './count.ts'
import type { Tally } from './tally.ts'

export interface Writer {
  readonly name: string
  /** Whether each file has a name of its own, or one is replaced again and again. */
  readonly names: 'fresh' | 'one'
  write(path: string, bytes: Buffer, disk: DiskCalls): Promise<void>
}

const temporaryOf = (path: string): string => path.replace(/\/([^/]*)$/, '/.$1.tmp')

const linked = async (path: string, disk: DiskCalls): Promise<void> => {
  await disk.link(temporaryOf(path), path)
  await disk.unlink(temporaryOf(path))
}

export const realWriter: Writer = { name: 'Postern', names: 'fresh', write: writeDurably }

export const brokenWriters: readonly Writer[] = [
  {
    name: 'no fsync',
    names: 'fresh',
    async write(path, bytes, disk) {
      const file = await disk.open(temporaryOf(path), 'wx')
      await writeAll(file, bytes, 0)
      await file.close()
      await linked(path, disk)
      await syncName(path, disk)
    },
  },
  {
    name: 'no directory fsync',
    names: 'fresh',
    async write(path, bytes, disk) {
      const file = await disk.open(temporaryOf(path), 'wx')
      await writeAll(file, bytes, 0)
      await file.sync()
      await file.close()
      await linked(path, disk)
    },
  },
  {
    name: 'one short write',
    names: 'fresh',
    async write(path, bytes, disk) {
      const file = await disk.open(temporaryOf(path), 'wx')
      await file.write(bytes, 0, bytes.length, 0)
      await file.sync()
      await file.close()
      await linked(path, disk)
      await syncName(path, disk)
    },
  },
  {
    // What the Writer of steno 4.0.2 does, call for call: writeFile to a fixed temporary name, rename over the file.
    name: 'steno',
    names: 'one',
    async write(path, bytes, disk) {
      const file = await disk.open(temporaryOf(path), 'w')
      await writeAll(file, bytes, 0)
      await file.close()
      await disk.rename(temporaryOf(path), path)
    },
  },
]

const folder = '/store'
const rootKey = Buffer.alloc(32, 1)

const sealed = (gen: number): Buffer => {
  const header = { storeId: 's', gen, prevHash: '', created: '2026-01-01T00:00:00.000Z' }
  const plain = Buffer.from(`document ${gen}`.repeat(1 + (gen % 5)))
  return Buffer.concat(sealGeneration({ ...header, rootKey, keyring: newKeyring([]), plain }).parts)
}

const newestWhole = (state: CrashState): number => {
  const found = [...(state.get(folder) ?? [])].flatMap(([name, bytes]) => {
    if (!name.endsWith('.pks')) return []
    try {
      return [readGeneration(bytes).header.gen]
    } catch {
      return []
    }
  })
  return Math.max(0, ...found)
}

export const runWriter = async (
  writer: Writer,
  size: { writes: number; perChange: number; seed: number },
  _report: Report,
): Promise<Tally> => {
  const tally = createTally()
  const chance = createChance(size.seed)
  const disk = createCrashDisk(
    new Map([
      ['', new Map()],
      [folder, new Map()],
    ]),
    { isShort: () => chance.under(3) === 0 },
  )
  const truth = { answered: 0, next: 0 }
  const look = async (fresh: boolean): Promise<void> => {
    for (const state of disk.states(size.perChange, chance, fresh)) {
      const newest = newestWhole(state)
      const verdict = newest < truth.answered ? 'lost' : newest > truth.next ? 'wrong' : 'fine'
      tally.count(verdict, () => `${writer.name}: file ${newest} of ${truth.answered}`)
    }
  }
  disk.onChange = () => look(true)
  for (let gen = 1; gen <= size.writes; gen++) {
    truth.next = gen
    const name = writer.names === 'one' ? 'document' : String(gen).padStart(10, '0')
    await writer.write(`${folder}/${name}.pks`, sealed(gen), disk.calls)
    truth.answered = gen
    await look(false)
  }
  return tally
}
