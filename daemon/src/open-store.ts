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
import { createChanges, type Who } from './change.ts'
import type { Document } from './document/document.ts'
import { findKey } from './keys/find.ts'
import { purgeRemovedKeys, type KeyIssued } from './keys/key-steps.ts'
import type { Keystore } from './keystore/keystore.ts'
import { Problem, Secret } from './problem.ts'
import { openLastUsed, type LastUsed } from './usage/last-used.ts'

export interface StoreInUse extends OpenStore {
  index(): AccessIndex
  note: LastUsed['note']
  sealer: Keystore<Document>['sealer']
  readonly storeId: string
  readonly generation: number
  /** Records something that happened around the store, such as its unlocking. */
  recordDone(who: Who, entry: Pick<NewAuditEntry, 'action' | 'object' | 'note'>): Promise<void>
  /** What a schedule calls: last-used times to the disk. */
  flush(): Promise<void>
  /** What a schedule calls: removed keys whose days have passed go for good. */
  purge(): Promise<void>
  close(): Promise<void>
}

export const systemActor: Who = { actor: { kind: 'system', name: 'postern', proof: 'none' }, requestId: null }

const secretPurpose = 'document'
const associatedOf = (keyId: string, version: number): string => `${keyId}/secret/${version}`

/** Builds the rooms over an opened keystore. */
export const useStore = async (
  keystore: Keystore<Document>,
  options: { dataDir: string; now: () => number; zone: string; onWarning: (message: string) => void },
): Promise<StoreInUse> => {
  const { dataDir, now, zone } = options
  const audit: AuditTrail = await openAuditTrail({ dir: join(dataDir, 'audit'), now })
  await audit.settle(keystore.generation)
  const lastUsed = await openLastUsed({
    dir: join(dataDir, 'usage'),
    sealer: keystore.sealer('usage'),
    onSetAside: options.onWarning,
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
      sealSecret: (secret, keyId, version) => sealer.seal(Buffer.from(secret, 'latin1'), associatedOf(keyId, version)),
    }),
  })

  const recordDone: StoreInUse['recordDone'] = ({ actor, requestId }, entry) =>
    audit.append([{ ...entry, actor, outcome: 'done', generation: null, request_id: requestId }])

  const revealKey = async (who: Who, ref: string): Promise<KeyIssued> => {
    const key = findKey(keystore.document, ref)
    const [current] = key.secrets
    if (current === undefined || current.sealed === null)
      throw new Problem('conflict', {
        detail: `The value of this key is not kept (reveal policy "${key.reveal}"). Rotate the key to get a new value.`,
      })
    const secret = sealer.open(current.sealed, associatedOf(key.id, current.version)).toString('latin1')
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
    revealKey,
    recordDone,
    lastUsedAt: (keyId) => lastUsed.of(keyId),
    note: (keyId, atMs) => lastUsed.note(keyId, atMs),
    auditPage: (query) => audit.page(query),
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
    flush: () => lastUsed.flush((keyId) => Object.hasOwn(keystore.document.keys, keyId)),
    purge: async () => {
      await changes.change(systemActor, purgeRemovedKeys())
    },
    async close() {
      await changes.exclusively(async () => {
        await lastUsed.flush((keyId) => Object.hasOwn(keystore.document.keys, keyId))
        await audit.close()
      })
    },
  }
}
