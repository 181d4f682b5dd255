/**
 * What becomes of the trail when its disk is full. Promises: what somebody asks for is refused from the first write that
 * found no room until the reserve is whole again; what has happened already is written from the reserve, step by step; each
 * stage is said once. Never: gives up more of the reserve than three steps for one append, whoever else eats the room.
 */
import { dirname } from 'node:path'
import { isNoSpace, openReserveFile, type ReserveFile, type ReserveFileOptions } from '../disk/reserve-file.ts'
import { Problem } from '../problem.ts'

export type TrailAlarm = 'trail_gap' | 'audit_reserve' | 'audit_disk_full' | 'audit_unwritable'

export interface Reserve {
  /** Whether an error is the full disk that has been said already. */
  explains(error: unknown): boolean
  /** Whether there is no room left even for what has happened. */
  readonly usedUp: boolean
  /** Writes what somebody asks for. Throws `store_unavailable`, whatever the disk said. */
  spare(write: () => Promise<void>): Promise<void>
  /** Writes what has happened, from the reserve if need be. Throws the file system's error. */
  spend(bytes: number, write: () => Promise<void>): Promise<void>
  /** Throws `store_unavailable` while the disk is full; looks at it first. */
  assertRoom(): Promise<void>
  /** Fills the reserve up where there is room again, which ends the alarm. */
  tend(): Promise<void>
}

export interface ReserveOptions extends Omit<ReserveFileOptions, 'bytes'> {
  /** `undefined`: no reserve is made; what is there from before is used. */
  readonly bytes: number | undefined
  readonly onAlarm: (message: string, kind: TrailAlarm) => void
  readonly onAlarmEnd: (message: string, kind: TrailAlarm) => void
  /** What is given up beyond what an append needs. */
  readonly stepBytes?: number
}

const triesMax = 3

export const openReserve = async (options: ReserveOptions): Promise<Reserve> => {
  const { path, bytes = 0, onAlarm, onAlarmEnd, stepBytes = 1024 * 1024 } = options
  const dir = dirname(path)
  const file: ReserveFile = await openReserveFile({ ...options, bytes })
  /** From the first write without room until the reserve is whole again. */
  let diskFull = false
  let usedUp = false
  /** A write failed for another reason than room, and none has gone well since. */
  let failing = false
  /** Missing since the start, while the disk still takes writes. */
  let missing = false

  const noRoom = (cause?: unknown): Problem =>
    new Problem('store_unavailable', {
      detail: `The disk of ${dir} is full, and nothing is changed that the audit trail cannot record. Make room, at least ${mib(2 * (bytes - file.heldBytes) + stepBytes)} MiB, then try again.`,
      cause,
    })

  const fellFull = (): void => {
    if (diskFull) return
    diskFull = true
    onAlarm(
      `The disk of ${dir} is full. Admin changes are refused. Calls go on from a reserve, of which ${mib(file.heldBytes)} of ${mib(bytes)} MiB are left; then they are refused too. Make room on this disk.`,
      'audit_disk_full',
    )
  }

  const failed = (error: unknown): void => {
    if (failing) return
    failing = true
    onAlarm(
      `The audit trail in ${dir} cannot be written, so admin changes and reveals are refused: ${error instanceof Error ? error.message : String(error)}.`,
      'audit_unwritable',
    )
  }

  const written = (): void => {
    if (!failing && !usedUp) return
    failing = usedUp = false
    onAlarmEnd(`The audit trail in ${dir} is written again.`, 'audit_unwritable')
  }

  const tend = async (): Promise<void> => {
    if (!diskFull && !missing) return
    try {
      if (!(await file.fill())) return
    } catch {
      // The disk said less than it meant, as quotas do. It is tried again with the next flush.
      return
    }
    if (diskFull) onAlarmEnd(`There is room on the disk of ${dir} again; changes are made again.`, 'audit_disk_full')
    else onAlarmEnd(`The audit trail has its reserve of ${mib(bytes)} MiB.`, 'audit_reserve')
    diskFull = usedUp = missing = false
  }

  const assertRoom = async (): Promise<void> => {
    await tend()
    if (diskFull) throw noRoom()
  }

  const made = await file.fill().then(
    (whole) => (whole ? undefined : 'there is too little room'),
    (error: unknown) => String(error),
  )
  if (made !== undefined) {
    missing = true
    onAlarm(
      `The audit trail has ${mib(file.heldBytes)} of the ${mib(bytes)} MiB it keeps back for a full disk: ${made}. Make room on the disk of ${dir}; the rest is taken then.`,
      'audit_reserve',
    )
  }

  return {
    get usedUp() {
      return usedUp
    },
    explains: (error) => diskFull && isNoSpace(error),
    assertRoom,
    tend,
    async spare(write) {
      await assertRoom()
      try {
        await write()
        written()
      } catch (error) {
        if (!isNoSpace(error)) {
          failed(error)
          throw new Problem('store_unavailable', {
            detail: `The audit trail in ${dir} could not be written, so nothing was changed. The log says why.`,
            internal: String(error),
            cause: error,
          })
        }
        // The alarm is a notice, and notices are kept on a disk; what it frees is not for the change.
        await file.giveUp(stepBytes).catch(() => undefined)
        fellFull()
        throw noRoom(error)
      }
    },
    async spend(needed, write) {
      let fell = false
      for (let tries = 1; ; tries++) {
        try {
          await write()
          break
        } catch (error) {
          if (!isNoSpace(error)) {
            failed(error)
            throw error
          }
          fell = true
          if (file.heldBytes === 0 && !usedUp) {
            usedUp = true
            fellFull()
            onAlarm(
              `The disk of ${dir} is full and the audit trail's reserve is used up. Refused calls cannot be recorded, so all calls are answered 503 until there is room.`,
              'audit_unwritable',
            )
          }
          if (file.heldBytes === 0 || tries > triesMax) {
            fellFull()
            throw error
          }
          await file.giveUp(needed + stepBytes)
        }
      }
      written()
      // Said after it, so that the notice finds the room that is left of this step.
      if (fell) fellFull()
    },
  }
}

const mib = (bytes: number): number => Math.ceil(bytes / 1024 ** 2)
