/** What `status` says of the daemon: its state, its doors, its keys by colour, its alarms and the machine. */
import { inEffect, productVersion, statusOf, type ClockView, type StatusView } from '@postern/shared'
import type { Listener } from './gateway/listener.ts'
import { readHostFacts } from './host/host-facts.ts'
import type { StoreInUse } from './open-store.ts'
import type { Problem } from './problem.ts'
import type { Settings } from './settings.ts'
import type { CertificateKeeper } from './tls/keep-certificate.ts'

export const version = productVersion

/** Put together anew for each question; never a secret, never a key's name. */
export const statusOfDaemon = async (
  facts: {
    settings: Settings
    startedAt: string
    alarms: StatusView['alarms']
    store: StoreInUse | undefined
    why: Problem | undefined
    certificate: CertificateKeeper | undefined
    listeners: readonly Listener[]
    nowMs: number
    zone: string
  },
  clock: ClockView,
): Promise<StatusView> => {
  const { settings, store, why, certificate } = facts
  const document = store?.document()
  const judgedMs = Date.parse(clock.judged_by)
  const keys = { green: 0, orange: 0, red: 0, grey: 0 }
  for (const key of Object.values(document?.keys ?? {}))
    if (document !== undefined && key.removedAt === null)
      keys[statusOf(inEffect(key, document.clients[key.clientId]), judgedMs)] += 1
  const count = (records: object | undefined): number => Object.keys(records ?? {}).length
  return {
    version,
    state: store === undefined ? 'locked' : 'open',
    problem: why === undefined ? null : { code: why.code, detail: why.message },
    refusing: store?.refusing() ?? null,
    started_at: facts.startedAt,
    now: new Date(facts.nowMs).toISOString(),
    zone: facts.zone,
    clock,
    pid: process.pid,
    data_dir: settings.dataDir,
    store:
      store === undefined
        ? null
        : {
            id: store.storeId,
            generation: store.generation,
            machine_key: store.protection().machineKey,
            root_key_since: store.protection().rootKeySince,
            data_key_since: store.protection().dataKeySince,
          },
    listeners: facts.listeners.map(({ url }) => ({ url })),
    certificate:
      certificate === undefined
        ? null
        : {
            source: certificate.info.source,
            subject: certificate.info.subject,
            not_after: certificate.info.notAfter,
            fingerprint256: certificate.info.fingerprint256,
            ca_file: certificate.info.authorityFile,
          },
    keys: document === undefined ? null : keys,
    counts:
      document === undefined
        ? null
        : {
            clients: count(document.clients),
            collections: count(document.collections),
            endpoints: count(document.endpoints),
          },
    alarms: facts.alarms,
    host: await readHostFacts(settings.dataDir),
    console: settings.console,
  }
}
