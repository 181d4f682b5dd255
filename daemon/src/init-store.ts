/** What is done to a store with no daemon running: `postern init`, and `unlock` and `audit verify` offline. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditVerification, CameUpView } from '@postern/shared'
import { readHead, readTrailKeys } from './audit/head.ts'
import { verifyTrail } from './audit/verify.ts'
import { readLog } from './disk/append-log.ts'
import type { KeystoreAlarm, KeystoreDeps } from './keystore/keystore.ts'
import type { RecoveryKit } from './keystore/slot-changes.ts'
import { createKeystore, unlockWithRecovery } from './keystore/open.ts'
import { holdFolder } from './keystore/folder-hold.ts'
import { layoutOf } from './keystore/layout.ts'
import { machineKeyKind, protectMachineKey } from './keystore/machine-key.ts'
import { bestMachineKeyKind, machineKeyKinds, type MachineKeyKind } from './keystore/machine-key-protection.ts'
import { realDisk, writeDurably } from './disk/durable-file.ts'
import { documentCodec, firstDocument } from './document/codec.ts'
import type { Document } from './document/document.ts'
import { Problem, type Secret } from './problem.ts'
import { configFile } from './settings.ts'
import { systemActor, useStore } from './open-store.ts'
import { adoptDocument, cameUpOf, knownText, type Adopted } from './revocations/adopt.ts'
import type { Who } from './change.ts'

export { machineKeyKinds, type MachineKeyKind }

export interface Folders {
  readonly dataDir: string
  readonly machineDir: string
}

/** What opens a keystore, and what came of it. */
export interface OpensStore extends KeystoreDeps<Document> {
  /** What was found and done at the opening; `undefined` before. */
  adopted(): Adopted | undefined
  /** The same as it travels. */
  cameUp(): CameUpView | null
}

/**
 * How the keystore is opened everywhere: with the document's codec, and made as strict as the journals of revocations say.
 * `quarantine`: no key of it lives until somebody says so.
 */
export const keystoreDeps = (
  folders: Folders,
  options: { now: () => number; onAlarm: (alarm: KeystoreAlarm) => void; quarantine?: boolean },
): OpensStore => {
  let adopted: Adopted | undefined
  return {
    ...folders,
    codec: documentCodec,
    machineKeyKind: bestMachineKeyKind(),
    ...options,
    adopt: async (document, opening) => {
      const asked = { ...folders, nowMs: options.now(), quarantineAll: options.quarantine === true }
      const done = await adoptDocument(document, opening, asked)
      adopted = done.adopted
      return done.document
    },
    adopted: () => adopted,
    cameUp: () => cameUpOf(adopted),
  }
}

/** Makes a store and its `config.json`. The kit's code exists nowhere else. Throws what `createKeystore` throws. */
export const initStore = async (
  folders: Folders,
  options: { config: object; now: () => number; who?: Who; machineKeyKind?: MachineKeyKind },
): Promise<RecoveryKit> => {
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const given = keystoreDeps(folders, { now: options.now, onAlarm: () => undefined })
    const kind = options.machineKeyKind
    const deps = kind === undefined ? given : { ...given, machineKeyKind: kind }
    const { keystore, recoveryKit } = await createKeystore(deps, hold, firstDocument(options.now()))
    await writeDurably(join(folders.dataDir, configFile), Buffer.from(`${JSON.stringify(options.config, null, 2)}\n`))
    const store = await useStore(keystore, { ...folders, now: options.now, zone: 'UTC', onAlarm: () => undefined })
    await store.recordDone(options.who ?? systemActor, {
      action: 'keystore.init',
      object: { kind: 'store', id: keystore.storeId },
    })
    await store.close()
    return recoveryKit
  } finally {
    await hold.release()
  }
}

/** How the machine key of these folders is kept; `undefined` when there is none. */
export const machineKeyKindOf = (folders: Folders): Promise<MachineKeyKind | undefined> =>
  machineKeyKind(layoutOf(folders.dataDir, folders.machineDir), realDisk)

/**
 * Keeps the machine key in another way, with no daemon running. Gives how it was kept before. Throws `keystore_locked` where
 * there is none to be read, `settings_invalid` where this machine cannot keep it in that way.
 */
export const changeMachineKeyKind = async (
  folders: Folders,
  kind: MachineKeyKind,
): Promise<{ before: MachineKeyKind | undefined }> => {
  assertFolder(folders)
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const layout = layoutOf(folders.dataDir, folders.machineDir)
    const before = await machineKeyKind(layout, realDisk)
    await protectMachineKey(layout, kind, realDisk)
    return { before }
  } finally {
    await hold.release()
  }
}

/**
 * Throws before anything is made, when a folder that should hold a keystore is not there: `keystore_absent`, or
 * `keystore_damaged` where this machine remembers one in it.
 */
export const assertFolder = ({ dataDir, machineDir }: Folders): void => {
  if (existsSync(dataDir)) return
  if (existsSync(machineDir) && readdirSync(machineDir).some((name) => name.startsWith('anchor-')))
    throw new Problem('keystore_damaged', {
      detail: `There is no folder ${dataDir}, but this machine has written a keystore there (see ${machineDir}). Mount its disk, or put a backup in its place: postern backup restore BACKUP --data ${dataDir}`,
    })
  throw new Problem('keystore_absent', {
    detail: `There is no folder ${dataDir}. Make a keystore: postern init --data ${dataDir}`,
  })
}

/** Opens a folder with the recovery code and makes a machine slot here. */
export const unlockStore = async (
  folders: Folders,
  options: {
    code: Secret
    acceptRollback: boolean
    quarantine?: boolean
    now: () => number
    onAlarm: (alarm: { readonly message: string }) => void
    who?: Who
  },
): Promise<{ storeId: string; generation: number; cameUp: CameUpView | null }> => {
  assertFolder(folders)
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const { acceptRollback } = options
    const deps = keystoreDeps(folders, options)
    const keystore = await unlockWithRecovery(deps, hold, options.code, { acceptRollback })
    const adopted = deps.adopted()
    const onAlarm = (_kind: string, message: string): void => options.onAlarm({ message })
    const store = await useStore(keystore, { ...folders, now: options.now, zone: 'UTC', onAlarm, adopted })
    await store.recordDone(
      options.who ?? systemActor,
      unlockEntry(keystore.storeId, keystore.generation, acceptRollback, adopted),
    )
    await store.close()
    return { storeId: keystore.storeId, generation: keystore.generation, cameUp: deps.cameUp() }
  } finally {
    await hold.release()
  }
}

/**
 * Checks the audit trail with no daemon running, against the key and the end that this machine remembers. Throws
 * `keystore_absent` where there is no trail, `not_found` where the machine has never met its store.
 */
export const verifyTrailOffline = async (folders: Folders): Promise<AuditVerification> => {
  const dir = join(folders.dataDir, 'audit')
  if (!existsSync(dir)) throw new Problem('keystore_absent', { detail: `There is no audit trail in ${dir}.` })
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const [key, ...others] = await readTrailKeys(folders.machineDir)
    if (key === undefined || others.length > 0)
      throw new Problem('not_found', {
        detail: `${folders.machineDir} does not say with which key this trail is sealed. Start Postern and run this again, or check an export with its public key.`,
      })
    return await verifyTrail(() => readLog(dir), { ...key, head: await readHead(folders.machineDir, key.storeId) })
  } finally {
    await hold.release()
  }
}

/** What the trail says of an unlocking. */
export const unlockEntry = (
  storeId: string,
  generation: number,
  acceptRollback: boolean,
  adopted: Adopted | undefined,
) => ({
  action: 'keystore.unlock' as const,
  object: { kind: 'store', id: storeId },
  note: `opened with the recovery kit at generation ${generation}; a new machine slot was made${acceptRollback ? '; an older folder was accepted' : ''}${adopted === undefined ? '' : `; ${knownText(adopted)}`}`,
})
