/** A small keystore of plain JSON for tests, in a folder of its own. */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiskCalls } from '../../daemon/src/disk/durable-file.ts'
import { holdFolder, type FolderHold } from '../../daemon/src/keystore/folder-hold.ts'
import type { Keystore, KeystoreAlarm, KeystoreDeps } from '../../daemon/src/keystore/keystore.ts'
import type { RecoveryKit } from '../../daemon/src/keystore/slot-changes.ts'
import { createKeystore, openKeystore, unlockWithRecovery } from '../../daemon/src/keystore/open.ts'
import { Secret } from '../../daemon/src/problem.ts'
import { temporaryDir } from './start-postern.ts'

export interface Small {
  readonly n: number
  readonly filler?: string
}

export interface Folder {
  readonly dir: string
  readonly deps: KeystoreDeps<Small>
  readonly alarms: KeystoreAlarm[]
  readonly clock: { nowMs: number }
  create(): Promise<{ keystore: Keystore<Small>; recoveryKit: RecoveryKit }>
  /** Opens as a fresh process would: a hold of its own, given back by `release`. */
  open(): Promise<Keystore<Small>>
  unlock(code: string, options?: { acceptRollback?: boolean }): Promise<Keystore<Small>>
  release(): Promise<void>
  /** A plain copy of the data folder alone, on a machine that has never seen it. */
  copyData(): Promise<Folder>
  remove(): Promise<void>
}

export const smallFolder = async (options: { disk?: DiskCalls } = {}): Promise<Folder> =>
  folderAt(await temporaryDir(), options)

const folderAt = (dir: string, { disk }: { disk?: DiskCalls }): Folder => {
  const alarms: KeystoreAlarm[] = []
  const clock = { nowMs: Date.now() }
  let hold: FolderHold | undefined
  const deps: KeystoreDeps<Small> = {
    dataDir: join(dir, 'data'),
    machineDir: join(dir, 'machine'),
    codec: {
      parse: (bytes) => JSON.parse(bytes.toString()) as Small,
      serialise: (document) => Buffer.from(JSON.stringify(document)),
    },
    now: () => clock.nowMs,
    onAlarm: (alarm) => alarms.push(alarm),
    ...(disk === undefined ? {} : { disk }),
  }
  const release = async (): Promise<void> => {
    await hold?.release()
    hold = undefined
  }
  const held = async (): Promise<FolderHold> => {
    await release()
    hold = await holdFolder(deps.dataDir, deps.machineDir)
    return hold
  }
  return {
    dir,
    deps,
    alarms,
    clock,
    create: async () => createKeystore(deps, await held(), { n: 1 }),
    open: async () => openKeystore(deps, await held()),
    unlock: async (code, unlockOptions) => unlockWithRecovery(deps, await held(), new Secret(code), unlockOptions),
    release,
    copyData: async () => {
      const copy = folderAt(await temporaryDir(), {})
      await cp(deps.dataDir, copy.deps.dataDir, { recursive: true })
      return copy
    },
    remove: async () => {
      await release()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
