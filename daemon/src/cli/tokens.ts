/** `postern tokens …` and `postern whoami`: admin tokens, for programs and people who are not administrators of the machine. */
import { randomUUID } from 'node:crypto'
import { Command, Option } from 'commander'
import { adminTokenDays, roles, type Role, type TokenEdit, type TokenView } from '@postern/shared'
import { expiryOptions, readExpiry, type ExpiryFlags } from './keys.ts'
import { editNewest } from './edit-newest.ts'
import { given } from './options.ts'
import { plain, printJson, printLine, printTable, when } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { confirm, UsageError } from './prompt.ts'

const roleOption = (): Option => new Option('--role <role>', 'what it may do').choices(roles)

export const tokensCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('tokens').description('admin tokens: who may use the admin API besides administrators')
  const sub = (name: string, about: string, example: string): Command =>
    withGlobals(root.command(name).description(about)).addHelpText('after', `\nExample:\n  postern tokens ${example}`)
  const say = (command: Command, token: TokenView, text: string): void =>
    tools.globals(command).json === true ? printJson(io, token) : printLine(io, text)

  sub('list', 'list admin tokens', 'list')
    .option('--text <text>', 'in name, description or id')
    .option('--page <n>')
    .option('--per-page <n>', 'at most 500')
    .action(async (_options, command: Command) => {
      const { text, page, perPage } = command.opts<Record<string, string>>()
      const query = given({ text, page, per_page: perPage })
      const list = await tools.client(command).call('tokens.list', { query })
      if (tools.globals(command).json === true) return printJson(io, list)
      if (list.count === 0) return printLine(io, 'No admin tokens. Make one: postern tokens add NAME --role viewer')
      printTable<TokenView>(
        io,
        [
          { title: 'Name', text: ({ name }) => plain(name) },
          { title: 'Id', text: ({ id }) => id, fixed: true },
          { title: 'Role', text: ({ role }) => role, fixed: true },
          { title: 'State', text: ({ state }) => state, fixed: true },
          { title: 'Expires', text: ({ expires_at: at }) => when(at, 'never'), fixed: true },
          { title: 'Last used', text: ({ last_used_at: at }) => when(at, '-'), fixed: true },
          { title: 'Keys', text: ({ keys_count: keys }) => String(keys), fixed: true },
        ],
        list.data,
      )
      if (list.count > list.data.length)
        printLine(io, `${list.data.length} of ${list.count}; page ${list.page}. More: --page ${list.page + 1}`)
    })

  sub('show <token>', 'show one admin token as JSON, its secret left out', "show 'Deploys'").action(
    async (ref: string, _options, command: Command) =>
      printJson(io, await tools.client(command).call('tokens.get', { params: { token: ref } })),
  )

  expiryOptions(sub('add <name>', 'make an admin token; it is shown once', "add 'Deploys' --role operator --days 30"))
    .addOption(roleOption().makeOptionMandatory())
    .option('--description <text>')
    .addHelpText('after', `\nWithout an end of its own it lasts ${adminTokenDays} days.`)
    .action(async (name: string, _options, command: Command) => {
      const options = command.opts<ExpiryFlags & { role: Role; description?: string }>()
      const { role, description } = options
      const body = { name, role, ...given({ description, expires: readExpiry(options) }) }
      const token = await tools.client(command).call('tokens.create', { body, idempotencyKey: randomUUID() })
      if (tools.globals(command).json === true) return printJson(io, token)
      const until = when(token.expires_at, 'it is removed')
      printLine(
        io,
        `Made the admin token "${plain(token.name)}" (${token.id}) with the role ${role}, valid until ${until}.`,
      )
      printLine(
        io,
        `\n  ${token.value}\n\nIt is not kept and cannot be shown again: store it now, in a file for its user alone:`,
      )
      printLine(io, '  install -m 600 /dev/null token && cat > token\n  postern keys list --token-file token')
    })

  expiryOptions(sub('edit <token>', 'change an admin token', "edit 'Deploys' --role viewer"))
    .addOption(roleOption())
    .option('--name <name>')
    .option('--description <text>')
    .action(async (ref: string, _options, command: Command) => {
      const options = command.opts<ExpiryFlags & { role?: Role; name?: string; description?: string }>()
      const { role, name, description } = options
      const body: TokenEdit = given({ role, name, description, expires: readExpiry(options) })
      if (Object.keys(body).length === 0)
        throw new UsageError('Nothing to change was named; see postern tokens edit --help.')
      const client = tools.client(command)
      const token = await editNewest(
        () => client.call('tokens.get', { params: { token: ref } }),
        ({ id, etag }) => client.call('tokens.edit', { params: { token: id }, body, ifMatch: etag }),
      )
      const until = when(token.expires_at, 'it is removed')
      say(command, token, `Changed "${plain(token.name)}"; it has the role ${token.role} until ${until}.`)
    })

  for (const verb of ['disable', 'enable'] as const)
    sub(
      `${verb} <token>`,
      verb === 'disable' ? 'refuse calls with this token until it is enabled' : 'accept calls with this token again',
      `${verb} 'Deploys'`,
    ).action(async (ref: string, _options, command: Command) => {
      const token = await tools.client(command).call(`tokens.${verb}`, { params: { token: ref } })
      say(command, token, `"${plain(token.name)}" is ${token.state}.`)
    })

  sub('delete <token>', 'remove an admin token, also from the grants of keys', "delete 'Deploys'")
    .option('--yes', 'do not ask')
    .action(async (ref: string, _options, command: Command) => {
      const client = tools.client(command)
      const token = await client.call('tokens.get', { params: { token: ref } })
      const keys = token.keys_count
      const named = keys === 0 ? '' : ` ${keys} ${keys === 1 ? 'key names' : 'keys name'} it in their grants.`
      const question = `Remove the admin token "${plain(token.name)}" (${token.id}) for good.${named}`
      await confirm(io, question, command.opts<{ yes?: boolean }>().yes)
      await client.call('tokens.remove', { params: { token: token.id } })
      say(command, token, `Removed the admin token "${plain(token.name)}".`)
    })
  return root
}

export const whoamiCommand = (tools: Toolbox): Command =>
  withGlobals(new Command('whoami').description('who asks, and what they may do'))
    .addHelpText('after', '\nExample:\n  postern whoami --token-file token')
    .action(async (_options, command: Command) => {
      const me = await tools.client(command).call('me.get')
      if (tools.globals(command).json === true) return printJson(tools.io, me)
      const by =
        me.token === null
          ? ''
          : `, by the admin token ${me.token.id} until ${when(me.token.expires_at, 'it is removed')}`
      printLine(tools.io, `${plain(me.name)}: ${me.role}${by}`)
    })
