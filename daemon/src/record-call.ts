/**
 * What the keeper's side makes of a judged call: counts, last use, a key's last calls, the trail's refusals, notices, the
 * debug log. Promises: cheap, and nothing of it waits for a disk.
 */
import { matchEndpoint, type Target } from './access/access-index.ts'
import { sayRule, type StoreWords } from './access/say-rule.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { CallRecord } from './gateway/gateway.ts'
import { hostForLog, pathForLog, type Log } from './log.ts'
import type { StoreInUse } from './open-store.ts'
import { wordsOf } from './store-words.ts'
import type { Telling } from './tell.ts'
import type { Trap } from './trap.ts'
import type { RecentCall } from './usage/recent-calls.ts'
import type { RefusalBook } from './usage/refusal-book.ts'

interface RecordDeps {
  readonly log: Log
  readonly store: StoreInUse | undefined
  readonly telling: Telling | undefined
  readonly trap: Trap
  readonly feed: Pick<ChangeFeed, 'used' | 'refused'>
  /** The last refusals; also those from while there was no store. */
  readonly refusals: RefusalBook
}

/** The path of a call as far as it can be no secret, not its query, and the key's id, not its value. */
export const recordCall = (record: CallRecord, { log, store, telling, trap, feed, refusals }: RecordDeps): void => {
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
  const { requestId, outcome, keyId, method, path, callerAddress, atMs } = record
  if (outcome === 'allow') return
  if (outcome === 'credential_expired' && keyId !== null) telling?.usedAfterExpiry(keyId, atMs)
  // A key is named with this reason when it is a trap, or when its client takes nothing but tokens.
  const isTrap = keyId !== null && store?.index().keys.get(keyId)?.honey === true
  if (outcome === 'credential_invalid' && isTrap) trap({ ...record, keyId }, { store, telling })
  store?.refused({ reason: outcome, keyId, callerAddress, atMs })
  if (keyId !== null) feed.refused()
  const shown = pathForLog(path)
  refusals.note({
    atMs,
    requestId,
    reason: outcome,
    status: record.status ?? 0,
    rule: record.rule,
    said: sayWhy(record, shown, store),
    keyId,
    method,
    host: hostForLog(record.host),
    path: shown,
    address: callerAddress,
    askedByProxy: record.forwardAuth,
    callerKnown: record.judgedAddress !== null,
  })
  const said = { request_id: requestId, outcome, key_id: keyId, method, path: shown, caller: callerAddress }
  log.debug('refused', said)
}

const noWords: StoreWords = {
  collection: () => undefined,
  endpoint: () => undefined,
  disabled: () => undefined,
  removed: () => undefined,
}

/** Said while what it was judged by is at hand; nothing of that is kept. */
const sayWhy = (record: CallRecord, shownPath: string, store: StoreInUse | undefined): string => {
  const { rule, detail, keyId, endpointId, method, path, host, atMs, judgedAddress, forwardAuth } = record
  if (rule === null) return detail ?? ''
  const index = store?.index() ?? null
  const target: Target = { method, path, host, ...(forwardAuth ? { forwardAuth: true } : {}) }
  return sayRule(rule, false, {
    judging: record.outcome === 'store_unavailable' ? record.outcome : (index ?? 'keystore_locked'),
    key: keyId === null ? null : (index?.keys.get(keyId) ?? null),
    endpoint: endpointId === null || index === null ? null : matchEndpoint(index, target),
    target,
    shownPath,
    nowMs: atMs,
    address: judgedAddress,
    detail,
    words: store === undefined ? noWords : wordsOf(store.document()),
  })
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
