/** `postern keys …`: keys listed, issued, shown and edited from the command line. */
import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import type { ExpiryChoice, KeyEdit, KeyScope, KeyView, NewKey, RevealPolicy } from '@postern/shared'
import { editNewest } from './edit-newest.ts'
import { keyKit, readSpecial, revealOption, specialOptions, type SpecialFlags } from './key-kit.ts'
import { addLifeCommands } from './key-life.ts'
import { addImportCommand } from './key-import.ts'
import { given, many, readNumber } from './options.ts'
import { plain, printJson, printLine, printTable, statusText, when } from './output.ts'
import { policyOptions, readPolicies } from './policies.ts'
import { readRights, rightsFacts, rightsOptions } from './rights.ts'
import type { Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'

export interface ExpiryFlags {
  days?: string
  expires?: string
  never?: boolean
}

export const readExpiry = ({ days, expires, never }: ExpiryFlags): ExpiryChoice | undefined => {
  if ([days, expires, never].filter((each) => each !== undefined).length > 1)
    throw new UsageError('Give one of --days, --expires and --never.')
  const count = readNumber('--days', days)
  if (count !== undefined) return { days: count }
  if (expires === 'never') return { never: true }
  if (expires !== undefined) return { at: expires }
  return never === true ? { never: true } : undefined
}

export const expiryOptions = (command: Command): Command =>
  command
    .option('--days <n>', 'ends after so many days')
    .option('--expires <date>', 'ends with a date (2027-03-31), at an instant, or "now"')
    .option('--never', 'never ends')

const honeyText = ({ honey }: KeyView): string =>
  honey === null
    ? '-'
    : honey.block_seconds === 0
      ? 'a trap; blocks nobody'
      : `a trap; blocks the caller for ${honey.block_seconds / 3_600} h`

export const keysCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const keys = new Command('keys').description('issue, show, change and remove API keys')
  const kit = keyKit(tools, keys)
  const { sub, printKey, printIssued } = kit

  sub('list', 'list keys', 'list --status red')
    .option('--client <client>')
    .option('--status <colour>', 'red, orange, green or grey')
    .option('--state <state>', 'active, disabled, expired or removed')
    .option('--text <text>', 'in name, description, owner or id')
    .option('--removed', 'removed keys too')
    .option('--unused <days>', 'not used in so many days, and older than that')
    .option('--page <n>')
    .option('--per-page <n>', 'at most 500')
    .action(async (_options, command: Command) => {
      const { client, status, state, text, removed, unused, page, perPage } = command.opts<
        Record<string, string | undefined> & { removed?: boolean }
      >()
      const query = Object.fromEntries(
        Object.entries({
          client,
          status,
          state,
          text,
          page,
          per_page: perPage,
          unused_days: readNumber('--unused', unused)?.toString(),
          removed: removed === true ? 'true' : undefined,
        }).filter(([, value]) => value !== undefined),
      ) as Record<string, string>
      const list = await tools.client(command).call('keys.list', { query })
      if (tools.globals(command).json === true) return printJson(io, list)
      printTable<KeyView>(
        io,
        [
          { title: 'Name', text: (key) => plain(key.name) },
          { title: 'Id', text: (key) => key.id, fixed: true },
          { title: 'Client', text: (key) => plain(key.client.name) },
          { title: 'Expires', text: (key) => when(key.expires_at, 'never'), fixed: true },
          { title: 'Last used', text: (key) => when(key.last_used_at, 'never'), fixed: true },
          { title: 'Status', text: (key) => statusText(io, key), fixed: true },
        ],
        list.data,
      )
      const filtered = Object.keys(query).some((name) => name !== 'page' && name !== 'per_page')
      if (list.count > list.page * list.per_page && list.data.length > 0)
        printLine(io, `${list.data.length} of ${list.count} keys; page ${list.page}. More: --page ${list.page + 1}`)
      else if (list.count > 0 && list.data.length === 0)
        printLine(io, `There is no page ${list.page}: ${list.count} keys in all.`)
      else if (list.count === 0)
        printLine(io, filtered ? 'No key is like that.' : 'No keys. Issue one: postern keys add NAME')
    })

  rightsOptions(
    policyOptions(
      specialOptions(
        expiryOptions(sub('add <name>', 'issue a key', "add 'Invoice robot' --days 90 --collection Orders")),
      ),
    ),
  )
    .option('--description <text>')
    .option('--owner <owner>', 'who answers for it')
    .option('--client <client>')
    .option('--collection <collection>', 'narrow to this collection; repeat for more', many)
    .addOption(revealOption())
    .action(async (name: string, _options, command: Command) => {
      const options = command.opts<
        ExpiryFlags &
          SpecialFlags & {
            description?: string
            owner?: string
            client?: string
            collection?: string[]
            reveal?: RevealPolicy
          }
      >()
      const expires = readExpiry(options)
      const body: NewKey = {
        name,
        ...given({
          description: options.description,
          owner: options.owner,
          client: options.client,
          collections: options.collection,
          reveal: options.reveal,
          expires,
          ...readSpecial(options),
          ...readPolicies(command),
          ...readRights(command),
        }),
      }
      const key = await tools.client(command).call('keys.create', { body, idempotencyKey: randomUUID() })
      printIssued(
        command,
        key,
        `Issued the key "${plain(key.name)}" (${key.id}), valid until ${when(key.expires_at, 'it is removed')}.`,
      )
    })

  sub('show <key>', 'show a key; its value with --reveal', "show 'Invoice robot'")
    .option('--reveal', 'show the value too; recorded in the audit trail')
    .action(async (ref: string, _options, command: Command) => {
      const reveal = command.opts<{ reveal?: boolean }>().reveal === true
      const params = { key: ref }
      const key: KeyView & { value?: string | null } = reveal
        ? await tools.client(command).call('keys.reveal', { params })
        : await tools.client(command).call('keys.get', { params })
      if (tools.globals(command).json === true) return printJson(io, key)
      const facts: [string, string][] = [
        ['Name', key.name],
        ['Id', key.id],
        ['Value', key.value ?? key.masked],
        ['Description', key.description],
        ['Owner', key.owner ?? '-'],
        ['Client', key.client.name],
        ['Scopes', key.scopes.join(', ') || '-'],
        ['Honey', honeyText(key)],
        ['Collections', key.collections?.map(({ name }) => name).join(', ') ?? 'all of the client'],
        ...rightsFacts(key),
        ['Reveal', key.reveal],
        ['Status', statusText(io, key)],
        ['Created', when(key.created_at, '-')],
        ['Expires', when(key.expires_at, 'never')],
        ['Last used', when(key.last_used_at, 'never')],
        ['Active since', when(key.active_since, '-')],
        ['Old secret until', when(key.old_secret_valid_until, '-')],
        ['Removed', when(key.removed_at, '-')],
      ]
      for (const [title, text] of facts) printLine(io, `${title.padEnd(17)} ${title === 'Status' ? text : plain(text)}`)
    })

  sub(
    'copy <key>',
    'print the value alone; recorded in the audit trail',
    "copy 'Invoice robot' | xclip -selection clipboard",
  ).action(async (ref: string, _options, command: Command) => {
    const key = await tools.client(command).call('keys.reveal', { params: { key: ref } })
    if (tools.globals(command).json === true) printJson(io, { id: key.id, value: key.value })
    else printLine(io, key.value ?? '')
  })

  rightsOptions(
    policyOptions(
      specialOptions(
        expiryOptions(
          sub(
            'edit <key>',
            'change a key; a new date makes an expired key active at once',
            "edit 'Invoice robot' --days 365",
          ),
        ),
      ),
    ),
  )
    .option('--no-scope', 'no scope any more')
    .option('--name <name>')
    .option('--description <text>')
    .option('--owner <owner>', '"" for none')
    .option('--collection <collection>', 'narrow to this collection; repeat for more', many)
    .option('--all-collections', 'every collection of the client')
    .addOption(revealOption())
    .action(async (ref: string, _options, command: Command) => {
      const options = command.opts<
        ExpiryFlags &
          Omit<SpecialFlags, 'scope'> & {
            scope?: KeyScope[] | false
            name?: string
            description?: string
            owner?: string
            collection?: string[]
            allCollections?: boolean
            reveal?: RevealPolicy
          }
      >()
      if (options.allCollections === true && options.collection !== undefined)
        throw new UsageError('Give one of --collection and --all-collections.')
      const collections = options.allCollections === true ? null : options.collection
      const client = tools.client(command)
      const bodyFor = (present: KeyView): KeyEdit => {
        // A trap's own block is changed without saying again that it is one.
        const isTrap = present.honey !== null && options.block !== undefined
        const special = isTrap ? { ...options, honey: true } : options
        const body: KeyEdit = given({
          name: options.name,
          description: options.description,
          owner: options.owner,
          collections,
          reveal: options.reveal,
          expires: readExpiry(options),
          ...readSpecial({ ...special, scope: options.scope === false ? [] : options.scope }),
          ...readPolicies(command),
          ...readRights(command, present),
        })
        if (Object.keys(body).length > 0) return body
        throw new UsageError('Nothing to change was named; see postern keys edit --help.')
      }
      const key = await editNewest(
        () => client.call('keys.get', { params: { key: ref } }),
        (present) => {
          const { id, etag } = present
          return client.call('keys.edit', { params: { key: id }, body: bodyFor(present), ifMatch: etag })
        },
      )
      printKey(
        command,
        key,
        `Changed "${plain(key.name)}"; it is ${key.state}${key.state === 'expired' ? ' since' : ' and valid until'} ${when(key.expires_at, 'it is removed')}.`,
      )
    })

  addLifeCommands(kit)
  addImportCommand(kit)
  return keys
}
