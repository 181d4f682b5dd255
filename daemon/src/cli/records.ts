/** `postern clients|collections …`: who owns keys, and what is granted together. */
import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import type { AddressesView, ClientEdit, ClientView, CollectionEdit, CollectionView } from '@postern/shared'
import { editNewest } from './edit-newest.ts'
import { given, many } from './options.ts'
import { plain } from './output.ts'
import { policyOptions, readPolicies } from './policies.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { changes, commonCommands, onOff, say } from './record-kit.ts'
import { addressOptions, readAddresses } from './rights.ts'
import { acceptOption, addSignIn, readAccepts } from './sign-in.ts'

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
    acceptOption(addressOptions(policyOptions(withGlobals(command))))
      .option('--description <text>')
      .option('--project <project>')
      .option('--email <address>')
      .option('--collection <collection>', 'grant this collection; repeat for more', many)
      .option('--all-collections', 'grant every collection, also later ones')
      .option('--administrator', 'its keys with the scope exports:read read the changes to everybody’s')
      .option('--no-administrator')
  const read = (command: Command, present?: AddressesView): ClientEdit => {
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
      ...readAddresses(command, present),
      ...readAccepts(command),
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
      const view = await editNewest(
        () => client.call('clients.get', { params: { client: ref } }),
        ({ id, etag, addresses }) =>
          client.call('clients.edit', {
            params: { client: id },
            body: changes(read(command, addresses)),
            ifMatch: etag,
          }),
      )
      say(tools, command, view, `Changed the client "${plain(view.name)}".`)
    })
  addSignIn(root, tools)
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
      const body = changes(read(command))
      const view = await editNewest(
        () => client.call('collections.get', { params: { collection: ref } }),
        ({ id, etag }) => client.call('collections.edit', { params: { collection: id }, body, ifMatch: etag }),
      )
      say(tools, command, view, `Changed the collection "${plain(view.name)}".`)
    })
  return root
}
