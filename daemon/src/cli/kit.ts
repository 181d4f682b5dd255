/**
 * `postern kit`: the files that connector platforms import. Promises: nothing that is there is overwritten unasked, and where
 * one file would be, none is written; what goes to standard output is one file and nothing else.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Command, Option } from 'commander'
import { kitFormats, type KitFile, type KitFormat, type KitView } from '@postern/shared'
import { given } from './options.ts'
import { plain, printJson, printLine } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

interface Flags {
  client?: string
  collection?: string
  format?: KitFormat
  out?: string
  force?: boolean
}

export const kitCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('kit').description('files that connector platforms import; no key is in them'))
    .option('--client <client>', 'for all that a client reaches')
    .option('--collection <collection>', 'for a collection')
    .addOption(new Option('--format <format>', 'one format; default: all of them').choices([...kitFormats]))
    .option('--out <dir>', 'write the files there; without it the one file of --format is printed')
    .option('--force', 'overwrite files that are there')
    .addHelpText(
      'after',
      "\nExamples:\n  postern kit --client 'Nintex' --out kit\n  postern kit --collection Orders --format openapi > orders.json",
    )
    .action(async (_options, command: Command) => {
      const { io } = tools
      const { client, collection, format, out, force = false } = command.opts<Flags>()
      if ((client === undefined) === (collection === undefined))
        throw new UsageError('Name either --client or --collection.')
      const json = tools.globals(command).json === true
      if (out === undefined && !json && format === undefined)
        throw new UsageError('Several files: say where they go with --out DIR, or choose one with --format.')
      const kit = await tools.client(command).call('kit.get', { query: given({ client, collection, format }) })
      if (out === undefined) {
        if (json) return printJson(io, kit)
        const [only, ...more] = kit.files
        if (only === undefined || more.length > 0)
          throw new UsageError(`${format} is ${kit.files.length} files: say where they go with --out DIR.`)
        io.stdout.write(only.content)
        return
      }
      await writeFiles(out, kit.files, force)
      if (json) return printJson(io, kit)
      printLine(io, told(kit, out, format))
    })

/** `asked`: the one format that was. */
const told = (kit: KitView, out: string, asked: KitFormat | undefined): string => {
  const names = kit.files.map(({ name }) => `  ${plain(join(out, name))}`)
  const guess = kit.base_url_guessed
    ? '\nThat address is a guess. Say how callers reach the gateway: postern settings edit --public-url https://…'
    : ''
  const left = kitFormats.filter((format) => !kit.files.some((file) => file.format === format))
  const why =
    left.length === 0 || asked !== undefined
      ? ''
      : `\nIts callers take no keys by themselves, so that these, which present one, are left out: ${left.join(', ')}`
  const count = `${kit.files.length} ${kit.files.length === 1 ? 'file' : 'files'}`
  return `Wrote ${count} for "${plain(kit.title)}" ${kit.version}, called at ${kit.base_url}:\n${names.join('\n')}${why}${guess}`
}

const writeFiles = async (dir: string, files: readonly KitFile[], force: boolean): Promise<void> => {
  for (const { name } of files)
    if (name !== basename(name) || name.startsWith('.')) throw new UsageError(`"${plain(name)}" is no name for a file.`)
  if (!force)
    for (const { name } of files)
      if (await isThere(join(dir, name)))
        throw new UsageError(`${join(dir, name)} is there already; overwrite it with --force, or choose another --out.`)
  await mkdir(dir, { recursive: true })
  // `wx`: what has come there since is not overwritten either.
  for (const { name, content } of files) await writeFile(join(dir, name), content, { flag: force ? 'w' : 'wx' })
}

const isThere = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
