/** `postern backup restore`: shown before it is done, merged into a running Postern or put in the place of a lost folder. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { RestorePreview } from '@postern/shared'
import { isProblem, type Secret } from '../problem.ts'
import { previewRestore, restoreStore, type RestoreShown } from '../restore-store.ts'
import { withProgress } from './backup-progress.ts'
import { plain, printJson, printLine, when } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { confirm, readSecret, UsageError } from './prompt.ts'

interface Options {
  readonly yes?: boolean
  readonly replace?: boolean
  readonly recovery?: boolean
}

export const restoreCommand = (tools: Toolbox, root: Command): void => {
  withGlobals(
    root
      .command('restore <source>')
      .description(
        'show what a backup would bring back, and after a yes bring it back: merged into a running Postern, or put in the place of a lost or damaged data folder',
      ),
  )
    .option('--yes', 'do not ask')
    .option('--replace', 'with a running Postern: also put back records that differ')
    .option(
      '--recovery',
      'without a running Postern: look into it with the recovery code on standard input; needs --yes to go on',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  postern backup restore /mnt/backup/postern.tar\n  postern backup restore /mnt/backup/postern-… --data /var/lib/postern --yes',
    )
    .action(async (given: string, _options, command: Command) => {
      const source = resolve(tools.io.cwd, given)
      const options = command.opts<Options>()
      const client = tools.client(command)
      const body = { path: source, replace: options.replace === true }
      const preview = await withProgress(tools, command, () => client.call('backups.preview', { body })).catch(
        (error: unknown) => {
          // Nobody runs there, or there is not even a folder.
          if (isProblem(error, 'daemon_unreachable') || isProblem(error, 'keystore_absent')) return undefined
          throw error
        },
      )
      if (preview === undefined) await putBack(tools, command, source, options)
      else await merge(tools, command, preview, options)
    })
}

const merge = async (tools: Toolbox, command: Command, preview: RestorePreview, { yes, replace }: Options) => {
  const { io } = tools
  const json = tools.globals(command).json === true
  const { adds, replaces } = preview
  if (!json) showPlan(tools, preview)
  if (adds.length + replaces.length === 0) {
    if (json) printJson(io, { ...preview, done: false })
    else printLine(io, 'There is nothing to restore.')
    return
  }
  await confirm(io, `Restore these ${adds.length + replaces.length} records?`, yes)
  const body = { path: preview.path, replace: replace === true, hash: preview.hash }
  const done = await withProgress(tools, command, () => tools.client(command).call('backups.restore', { body }))
  if (json) printJson(io, { ...done, done: true })
  else printLine(io, `Restored: added ${done.adds.length}, replaced ${done.replaces.length}.`)
}

const showPlan = (tools: Toolbox, preview: RestorePreview): void => {
  const { io } = tools
  const { adds, replaces, differs, stays, skips, keeps } = preview
  printLine(io, `Backup of ${when(preview.created_at, '-')}, generation ${preview.generation}: ${plain(preview.path)}`)
  printLine(io, `It adds ${adds.length}, replaces ${replaces.length}, keeps ${keeps}.`)
  const list = (title: string, rows: readonly { kind: string; id: string; name: string; more?: string }[]): void => {
    if (rows.length > 0) printLine(io, `\n${title}`)
    for (const { kind, id, name, more } of rows)
      printLine(io, `  ${kind} ${plain(name)} (${id})${more === undefined ? '' : `: ${plain(more)}`}`)
  }
  list(
    'Adds',
    adds.map((each) => (each.waits ? { ...each, more: 'disabled until you enable it' } : each)),
  )
  list(
    'Replaces',
    replaces.map((each) => ({ ...each, more: each.fields.join(', ') })),
  )
  list(
    'Differ and stay as they are (--replace puts back the backup’s)',
    differs.map((each) => ({ ...each, more: each.fields.join(', ') })),
  )
  list(
    'Stays as it is now, for a backup brings no key back to life',
    stays.map((each) => ({ ...each, more: each.state })),
  )
  list(
    'Cannot be restored',
    skips.map((each) => ({ ...each, more: each.why })),
  )
  printLine(io, '')
}

const putBack = async (tools: Toolbox, command: Command, source: string, { yes, replace, recovery }: Options) => {
  const { io } = tools
  if (replace === true) throw new UsageError('--replace: no Postern runs here; the whole folder is put in place.')
  const folders = tools.folders(command)
  const json = tools.globals(command).json === true
  const code: Secret | undefined = recovery === true ? await readSecret(io, 'Recovery code: ') : undefined
  const shown = await previewRestore(folders, source, code)
  if (!json) showFolder(tools, folders.dataDir, shown)
  // The code has used up standard input.
  if (recovery === true && yes !== true) throw new UsageError('Nothing was changed. Say so with --yes.')
  await confirm(io, `Put this backup into ${plain(folders.dataDir)}?`, yes)
  const done = await restoreStore(folders, source, { shown: shown.report, nowMs: io.now() })
  const next = nextSteps(folders.dataDir, shown)
  if (json) return printJson(io, { ...shown.report, data_dir: folders.dataDir, moved_to: done.movedTo, next })
  printLine(io, `The backup is in ${plain(folders.dataDir)} (${done.files} files, read back).`)
  if (done.movedTo !== null) printLine(io, `What lay there before is in ${plain(done.movedTo)}.`)
  printLine(io, `Next:\n${next.map((each) => `  ${each}`).join('\n')}`)
}

const showFolder = (tools: Toolbox, dataDir: string, { report, movesAside, newerGeneration }: RestoreShown): void => {
  const { io } = tools
  printLine(
    io,
    `Backup of ${when(report.created_at, '-')}, generation ${report.generation ?? '-'}: ${plain(report.path)}`,
  )
  printLine(io, `Store ${report.store_id ?? '-'}; ${report.files} files, all as they were written.`)
  if (report.records === null) printLine(io, 'It is sealed; with --recovery its records are counted too.')
  else {
    const { keys, clients, collections, endpoints } = report.records
    printLine(io, `It holds ${keys} keys, ${clients} clients, ${collections} collections, ${endpoints} endpoints.`)
  }
  if (movesAside) printLine(io, `What lies in ${plain(dataDir)} is moved aside, and not deleted.`)
  if (newerGeneration !== null)
    printLine(
      io,
      `This machine has written generation ${newerGeneration}: what was changed after the backup is not in it.`,
    )
}

/** What brings the store to life, as commands. */
const nextSteps = (dataDir: string, { opensHere, newerGeneration }: RestoreShown): string[] => {
  const unlock = `postern unlock --recovery${newerGeneration === null ? '' : ' --accept-rollback'} --data ${dataDir}`
  const run = `postern run --data ${dataDir}`
  return opensHere && newerGeneration === null ? [run] : [unlock, run]
}
