/**
 * What becomes of changes when the disk fails them. Promises: after two failed changes in a row none is tried any more, each
 * is refused at once and told since when and why, and one alarm is raised; a new file is tried every ten seconds in each
 * folder that a change writes to, and when all take it changes are made again and the alarm ends; while there is too little
 * room for a safe change it is refused with the figures. Never: stands in the way of calls, or of reading.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { realDisk, type DiskCalls } from './disk/disk-calls.ts'
import { takeBackDurably, writeDurably } from './disk/durable-file.ts'
import { briefly, Problem } from './problem.ts'

export type StorageAlarm = 'store_read_only' | 'store_space_low'

/** Why changes are refused, for people. */
export interface Refusing {
  readonly since: string
  readonly why: string
}

export interface StorageGuard {
  /** `null`: changes are made. */
  readonly refusing: Refusing | null
  /** Makes a change, or refuses it. Throws `store_unavailable`, and what the change throws. */
  guard<R>(change: () => Promise<R>): Promise<R>
  /** What a schedule calls every ten seconds. Never throws. */
  probe(): Promise<void>
}

export interface StorageGuardOptions {
  /** The folders that a change writes to; the store first. */
  readonly dirs: readonly [string, ...string[]]
  readonly now: () => number
  readonly onAlarm: (kind: StorageAlarm, message: string) => void
  readonly onAlarmEnd: (kind: StorageAlarm, message: string) => void
  /** Of the newest generation. */
  readonly storeBytes: () => number
  /** Room on the disk of the store; `null` when nobody knows. */
  readonly freeBytes: () => Promise<number | null>
  /** Less room than this is too little, however small the store is. */
  readonly freeBytesMin: number
  /** Whether a failure is something else than a disk that fails, and has its own way to end. */
  readonly isOther: (error: Problem) => boolean
  readonly disk?: DiskCalls
}

const failuresMax = 2
/** A change writes a generation beside the old one; the third is for what else comes onto the disk meanwhile. */
const storesFree = 3

export const createStorageGuard = (options: StorageGuardOptions): StorageGuard => {
  const { dirs, now, onAlarm, onAlarmEnd, storeBytes, freeBytes, freeBytesMin, isOther, disk = realDisk } = options
  let failures = 0
  let failed: Refusing | null = null
  let low: Refusing | null = null
  /** A file of an earlier try that could not be taken away. */
  let left: string | undefined

  const refuse = ({ since, why }: Refusing): never => {
    throw new Problem('store_unavailable', {
      detail: `Changes are refused since ${since}: ${why} Calls are answered meanwhile.`,
      extensions: { since, reason: why },
      headers: { 'Retry-After': '10' },
    })
  }

  const since = (): string => new Date(now()).toISOString()

  const lookAtRoom = async (): Promise<void> => {
    const free = await freeBytes()
    const needed = Math.max(storesFree * storeBytes(), freeBytesMin)
    // What nobody knows is for the write itself to find out: it fails safely.
    if (free === null || free >= needed) {
      if (low !== null) onAlarmEnd('store_space_low', 'There is room for changes again; they are made again.')
      low = null
      return
    }
    const why = `the disk of ${dirs[0]} has ${mib(free)} MiB free, and a change needs ${mib(needed)} MiB. Make room.`
    const isNew = low === null
    low = { since: low?.since ?? since(), why }
    if (isNew) onAlarm('store_space_low', `Changes are refused: ${why} Calls are answered meanwhile.`)
  }

  const heard = (error: unknown): void => {
    failures += 1
    if (failures < failuresMax || failed !== null) return
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    const why = `${failures} changes in a row could not be written (${briefly(cause)}). The disk is tried every 10 seconds; look at it, and at the log.`
    failed = { since: since(), why }
    onAlarm('store_read_only', `The store is read-only: ${why} Calls are answered meanwhile.`)
  }

  const tryDirs = async (): Promise<void> => {
    if (left !== undefined)
      await disk.unlink(left).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
    left = undefined
    for (const [at, dir] of dirs.entries()) {
      const path = join(dir, `.probe-${randomBytes(6).toString('hex')}.tmp`)
      // As much as a change would write; a quota is not seen in any figure.
      await writeDurably(path, randomBytes(at === 0 ? Math.max(storeBytes(), probeBytes) : probeBytes), disk)
      left = path
      await takeBackDurably(path, disk)
      left = undefined
    }
  }

  return {
    get refusing() {
      return failed ?? low
    },
    async guard(change) {
      if (failed !== null) refuse(failed)
      await lookAtRoom()
      if (low !== null) refuse(low)
      try {
        const result = await change()
        failures = 0
        return result
      } catch (error) {
        if (error instanceof Problem && error.code === 'store_unavailable' && !isOther(error)) heard(error)
        throw error
      }
    },
    async probe() {
      await lookAtRoom()
      if (failed === null || low !== null) return
      try {
        await tryDirs()
      } catch {
        // Still so. It has been said.
        return
      }
      failed = null
      failures = 0
      onAlarmEnd('store_read_only', 'The disk takes new files again; changes are made again.')
    },
  }
}

const probeBytes = 4_096

const mib = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1)
