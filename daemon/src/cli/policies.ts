/** `postern policies …`: limits under a name, for keys and clients to be put under. */
import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { limitUnits, type LimitUnit, type LimitWindow, type PolicyEdit, type PolicyView } from '@postern/shared'
import { editNewest } from './edit-newest.ts'
import { given, many, readNumber } from './options.ts'
import { plain, printJson, printLine, printTable, type Column } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { confirm, UsageError } from './prompt.ts'

const limitsText = ({ windows, concurrent }: PolicyView): string =>
  [
    ...windows.map(({ per, calls }) => `${calls}/${per}`),
    ...(concurrent === null ? [] : [`${concurrent} at once`]),
  ].join(', ')

const underText = ({ keys_count: keys, clients_count: clients }: PolicyView): string =>
  `${keys} ${keys === 1 ? 'key' : 'keys'}, ${clients} ${clients === 1 ? 'client' : 'clients'}`

const columns: readonly Column<PolicyView>[] = [
  { title: 'Name', text: ({ name }) => plain(name) },
  { title: 'Id', text: ({ id }) => id, fixed: true },
  { title: 'Limits', text: limitsText },
  { title: 'Under it', text: underText, fixed: true },
  { title: 'State', text: ({ enabled }) => (enabled ? 'enabled' : 'disabled'), fixed: true },
]

/** Such as `5/minute`. */
const readWindow = (text: string): LimitWindow => {
  const [, digits, unit] = /^(\d{1,10})\/([a-z]+)$/.exec(text) ?? []
  const per = limitUnits.find((each) => each === unit)
  if (digits === undefined || per === undefined)
    throw new UsageError(`--limit: "${text}" is not a limit; say calls per ${oneOf(limitUnits)}, such as 5/minute.`)
  return { per, calls: Number(digits) }
}

const oneOf = (units: readonly LimitUnit[]): string => `${units.slice(0, -1).join(', ')} or ${units.at(-1) ?? ''}`

interface PolicyFlags {
  name?: string
  description?: string
  limit?: string[] | false
  concurrent?: string | false
}

const read = (command: Command): PolicyEdit => {
  const { name, description, limit, concurrent } = command.opts<PolicyFlags>()
  return given({
    name,
    description,
    windows: limit === false ? [] : limit?.map(readWindow),
    concurrent: concurrent === false ? null : readNumber('--concurrent', concurrent),
  })
}

const fields = (command: Command): Command =>
  withGlobals(command)
    .option(
      '--limit <calls/unit>',
      'such as 5/minute or 1000/day; repeat for more, one for each unit',
      (text: string, before: string[] | false | undefined) => many(text, before === false ? undefined : before),
    )
    .option('--concurrent <n>', 'calls under way at once')
    .option('--description <text>')

/** Of a key or a client: the policies it is under, given whole. */
export const policyOptions = (command: Command): Command =>
  command
    .option('--policy <policy>', 'put it under this policy; repeat for more', many)
    .option('--no-policies', 'under no policy of its own any more')

/** What `policyOptions` were given, for an edit or a new record. */
export const readPolicies = (command: Command): { policies?: string[] } => {
  const { policy, policies } = command.opts<{ policy?: string[]; policies: boolean }>()
  if (policies) return given({ policies: policy })
  if (policy !== undefined) throw new UsageError('Give one of --policy and --no-policies.')
  return { policies: [] }
}

export const policiesCommand = (tools: Toolbox): Command => {
  const { io } = tools
  const root = new Command('policies').description('limits under a name, for keys and clients to be put under')
  const sub = (name: string, about: string): Command => withGlobals(root.command(name).description(about))
  const say = (command: Command, view: PolicyView, text: string): void =>
    tools.globals(command).json === true ? printJson(io, view) : printLine(io, text)

  sub('list', 'list policies')
    .option('--text <text>')
    .option('--page <n>')
    .option('--per-page <n>', 'at most 500')
    .addHelpText('after', '\nExample:\n  postern policies list')
    .action(async (_options, command: Command) => {
      const { text, page, perPage } = command.opts<Record<string, string>>()
      const list = await tools
        .client(command)
        .call('policies.list', { query: given({ text, page, per_page: perPage }) })
      if (tools.globals(command).json === true) return printJson(io, list)
      printTable(io, columns, list.data)
      if (list.count > list.data.length)
        printLine(io, `${list.data.length} of ${list.count}; page ${list.page}. More: --page ${list.page + 1}`)
    })
  sub('show <policy>', 'show one policy as JSON')
    .addHelpText('after', "\nExample:\n  postern policies show 'Small'")
    .action(async (ref: string, _options, command: Command) =>
      printJson(io, await tools.client(command).call('policies.get', { params: { policy: ref } })),
    )
  fields(root.command('add <name>').description('create a policy'))
    .addHelpText('after', "\nExample:\n  postern policies add 'Small' --limit 5/minute --limit 1000/day --concurrent 4")
    .action(async (name: string, _options, command: Command) => {
      const body = { ...read(command), name }
      const view = await tools.client(command).call('policies.create', { body, idempotencyKey: randomUUID() })
      say(command, view, `Created the policy "${plain(view.name)}" (${view.id}): ${limitsText(view)}.`)
    })
  fields(root.command('edit <policy>').description('change a policy; its limits are given whole'))
    .option('--name <name>')
    .option('--no-limit', 'no limit of calls any more')
    .option('--no-concurrent', 'any number of calls at once')
    .addHelpText('after', "\nExample:\n  postern policies edit 'Small' --limit 10/minute --no-concurrent")
    .action(async (ref: string, _options, command: Command) => {
      const body = read(command)
      if (Object.keys(body).length === 0) throw new UsageError('Nothing to change was named; see --help.')
      const client = tools.client(command)
      const view = await editNewest(
        () => client.call('policies.get', { params: { policy: ref } }),
        ({ id, etag }) => client.call('policies.edit', { params: { policy: id }, body, ifMatch: etag }),
      )
      say(command, view, `Changed the policy "${plain(view.name)}": ${limitsText(view)}.`)
    })
  for (const verb of ['disable', 'enable'] as const)
    sub(`${verb} <policy>`, verb === 'disable' ? 'the policy limits nothing until it is enabled' : 'limit again')
      .addHelpText('after', `\nExample:\n  postern policies ${verb} 'Small'`)
      .action(async (ref: string, _options, command: Command) => {
        const view = await tools.client(command).call(`policies.${verb}`, { params: { policy: ref } })
        const effect = view.enabled ? 'limits' : 'no longer limits'
        say(command, view, `"${plain(view.name)}" ${effect} ${underText(view)}.`)
      })
  sub('delete <policy>', 'remove a policy that no key and no client is under')
    .option('--yes', 'do not ask')
    .addHelpText('after', "\nExample:\n  postern policies delete 'Small' --yes")
    .action(async (ref: string, _options, command: Command) => {
      const client = tools.client(command)
      const view = await client.call('policies.get', { params: { policy: ref } })
      const named = `the policy "${plain(view.name)}"`
      await confirm(io, `Remove ${named} (${view.id}) for good.`, command.opts<{ yes?: boolean }>().yes)
      await client.call('policies.remove', { params: { policy: view.id } })
      say(command, view, `Removed ${named}.`)
    })
  return root
}
