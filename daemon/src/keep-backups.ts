/**
 * Backups of an open store: made, checked, tried and restored, when asked and by the clock. Promises: each is in the trail
 * before it is answered; what the clock could not do is an alarm until it succeeds; a restore does what its preview showed,
 * as one change. Never: a backup or a drill at the same time as another.
 */
import { randomBytes } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { backupKeepLimits, type AuditAction, type BackupReport, type BackupsView } from '@postern/shared'
import type { BackupRoom } from './admin/rooms.ts'
import { openBackups } from './backup/backups.ts'
import { createBackupClock, sayWhy } from './backup/clock.ts'
import { assertFolderThere, type BackupTarget } from './backup/copy-folder.ts'
import { assertCron } from './backup/cron.ts'
import { pruneBackups } from './backup/prune.ts'
import { assertApart } from './backup/source-files.ts'
import type { Who } from './change.ts'
import { writeDurably } from './disk/durable-file.ts'
import type { Document } from './document/document.ts'
import type { Step } from './document/step.ts'
import { setBackupSchedule, setDrillSchedule } from './keys/backup-steps.ts'
import type { Sealer } from './keystore/sealer.ts'
import { createMerging, otherStore } from './merge-backup.ts'
import { Problem } from './problem.ts'
import { proveBackup, sayFaults } from './prove-backup.ts'

export type BackupAlarm = 'backup_failed' | 'drill_failed'

export interface KeptBackups extends BackupRoom {
  /** What the clock calls. */
  tick(): Promise<void>
}

export interface KeepBackupsDeps {
  readonly dataDir: string
  readonly machineDir: string
  readonly storeId: string
  readonly generation: () => number
  readonly document: () => Document
  readonly sealer: Sealer
  readonly now: () => number
  readonly zone: string
  readonly systemActor: Who
  readonly change: <R>(who: Who, step: Step<R>) => Promise<R>
  readonly record: (
    who: Who,
    entry: { action: AuditAction; object: { kind: string; id: string }; note?: string },
  ) => Promise<void>
  /** Ids of the keys that the trail speaks of. */
  readonly keysOfTrail: () => Promise<ReadonlySet<string>>
  readonly onAlarm: (kind: BackupAlarm, message: string) => void
  readonly onAlarmEnd: (kind: BackupAlarm, message: string) => void
  /** Whoever shows backups learns of a change. */
  readonly tellNews: () => void
  /** Puts what belongs beside the backups into their folder. */
  readonly beside?: (dir: string) => Promise<void>
}

export const keepBackups = async (deps: KeepBackupsDeps): Promise<KeptBackups> => {
  const { dataDir, machineDir, storeId, now, zone, document, change, record } = deps
  const backups = await openBackups(deps)
  let running: BackupsView['running'] = null
  let turn: Promise<unknown> = Promise.resolve()

  /** One piece of long work after the other, with how far it has come. */
  const oneByOne = <R>(
    what: NonNullable<BackupsView['running']>['what'],
    work: (onProgress: (done: number, total: number) => void) => Promise<R>,
  ): Promise<R> => {
    const mine = turn.then(async () => {
      running = { what, bytes_done: 0, bytes_total: null }
      try {
        return await work((done, total) => (running = { what, bytes_done: done, bytes_total: total }))
      } finally {
        running = null
      }
    })
    turn = mine.catch(() => undefined)
    return mine
  }

  const create = (who: Who, target: BackupTarget, how: { scheduled?: boolean; gone?: AbortSignal } = {}) =>
    oneByOne('create', async (onProgress) => {
      if (how.gone?.aborted === true)
        throw new Problem('request_timeout', { detail: 'Nobody waits for the backup any more.' })
      const made = await backups.create(target, { ...how, onProgress })
      await record(who, { action: 'backup.create', object: { kind: 'backup', id: made.at }, note: made.path })
      deps.tellNews()
      return made
    })

  const drill = (who: Who, asked: string | undefined): Promise<BackupReport> =>
    oneByOne('drill', async (onProgress) => {
      const at = new Date(now()).toISOString()
      const path = asked ?? backups.facts().madePath
      const before = backups.facts().drillFailed
      const failed = async (problem: string): Promise<void> => {
        await record(who, { action: 'backup.drill', object: { kind: 'backup', id: at }, note: `failed: ${problem}` })
        // One that somebody named may be damaged on purpose; the newest that Postern has made must not be.
        if (path !== backups.facts().madePath) return
        await backups.remember({ drillFailed: { at, path, problem } })
        if (before !== null && before.problem !== problem) deps.onAlarmEnd('drill_failed', 'It fails in another way.')
        if (before?.problem !== problem)
          deps.onAlarm('drill_failed', `A restore drill of ${path ?? 'a backup'} failed: ${problem}`)
        deps.tellNews()
      }
      try {
        if (path === null)
          throw new Problem('not_found', {
            detail: 'Postern has made no backup yet that it knows the place of. Make one, or name one to drill.',
          })
        const { report } = await proveBackup(path, { key: { dataDir, machineDir }, onProgress })
        if (report.store_id !== null && report.store_id !== storeId) throw otherStore(report.store_id)
        if (!report.ok) {
          await failed(sayFaults(report))
          return report
        }
        const { created_at: backupAt, generation, records } = report
        const proven = { at, path, backupAt: backupAt ?? at, generation: generation ?? 0, keys: records?.keys ?? 0 }
        await backups.remember({ proven, drillFailed: null })
        const note = `restorable: ${path}, generation ${proven.generation}, ${proven.keys} keys`
        await record(who, { action: 'backup.drill', object: { kind: 'backup', id: at }, note })
        if (before !== null) deps.onAlarmEnd('drill_failed', 'A restore drill went well.')
        deps.tellNews()
        return report
      } catch (error) {
        // A path that was mistyped, or one of another store, says nothing about the backups of this one.
        const isAnswer = error instanceof Problem && (error.code === 'field_invalid' || error.code === 'conflict')
        if (asked === undefined || !isAnswer) await failed(sayWhy(error))
        throw error
      }
    })

  const merging = createMerging({
    ...deps,
    prove: (path, onProgress) => proveBackup(path, { key: { dataDir, machineDir }, onProgress }),
  })
  const clock = createBackupClock({ backups, zone, now })

  const { backupTried, drillFailed } = backups.facts()
  if (typeof backupTried?.problem === 'string')
    deps.onAlarm('backup_failed', `The scheduled backup failed: ${backupTried.problem} It is tried again.`)
  if (drillFailed !== null) deps.onAlarm('drill_failed', `The last restore drill failed: ${drillFailed.problem}`)

  return {
    view() {
      const { last, proven, drillFailed: failed, backupTried: made, drillTried } = backups.facts()
      const { backupSchedule, drillSchedule } = document().settings
      return {
        last,
        proven:
          proven === null
            ? null
            : {
                at: proven.at,
                path: proven.path,
                backup_at: proven.backupAt,
                generation: proven.generation,
                keys: proven.keys,
              },
        drill_failed: failed,
        schedule: backupSchedule === null ? null : { ...backupSchedule, ...clock.next(backupSchedule, made) },
        drill_schedule: drillSchedule === null ? null : { ...drillSchedule, ...clock.next(drillSchedule, drillTried) },
        running,
      }
    },
    create: (who, target, gone) => create(who, target, { gone }),
    async note(who) {
      const known = await backups.note()
      await record(who, { action: 'backup.note', object: { kind: 'backup', id: known.at } })
      deps.tellNews()
      return known
    },
    async schedule(who, schedule) {
      if (schedule !== null) {
        assertCron(schedule.cron, zone, now())
        assertKeep(schedule.keep)
        await assertApart(deps, 'dir', schedule.dir)
        await assertFolderThere(schedule.dir)
        await assertWritable(schedule.dir)
      }
      await change(who, setBackupSchedule(schedule))
      // Asked for anew: what an earlier one had failed at is not this one's.
      const failed = backups.facts().backupTried?.problem ?? null
      await clock.begin('backupTried', schedule)
      if (failed !== null) deps.onAlarmEnd('backup_failed', 'The schedule of backups was changed.')
      deps.tellNews()
    },
    async drillSchedule(who, schedule) {
      if (schedule !== null) assertCron(schedule.cron, zone, now())
      await change(who, setDrillSchedule(schedule))
      await clock.begin('drillTried', schedule)
      deps.tellNews()
    },
    drill,
    verify: (who, path, keys) =>
      oneByOne('verify', async (onProgress) => {
        const { report } = await proveBackup(path, { key: keys ? { dataDir, machineDir } : null, onProgress })
        const note = `${path}: ${report.ok ? 'good' : sayFaults(report)}`
        await record(who, { action: 'backup.verify', object: { kind: 'backup', id: report.created_at ?? '-' }, note })
        return report
      }),
    preview: (path, replace) => oneByOne('preview', (onProgress) => merging.preview(path, replace, onProgress)),
    restore: (who, asked) => oneByOne('restore', (onProgress) => merging.restore(who, asked, onProgress)),
    async tick() {
      const { backupSchedule, drillSchedule } = document().settings
      const failedBefore = backups.facts().backupTried?.problem ?? null
      const tried = await clock.attempt('backupTried', backupSchedule, async ({ dir, keep }) => {
        const made = await create(deps.systemActor, { dir }, { scheduled: true })
        await pruneBackups(dir, { storeId, keep, made: basename(made.path) })
      })
      if (tried !== null && tried.problem !== failedBefore) {
        if (failedBefore !== null) deps.onAlarmEnd('backup_failed', 'The scheduled backup no longer fails in that way.')
        if (tried.problem !== null)
          deps.onAlarm(
            'backup_failed',
            `The scheduled backup failed: ${tried.problem} It is tried again every 15 minutes.`,
          )
        deps.tellNews()
      }
      // What it finds wrong it says itself.
      await clock.attempt('drillTried', drillSchedule, async () => {
        const report = await drill(deps.systemActor, undefined)
        if (!report.ok) throw new Problem('keystore_damaged', { detail: sayFaults(report) })
      })
    },
  }
}

const assertKeep = (keep: number): void => {
  const { min, max } = backupKeepLimits
  const message = `a whole number from ${min} to ${max}`
  if (!Number.isInteger(keep) || keep < min || keep > max)
    throw new Problem('field_invalid', { detail: `keep: ${message}`, errors: [{ field: 'keep', message }] })
}

const assertWritable = async (dir: string): Promise<void> => {
  const probe = join(dir, `.postern-probe-${randomBytes(6).toString('hex')}`)
  try {
    await writeDurably(probe, Buffer.from('postern\n'))
    await unlink(probe)
  } catch (error) {
    const message = `${dir} cannot be written by the user Postern runs as (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`
    throw new Problem('field_invalid', {
      detail: `dir: ${message}`,
      errors: [{ field: 'dir', message }],
      cause: error,
    })
  }
}
