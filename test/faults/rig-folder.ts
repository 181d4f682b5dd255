/** Folders for rigs: in memory where the system has such a place, since what is killed is the process and not the machine. */
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initStore, type Folders } from '../../daemon/src/init-store.ts'

export const rigDir = (): Promise<string> =>
  mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'postern-faults-'))

export interface PreparedFolder extends Folders {
  readonly dir: string
  readonly recoveryCode: string
  /** A copy of both folders, as they were when this one was prepared. */
  another(): Promise<Folders & { dir: string }>
  remove(): Promise<void>
}

/** A store as `postern init` leaves it. */
export const prepareFolder = async (nowMs: number): Promise<PreparedFolder> => {
  const dir = await rigDir()
  const foldersIn = (name: string): Folders & { dir: string } => ({
    dir: join(dir, name),
    dataDir: join(dir, name, 'data'),
    machineDir: join(dir, name, 'machine'),
  })
  const first = foldersIn('first')
  const kit = await initStore(first, { config: {}, now: () => nowMs })
  let copies = 0
  return {
    ...first,
    recoveryCode: kit.code.reveal(),
    another: async () => {
      copies += 1
      const copy = foldersIn(String(copies))
      await cp(first.dir, copy.dir, { recursive: true })
      return copy
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}

/** Runs a job for each of `items`, so many at a time. */
export const inLanes = async <T>(
  items: readonly T[],
  lanes: readonly ((item: T) => Promise<void>)[],
): Promise<void> => {
  let next = 0
  await Promise.all(
    lanes.map(async (lane) => {
      while (next < items.length) {
        const item = items[next]
        next += 1
        if (item !== undefined) await lane(item)
      }
    }),
  )
}

/** So many of `items`, evenly spread over them. */
export const spread = <T>(items: readonly T[], count: number): T[] =>
  items.length <= count
    ? [...items]
    : Array.from(
        { length: Math.floor(count) },
        (_, at) => items[Math.floor(((at + 0.5) * items.length) / Math.floor(count))] as T,
      )
