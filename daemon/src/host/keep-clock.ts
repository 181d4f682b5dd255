/**
 * The clock that keys are judged by, kept over stops in the machine folder. Promises: asking costs no disk; a wall clock that
 * went back, or far ahead, is told of with both times until it is over. Never: sets a clock.
 */
import type { ClockView } from '@postern/shared'
import { keepNewest, readNewest } from '../disk/numbered-files.ts'
import { Problem } from '../problem.ts'
import {
  acceptWall,
  clockLimits,
  judgedBy,
  look,
  startFloor,
  type Clocks,
  type Floor,
  type KeptFloor,
} from './clock-floor.ts'

export interface JudgingClock {
  /** Milliseconds since the epoch, by which keys are judged. */
  now(): number
  view(): ClockView
  /** What a schedule calls each minute, and when the wall clock was set. Rejects when the floor cannot be kept. */
  look(): Promise<void>
  /** A person says that the wall clock is right. Throws `conflict` when nothing is in doubt. */
  accept(): Promise<void>
}

interface Kept extends KeptFloor {
  readonly number: number
}

const fileName = 'clock-floor'
export const clockAlarm = 'clock'

const instant = (ms: number): string => new Date(ms).toISOString()

export const openClock = async (options: {
  machineDir: string
  wallMs: () => number
  steadyMs?: () => number
  onAlarm: (message: string) => void
  onAlarmEnd: (message: string) => void
}): Promise<JudgingClock> => {
  const { machineDir, wallMs, steadyMs = () => performance.now() } = options
  const clocks = (): Clocks => ({ wallMs: wallMs(), steadyMs: steadyMs() })
  const kept = await readNewest<Kept>(
    machineDir,
    fileName,
    (value, number) => value.number === number && [value.floorMs, value.agreedMs, value.wallMs].every(Number.isFinite),
  )
  let number = kept?.number ?? 0
  let told: Floor['standing'] = 'right'
  let floor = startFloor(kept, clocks())

  const tell = (): void => {
    if (floor.standing === told) return
    const was = told
    told = floor.standing
    if (was !== 'right') options.onAlarmEnd(`The clock of this machine is right again: ${instant(floor.wallMs)}.`)
    const text = alarmText(floor)
    if (text !== null) options.onAlarm(text)
  }

  const keep = async (): Promise<void> => {
    number += 1
    const { floorMs, agreedMs } = floor
    await keepNewest(machineDir, fileName, number, { number, floorMs, agreedMs, wallMs: floor.wallMs })
  }

  tell()
  // A disk that takes nothing keeps nobody from starting; the next look tells of it.
  await keep().catch(() => undefined)

  return {
    now: () => judgedBy(floor, clocks()),
    view: () => {
      const now = clocks()
      return {
        standing: floor.standing,
        wall: instant(now.wallMs),
        judged_by: instant(judgedBy(floor, now)),
        floor: instant(floor.floorMs),
        agrees_in_seconds:
          floor.standing === 'ahead' ? Math.ceil((clockLimits.agreeMs - floor.agreedMs) / 1_000) : null,
      }
    },
    async look() {
      floor = look(floor, clocks())
      tell()
      await keep()
    },
    async accept() {
      floor = look(floor, clocks())
      tell()
      if (floor.standing === 'right')
        throw new Problem('conflict', {
          detail: 'The clock of this machine is not in doubt; there is nothing to accept.',
        })
      floor = acceptWall(clocks())
      tell()
      await keep()
    },
  }
}

const alarmText = ({ standing, wallMs, floorMs }: Floor): string | null => {
  if (standing === 'right') return null
  if (standing === 'behind')
    return `The clock of this machine went back: it says ${instant(wallMs)}, but it has been ${instant(floorMs)}. Keys are judged by the later time. Set the clock right; if it is right now, and was wrong before: postern clock accept`
  return `The clock of this machine went far ahead: it says ${instant(wallMs)}, and the last time that is sure is ${instant(floorMs)}. Keys that end before the present time are refused; when the clock is set back they are not. It is believed after 24 hours, or at once with: postern clock accept`
}
