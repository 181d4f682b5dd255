/** When the old value of a rotation can go without hitting anybody. Judged by the gateway's clock. Pure. */
import type { KeyEvidence } from '@postern/shared'

export type Rotation = NonNullable<KeyEvidence['rotation']>

const hourMs = 3_600_000
export const quietMs = 24 * hourMs

/**
 * The instant from which on nobody has used the old value for 24 hours. Calls are known by the hour, so that the last one
 * may have come at the end of its hour.
 */
export const quietFromMs = ({ rotated_at: rotatedAt, last_old_call_hour: hour }: Rotation): number =>
  (hour === null ? Date.parse(rotatedAt) : Date.parse(hour) + hourMs) + quietMs

export const isQuiet = (rotation: Rotation, nowMs: number): boolean => nowMs >= quietFromMs(rotation)
