/** `postern backup`: copies of the data folder, what this machine knows of them, whether they are good, and their schedule. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import type { BackupReport, BackupsView } from '@postern/shared'
import { isProblem } from '../problem.ts'
import { proveBackup } from '../prove-backup.ts'
import { withProgress } from './backup-progress.ts'
import { restoreCommand } from './backup-restore.ts'
import { readNumber } from './options.ts'
import { plain, printJson, printLine, when } from './output.ts'
import { Ended, withGlobals, type Toolbox } from './program.ts'
import { readSecret, UsageError } from './prompt.ts'

export const backupCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('backup').description('copies of the data folder that open with the recovery kit')
  withGlobals(
    root
      .command('create <target>')
      .description(
        'copy the data folder into a new folder in TARGET, or into the archive TARGET.tar, and read it back',
      ),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  postern backup create /mnt/backup\n  postern backup create /mnt/backup/postern.tar',
    )
    .action(async (given: string, _options, command: Command) => {
      const path = resolve(io.cwd, given)
      const body = path.endsWith('.tar') ? { file: path } : { dir: path }
      const made = await withProgress(tools, command, () => tools.client(command).call('backups.create', { body }))
      if (tools.globals(command).json === true) return printJson(io, made)
      printLine(
        io,
        `Copied generation ${made.generation}: ${made.files} files, ${size(made.bytes)}, read back, into\n\n  ${plain(made.path)}\n`,
      )
      printLine(
        io,
        'It opens with the recovery kit: postern backup restore BACKUP --data FOLDER, then postern unlock --recovery.',
      )
    })
  withGlobals(root.command('note').description('say that another program has just copied the data folder'))
    .addHelpText('after', '\nExample:\n  rsync -a /var/lib/postern/ /mnt/backup/ && postern backup note')
    .action(async (_options, command: Command) => {
      const known = await tools.client(command).call('backups.note')
      if (tools.globals(command).json === true) printJson(io, known)
      else printLine(io, `Noted: a backup of ${when(known.at, '-')}.`)
    })
  withGlobals(root.command('show').description('show what this machine knows of backups, drills and schedules'))
    .addHelpText('after', '\nExample:\n  postern backup show')
    .action(async (_options, command: Command) => {
      const view = await tools.client(command).call('backups.last')
      if (tools.globals(command).json === true) return printJson(io, view)
      const { last } = view
      if (last === null) printLine(io, 'No backup is known. Make one: postern backup create DIR')
      else
        printLine(
          io,
          `Last backup: ${when(last.at, '-')}, generation ${last.generation}: ${plain(last.path ?? 'made by another program')}`,
        )
      printLine(io, provenText(view))
      printSchedules(tools, view)
    })
  withGlobals(
    root.command('verify <path>').description('check a backup: every hash, and with the keys every record and secret'),
  )
    .option('--no-keys', 'by hashes alone')
    .option('--recovery', 'open it with the recovery code on standard input instead of this machine’s key')
    .addHelpText('after', '\nExample:\n  postern backup verify /mnt/backup/postern.tar')
    .action(async (given: string, _options, command: Command) => {
      const { keys, recovery } = command.opts<{ keys: boolean; recovery?: boolean }>()
      if (!keys && recovery === true) throw new UsageError('--no-keys and --recovery: name one of the two.')
      const path = resolve(io.cwd, given)
      endWith(tools, command, await verify(tools, command, path, { keys, recovery: recovery === true }))
    })
  withGlobals(
    root
      .command('drill [path]')
      .description('restore a backup in memory, the newest one or PATH, and remember that it can be'),
  )
    .option('--cron <expression>', 'do so by the clock from now on, such as "0 4 * * 0"')
    .option('--off', 'no more by the clock')
    .addHelpText('after', '\nExamples:\n  postern backup drill\n  postern backup drill --cron "0 4 * * 0"')
    .action(async (given: string | undefined, _options, command: Command) => {
      const { cron, off } = command.opts<{ cron?: string; off?: boolean }>()
      const client = tools.client(command)
      if (cron !== undefined || off === true) {
        if (given !== undefined || (cron !== undefined && off === true))
          throw new UsageError('Name a PATH, --cron or --off, one of them.')
        const body = { schedule: cron === undefined ? null : { cron } }
        const view = await client.call('backups.drillSchedule', { body })
        return tools.globals(command).json === true ? printJson(io, view) : printSchedules(tools, view)
      }
      const body = given === undefined ? {} : { path: resolve(io.cwd, given) }
      endWith(tools, command, await withProgress(tools, command, () => client.call('backups.drill', { body })))
    })
  withGlobals(root.command('schedule').description('make backups by the clock; without options: show when'))
    .option('--cron <expression>', 'when, such as "0 2 * * *" for 02:00 every day')
    .option('--dir <dir>', 'the folder they go into')
    .option('--keep <n>', 'how many stay there')
    .option('--off', 'no more')
    .addHelpText('after', '\nExample:\n  postern backup schedule --cron "0 2 * * *" --dir /mnt/backup --keep 14')
    .action(async (_options, command: Command) => {
      const { cron, dir, keep, off } = command.opts<{ cron?: string; dir?: string; keep?: string; off?: boolean }>()
      const client = tools.client(command)
      const asked = [cron, dir, keep].filter((each) => each !== undefined).length
      if (off === true && asked > 0) throw new UsageError('--off stands alone.')
      if (off !== true && asked > 0 && asked < 3) throw new UsageError('A schedule needs --cron, --dir and --keep.')
      const view =
        off === true
          ? await client.call('backups.schedule', { body: { schedule: null } })
          : cron === undefined || dir === undefined
            ? await client.call('backups.last')
            : await client.call('backups.schedule', {
                body: { schedule: { cron, dir: resolve(io.cwd, dir), keep: readNumber('--keep', keep) ?? 0 } },
              })
      if (tools.globals(command).json === true) printJson(io, view)
      else printSchedules(tools, view)
    })
  restoreCommand(tools, root)
  withGlobals(
    root
      .command('rescue-script')
      .description('print a Python script that opens a backup without Postern, with the recovery code'),
  )
    .addHelpText('after', '\nExample:\n  postern backup rescue-script > rescue.py')
    .action(async () => {
      io.stdout.write(await readFile(new URL('../backup/rescue.py', import.meta.url), 'utf8'))
    })
  return root
}

const size = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`)

/** With the machine key the daemon looks; where none runs, or without keys, this command does. */
const verify = async (
  tools: Toolbox,
  command: Command,
  path: string,
  { keys, recovery }: { keys: boolean; recovery: boolean },
): Promise<BackupReport> => {
  if (!keys) return (await proveBackup(path, { key: null })).report
  if (recovery) {
    const code = await readSecret(tools.io, 'Recovery code: ')
    return (await proveBackup(path, { key: { code } })).report
  }
  return withProgress(tools, command, () => tools.client(command).call('backups.verify', { body: { path } })).catch(
    async (error: unknown) => {
      const isNobodyThere = ['daemon_unreachable', 'keystore_absent', 'keystore_locked'] as const
      if (!isNobodyThere.some((code) => isProblem(error, code))) throw error
      return (await proveBackup(path, { key: tools.folders(command) })).report
    },
  )
}

/** Tells what was found; 3 for a backup that is not good. */
const endWith = (tools: Toolbox, command: Command, report: BackupReport): void => {
  const { io } = tools
  if (tools.globals(command).json === true) printJson(io, report)
  else {
    const { records, listed, secrets, trail, faults } = report
    const sums = listed === null ? 'no SHA256SUMS (a plain copy)' : `${listed} in SHA256SUMS`
    printLine(io, `${plain(report.path)}\n  ${report.files} files, ${size(report.bytes)}, ${sums}`)
    if (report.generation !== null)
      printLine(
        io,
        `  generation ${report.generation} of ${when(report.created_at, '-')}, store ${report.store_id ?? '-'}`,
      )
    if (records !== null)
      printLine(
        io,
        `  opened with the ${report.opened_with ?? 'key'}: ${records.keys} keys, ${records.clients} clients, ${records.collections} collections, ${records.endpoints} endpoints; ${secrets ?? 0} secrets and ${trail ?? 0} records of the trail are good`,
      )
    for (const { file, problem } of faults)
      printLine(io, `  BAD ${file === null ? '' : `${plain(file)}: `}${plain(problem)}`)
    const proof = records === null ? 'Good by its hashes.' : 'Good: it can be restored.'
    printLine(io, report.ok ? proof : `Not good: ${faults.length} faults.`)
  }
  if (!report.ok) throw new Ended(3)
}

/** One sentence about the last drill. */
export const provenText = ({ proven, drill_failed: failed }: BackupsView): string => {
  const last =
    proven === null
      ? 'No restore has been proven. Try one: postern backup drill'
      : `Restore proven: ${when(proven.at, '-')}, backup of ${when(proven.backup_at, '-')}, ${proven.keys} keys: ${plain(proven.path)}`
  return failed === null ? last : `${last}\nDRILL FAILED ${when(failed.at, '-')}: ${plain(failed.problem)}`
}

const printSchedules = ({ io }: Toolbox, { schedule, drill_schedule: drill }: BackupsView): void => {
  const tell = (
    what: string,
    of: { cron: string; next_at: string | null; failed: { problem: string } | null },
  ): void => {
    printLine(io, `${what}, next ${when(of.next_at, 'now')}`)
    if (of.failed !== null) printLine(io, `  FAILED: ${plain(of.failed.problem)}`)
  }
  if (schedule === null)
    printLine(io, 'No backups by the clock. Set them: postern backup schedule --cron "0 2 * * *" --dir DIR --keep 14')
  else tell(`Backups at "${schedule.cron}" into ${plain(schedule.dir)}, ${schedule.keep} are kept`, schedule)
  if (drill === null) printLine(io, 'No drills by the clock. Set them: postern backup drill --cron "0 4 * * 0"')
  else tell(`Drills at "${drill.cron}"`, drill)
}
