/**
 * An open keystore with everything that stands on it: the trail, last-used times, the index that calls are judged by.
 * Promises: `index()` and `document()` are always of the same, durable generation; a reveal is in the trail before it is
 * answered.
 */
import { timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { buildIndex } from './access/build-index.ts'
import { createUrgentBlocks } from './access/urgent-blocks.ts'
import { openAuditTrail, type AuditTrail } from './audit/audit-trail.ts'
import { toldChanges } from './audit/changes.ts'
import type { TrailAlarm } from './audit/reserve.ts'
import { createRefusalFold } from './audit/refusals.ts'
import { createChanges } from './change.ts'
import { keepSlots } from './keep-slots.ts'
import { keepUsage } from './keep-usage.ts'
import { keepSignIns, type SignInAlarm } from './keep-sign-ins.ts'
import { keepSigning } from './keep-signing.ts'
import { keepBackups, type BackupAlarm } from './keep-backups.ts'
import type { Document } from './document/document.ts'
import { guardStore, type Adopted, type GuardAlarm } from './guard-store.ts'
import { blockNetwork, dropEndedBlocks } from './keys/block-steps.ts'
import { findKey } from './keys/find.ts'
import { purgeRemovedKeys } from './keys/key-steps.ts'
import { documentPurpose } from './keys/sealed.ts'
import { verifierOfToken } from './keys/site-steps.ts'
import type { Keystore } from './keystore/keystore.ts'
import { createSecretOpener } from './open-secrets.ts'
import { Problem } from './problem.ts'
import { systemActor, type StoreInUse } from './store-in-use.ts'
import { createStorageGuard, type StorageAlarm, type StorageGuardOptions } from './storage-guard.ts'

export { systemActor, type StoreInUse } from './store-in-use.ts'

/** Builds the rooms over an opened keystore. */
export const useStore = async (
  keystore: Keystore<Document>,
  options: {
    dataDir: string
    machineDir: string
    now: () => number
    /** What keys are judged by; default: `now`. */
    judgedNow?: () => number
    zone: string
    onAlarm: (
      kind: TrailAlarm | BackupAlarm | GuardAlarm | StorageAlarm | SignInAlarm | 'usage_set_aside',
      message: string,
    ) => void
    onAlarmEnd?: (kind: TrailAlarm | BackupAlarm | StorageAlarm | SignInAlarm, message: string) => void
    onAuditWriteError?: () => void
    /** Hears of each change once it is true. */
    onPublish?: (before: Document, after: Document, generation: number) => void
    /** What was found and done when the document was opened. */
    adopted?: Adopted | undefined
    /** What the trail keeps back for a full disk; default: nothing. */
    auditReserveBytes?: number
    /** On the disk of the data folder; default: nobody looks. */
    room?: Pick<StorageGuardOptions, 'freeBytes' | 'freeBytesMin'>
  },
): Promise<StoreInUse> => {
  const { dataDir, machineDir, now, zone, onAlarm, onAlarmEnd, auditReserveBytes: reserveBytes } = options
  const { judgedNow = now } = options
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
  const revocations = await guardStore(keystore, audit, options)
  const refusals = createRefusalFold()
  const onSetAside = (message: string): void => onAlarm('usage_set_aside', message)
  const usage = await keepUsage(keystore, { dataDir, now, judgedNow, onSetAside })
  const { lastUsed, book, recent, limits } = usage
  const sealer = keystore.sealer(documentPurpose)
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
    foretell: (before, after, generation) => revocations.begin(before, after, generation),
    guard: (change) => storage.guard(change),
    publish: (document, generation) => {
      index = urgent.over(buildIndex(document, generation))
      const before = published
      published = document
      options.onPublish?.(before, document, generation)
    },
    context: () => ({
      nowMs: judgedNow(),
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
    const outcomes = [...(await Promise.allSettled([said])), ...(await usage.flush())]
    return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  }

  const throwFirst = (faults: readonly unknown[]): void => {
    if (faults.length > 0) throw faults[0]
  }

  const recordDone: StoreInUse['recordDone'] = ({ actor, requestId }, entry) =>
    audit.append([{ ...entry, actor, outcome: 'done', generation: null, request_id: requestId }])

  const secrets = createSecretOpener(sealer, recordDone)
  const backups = await keepBackups({
    dataDir,
    machineDir,
    storeId: keystore.storeId,
    generation: () => keystore.generation,
    document: () => keystore.document,
    sealer,
    now,
    zone,
    systemActor,
    change: (who, step) => changes.change(who, step),
    record: recordDone,
    keysOfTrail: async () => {
      const known = new Set<string>()
      for await (const { action, object, outcome } of audit.entries({ afterSeq: 0, atMs: 0 }))
        if (action.startsWith('key.') && outcome !== 'refused') for (const id of object.id.split(',')) known.add(id)
      return known
    },
    onAlarm,
    onAlarmEnd: (kind, message) => onAlarmEnd?.(kind, message),
    tellNews,
    beside: (dir) => revocations.copyTo(dir),
  })
  const signing = await keepSigning({
    dataDir,
    storeId: keystore.storeId,
    document: () => keystore.document,
    openSecret: secrets.open,
    change: changes.change,
    who: systemActor,
    now: judgedNow,
  })
  const signIns = keepSignIns({
    document: () => keystore.document,
    openSecret: secrets.open,
    onAlarm,
    onAlarmEnd: (kind, message) => onAlarmEnd?.(kind, message),
  })
  const slots = keepSlots({ keystore, audit, change: changes.change, alone, record: recordDone, tellNews })

  return {
    storeId: keystore.storeId,
    get generation() {
      return keystore.generation
    },
    protection: () => keystore.protection,
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
    count: (call) => book.note(call),
    remember: (keyId, call) => recent.note(keyId, call),
    recentCalls: (keyId) => recent.of(keyId),
    usageRows: (fromMs, toMs) => book.rows(fromMs, toMs),
    takeLimits: limits.take,
    limitsOf: (ref) => {
      const key = index.keys.get(findKey(keystore.document, ref).id)
      return key === undefined ? null : limits.standing(key, judgedNow())
    },
    trail: {
      storeId: keystore.storeId,
      publicKey: keystore.trailKey.publicKey,
      page: audit.page,
      verify: audit.verify,
      lastSeq: () => audit.lastSeq,
      lines: audit.lines,
      trailer: audit.trailer,
    },
    backups,
    async block(network, keyId) {
      const seconds = keystore.document.keys[keyId]?.honey?.blockSeconds ?? 0
      if (seconds === 0) return
      // Before the call that sprang the trap is answered: the next one may come sooner than any disk.
      urgent.block(network, judgedNow() + seconds * 1_000)
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
    ...slots,
    signing,
    signIns,
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
      await book.rollUp()
    },
    async close() {
      await changes.exclusively(async () => {
        try {
          throwFirst(await flush())
        } finally {
          await audit.close()
          await revocations.close()
        }
      })
    },
  }
}
