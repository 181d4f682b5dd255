/**
 * A backup put in the place of a store that is gone or damaged, with no daemon running. Promises: a keystore that is whole is
 * never moved; what is put in place has been checked; what has to be done next is told.
 */
import type { BackupReport } from '@postern/shared'
import { namesIn, realDisk } from './disk/disk-calls.ts'
import { findBackup } from './backup/read-backup.ts'
import { putInPlace } from './backup/put-in-place.ts'
import { assertApart } from './backup/source-files.ts'
import type { Folders } from './init-store.ts'
import { readAnchor } from './keystore/anchor.ts'
import { holdFolder } from './keystore/folder-hold.ts'
import { listGenerations } from './keystore/generations.ts'
import { layoutOf } from './keystore/layout.ts'
import { isProblem, Problem, type Secret } from './problem.ts'
import { proveBackup, sayFaults } from './prove-backup.ts'
import { bringJournal } from './revocations/targets.ts'

export interface RestoreShown {
  readonly report: BackupReport
  /** This machine's own key opens it, so that nothing has to be unlocked. */
  readonly opensHere: boolean
  /** This machine has written a newer generation of this store than the backup holds. */
  readonly newerGeneration: number | null
  /** The data folder holds something that would be moved aside. */
  readonly movesAside: boolean
}

/**
 * Looks at the backup and at the place it would go to; changes nothing. Throws `keystore_exists` for a place that holds a
 * whole keystore, `keystore_damaged` for a backup that is not good, `conflict` for a machine folder of another store.
 */
export const previewRestore = async (folders: Folders, source: string, code?: Secret): Promise<RestoreShown> => {
  await assertApart(folders, 'file', source)
  const layout = layoutOf(folders.dataDir, folders.machineDir)
  await assertReplaceable(folders)
  const withMachine = await proveBackup(source, { key: folders }).catch((error: unknown) => {
    if (isProblem(error, 'keystore_locked')) return undefined
    throw error
  })
  const { report } =
    code === undefined && withMachine !== undefined
      ? withMachine
      : await proveBackup(source, { key: code === undefined ? null : { code } })
  if (!report.ok || report.generation === null)
    throw new Problem('keystore_damaged', { detail: `The backup is not good: ${sayFaults(report)} Use another one.` })
  const anchor = await readAnchor(layout, realDisk)
  if (anchor !== undefined && anchor.storeId !== report.store_id)
    throw new Problem('conflict', {
      detail: `${layout.machineDir} belongs to another keystore (${anchor.storeId}). Name another folder with --machine.`,
    })
  return {
    report,
    opensHere: withMachine?.opened !== undefined && withMachine.opened !== null,
    newerGeneration: anchor !== undefined && anchor.maxGen > report.generation ? anchor.maxGen : null,
    movesAside: (await namesIn(layout.dataDir)).length > 0,
  }
}

/**
 * Puts the backup in place, with the journal of revocations that lies beside it. Throws also `folder_in_use`,
 * `precondition_failed` for a backup that is not the one that was shown, `store_unavailable`.
 */
export const restoreStore = async (
  folders: Folders,
  source: string,
  options: { shown: BackupReport; nowMs: number },
): Promise<{ files: number; movedTo: string | null }> => {
  const hold = await holdFolder(folders.dataDir, folders.machineDir)
  try {
    await assertReplaceable(folders)
    const { shown, nowMs } = options
    const check = async (folder: string): Promise<void> => {
      const { report } = await proveBackup(folder, { key: null })
      const isShown = report.ok && report.generation === shown.generation && report.files === shown.files
      if (!isShown || report.store_id !== shown.store_id)
        throw new Problem('precondition_failed', {
          detail: 'What was copied is not the backup that was shown; nothing was changed. Look at it again.',
        })
    }
    const bring = (from: string, folder: string): Promise<void> => bringJournal(from, folder, shown.store_id ?? '')
    return await putInPlace(await findBackup(source), { dataDir: folders.dataDir, nowMs, check, bring })
  } finally {
    await hold.release()
  }
}

/** A store that is whole is not given up for a backup: somebody has to move it, or Postern merges the backup into it. */
const assertReplaceable = async (folders: Folders): Promise<void> => {
  const layout = layoutOf(folders.dataDir, folders.machineDir)
  const { present } = await listGenerations(layout, realDisk)
  if (present.length === 0) return
  const { report } = await proveBackup(layout.dataDir, { key: null })
  const isWhole =
    report.generation === present[0] && !report.faults.some(({ file }) => file?.startsWith('store/') === true)
  if (isWhole)
    throw new Problem('keystore_exists', {
      detail: `The keystore in ${layout.dataDir} is whole (generation ${present[0]}). To take records out of the backup into it, start Postern and run this again. To put the backup in its place, move the folder away first.`,
    })
}
