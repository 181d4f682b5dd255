/**
 * An open keystore with everything that stands on it: the trail, last-used times, the index that calls are judged by.
 * Promises: `index()` and `document()` are always of the same, durable generation; a reveal is in the trail before it is
 * answered.
 */
import { timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import type { ChangesAsked, ToldChange } from '@postern/shared'
import type { AccessIndex } from './access/access-index.ts'
import { buildIndex } from './access/build-index.ts'
import { createUrgentBlocks } from './access/urgent-blocks.ts'
import type { OpenStore } from './admin/rooms.ts'
import { openAuditTrail, type AuditTrail, type NewAuditEntry } from './audit/audit-trail.ts'
import { toldChanges } from './audit/changes.ts'
import type { TrailAlarm } from './audit/reserve.ts'
import { createRefusalFold, type RefusalFold } from './audit/refusals.ts'
import { openBackups } from './backup/backups.ts'
import { createChanges, type Who } from './change.ts'
import type { Document, SealedSecret } from './document/document.ts'
import { blockNetwork, dropEndedBlocks } from './keys/block-steps.ts'
import { findKey } from './keys/find.ts'
import { purgeRemovedKeys } from './keys/key-steps.ts'
import { confirmKit, verifierOfToken } from './keys/site-steps.ts'
import type { Keystore } from './keystore/keystore.ts'
import { createSecretOpener } from './open-secrets.ts'
import { Problem, type Secret } from './problem.ts'
import { createStorageGuard, type Refusing, type StorageAlarm, type StorageGuardOptions } from './storage-guard.ts'
import { openLastUsed, type LastUsed } from './usage/last-used.ts'
import { openUsageBook, type UsageBook } from './usage/usage-book.ts'

export interface StoreInUse extends OpenStore {
  /** Opens a secret that a step has sealed. */
  openSecret(sealed: SealedSecret, id: string): Secret
  index(): AccessIndex
  /** The value of a key for one call to this gateway. Recorded first, with what is `tried`. */
  openToTry(who: Who, ref: string, tried: string): Promise<Secret>
  note: LastUsed['note']
  /** A refused call, for the trail. */
  refused: RefusalFold['note']
  /** Any judged call, for the usage reports. */
  count: UsageBook['note']
  sealer: Keystore<Document>['sealer']
  readonly storeId: string
  readonly generation: number
  /** Refuses a network from this very moment, for as long as the key says; then on the disk too. Rejects when that fails. */
  block(network: string, keyId: string): Promise<void>
  /** Whether this is the token of the calendar. */
  opensCalendar(token: string): boolean
  /** The changes in the trail, as exports tell them. */
  changes(asked: ChangesAsked): AsyncIterable<ToldChange>
  /** Records something that happened around the store, such as its unlocking. */
  recordDone(who: Who, entry: Pick<NewAuditEntry, 'action' | 'object' | 'note'>): Promise<void>
  /** What a schedule calls: last-used times and refusals to the disk. */
  flush(): Promise<void>
  /** What a schedule calls: removed keys whose days have passed go for good. */
  purge(): Promise<void>
  /** What a schedule calls: old records of trail and usage are rolled up or let go. */
  tidy(): Promise<void>
  /** Why changes are refused at the moment, because of the disk; `null`: they are made. */
  refusing(): Refusing | null
  /** What a schedule calls: whether the disk takes changes again. */
  probe(): Promise<void>
  /** Whether refused calls could not even be recorded: disk and reserve are full. */
  isTrailFull(): boolean
  close(): Promise<void>
}

export const systemActor: Who = { actor: { kind: 'system', name: 'postern', proof: 'none' }, requestId: null }

const secretPurpose = 'document'

/** Builds the rooms over an opened keystore. */
export const useStore = async (
  keystore: Keystore<Document>,
  options: {
    dataDir: string
    machineDir: string
    now: () => number
    zone: string
    onAlarm: (kind: TrailAlarm | StorageAlarm | 'usage_set_aside', message: string) => void
    onAlarmEnd?: (kind: TrailAlarm | StorageAlarm, message: string) => void
    onAuditWriteError?: () => void
    /** Hears of each change once it is true. */
    onPublish?: (before: Document, after: Document, generation: number) => void
    /** What the trail keeps back for a full disk; default: nothing. */
    auditReserveBytes?: number
    /** On the disk of the data folder; default: nobody looks. */
    room?: Pick<StorageGuardOptions, 'freeBytes' | 'freeBytesMin'>
  },
): Promise<StoreInUse> => {
  const { dataDir, machineDir, now, zone, onAlarm, onAlarmEnd, auditReserveBytes: reserveBytes } = options
  const audit: AuditTrail = await openAuditTrail({
    dir: join(dataDir, 'audit'),
    machineDir,
    signer: keystore.trailKey,
    now,
    onAlarm: (message, kind) => onAlarm(kind, message),
    onAlarmEnd: (message, kind) => onAlarmEnd?.(kind, message),
    onWriteError: options.onAuditWriteError,
    ...(reserveBytes === undefined ? {} : { reserveBytes }),
  })
  await audit.settle(keystore.generation)
  const lastUsed = await openLastUsed({
    dir: join(dataDir, 'usage'),
    sealer: keystore.sealer('usage'),
    onSetAside: (message) => onAlarm('usage_set_aside', message),
  })
  const backups = await openBackups({
    dataDir,
    machineDir,
    storeId: keystore.storeId,
    generation: () => keystore.generation,
    now,
  })
  const refusals = createRefusalFold()
  const usage = await openUsageBook({
    dir: join(dataDir, 'usage'),
    sealer: keystore.sealer('usage'),
    now,
    onSetAside: (message) => onAlarm('usage_set_aside', message),
  })
  const urgent = createUrgentBlocks()
  let index = buildIndex(keystore.document, keystore.generation)
  let published = keystore.document
  const storage = createStorageGuard({
    dirs: [join(dataDir, 'store'), join(dataDir, 'audit'), machineDir],
    now,
    onAlarm,
    onAlarmEnd: (kind, message) => onAlarmEnd?.(kind, message),
    storeBytes: () => keystore.bytes,
    ...(options.room ?? { freeBytes: async () => null, freeBytesMin: 0 }),
    isOther: ({ cause }) => cause === undefined || audit.explains(cause),
  })
  const changes = createChanges({
    keystore,
    audit,
    guard: (change) => storage.guard(change),
    publish: (document, generation) => {
      index = urgent.over(buildIndex(document, generation))
      const before = published
      published = document
      options.onPublish?.(before, document, generation)
    },
    context: () => ({
      nowMs: now(),
      zone,
      sealSecret: (secret, id, version) => secrets.seal(secret, id, version),
    }),
  })

  const alone = <R>(job: () => Promise<R>): Promise<R> => changes.exclusively(() => storage.guard(job))

  /** Slots and backups are no part of the document, and whoever shows them learns of a change all the same. */
  const tellNews = (): void => options.onPublish?.(published, published, keystore.generation)

  /** All are tried, whatever becomes of the others; the trail first, for what its reserve gives up is meant for it. */
  const flush = async (nowMs?: number): Promise<unknown[]> => {
    const folded = refusals.take(nowMs)
    const said = audit.appendPast(folded).catch((error: unknown) => {
      refusals.giveBack(folded)
      throw error
    })
    await Promise.allSettled([said])
    await audit.tendReserve()
    const used = lastUsed.flush((keyId) => Object.hasOwn(keystore.document.keys, keyId))
    const outcomes = await Promise.allSettled([said, usage.flush(), used])
    return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  }

  const throwFirst = (faults: readonly unknown[]): void => {
    if (faults.length > 0) throw faults[0]
  }

  const recordDone: StoreInUse['recordDone'] = ({ actor, requestId }, entry) =>
    audit.append([{ ...entry, actor, outcome: 'done', generation: null, request_id: requestId }])

  const secrets = createSecretOpener(keystore.sealer(secretPurpose), recordDone)

  return {
    storeId: keystore.storeId,
    get generation() {
      return keystore.generation
    },
    document: () => keystore.document,
    index: () => index,
    sealer: (purpose) => keystore.sealer(purpose),
    change: (who, step) => changes.change(who, step),
    openSecret: (sealed, id) => secrets.open(sealed, id),
    revealKey: async (who, ref) => {
      const key = findKey(keystore.document, ref)
      return { key, value: await secrets.openKey(who, key, { action: 'key.reveal' }) }
    },
    openToTry: async (who, ref, tried) => {
      const key = findKey(keystore.document, ref)
      if (key.honey !== null) throw new Problem('conflict', { detail: 'This key is a trap; a call would spring it.' })
      return secrets.openKey(who, key, { action: 'key.try', note: tried })
    },
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
      lastSeq: () => audit.lastSeq,
      lines: audit.lines,
      trailer: audit.trailer,
    },
    backups: {
      last: () => backups.last(),
      // Recorded before it is answered, as every look at the whole store is.
      create: async (who, dir) => {
        const made = await backups.create(dir)
        await recordDone(who, { action: 'backup.create', object: { kind: 'backup', id: made.at }, note: made.path })
        tellNews()
        return made
      },
      note: async (who) => {
        const known = await backups.note()
        await recordDone(who, { action: 'backup.note', object: { kind: 'backup', id: known.at } })
        tellNews()
        return known
      },
    },
    async block(network, keyId) {
      const seconds = keystore.document.keys[keyId]?.honey?.blockSeconds ?? 0
      if (seconds === 0) return
      // Before the call that sprang the trap is answered: the next one may come sooner than any disk.
      urgent.block(network, now() + seconds * 1_000)
      index = urgent.over(index)
      await changes.change(systemActor, blockNetwork(network, keyId))
      urgent.settle(network)
    },
    opensCalendar: (token) => {
      const { calendar } = keystore.document.settings
      if (calendar === null) return false
      return timingSafeEqual(Buffer.from(verifierOfToken(token)), Buffer.from(calendar.verifier))
    },
    changes: (asked) =>
      toldChanges(audit.entries({ afterSeq: asked.after, atMs: asked.fromMs }), asked, {
        generation: keystore.generation,
        ownerOf: (keyId) => keystore.document.keys[keyId]?.clientId,
      }),
    slots: () => keystore.slots(),
    // The code is answered only once the trail says that there is a slot for it.
    addRecoverySlot: (who) =>
      alone(async () => {
        await audit.assertRoom()
        const kit = await keystore.addRecoverySlot()
        await recordDone(who, { action: 'slot.add', object: { kind: 'slot', id: kit.slotId } })
        tellNews()
        return kit
      }),
    confirmRecoveryKit: async (who, code) => {
      const slotId = await keystore.tryRecoveryCode(code)
      const { confirmedKits } = await changes.change(who, confirmKit(slotId))
      return { slotId, at: confirmedKits.find((kit) => kit.slotId === slotId)?.at ?? '' }
    },
    removeSlot: (who, id) =>
      alone(async () => {
        await audit.assertRoom()
        await keystore.removeSlot(id)
        await recordDone(who, { action: 'slot.remove', object: { kind: 'slot', id } })
        tellNews()
      }),
    isTrailFull: () => audit.isFull,
    refusing: () => storage.refusing,
    probe: () => storage.probe(),
    // What has no room stays in memory for the next time, and the alarm has been raised.
    flush: async () => throwFirst((await flush(now())).filter((fault) => !audit.explains(fault))),
    purge: async () => {
      // What is due stays due; that changes are refused has been said.
      if (storage.refusing !== null) return
      const removed = Object.values(keystore.document.keys).filter(({ removedAt }) => removedAt !== null)
      const clients = [...new Set(removed.map(({ clientId }) => clientId))]
      await Promise.all([
        ...clients.map((client) => changes.change(systemActor, purgeRemovedKeys(client))),
        changes.change(systemActor, dropEndedBlocks()),
      ])
    },
    tidy: async () => {
      await audit.prune()
      await usage.rollUp()
    },
    async close() {
      await changes.exclusively(async () => {
        try {
          throwFirst(await flush())
        } finally {
          await audit.close()
        }
      })
    },
  }
}
