/**
 * Watches over what was taken back: says what an older folder had to be told, and keeps the journal of revocations from then on.
 */
import type { AuditTrail } from './audit/audit-trail.ts'
import type { Document } from './document/document.ts'
import type { Keystore } from './keystore/keystore.ts'
import { adoptedEntries, adoptedText, type Adopted } from './revocations/adopt.ts'
import { openRevocations, type RevocationAlarm, type Revocations } from './revocations/journal.ts'

export type { Adopted } from './revocations/adopt.ts'
export type GuardAlarm = RevocationAlarm | 'revocations_reapplied'

/** What was done at opening goes into the trail and to people first; then the journal is opened. */
export const guardStore = async (
  keystore: Keystore<Document>,
  audit: Pick<AuditTrail, 'append'>,
  options: {
    dataDir: string
    machineDir: string
    now: () => number
    adopted?: Adopted | undefined
    onAlarm: (kind: GuardAlarm, message: string) => void
  },
): Promise<Revocations> => {
  const { adopted, onAlarm } = options
  if (adopted !== undefined) {
    const actor = { kind: 'system', name: 'postern', proof: 'none' } as const
    const said = { actor, outcome: 'done', generation: null, request_id: null } as const
    const entries = adoptedEntries(adopted, keystore.storeId).map((entry) => ({ ...entry, ...said }))
    if (entries.length > 0) await audit.append(entries)
    const text = adoptedText(adopted)
    if (text !== null) onAlarm('revocations_reapplied', text)
  }
  const { journalKey: key, document, generation } = keystore
  return openRevocations({ ...options, key, document, generation })
}
