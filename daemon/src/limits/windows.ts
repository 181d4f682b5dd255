/**
 * When windows begin and end. Seconds, minutes and hours begin with their first call; days and months are those of UTC, so
 * no zone and no change of summer time moves them. Pure; milliseconds since the epoch.
 */
import type { LimitUnit } from '@postern/shared'
import { assertNever } from '../problem.ts'

export interface Span {
  readonly startMs: number
  /** The first instant that is no longer in it. */
  readonly endMs: number
}

const dayMs = 86_400_000

/** The window that a call at `atMs` opens, or is in. */
export const spanAt = (per: LimitUnit, atMs: number): Span => {
  switch (per) {
    case 'second':
      return { startMs: atMs, endMs: atMs + 1_000 }
    case 'minute':
      return { startMs: atMs, endMs: atMs + 60_000 }
    case 'hour':
      return { startMs: atMs, endMs: atMs + 3_600_000 }
    case 'day': {
      const startMs = Math.floor(atMs / dayMs) * dayMs
      return { startMs, endMs: startMs + dayMs }
    }
    case 'month': {
      const at = new Date(atMs)
      const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
      return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) }
    }
    default:
      return assertNever(per)
  }
}

/** Long windows are quotas: they outlive a restart, and their end is not waited for in a moment. */
export const isQuota = (per: LimitUnit | 'concurrent'): boolean => per === 'day' || per === 'month'
