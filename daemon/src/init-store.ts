/** Makes and unlocks a store with no daemon running: what `postern init` and an offline `postern unlock` do. */
import { join } from 'node:path'
import type { KeystoreAlarm, KeystoreDeps, RecoveryKit } from './keystore/keystore.ts'
import { createKeystore, unlockWithRecovery } from './keystore/open.ts'
import { holdFolder } from './keystore/folder-hold.ts'
import { writeDurably } from './disk/durable-file.ts'
import { documentCodec, firstDocument } from './document/codec.ts'
import type { Document } from './document/document.ts'
import type { Secret } from './problem.ts'
import { configFile } from './settings.ts'
import { systemActor, useStore } from './open-store.ts'
import type { Who } from './change.ts'

export interface Folders {
  readonly dataDir: string
  readonly machineDir: string
}

/** How the keystore is opened everywhere: with the document's codec. */
export const keystoreDeps = (
  folders: Folders,
  options: { now: () => number; onAlarm: (alarm: KeystoreAlarm) => void },
): KeystoreDeps<Document> => ({ ...folders, codec: documentCodec, ...options })

/** Makes a store and its `config.json`. The kit's code exists nowhere else. Throws what `createKeystore` throws. */
export const initStore = async (
  folders: Folders,
  options: { config: object; now: () => number; who?: Who },
): Promise<RecoveryKit> => {
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const deps = keystoreDeps(folders, { now: options.now, onAlarm: () => undefined })
    const { keystore, recoveryKit } = await createKeystore(deps, hold, firstDocument(options.now()))
    await writeDurably(join(folders.dataDir, configFile), Buffer.from(`${JSON.stringify(options.config, null, 2)}\n`))
    const store = await useStore(keystore, { ...folders, now: options.now, zone: 'UTC', onWarning: () => undefined })
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

/** Opens a folder with the recovery code and makes a machine slot here. */
export const unlockStore = async (
  folders: Folders,
  options: {
    code: Secret
    acceptRollback: boolean
    now: () => number
    onAlarm: (alarm: KeystoreAlarm) => void
    who?: Who
  },
): Promise<{ storeId: string; generation: number }> => {
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    const { acceptRollback } = options
    const keystore = await unlockWithRecovery(keystoreDeps(folders, options), hold, options.code, { acceptRollback })
    const store = await useStore(keystore, { ...folders, now: options.now, zone: 'UTC', onWarning: () => undefined })
    await store.recordDone(
      options.who ?? systemActor,
      unlockEntry(keystore.storeId, keystore.generation, acceptRollback),
    )
    await store.close()
    return { storeId: keystore.storeId, generation: keystore.generation }
  } finally {
    await hold.release()
  }
}

/** What the trail says of an unlocking. */
export const unlockEntry = (storeId: string, generation: number, acceptRollback: boolean) => ({
  action: 'keystore.unlock' as const,
  object: { kind: 'store', id: storeId },
  note: `opened with the recovery kit at generation ${generation}; a new machine slot was made${acceptRollback ? '; an older folder was accepted' : ''}`,
})
