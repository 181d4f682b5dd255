/**
 * Which generations may go. Everything of the last 15 minutes stays, so that a plain copy which takes that long is whole;
 * then the newest of each minute for an hour, of each hour for a day, and always the newest eight.
 */
export interface KeptGeneration {
  readonly gen: number
  /** When it was written, milliseconds since the epoch. */
  readonly writtenMs: number
}

const minuteMs = 60_000
const hourMs = 3_600_000
export const windowMs = 15 * minuteMs
const alwaysKept = 8

/** The numbers of the generations to prune. `generations` in any order. */
export const prunable = (generations: readonly KeptGeneration[], nowMs: number): number[] => {
  const newestFirst = generations.toSorted((a, b) => b.gen - a.gen)
  const minutes = new Set<number>()
  const hours = new Set<number>()
  return newestFirst
    .filter(({ writtenMs }, at) => {
      if (at < alwaysKept) return false
      const ageMs = nowMs - writtenMs
      // A file from the future tells of a clock that moved: keep it until the clock has caught up.
      if (ageMs < windowMs) return false
      if (ageMs < hourMs) return !isFirst(minutes, Math.floor(writtenMs / minuteMs))
      if (ageMs < 24 * hourMs) return !isFirst(hours, Math.floor(writtenMs / hourMs))
      return true
    })
    .map(({ gen }) => gen)
}

const isFirst = (seen: Set<number>, slice: number): boolean => {
  if (seen.has(slice)) return false
  seen.add(slice)
  return true
}
