/** The shapes about backups: what is known of them, schedules, checks, drills, and what a restore would do. */
import { z } from 'zod'
import { backupKeepLimits, restorableKinds } from './backup-limits.ts'

const instant = z.string().meta({ format: 'date-time' })
const wholePath = z.string().min(1).max(1_000)
const cron = z
  .string()
  .min(1)
  .max(100)
  .meta({ description: 'five fields: minute, hour, day of month, month, day of week; in the gateway’s zone' })

const backup = {
  at: instant,
  path: z.string().nullable().meta({ description: 'null: made by another program' }),
  generation: z.number(),
}
export const knownBackup = z.object(backup)

export const newBackup = z
  .strictObject({
    dir: wholePath.optional().meta({ description: 'the whole path of a folder that backups go into' }),
    file: wholePath.optional().meta({ description: 'the whole path of a new archive; its name ends in .tar' }),
  })
  .meta({ description: 'exactly one of the two' })
export const backupMade = z.object({ ...backup, path: z.string(), files: z.number(), bytes: z.number() })
export type BackupMadeView = z.infer<typeof backupMade>

const failure = z.object({ at: instant, problem: z.string() })
const scheduled = {
  cron: z.string(),
  next_at: instant.nullable().meta({ description: 'null: it is due now' }),
  failed: failure.nullable().meta({ description: 'the last attempt, when it failed' }),
}

export const backupsView = z.object({
  last: knownBackup.nullable(),
  proven: z
    .object({
      at: instant.meta({ description: 'when it was tried' }),
      path: z.string(),
      backup_at: instant.meta({ description: 'when the newest generation in it was written' }),
      generation: z.number(),
      keys: z.number(),
    })
    .nullable()
    .meta({ description: 'the last backup that was restored in memory, every record and secret of it' }),
  drill_failed: failure
    .extend({ path: z.string().nullable() })
    .nullable()
    .meta({ description: 'the last drill, when it failed' }),
  schedule: z
    .object({ ...scheduled, dir: z.string(), keep: z.number() })
    .nullable()
    .meta({ description: 'null: Postern makes none by itself' }),
  drill_schedule: z.object(scheduled).nullable(),
  running: z
    .object({
      what: z.enum(['create', 'verify', 'drill', 'preview', 'restore']),
      bytes_done: z.number(),
      bytes_total: z.number().nullable().meta({ description: 'null: not known yet' }),
    })
    .nullable()
    .meta({ description: 'long work that is going on' }),
})
export type BackupsView = z.infer<typeof backupsView>

export const backupScheduling = z.strictObject({
  schedule: z
    .strictObject({
      cron,
      dir: wholePath.meta({ description: 'the whole path of the folder they go into' }),
      keep: z.number().meta({ description: `how many stay there, ${backupKeepLimits.min} to ${backupKeepLimits.max}` }),
    })
    .nullable()
    .meta({ description: 'null: no more' }),
})
export const drillScheduling = z.strictObject({
  schedule: z.strictObject({ cron }).nullable().meta({ description: 'null: no more' }),
})

export const backupToDrill = z.strictObject({
  path: wholePath.optional().meta({ description: 'a backup; absent: the newest one that Postern has made' }),
})
export const backupToVerify = z.strictObject({
  path: wholePath.meta({ description: 'the whole path of a backup: a folder or a .tar' }),
  keys: z
    .boolean()
    .optional()
    .meta({ description: 'false: by hashes alone; default: opened with the machine key too' }),
})

const recordCounts = z.object({
  keys: z.number(),
  clients: z.number(),
  collections: z.number(),
  endpoints: z.number(),
})

/** What a look at a whole backup has found. */
export const backupReport = z.object({
  ok: z.boolean(),
  path: z.string(),
  kind: z.enum(['folder', 'archive']),
  store_id: z.string().nullable(),
  generation: z.number().nullable().meta({ description: 'the newest in it' }),
  created_at: instant.nullable().meta({ description: 'when that one was written' }),
  files: z.number(),
  bytes: z.number(),
  listed: z.number().nullable().meta({ description: 'files in its SHA256SUMS; null: it has none, as plain copies' }),
  opened_with: z.enum(['machine key', 'recovery code']).nullable().meta({ description: 'null: hashes alone' }),
  records: recordCounts.nullable().meta({ description: 'records that were parsed; null: it was not opened' }),
  secrets: z.number().nullable().meta({ description: 'sealed secrets that opened and fit' }),
  trail: z
    .number()
    .nullable()
    .meta({ description: 'records of the audit trail whose chain holds; null: not looked at' }),
  faults: z.array(z.object({ file: z.string().nullable(), problem: z.string() })),
})
export type BackupReport = z.infer<typeof backupReport>

const named = { kind: z.enum(restorableKinds), id: z.string(), name: z.string() }

/** What restoring a backup into the store would do, record by record. */
const restorePlan = {
  path: z.string(),
  store_id: z.string(),
  generation: z.number(),
  created_at: instant,
  adds: z
    .array(z.object({ ...named, waits: z.boolean() }))
    .meta({ description: 'waits: a key that comes back disabled until somebody enables it' }),
  replaces: z.array(z.object({ ...named, fields: z.array(z.string()) })),
  differs: z
    .array(z.object({ ...named, fields: z.array(z.string()) }))
    .meta({ description: 'stay as they are, because replacing was not asked for' }),
  keeps: z.number().meta({ description: 'records of the store that are not touched' }),
  stays: z
    .array(z.object({ ...named, state: z.enum(['removed', 'disabled', 'rotated', 'expires earlier']) }))
    .meta({ description: 'keys whose end or change since the backup is not undone' }),
  skips: z.array(z.object({ ...named, why: z.string() })),
}
export const backupToPreview = z.strictObject({
  path: wholePath.meta({ description: 'the whole path of a backup of this store: a folder or a .tar' }),
  replace: z.boolean().optional().meta({ description: 'also put back records that differ; default: false' }),
})
export const restorePreview = z.object({
  ...restorePlan,
  hash: z.string().meta({ description: 'of what is shown here; the restore asks for it' }),
})
export type RestorePreview = z.infer<typeof restorePreview>
export const backupToRestore = z.strictObject({
  path: wholePath,
  replace: z.boolean().optional(),
  hash: z.string().max(100).meta({ description: 'the hash of the preview that was looked at' }),
})
export const restoreDone = z.object(restorePlan)
export type RestoreDone = z.infer<typeof restoreDone>
