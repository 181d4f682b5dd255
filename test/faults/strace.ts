/**
 * The thirty changes, made by a process that is killed before its n-th system call of a kind, or whose n-th call fails:
 * for every kind of call that a write is made of, and every n. Afterwards the folder is opened as the next start would,
 * and holds exactly what was answered. A kill leaves the page cache to the kernel, so this says nothing of power cuts.
 */
import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readBroken, type BrokenWriter } from './broken-writers.ts'
import { changeWorker, type ChangeWorker } from './change-worker.ts'
import { judge, recover } from './judge-changes.ts'
import { inLanes, prepareFolder, spread } from './rig-folder.ts'
import type { Tally } from './tally.ts'
import { nowMs } from './thirty-changes.ts'

/** Calls that a write is made of, and those that stand in for them on other file systems and libraries. */
const calls = {
  open: 'openat',
  write: 'pwrite64,pwritev,writev',
  sync: 'fsync,fdatasync',
  name: 'link,linkat,rename,renameat,renameat2,unlink,unlinkat',
  close: 'close',
  /** Wakes the main thread, and says what has been answered. It touches no file, so only kills go here, and few. */
  wake: 'write',
}
const wakesKilled = 100
const errors = ['EIO', 'ENOSPC', 'EDQUOT', 'EMFILE', 'EROFS']

interface Fault {
  readonly name: string
  readonly strace: readonly string[] | undefined
  readonly shortWriteAt: number | null
  /** How many points there are in it. */
  readonly points: number
}

const traceOf = (call: string): string[] => ['-e', `trace=${call}`]

const kill = (call: string, at: number): Fault => ({
  name: `${call} ${at}: kill`,
  strace: [...traceOf(call), '-e', `inject=${call}:signal=KILL:when=${at}`],
  shortWriteAt: null,
  points: 1,
})

/** Errors are over when they have been told, so one process meets several, far from each other. */
const errorsARun = 10

/** An error while the store is opened ends the run, so there each has one of its own. */
const runsOf = (call: string, what: string, { all, opening }: CallCount): Fault[] => {
  const apart = Math.ceil((all - opening) / errorsARun)
  const from = (at: number, every: string, points: number): Fault => ({
    name: `${call} ${at}${every}: ${what}`,
    strace: [...traceOf(call), '-e', `inject=${call}:${what}:when=${at}${every}`],
    shortWriteAt: null,
    points,
  })
  return [
    ...Array.from({ length: opening }, (_, at) => from(at + 1, '', 1)),
    ...Array.from({ length: apart }, (_, at) =>
      from(opening + at + 1, `+${apart}`, Math.ceil((all - opening - at) / apart)),
    ),
  ]
}

/** Every fault there is for calls that are made so many times, and so many writes. */
const faultsFor = (counts: ReadonlyMap<string, CallCount>, writes: number): { kills: Fault[]; others: Fault[] } => {
  const all = [...counts]
  const files = all.filter(([call]) => call !== calls.wake)
  return {
    kills: all.flatMap(([call, count]) => {
      const every = Array.from({ length: count.all }, (_, at) => kill(call, at + 1))
      return call === calls.wake ? spread(every, wakesKilled) : every
    }),
    others: [
      ...errors.flatMap((error) => files.flatMap(([call, count]) => runsOf(call, `error=${error}`, count))),
      // Says that it has taken so many bytes, and has taken none.
      ...['retval=0', 'retval=1'].flatMap((lie) =>
        runsOf('pwrite64', lie, counts.get('pwrite64') ?? { all: 0, opening: 0 }),
      ),
      ...Array.from({ length: writes }, (_, at) => ({
        name: `write ${at + 1}: half of it`,
        strace: undefined,
        shortWriteAt: at + 1,
        points: 1,
      })),
    ],
  }
}

/** How often a call is made when nothing fails, and how often of these before the store is open. */
interface CallCount {
  readonly all: number
  readonly opening: number
}

/** The most by any one thread, because strace counts by thread. */
const countCalls = (traced: string): Map<string, CallCount> => {
  const open = countByThread(traced.slice(0, Math.max(0, traced.indexOf('write(1, "O'))))
  return new Map([...countByThread(traced)].map(([call, all]) => [call, { all, opening: open.get(call) ?? 0 }]))
}

const countByThread = (traced: string): Map<string, number> => {
  const byThread = new Map<string, Map<string, number>>()
  for (const [, thread = '', call = ''] of traced.matchAll(/^\[pid +(\d+)\] (\w+)\(/gm)) {
    const counts = byThread.get(thread) ?? new Map<string, number>()
    byThread.set(thread, counts.set(call, (counts.get(call) ?? 0) + 1))
  }
  const most = new Map<string, number>()
  for (const counts of byThread.values())
    for (const [call, count] of counts) most.set(call, Math.max(count, most.get(call) ?? 0))
  return most
}

/** Whether strace is here and may trace. */
export const canTrace = (): boolean =>
  process.platform === 'linux' && spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0

export interface StraceOptions {
  readonly writer?: 'real' | BrokenWriter
  /** Only faults with such a name. */
  readonly only?: RegExp
  readonly say?: (text: string) => void
}

/** Tries about `size` points, a fifth of them kills, evenly spread over all there are; `Infinity`: all. */
export const runStrace = async (
  size: number,
  { writer = 'real', only = /./, say }: StraceOptions = {},
): Promise<Tally> => {
  const base = await prepareFolder(nowMs)
  const workers = [0, 1].map(() => changeWorker(join(base.dir, '..', 'cache')))
  const tally = { points: 0, lost: 0, wrong: 0, uncaught: 0, notes: [] as string[] }
  const once = async (worker: ChangeWorker, { strace, shortWriteAt }: Pick<Fault, 'strace' | 'shortWriteAt'>) => {
    const folders = await base.another()
    try {
      const outcome = await worker.run({ ...folders, writer, shortWriteAt }, strace)
      // Its process lives on for the next run; one that is started for itself would be gone, and its lock with it.
      if (outcome.end === 'done') await rm(join(folders.machineDir, 'lock'), { force: true })
      // A close that was not carried out leaves the hold on the folder open in a process that lives on.
      if (strace?.some((each) => each.includes('inject=close')) === true && outcome.end === 'done') await worker.renew()
      const look =
        writer === 'real'
          ? () => recover(folders)
          : async () => ({ document: await readBroken(folders.dataDir), trailFault: undefined })
      return { outcome, verdict: await judge(outcome, look) }
    } finally {
      await rm(folders.dir, { recursive: true, force: true })
    }
  }
  const fire = async (worker: ChangeWorker, fault: Fault): Promise<void> => {
    const { outcome, verdict } = await once(worker, fault)
    const points =
      fault.strace === undefined || outcome.end !== 'done' ? 1 : outcome.traced.split('(INJECTED)').length - 1
    if (points === 0) return
    tally.points += points
    if (say !== undefined && tally.points % 200 < points)
      say(`${tally.points} points: ${tally.lost} lost, ${tally.wrong} wrong, ${tally.uncaught} uncaught`)
    tally.lost += verdict.lost
    tally.uncaught += verdict.uncaught
    // A disk that says it has written what it has not is found out in the store, which is read back, not in the trail.
    if (verdict.note === undefined || (fault.name.includes('retval') && isTrailOnly(verdict.note))) return
    tally.wrong += verdict.wrong
    tally.notes.push(`${fault.name}: ${verdict.note}`)
  }
  try {
    const [first] = workers
    if (first === undefined) throw new Error('no worker')
    await once(first, { strace: undefined, shortWriteAt: null })
    const every = Object.values(calls).join(',')
    const { outcome } = await once(first, { strace: traceOf(every), shortWriteAt: null })
    const faults = faultsFor(countCalls(outcome.traced), outcome.writes)
    const kills = faults.kills.filter(({ name }) => only.test(name))
    const others = faults.others.filter(({ name }) => only.test(name))
    const there = [...kills, ...others].reduce((sum, { points }) => sum + points, 0)
    const perRun = others.length === 0 ? 1 : (there - kills.length) / others.length
    // Kills are slow, so they come last, and in an order that is spread at any moment.
    const chosen = [...spread(others, Math.ceil((size * 0.85) / perRun)), ...scattered(spread(kills, size / 5))]
    await inLanes(
      chosen,
      workers.map((worker) => (fault: Fault) => fire(worker, fault)),
    )
    return { ...tally, notes: [`${tally.points} of ${there} points there are`, ...tally.notes] }
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
    await base.remove()
  }
}

const scattered = <T>(items: readonly T[]): T[] =>
  items
    .map((item, at) => ({ item, rank: (at * 0.618_033_988_75) % 1 }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item)

const isTrailOnly = (note: string): boolean => note.startsWith('the audit trail')
