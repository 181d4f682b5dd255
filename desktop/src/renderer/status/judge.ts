/** What of Postern needs somebody, and how much. Pure. The limits are those from which the service tells people too. */
import type { AdminAnswer, NoticeView, ReceiptView, SlotView } from '@postern/shared'

/** Fine; somebody should look; somebody has to. */
export type Tone = 'fine' | 'soon' | 'urgent'

const dayMs = 86_400_000
const backupOldAfterMs = 7 * dayMs
export const clockToleranceMs = 90_000

export type LastBackup = AdminAnswer<'backups.last'>['last']

/** Null: there is none. */
export const certificateTone = (notAfter: string | null, nowMs: number): Tone => {
  if (notAfter === null) return 'fine'
  const leftMs = Date.parse(notAfter) - nowMs
  return leftMs <= 7 * dayMs ? 'urgent' : leftMs <= 30 * dayMs ? 'soon' : 'fine'
}

export const backupTone = (last: LastBackup, nowMs: number): Tone =>
  last === null || nowMs - Date.parse(last.at) >= backupOldAfterMs ? 'soon' : 'fine'

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
