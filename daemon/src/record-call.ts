/**
 * What the keeper's side makes of a judged call: counts, last use, a key's last calls, the trail's refusals, notices, the
 * debug log. Promises: cheap, and nothing of it waits for a disk.
 */
import type { ChangeFeed } from './change-feed.ts'
import type { CallRecord } from './gateway/gateway.ts'
import { pathForLog, type Log } from './log.ts'
import type { StoreInUse } from './open-store.ts'
import type { Telling } from './tell.ts'
import type { Trap } from './trap.ts'
import type { RecentCall } from './usage/recent-calls.ts'

interface RecordDeps {
  readonly log: Log
  readonly store: StoreInUse | undefined
  readonly telling: Telling | undefined
  readonly trap: Trap
  readonly feed: Pick<ChangeFeed, 'used' | 'refused'>
}

/** The path of a call as far as it can be no secret, not its query, and the key's id, not its value. */
export const recordCall = (record: CallRecord, { log, store, telling, trap, feed }: RecordDeps): void => {
  // One call, although it was heard of twice.
  if (!record.countedBefore) {
    store?.count(record)
    if (record.keyId !== null) store?.remember(record.keyId, remembered(record))
  }
  const allowed = record.outcome === 'allow'
  if (allowed && record.keyId !== null) {
    store?.note(record.keyId, record.atMs)
    feed.used(record.keyId, record.atMs)
  }
  if (allowed) return
  const { requestId, outcome, keyId, method, path, callerAddress, atMs } = record
  if (outcome === 'credential_expired' && keyId !== null) telling?.usedAfterExpiry(keyId, atMs)
  // A key is named with this reason only when it is a trap.
  if (outcome === 'credential_invalid' && keyId !== null && store !== undefined)
    trap({ ...record, keyId }, { store, telling })
  store?.refused({ reason: outcome, keyId, callerAddress, atMs })
  if (keyId !== null) feed.refused()
  const said = { request_id: requestId, outcome, key_id: keyId, method, path: pathForLog(path), caller: callerAddress }
  log.debug('refused', said)
}

/** A pattern says where a call went; where it went nowhere, only its path does. */
const remembered = (record: CallRecord): RecentCall => ({
  atMs: record.atMs,
  requestId: record.requestId,
  address: record.callerAddress,
  askedByProxy: record.askedByProxy,
  method: record.method,
  endpointId: record.endpointId,
  path: record.endpointId === null ? pathForLog(record.path) : null,
  outcome: record.outcome,
  secret: record.secret,
})
