/** What of Postern needs somebody, and how much. Pure. The limits are those from which the service tells people too. */
import type { BackupsView, NoticeView, ReceiptView, SlotView } from '@postern/shared'

/** Fine; somebody should look; somebody has to. */
export type Tone = 'fine' | 'soon' | 'urgent'

const dayMs = 86_400_000
const backupOldAfterMs = 7 * dayMs
const proofOldAfterMs = 31 * dayMs
export const clockToleranceMs = 90_000

/** Null: there is none. */
export const certificateTone = (notAfter: string | null, nowMs: number): Tone => {
  if (notAfter === null) return 'fine'
  const leftMs = Date.parse(notAfter) - nowMs
  return leftMs <= 7 * dayMs ? 'urgent' : leftMs <= 30 * dayMs ? 'soon' : 'fine'
}

export type BackupsKnown = Omit<BackupsView, 'running'>

/** What can be said of backups that somebody should hear, the most urgent first. */
export type BackupConcern = 'none' | 'drill_failed' | 'old' | 'backup_failed' | 'unproven' | 'proof_old' | 'unscheduled'

/** What helps. */
export type BackupStep = 'create' | 'prove' | 'schedule'

export interface BackupFacts {
  readonly tone: Tone
  /** Null: all is well, and made by the clock. */
  readonly concern: BackupConcern | null
  readonly step: BackupStep | null
}

/** A backup that failed its proof is no backup: another one has to be made, and then proven. */
export const backupFacts = (
  { last, proven, drill_failed: failed, schedule }: BackupsKnown,
  nowMs: number,
): BackupFacts => {
  if (last === null) return { tone: 'soon', concern: 'none', step: 'create' }
  if (failed !== null)
    return { tone: 'urgent', concern: 'drill_failed', step: isAfter(last.at, failed.at) ? 'prove' : 'create' }
  if (nowMs - Date.parse(last.at) >= backupOldAfterMs) return { tone: 'soon', concern: 'old', step: 'create' }
  if ((schedule?.failed ?? null) !== null) return { tone: 'soon', concern: 'backup_failed', step: 'create' }
  if (proven === null) return { tone: 'soon', concern: 'unproven', step: 'prove' }
  if (nowMs - Date.parse(proven.at) >= proofOldAfterMs) return { tone: 'soon', concern: 'proof_old', step: 'prove' }
  // Another program that copies the folder has a clock of its own.
  if (schedule === null && last.path !== null) return { tone: 'fine', concern: 'unscheduled', step: 'schedule' }
  return { tone: 'fine', concern: null, step: null }
}

const isAfter = (at: string, other: string): boolean => Date.parse(at) > Date.parse(other)

export interface KitFacts {
  readonly tone: Tone
  /** The newest trial of any kit; null: none was ever tried. */
  readonly triedAt: string | null
  readonly exists: boolean
}

export const kitFacts = (slots: readonly SlotView[]): KitFacts => {
  const kits = slots.filter(({ kind, health }) => kind === 'recovery' && health === 'ok')
  const triedAt = kits.reduce<string | null>(
    (newest, { confirmed_at: at }) => (at !== null && (newest === null || at > newest) ? at : newest),
    null,
  )
  return { exists: kits.length > 0, triedAt, tone: kits.length === 0 ? 'urgent' : triedAt === null ? 'soon' : 'fine' }
}

export interface Undelivered {
  readonly notice: NoticeView
  readonly receipt: ReceiptView
}

/** The newest notice that a channel has given up, or has not taken so far. `notices`: the newest first. */
export const newestUndelivered = (notices: readonly NoticeView[]): Undelivered | null => {
  for (const notice of notices)
    for (const receipt of notice.receipts)
      if (receipt.state === 'given_up' || (receipt.state === 'owed' && receipt.attempts > 0)) return { notice, receipt }
  return null
}
