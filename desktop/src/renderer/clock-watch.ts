/** What clocks say of each other. Pure: readings are handed in. */

/** Two clocks read at the same moment; a steady one only ever goes on, and nobody sets it. */
export interface Reading {
  readonly clockMs: number
  readonly steadyMs: number
}

/** What the network and a correcting time server take may look like this much. */
export const backToleranceMs = 60_000
const jumpToleranceMs = 1_000

/** How far a clock has gone back since it was read before. Sleep, which a steady clock may not count, is no going back. */
export const wentBackMs = (before: Reading, now: Reading): number =>
  Math.max(0, before.clockMs + (now.steadyMs - before.steadyMs) - now.clockMs)

/** Whether a clock was set, either way, or this computer slept. */
export const jumped = (before: Reading, now: Reading): boolean =>
  Math.abs(now.clockMs - before.clockMs - (now.steadyMs - before.steadyMs)) > jumpToleranceMs
