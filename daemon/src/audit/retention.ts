/** Which segments of the trail may go: by age and by size together, oldest first, and never the newest. Pure. */
import type { Segment } from '../disk/append-log.ts'

export interface Retention {
  readonly nowMs: number
  readonly keepDays: number
  /** What all segments together may hold. */
  readonly keepBytesMax: number
}

const dayMs = 86_400_000

/** Segments that go, and the first that stays. A segment whose last record cannot be read stays, and all after it. */
export const segmentsToPrune = (
  segments: readonly Segment[],
  { nowMs, keepDays, keepBytesMax }: Retention,
): { gone: Segment[]; kept: Segment | undefined } => {
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  const gone: Segment[] = []
  for (const segment of segments.slice(0, -1)) {
    const writtenMs = lastWrittenMs(segment)
    if (!(nowMs - writtenMs > keepDays * dayMs) && !(bytes > keepBytesMax && Number.isFinite(writtenMs))) break
    gone.push(segment)
    bytes -= segment.bytes
  }
  return { gone, kept: segments[gone.length] }
}

const lastWrittenMs = ({ last }: Segment): number => {
  try {
    return Date.parse((JSON.parse(last ?? '') as { ts: string }).ts)
  } catch {
    return NaN
  }
}
