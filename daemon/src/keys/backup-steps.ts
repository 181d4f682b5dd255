/** When backups are made and tried, as pure steps. Whether an expression or a folder can be used was looked at before. */
import type { BackupSchedule, DrillSchedule } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { Problem } from '../problem.ts'

/** `null`: no more. */
export const setBackupSchedule =
  (backupSchedule: BackupSchedule | null): Step<null> =>
  (document) => {
    const { settings } = document
    if (backupSchedule === null && settings.backupSchedule === null)
      throw new Problem('not_found', { detail: 'Postern makes no backups by itself.' })
    const note =
      backupSchedule === null
        ? 'off'
        : `${backupSchedule.cron} into ${backupSchedule.dir}, ${backupSchedule.keep} are kept`
    return {
      document: { ...document, settings: { ...settings, backupSchedule, revision: settings.revision + 1 } },
      result: null,
      entry: { action: 'backup.schedule', object: { kind: 'settings', id: 'settings' }, note },
    }
  }

/** `null`: no more. */
export const setDrillSchedule =
  (drillSchedule: DrillSchedule | null): Step<null> =>
  (document) => {
    const { settings } = document
    if (drillSchedule === null && settings.drillSchedule === null)
      throw new Problem('not_found', { detail: 'Postern tries no restores by itself.' })
    return {
      document: { ...document, settings: { ...settings, drillSchedule, revision: settings.revision + 1 } },
      result: null,
      entry: {
        action: 'backup.drill_schedule',
        object: { kind: 'settings', id: 'settings' },
        note: drillSchedule === null ? 'off' : drillSchedule.cron,
      },
    }
  }
