/** The key that vouches for the journal of revocations: HMAC-SHA-256 under a key of its own, derived from the field key. */
import { createHmac, hkdfSync } from 'node:crypto'

export interface JournalKey {
  readonly storeId: string
  /** Hex HMAC-SHA-256 of a text. The same for every generation and copy of a store, and for no other store. */
  mac(text: string): string
}

export const journalKeyOf = (fieldKey: Buffer, storeId: string): JournalKey => {
  const key = Buffer.from(hkdfSync('sha256', fieldKey, storeId, 'postern/revocations/v1', 32))
  return { storeId, mac: (text) => createHmac('sha256', key).update(text).digest('hex') }
}
