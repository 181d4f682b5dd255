/**
 * The daemon: builds every room and both doors. Promises: listens to connectors only after the keystore has been opened or
 * found locked; while locked it answers 503 and reads no credential; stopping flushes what is held in memory. Tests start
 * this very function.
 */
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Notice } from '@postern/shared'
import { startAdmin, type Admin } from './admin/admin.ts'
import { createAlarms } from './alarms.ts'
import type { AdminRooms } from './admin/rooms.ts'
import { createChangeFeed } from './change-feed.ts'
import { connectorKit, type Reach } from './connector-kit.ts'
import { statusOfDaemon, version } from './daemon-status.ts'
import type { Document } from './document/document.ts'
import { explainCall } from './explain-call.ts'
import { startForwardingTrail, type TrailForwarding } from './forward-trail.ts'
import { gatewayRooms } from './gateway-rooms.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { listen, type Listener } from './gateway/listener.ts'
import { clockAlarm, openClock } from './host/keep-clock.ts'
import { freeBytesOf, machineNames } from './host/host-facts.ts'
import { assertFolder, keystoreDeps, unlockEntry, type OpensStore } from './init-store.ts'
import { runJobs } from './jobs.ts'
import { regularJobs } from './regular-jobs.ts'
import { holdFolder, type FolderHold } from './keystore/folder-hold.ts'
import type { Keystore, KeystoreAlarm } from './keystore/keystore.ts'
import { openKeystore, unlockWithRecovery } from './keystore/open.ts'
import { createStatus } from './metrics/status.ts'
import { useStore, type StoreInUse } from './open-store.ts'
import type { Postern, PosternDeps } from './postern-deps.ts'
import { startTelling, type Telling } from './tell.ts'
import { createRefusalBook } from './usage/refusal-book.ts'
import { briefly, faultText, isProblem, Problem } from './problem.ts'
import type { Settings } from './settings.ts'
import { throwawayContext } from './tls/throwaway-context.ts'
import { createKeyTrials } from './try-key.ts'
import { createLockedWatch } from './watch-locked.ts'
import { keepCertificate, type CertificateKeeper } from './tls/keep-certificate.ts'
import { listenerTlsOptions } from './tls/listener-options.ts'

export type { Postern, PosternDeps } from './postern-deps.ts'

const graceMs = 5_000
const auditReserveBytes = 64 * 1024 ** 2

/** Starts the daemon. Throws the Problem that keeps it from starting; then nothing is left running. */
export const startPostern = async (settings: Settings, deps: PosternDeps): Promise<Postern> => {
  const { log, now = Date.now, env = process.env } = deps
  const zone = deps.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const startedAt = new Date(now()).toISOString()
  const feed = createChangeFeed(now())
  const alarmBook = createAlarms({ log, now, telling: () => telling, onChange: () => feed.tell('state') })
  const { raise: alarm, standing: alarms } = alarmBook
  const onAlarm = ({ kind, message }: KeystoreAlarm): void => alarm(kind, message)

  const sayNotice = ({ id, severity, text }: Notice): void => {
    log.warn(text, { notice: id, severity })
    feed.tell('notices')
  }
  // On a disk that takes nothing calls are answered all the same; what could not be noted is looked for again.
  const unnoted = (error: unknown): void => void log.error('a notice could not be kept', { error: faultText(error) })
  const diskFreeBytes = (): Promise<number | null> => freeBytesOf(settings.dataDir).catch(() => null)
  const lockedWatch = createLockedWatch({ now, diskFreeBytes, say: sayNotice })

  const undo: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    status.phase = 'stopping'
    const faults: unknown[] = []
    // What could not be flushed is told, and keeps nothing else from being given back.
    for (const each of undo.splice(0).toReversed()) await each().catch((error: unknown) => faults.push(error))
    if (faults.length > 0) throw faults[0]
  }
  let store: StoreInUse | undefined
  let certificate: CertificateKeeper | undefined
  let telling: Telling | undefined
  let forwarding: TrailForwarding | undefined
  let why: Problem | undefined
  let listeners: Listener[] = []
  let unlocking = false
  let adminUrl: string | null = null
  const status = createStatus(settings.statusListen, {
    version,
    now,
    store: () => store,
    isTrailFull: () => store?.isTrailFull() === true,
    why: () => why?.code,
    certificateNotAfter: () => certificate?.info.notAfter ?? null,
    notices: () => telling?.all() ?? [],
    onFault: (id, error) => void log.error('a status call failed', { request_id: id, error: faultText(error) }),
  })

  const inUse = async (keystore: Keystore<Document>, { adopted }: OpensStore): Promise<void> => {
    const kept = await keepCertificate({
      dir: join(settings.dataDir, 'tls'),
      source: settings.certificate,
      names: () => [...new Set([...settings.names, ...machineNames()])],
      sealer: keystore.sealer('tls'),
      now,
      onWarning: (message) => alarm('certificate_authority', message),
      onChange: (context) => {
        for (const each of listeners) each.setSecureContext({ ...listenerTlsOptions, ...context })
        log.info('the certificate has been renewed', { not_after: certificate?.info.notAfter })
      },
    })
    // The certificate first: when its file cannot be used there is no store in use yet that would have to be closed.
    const opened = await useStore(keystore, {
      dataDir: settings.dataDir,
      machineDir: settings.machineDir,
      now,
      judgedNow: clock.now,
      zone,
      onAlarm: alarm,
      onAlarmEnd: (kind, message) => alarmBook.ended(kind, message),
      auditReserveBytes: deps.auditReserveBytes ?? auditReserveBytes,
      room: { freeBytes: diskFreeBytes, freeBytesMin: deps.freeBytesMin ?? 16 * 1024 ** 2 },
      onAuditWriteError: () => status.auditWriteFailed(),
      onPublish: feed.committed,
      adopted: adopted(),
    })
    certificate = kept
    telling = await startTelling({
      dataDir: settings.dataDir,
      document: () => opened.document(),
      openSecret: (sealed, id) => opened.openSecret(sealed, id),
      now,
      zone,
      site: hostname(),
      certificateNotAfter: () => certificate?.info.notAfter ?? null,
      recoverySlots: () => opened.slots().filter(({ kind }) => kind === 'recovery'),
      lastBackupAt: () => opened.backups.view().last?.at ?? null,
      storeId: opened.storeId,
      generation: () => opened.generation,
      diskFreeBytes,
      say: sayNotice,
      onFault: (error) => void log.error('notices could not be sent', { error: faultText(error) }),
    })
    forwarding = await startForwardingTrail({
      dataDir: settings.dataDir,
      receiver: () => opened.document().settings.trailReceiver,
      trail: opened.trail,
      now,
      site: hostname(),
      onAlarm: (message) => alarm('trail_receiver', message),
    })
    for (const each of listeners) each.setSecureContext({ ...listenerTlsOptions, ...kept.context })
    store = opened
    why = undefined
    feed.tell('state')
    // What was noticed before there was anybody to tell is told now.
    const { alarm: tell, look, deliver } = telling
    for (const { kind, message } of alarms) await tell(kind, message).catch(unnoted)
    await look().catch(unnoted)
    void deliver()
  }

  const unlocked = <T>(room: T | undefined): T => {
    if (room === undefined) throw why ?? new Problem('keystore_locked')
    return room
  }
  const assertStore = (): StoreInUse => unlocked(store)
  const refusals = createRefusalBook()
  const trials = createKeyTrials({ url: () => listeners[0]?.url, fingerprint: () => certificate?.info.fingerprint256 })

  const reach = (): Reach => ({
    urls: listeners.map(({ url }) => url),
    hostName: machineNames()[0] ?? 'localhost',
    caFile: certificate?.info.authorityFile ?? null,
  })
  const rooms: AdminRooms = {
    kit: (asked) => connectorKit(assertStore().document(), reach(), asked),
    now: () => clock.now(),
    acceptClock: () => clock.accept(),
    clock: () => clock.view(),
    store: assertStore,
    notices: () => unlocked(telling),
    trailReceiver: () => unlocked(forwarding).view(),
    refusals,
    explain: (asked) => explainCall(asked, { store: assertStore(), nowMs: clock.now() }),
    tryKey: (trial) => trials.tryKey(assertStore(), trial),
    feed,
    status: () =>
      statusOfDaemon(
        { settings, startedAt, alarms, store, why, certificate, listeners, nowMs: now(), zone },
        clock.view(),
      ),
    unlock: async (who, code, { acceptRollback, quarantine }) => {
      if (store !== undefined || unlocking) throw new Problem('conflict', { detail: 'The keystore is open already.' })
      unlocking = true
      try {
        const keystoreFor = keystoreDeps(settings, { now, onAlarm, quarantine })
        await inUse(await unlockWithRecovery(keystoreFor, hold, code, { acceptRollback }), keystoreFor)
        const { storeId, generation, recordDone } = assertStore()
        await recordDone(who, unlockEntry(storeId, generation, acceptRollback, keystoreFor.adopted()))
        log.info('the keystore has been unlocked with the recovery kit', { generation })
        return keystoreFor.cameUp()
      } finally {
        unlocking = false
      }
    },
  }

  assertFolder(settings)
  const hold: FolderHold = await holdFolder(settings.dataDir, settings.machineDir)
  undo.push(() => hold.release())
  const clock = await openClock({
    machineDir: settings.machineDir,
    wallMs: now,
    ...(deps.steadyMs === undefined ? {} : { steadyMs: deps.steadyMs }),
    onAlarm: (message) => alarm(clockAlarm, message),
    onAlarmEnd: (message) => alarmBook.ended(clockAlarm, message),
  })
  undo.push(() => status.stop())
  try {
    await status.open()
    try {
      const keystoreFor = keystoreDeps(settings, { now, onAlarm })
      await inUse(await openKeystore(keystoreFor, hold), keystoreFor)
    } catch (error) {
      // These two wait for a person with the recovery kit; anything else is for the person who starts the daemon.
      if (!isProblem(error, 'keystore_locked') && !isProblem(error, 'keystore_rolled_back')) throw error
      why = error
      log.warn(error.message, { state: 'locked' })
    }
    undo.push(async () => store?.close())
    undo.push(async () => telling?.close())
    const keeper = { settings, log, clock, status, trials, feed, refusals, store: () => store, telling: () => telling }
    const gatewayDeps = gatewayRooms({ ...keeper, reach })
    const gateway: Gateway = createGateway(gatewayDeps)
    undo.push(() => gateway.close())
    const tls = { ...listenerTlsOptions, ...(certificate?.context ?? (await throwawayContext(machineNames(), now()))) }
    for (const at of settings.listen) {
      const listener = await listen(at, gateway, tls, { isProxy: gatewayDeps.isProxy })
      undo.push(() => listener.stop(graceMs))
      listeners = [...listeners, listener]
    }
    const onFault = (requestId: string, error: unknown): void =>
      void log.error('an admin call failed', { request_id: requestId, error: faultText(error) })
    const { socketPath, pagesPort, adminListen } = settings
    const admin: Admin = await startAdmin({ rooms, socketPath, pagesPort, adminListen, version, env, onFault })
    adminUrl = admin.url
    undo.push(() => admin.close())
    const jobs = runJobs(
      regularJobs({
        clock,
        store: () => store,
        telling: () => telling,
        lockedWatch,
        forwarding: () => forwarding,
        certificate: () => certificate,
        everyMs: deps,
      }),
      now,
      (job, error) => {
        log.error('a regular job failed', { job, error: faultText(error) })
        alarm(
          `job_${job}`,
          `The regular ${job} failed (${briefly(error)}); it is tried again. The log has the details.`,
        )
      },
      (job) => alarmBook.ended(`job_${job}`, `The regular ${job} goes well again.`),
    )
    undo.push(async () => jobs.stop())
  } catch (error) {
    await stop()
    throw error
  }
  status.phase = 'running'
  log.info('Postern runs', {
    version,
    state: store === undefined ? 'locked' : 'open',
    urls: listeners.map(({ url }) => url),
    status_url: status.url,
    admin_url: adminUrl,
    socket: settings.socketPath,
  })
  return {
    urls: listeners.map(({ url }) => url),
    statusUrl: status.url,
    adminUrl,
    get state() {
      return store === undefined ? 'locked' : 'open'
    },
    stop,
  }
}
