/**
 * A time that does not go back, told from two clocks: the wall clock, which anybody may set, and a steady one, which nobody
 * can. Pure. Promises: what keys are judged by is never before the floor; the floor follows the wall clock only as far as the
 * steady one bears it out, or a person says so.
 */

export interface Clocks {
  /** Milliseconds since the epoch, as the machine believes. */
  readonly wallMs: number
  /** Milliseconds of a clock that never goes back; where it begins does not matter. */
  readonly steadyMs: number
}

/** `behind`: the wall clock is before what it has been. `ahead`: it has gone on by more than it can be trusted with. */
export type ClockStanding = 'right' | 'behind' | 'ahead'

export interface Floor {
  readonly standing: ClockStanding
  /** The latest time that is known to have been, and when that was by the steady clock. */
  readonly floorMs: number
  readonly steadyMs: number
  /** While ahead: for how long the two clocks have gone side by side since. */
  readonly agreedMs: number
  /** The wall clock when it was last looked at. */
  readonly wallMs: number
}

/** What is kept over a stop. */
export type KeptFloor = Pick<Floor, 'floorMs' | 'agreedMs' | 'wallMs'>

export const clockLimits = {
  /** Corrections of a clock that is right. */
  slackMs: 2 * 60_000,
  /** How far ahead the wall clock may be without being asked about. */
  jumpMs: 48 * 3_600_000,
  /** For how long a clock that is ahead has to go on steadily to be believed. */
  agreeMs: 24 * 3_600_000,
} as const

/** What the time must be by now, at least. */
const expected = ({ floorMs, steadyMs }: Pick<Floor, 'floorMs' | 'steadyMs'>, now: Clocks): number =>
  floorMs + Math.max(0, now.steadyMs - steadyMs)

/** The floor at a start. Without one that was kept, the wall clock is believed. */
export const startFloor = (kept: KeptFloor | undefined, now: Clocks): Floor => {
  if (kept === undefined) return acceptWall(now)
  // How long nothing ran nobody knows, so this counts for nothing; what had been agreed before it still does.
  const before = { ...kept, standing: 'right' as const, steadyMs: now.steadyMs }
  const floor = look(before, now)
  const goesOn = floor.standing === 'ahead' && now.wallMs >= kept.wallMs
  return { ...floor, agreedMs: goesOn ? kept.agreedMs : 0 }
}

/** Looks at the clocks; about once a minute. */
export const look = (floor: Floor, now: Clocks): Floor => {
  const atLeastMs = expected(floor, now)
  const seen = { steadyMs: now.steadyMs, wallMs: now.wallMs, agreedMs: 0 }
  if (now.wallMs < atLeastMs - clockLimits.slackMs) return { ...seen, standing: 'behind', floorMs: atLeastMs }
  if (now.wallMs <= atLeastMs + clockLimits.jumpMs)
    // Within the slack the floor waits for the wall clock, so that small corrections do not add up.
    return { ...seen, standing: 'right', floorMs: Math.max(floor.floorMs, now.wallMs) }
  const wentMs = now.steadyMs - floor.steadyMs
  const agrees = floor.standing === 'ahead' && Math.abs(now.wallMs - floor.wallMs - wentMs) <= clockLimits.slackMs
  const agreedMs = agrees ? floor.agreedMs + wentMs : 0
  if (agreedMs >= clockLimits.agreeMs) return acceptWall(now)
  return { ...seen, standing: 'ahead', floorMs: atLeastMs, agreedMs }
}

/** What keys are judged by: the wall clock, but never before the floor. */
export const judgedBy = (floor: Floor, now: Clocks): number => {
  if (now.wallMs >= floor.floorMs) return now.wallMs
  const atLeastMs = expected(floor, now)
  return now.wallMs < atLeastMs - clockLimits.slackMs ? atLeastMs : floor.floorMs
}

/** A person says that the wall clock is right. */
export const acceptWall = ({ wallMs, steadyMs }: Clocks): Floor => ({
  standing: 'right',
  floorMs: wallMs,
  steadyMs,
  agreedMs: 0,
  wallMs,
})
