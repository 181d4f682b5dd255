/** `postern backup`: copies of the data folder, and what this machine knows of them. */
import { resolve } from 'node:path'
import { Command } from 'commander'
import { plain, printJson, printLine, when } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'

export const backupCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('backup').description('copies of the data folder that open with the recovery kit')
  withGlobals(
    root.command('create <dir>').description('copy the data folder into a new folder in DIR, and read it back'),
  )
    .addHelpText('after', '\nExample:\n  postern backup create /mnt/backup')
    .action(async (dir: string, _options, command: Command) => {
      const made = await tools.client(command).call('backups.create', { body: { dir: resolve(io.cwd, dir) } })
      if (tools.globals(command).json === true) return printJson(io, made)
      const size = made.bytes < 1e6 ? `${Math.ceil(made.bytes / 1e3)} kB` : `${Math.round(made.bytes / 1e6)} MB`
      printLine(
        io,
        `Copied generation ${made.generation}: ${made.files} files, ${size}, read back, into\n\n  ${plain(made.path)}\n`,
      )
      printLine(io, 'It opens with the recovery kit: put it in place of a data folder, then postern unlock --recovery.')
    })
  withGlobals(root.command('note').description('say that another program has just copied the data folder'))
    .addHelpText('after', '\nExample:\n  rsync -a /var/lib/postern/ /mnt/backup/ && postern backup note')
    .action(async (_options, command: Command) => {
      const known = await tools.client(command).call('backups.note')
      if (tools.globals(command).json === true) printJson(io, known)
      else printLine(io, `Noted: a backup of ${when(known.at, '-')}.`)
    })
  withGlobals(root.command('show').description('show the last backup this machine knows of'))
    .addHelpText('after', '\nExample:\n  postern backup show')
    .action(async (_options, command: Command) => {
      const { last } = await tools.client(command).call('backups.last')
      if (tools.globals(command).json === true) return printJson(io, { last })
      if (last === null) printLine(io, 'No backup is known. Make one: postern backup create DIR')
      else
        printLine(
          io,
          `${when(last.at, '-')}, generation ${last.generation}: ${plain(last.path ?? 'made by another program')}`,
        )
    })
  return root
}
