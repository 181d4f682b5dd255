/**
 * `postern keys import`: keys from elsewhere, from a file or standard input. Promises: what would be done is looked at before
 * anybody is asked, and then all of it is done or nothing. Never: a value among the arguments, or in what is printed.
 */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { importKeysMax, type ImportReport } from '@postern/shared'
import { readImportFile, type RowRead } from './import-file.ts'
import type { Io } from './io.ts'
import type { KeyKit } from './key-kit.ts'
import { plain, printJson, printLine } from './output.ts'
import { Ended } from './program.ts'
import { confirm, UsageError } from './prompt.ts'

const bytesMax = 16 * 1024 * 1024
/** From so many on it takes long enough to say what is being done. */
const longFrom = 500
const problemsShown = 100

export const addImportCommand = ({ tools, sub }: KeyKit): void => {
  const { io } = tools
  sub('import <file>', 'bring keys from elsewhere, by value or by SHA-256', 'import keys.csv --dry-run')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
FILE, or - for standard input, is JSON (an array of keys, or {"keys": [...]}) or CSV with a header row of
  name, value or sha256, description, owner, client, collections (with ; between them), expires_at or days
All keys are imported as one change, or none is. At most ${importKeysMax} at a time.`,
    )
    .action(async (file: string, _options, command: Command) => {
      const { dryRun = false, yes } = command.opts<{ dryRun?: boolean; yes?: boolean }>()
      const json = tools.globals(command).json === true
      if (file === '-' && !dryRun && yes !== true)
        throw new UsageError(
          'What comes on standard input cannot be asked about; say --yes, or look first with --dry-run.',
        )
      const rows = readImportFile(await readWhole(io, file))
      const said = (text: string): void => void (rows.length >= longFrom && io.stderr.write(`${text}\n`))
      const keys = rows.map(({ key }) => key)
      const client = tools.client(command)
      said(`Looking at ${rows.length} keys …`)
      const trial = await client.call('keys.import', { body: { keys, dry_run: true } })
      if (trial.problems.length > 0) return refuse(io, trial, rows, json)
      if (dryRun) {
        if (json) return printJson(io, trial)
        return printLine(io, `${countOf(rows.length)} would be imported; nothing was changed.`)
      }
      await confirm(io, `Import ${countOf(rows.length)} as one change.`, yes)
      said(`Importing ${rows.length} keys …`)
      const report = await client.call('keys.import', { body: { keys } })
      // Somebody may have been faster than the answer to the question.
      if (report.problems.length > 0) return refuse(io, report, rows, json)
      if (json) printJson(io, report)
      else printLine(io, `Imported ${countOf(report.imported)}. Their values are not kept and cannot be shown.`)
    })
}

const countOf = (count: number): string => `${count} ${count === 1 ? 'key' : 'keys'}`

/** Names every bad row, and ends with 1. */
const refuse = (io: Io, report: ImportReport, rows: readonly RowRead[], json: boolean): never => {
  if (json) printJson(io, report)
  const { problems } = report
  for (const { at, field, message } of problems.slice(0, problemsShown))
    io.stderr.write(`postern: ${rows[at]?.where ?? `number ${at + 1}`}: ${field}: ${plain(inPlaces(message, rows))}\n`)
  if (problems.length > problemsShown) io.stderr.write(`postern: and ${problems.length - problemsShown} more\n`)
  const bad = new Set(problems.map(({ at }) => at)).size
  io.stderr.write(`postern: ${bad} of ${countOf(rows.length)} cannot be imported, so none was.\n`)
  throw new Ended(1)
}

/** The daemon counts keys; whoever has the file looks for its rows. */
const inPlaces = (message: string, rows: readonly RowRead[]): string =>
  message.replaceAll(/number (\d+)/g, (said, number: string) => rows[Number(number) - 1]?.where ?? said)

const readWhole = async (io: Io, file: string): Promise<string> => {
  const bytes = file === '-' ? await readInput(io) : await readNamed(file)
  if (bytes.length > bytesMax) throw new UsageError(`At most ${bytesMax / 1024 / 1024} MiB at a time; divide it.`)
  try {
    // A byte order mark is taken off by it.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError('This is not UTF-8. Save it as UTF-8, so that names arrive as they are.')
  }
}

const readNamed = (file: string): Promise<Buffer> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code ?? 'unknown'}).`)
  })

/** As much as is taken, and a little more to tell that it is too much. */
const readInput = async (io: Io): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of io.stdin as AsyncIterable<Buffer | string>) {
    chunks.push(Buffer.from(chunk as string))
    size += chunk.length
    if (size > bytesMax) break
  }
  return Buffer.concat(chunks)
}
