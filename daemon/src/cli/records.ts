/** `postern clients|collections|endpoints …`: who owns keys and what keys reach. */
import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import type {
  ClientEdit,
  ClientView,
  CollectionEdit,
  CollectionView,
  EndpointEdit,
  EndpointView,
  NewEndpoint,
  ReachEvidence,
} from '@postern/shared'
import { readDeprecation } from './deprecation.ts'
import { given, many, readDuration, readNumber, readOptionFile } from './options.ts'
import { plain, printJson, printLine, printTable, when, type Column } from './output.ts'
import { policyOptions, readPolicies } from './policies.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { confirm, UsageError } from './prompt.ts'

type Shown = ClientView | CollectionView | EndpointView

interface Kind<V extends Shown> {
  readonly tools: Toolbox
  readonly noun: 'client' | 'collection' | 'endpoint'
  readonly columns: readonly Column<V>[]
  readonly title: (view: V) => string
}

const say = (tools: Toolbox, command: Command, view: object, text: string): void =>
  tools.globals(command).json === true ? printJson(tools.io, view) : printLine(tools.io, text)

const reachText = ({
  calls,
  callers_count: callers,
  keys_count: keys,
  days,
  last_hour: last,
}: ReachEvidence): string =>
  calls === 0
    ? `Nobody has called it in the last ${days} days.`
    : `In the last ${days} days ${calls} calls from ${callers} ${callers === 1 ? 'caller' : 'callers'} with ${keys} ${keys === 1 ? 'key' : 'keys'} passed, the last in the hour from ${when(last, '-')}.`

const onOff = (view: { enabled: boolean }): string => (view.enabled ? 'enabled' : 'disabled')

/** The commands every kind of record has in the same form: list, show, enable, disable, delete. */
const commonCommands = <V extends Shown>(root: Command, { tools, noun, columns, title }: Kind<V>): void => {
  const { io } = tools
  const calls = `${noun}s` as const
  const example = noun === 'endpoint' ? "'GET /orders/{id}'" : "'Sales'"
  const sub = (name: string, about: string): Command => withGlobals(root.command(name).description(about))
  const paramsOf = (ref: string) => ({ [noun]: ref }) as never

  sub('list', `list ${noun}s`)
    .option('--text <text>')
    .option(noun === 'endpoint' ? '--collection <collection>' : '--project <project>')
    .option('--page <n>')
    .option('--per-page <n>', 'at most 500')
    .addHelpText('after', `\nExample:\n  postern ${calls} list`)
    .action(async (_options, command: Command) => {
      const { text, collection, project, page, perPage } = command.opts<Record<string, string>>()
      const query = given({ text, collection, project, page, per_page: perPage })
      const list = await tools.client(command).call(`${calls}.list`, { query })
      if (tools.globals(command).json === true) return printJson(io, list)
      printTable(io, columns, list.data as unknown as V[])
      if (list.count > list.data.length)
        printLine(io, `${list.data.length} of ${list.count}; page ${list.page}. More: --page ${list.page + 1}`)
    })
  sub(`show <${noun}>`, `show one ${noun} as JSON`)
    .addHelpText('after', `\nExample:\n  postern ${calls} show ${example}`)
    .action(async (ref: string, _options, command: Command) =>
      printJson(io, await tools.client(command).call(`${calls}.get`, { params: paramsOf(ref) })),
    )
  for (const verb of ['disable', 'enable'] as const)
    sub(`${verb} <${noun}>`, verb === 'disable' ? `switch the ${noun} off` : `switch the ${noun} on again`)
      .addHelpText('after', `\nExample:\n  postern ${calls} ${verb} ${example}`)
      .action(async (ref: string, _options, command: Command) => {
        const answer = await tools.client(command).call(`${calls}.${verb}`, { params: paramsOf(ref) })
        const view = answer as unknown as V & { evidence?: ReachEvidence }
        const hit = view.evidence === undefined ? '' : ` ${reachText(view.evidence)}`
        say(tools, command, view, `"${plain(title(view))}" is ${onOff(view)}.${hit}`)
      })
  sub(`delete <${noun}>`, `remove the ${noun}`)
    .option('--yes', 'do not ask')
    .addHelpText('after', `\nExample:\n  postern ${calls} delete ${example} --yes`)
    .action(async (ref: string, _options, command: Command) => {
      const client = tools.client(command)
      const view = (await client.call(`${calls}.get`, { params: paramsOf(ref) })) as unknown as V
      const evidence = await client.call(`${calls}.evidence`, { params: paramsOf(view.id) })
      await confirm(
        io,
        `Remove the ${noun} "${plain(title(view))}" (${view.id}) for good. ${reachText(evidence)}`,
        command.opts<{ yes?: boolean }>().yes,
      )
      await client.call(`${calls}.remove`, { params: paramsOf(view.id) })
      const said = `Removed the ${noun} "${plain(title(view))}". ${reachText(evidence)}`
      say(tools, command, { ...view, evidence }, said)
    })
}

export const clientsCommand = (tools: Toolbox): Command => {
  const root = new Command('clients').description('the parties that own keys')
  commonCommands<ClientView>(root, {
    tools,
    noun: 'client',
    title: ({ name }) => name,
    columns: [
      { title: 'Name', text: ({ name }) => plain(name) },
      { title: 'Id', text: ({ id }) => id, fixed: true },
      { title: 'Project', text: ({ project }) => plain(project ?? '-') },
      {
        title: 'Collections',
        text: ({ collections }) => plain(collections?.map(({ name }) => name).join(', ') ?? 'all'),
      },
      { title: 'Keys', text: (view) => `${view.active_keys_count} of ${view.total_keys_count} active`, fixed: true },
      { title: 'State', text: onOff, fixed: true },
    ],
  })
  const fields = (command: Command): Command =>
    policyOptions(withGlobals(command))
      .option('--description <text>')
      .option('--project <project>')
      .option('--email <address>')
      .option('--collection <collection>', 'grant this collection; repeat for more', many)
      .option('--all-collections', 'grant every collection, also later ones')
      .option('--administrator', 'its keys with the scope exports:read read the changes to everybody’s')
      .option('--no-administrator')
  const read = (command: Command): ClientEdit => {
    const { description, project, email, collection, allCollections, name, administrator } = command.opts<
      ClientEdit & { collection?: string[]; allCollections?: boolean }
    >()
    return given({
      name,
      description,
      project,
      email,
      administrator,
      collections: allCollections === true ? null : collection,
      ...readPolicies(command),
    })
  }
  fields(root.command('add <name>').description('create a client'))
    .addHelpText('after', "\nExample:\n  postern clients add 'Nintex' --collection Orders")
    .action(async (name: string, _options, command: Command) => {
      const view = await tools
        .client(command)
        .call('clients.create', { body: { ...read(command), name }, idempotencyKey: randomUUID() })
      say(tools, command, view, `Created the client "${plain(view.name)}" (${view.id}).`)
    })
  fields(root.command('edit <client>').description('change a client'))
    .option('--name <name>')
    .addHelpText('after', "\nExample:\n  postern clients edit 'Nintex' --collection Orders --collection Invoices")
    .action(async (ref: string, _options, command: Command) => {
      const client = tools.client(command)
      const { id, etag } = await client.call('clients.get', { params: { client: ref } })
      const asked = { params: { client: id }, body: changes(read(command)), ifMatch: etag }
      const view = await client.call('clients.edit', asked)
      say(tools, command, view, `Changed the client "${plain(view.name)}".`)
    })
  return root
}

export const collectionsCommand = (tools: Toolbox): Command => {
  const root = new Command('collections').description('endpoints that are granted together')
  commonCommands<CollectionView>(root, {
    tools,
    noun: 'collection',
    title: ({ name }) => name,
    columns: [
      { title: 'Name', text: ({ name }) => plain(name) },
      { title: 'Id', text: ({ id }) => id, fixed: true },
      { title: 'Project', text: ({ project }) => plain(project ?? '-') },
      { title: 'Version', text: ({ version }) => version, fixed: true },
      { title: 'Endpoints', text: (view) => String(view.endpoints_count), fixed: true },
      { title: 'State', text: onOff, fixed: true },
    ],
  })
  const fields = (command: Command): Command =>
    withGlobals(command)
      .option('--description <text>')
      .option('--project <project>')
      .option('--version <version>', 'of its documents, such as 1.2.0')
  const read = (command: Command): CollectionEdit => {
    const { name, description, project, version } = command.opts<CollectionEdit>()
    return given({ name, description, project, version })
  }
  fields(root.command('add <name>').description('create a collection'))
    .addHelpText('after', '\nExample:\n  postern collections add Orders')
    .action(async (name: string, _options, command: Command) => {
      const view = await tools
        .client(command)
        .call('collections.create', { body: { ...read(command), name }, idempotencyKey: randomUUID() })
      say(tools, command, view, `Created the collection "${plain(view.name)}" (${view.id}).`)
    })
  fields(root.command('edit <collection>').description('change a collection'))
    .option('--name <name>')
    .addHelpText('after', '\nExample:\n  postern collections edit Orders --description "Orders of the ERP"')
    .action(async (ref: string, _options, command: Command) => {
      const client = tools.client(command)
      const { id, etag } = await client.call('collections.get', { params: { collection: ref } })
      const asked = { params: { collection: id }, body: changes(read(command)), ifMatch: etag }
      const view = await client.call('collections.edit', asked)
      say(tools, command, view, `Changed the collection "${plain(view.name)}".`)
    })
  return root
}

export const endpointsCommand = (tools: Toolbox): Command => {
  const root = new Command('endpoints').description('paths on the connector listener and where they lead')
  commonCommands<EndpointView>(root, {
    tools,
    noun: 'endpoint',
    title: ({ method, path }) => `${method} ${path}`,
    columns: [
      { title: 'Method', text: ({ method }) => method, fixed: true },
      { title: 'Path', text: ({ path, host }) => (host === null ? path : `${host} ${path}`) },
      { title: 'Upstream', text: ({ upstream }) => upstream ?? 'forward-auth only' },
      { title: 'Collection', text: ({ collection }) => plain(collection.name) },
      { title: 'Id', text: ({ id }) => id, fixed: true },
      { title: 'State', text: onOff, fixed: true },
    ],
  })
  const fields = (command: Command): Command =>
    withGlobals(command)
      .option('--collection <collection>')
      .option('--method <method>', 'GET, POST, … or ANY; default GET')
      .option('--path <pattern>', "such as '/orders/{id}' or '/files/{rest*}'")
      .option('--upstream <url>', "such as 'http://127.0.0.1:9000/orders/{id}'; without it: forward-auth only")
      .option('--upstream-ca <file>', 'PEM certificates to trust for this upstream')
      .option('--host <host>', 'only calls for this host')
      .option('--description <text>')
      .option('--body-max <bytes>')
      .option('--connect-timeout <duration>', 'default 5s')
      .option('--answer-timeout <duration>', 'default 30s')
      .option('--idle-timeout <duration>', 'default 30s')
      .option('--deprecated-since <date>', 'its answers say since when it is deprecated (RFC 9745)')
      .option('--sunset <date>', 'and when it will answer no more (RFC 8594)')
      .option('--deprecation-link <url>', 'and what to read about it')
      .option('--not-deprecated', 'its answers say nothing of the kind any more')
  const read = async (command: Command): Promise<EndpointEdit> => {
    const options = command.opts<Record<string, string | undefined>>()
    const ms = (text: string | undefined): number | undefined =>
      text === undefined ? undefined : readDuration(text) * 1000
    return given({
      collection: options['collection'],
      method: options['method']?.toUpperCase() as EndpointEdit['method'],
      path: options['path'],
      upstream: options['upstream'],
      upstream_ca:
        options['upstreamCa'] === undefined ? undefined : await readOptionFile('--upstream-ca', options['upstreamCa']),
      host: options['host'],
      description: options['description'],
      body_bytes_max: readNumber('--body-max', options['bodyMax']),
      connect_timeout_ms: ms(options['connectTimeout']),
      answer_timeout_ms: ms(options['answerTimeout']),
      idle_timeout_ms: ms(options['idleTimeout']),
      deprecation: readDeprecation(options),
    })
  }
  fields(root.command('add').description('map a method and a path to an upstream'))
    .addHelpText(
      'after',
      "\nExample:\n  postern endpoints add --collection Orders --method GET --path '/orders/{id}' --upstream 'http://127.0.0.1:9000/orders/{id}'",
    )
    .action(async (_options, command: Command) => {
      const body = await read(command)
      if (body.collection === undefined || body.path === undefined)
        throw new UsageError('--collection and --path are needed.')
      const view = await tools
        .client(command)
        .call('endpoints.create', { body: body as NewEndpoint, idempotencyKey: randomUUID() })
      say(tools, command, view, `Created the endpoint ${view.method} ${view.path} (${view.id}).`)
    })
  fields(root.command('edit <endpoint>').description('change an endpoint, named by its id or "METHOD /path"'))
    .addHelpText('after', "\nExample:\n  postern endpoints edit 'GET /orders/{id}' --answer-timeout 2m")
    .action(async (ref: string, _options, command: Command) => {
      const client = tools.client(command)
      const { id, etag } = await client.call('endpoints.get', { params: { endpoint: ref } })
      const asked = { params: { endpoint: id }, body: changes(await read(command)), ifMatch: etag }
      const view = await client.call('endpoints.edit', asked)
      say(tools, command, view, `Changed the endpoint ${view.method} ${view.path}.`)
    })
  return root
}

const changes = <T extends object>(edit: T): T => {
  if (Object.keys(edit).length === 0) throw new UsageError('Nothing to change was named; see --help.')
  return edit
}
