/**
 * An open keystore with everything that stands on it: the trail, last-used times, the index that calls are judged by.
 * Promises: `index()` and `document()` are always of the same, durable generation; a reveal is in the trail before it is
 * answered.
 */
import { join } from 'node:path'
import { formatKeyValue } from '@postern/shared'
import type { AccessIndex } from './access/access-index.ts'
import { buildIndex } from './access/build-index.ts'
import type { OpenStore } from './admin/rooms.ts'
import { openAuditTrail, type AuditTrail, type NewAuditEntry } from './audit/audit-trail.ts'
import { createRefusalFold, type RefusalFold } from './audit/refusals.ts'
import { createChanges, type Who } from './change.ts'
import type { Document, SealedSecret } from './document/document.ts'
import { findKey } from './keys/find.ts'
import { purgeRemovedKeys, type KeyIssued } from './keys/key-steps.ts'
import type { Keystore } from './keystore/keystore.ts'
import { Problem, Secret } from './problem.ts'
import { openLastUsed, type LastUsed } from './usage/last-used.ts'
import { openUsageBook, type UsageBook } from './usage/usage-book.ts'

export interface StoreInUse extends OpenStore {
  /** Opens a secret that a step has sealed. */
  openSecret(sealed: SealedSecret, id: string): Secret
  index(): AccessIndex
  note: LastUsed['note']
  /** A refused call, for the trail. */
  refused: RefusalFold['note']
  /** Any judged call, for the usage reports. */
  count: UsageBook['note']
  sealer: Keystore<Document>['sealer']
  readonly storeId: string
  readonly generation: number
  /** Records something that happened around the store, such as its unlocking. */
  recordDone(who: Who, entry: Pick<NewAuditEntry, 'action' | 'object' | 'note'>): Promise<void>
  /** What a schedule calls: last-used times and refusals to the disk. */
  flush(): Promise<void>
  /** What a schedule calls: removed keys whose days have passed go for good. */
  purge(): Promise<void>
  /** What a schedule calls: old records of trail and usage are rolled up or let go. */
  tidy(): Promise<void>
  close(): Promise<void>
}

export const systemActor: Who = { actor: { kind: 'system', name: 'postern', proof: 'none' }, requestId: null }

const secretPurpose = 'document'
const associatedOf = (keyId: string, version: number): string => `${keyId}/secret/${version}`

/** Builds the rooms over an opened keystore. */
export const useStore = async (
  keystore: Keystore<Document>,
  options: {
    dataDir: string
    machineDir: string
    now: () => number
    zone: string
    onAlarm: (kind: 'trail_gap' | 'usage_set_aside', message: string) => void
    onAuditWriteError?: () => void
  },
): Promise<StoreInUse> => {
  const { dataDir, machineDir, now, zone, onAlarm } = options
  const audit: AuditTrail = await openAuditTrail({
    dir: join(dataDir, 'audit'),
    machineDir,
    signer: keystore.trailKey,
    now,
    onAlarm: (message) => onAlarm('trail_gap', message),
    onWriteError: options.onAuditWriteError,
  })
  await audit.settle(keystore.generation)
  const lastUsed = await openLastUsed({
    dir: join(dataDir, 'usage'),
    sealer: keystore.sealer('usage'),
    onSetAside: (message) => onAlarm('usage_set_aside', message),
  })
  const refusals = createRefusalFold()
  const usage = await openUsageBook({
    dir: join(dataDir, 'usage'),
    sealer: keystore.sealer('usage'),
    now,
    onSetAside: (message) => onAlarm('usage_set_aside', message),
  })
  const sealer = keystore.sealer(secretPurpose)
  let index = buildIndex(keystore.document, keystore.generation)
  const changes = createChanges({
    keystore,
    audit,
    publish: (document, generation) => {
      index = buildIndex(document, generation)
    },
    context: () => ({
      nowMs: now(),
      zone,
      sealSecret: (secret, keyId, version) => sealer.seal(Buffer.from(secret, 'utf8'), associatedOf(keyId, version)),
    }),
  })

  /** Both are tried, whatever becomes of the other. */
  const flush = async (nowMs?: number): Promise<void> => {
    const folded = refusals.take(nowMs)
    const said = audit.append(folded).catch((error: unknown) => {
      refusals.giveBack(folded)
      throw error
    })
    await Promise.all([said, usage.flush(), lastUsed.flush((keyId) => Object.hasOwn(keystore.document.keys, keyId))])
  }

  const recordDone: StoreInUse['recordDone'] = ({ actor, requestId }, entry) =>
    audit.append([{ ...entry, actor, outcome: 'done', generation: null, request_id: requestId }])

  const openSecret = ({ sealed, version }: SealedSecret, id: string): Secret =>
    new Secret(sealer.open(sealed, associatedOf(id, version)).toString('utf8'))

  const revealKey = async (who: Who, ref: string): Promise<KeyIssued> => {
    const key = findKey(keystore.document, ref)
    const [current] = key.secrets
    if (current === undefined || current.sealed === null)
      throw new Problem('conflict', {
        detail: `The value of this key is not kept (reveal policy "${key.reveal}"). Rotate the key to get a new value.`,
      })
    const secret = openSecret({ sealed: current.sealed, version: current.version }, key.id).reveal()
    await recordDone(who, { action: 'key.reveal', object: { kind: 'key', id: key.id, name: key.name } })
    return { key, value: new Secret(formatKeyValue({ keyId: key.id, secret })) }
  }

  return {
    storeId: keystore.storeId,
    get generation() {
      return keystore.generation
    },
    document: () => keystore.document,
    index: () => index,
    sealer: (purpose) => keystore.sealer(purpose),
    change: (who, step) => changes.change(who, step),
    openSecret,
    revealKey,
    recordDone,
    lastUsedAt: (keyId) => lastUsed.of(keyId),
    note: (keyId, atMs) => lastUsed.note(keyId, atMs),
    refused: (call) => refusals.note(call),
    count: (call) => usage.note(call),
    usageRows: (fromMs, toMs) => usage.rows(fromMs, toMs),
    trail: {
      storeId: keystore.storeId,
      publicKey: keystore.trailKey.publicKey,
      page: audit.page,
      verify: audit.verify,
      lines: audit.lines,
      trailer: audit.trailer,
    },
    slots: () => keystore.slots(),
    // The code is answered only once the trail says that there is a slot for it.
    addRecoverySlot: (who) =>
      changes.exclusively(async () => {
        const kit = await keystore.addRecoverySlot()
        await recordDone(who, { action: 'slot.add', object: { kind: 'slot', id: kit.slotId } })
        return kit
      }),
    removeSlot: (who, id) =>
      changes.exclusively(async () => {
        await keystore.removeSlot(id)
        await recordDone(who, { action: 'slot.remove', object: { kind: 'slot', id } })
      }),
    flush: () => flush(now()),
    purge: async () => {
      await changes.change(systemActor, purgeRemovedKeys())
    },
    tidy: async () => {
      await audit.prune()
      await usage.rollUp()
    },
    async close() {
      await changes.exclusively(async () => {
        try {
          await flush()
        } finally {
          await audit.close()
        }
      })
    },
  }
}
