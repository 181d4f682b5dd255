/**
 * Limits whose days and months outlive a restart. Promises: on the disk within a minute and at stop, sealed. After a crash
 * the counts of the last minute may be missing. Never: fatal: a file that cannot be read is set aside, and the one before it
 * counts.
 */
import { openNewestFile } from '../disk/newest-file.ts'
import type { KeptCounter } from './counters.ts'
import { createLimits, type KeptLimits } from './limits.ts'

export interface LimitsOnDisk extends KeptLimits {
  /** Prunes, and writes days and months if they have changed. Rejects when it could not; then the next flush tries again. */
  flush(nowMs: number, exists: (holderId: string, policyId: string) => boolean): Promise<void>
}

/** Loads what the newest readable file in `dir` holds. `onSetAside` hears of one that could not be read. */
export const openLimits = async (options: {
  dir: string
  sealer: { seal(plain: Buffer, associated: string): string; open(sealed: string, associated: string): Buffer }
  onSetAside: (message: string) => void
}): Promise<LimitsOnDisk> => {
  const file = await openNewestFile({
    ...options,
    suffix: 'plc',
    about: 'counts of days and months',
    associated: 'limits/v1',
    read: (plain) => {
      const kept = JSON.parse(plain.toString('utf8')) as KeptCounter[]
      return { limits: createLimits(kept), text: JSON.stringify(kept) }
    },
  })
  const limits = file.found?.limits ?? createLimits()
  let written = file.found?.text ?? '[]'
  return {
    take: limits.take,
    standing: limits.standing,
    kept: limits.kept,
    prune: limits.prune,
    get size() {
      return limits.size
    },
    async flush(nowMs, exists) {
      limits.prune(nowMs, exists)
      const text = JSON.stringify(limits.kept(nowMs))
      if (text === written) return
      await file.write(Buffer.from(text))
      written = text
    },
  }
}
