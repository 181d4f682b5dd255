/** `postern endpoints …`: paths on the connector listener and where they lead. */
import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import type { EndpointEdit, EndpointView, NewEndpoint } from '@postern/shared'
import { readDeprecation } from './deprecation.ts'
import { editNewest } from './edit-newest.ts'
import { given, readDuration, readNumber, readOptionFile } from './options.ts'
import { plain } from './output.ts'
import { withGlobals, type Toolbox } from './program.ts'
import { UsageError } from './prompt.ts'
import { changes, commonCommands, onOff, say } from './record-kit.ts'

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
      .option('--query-parameter <name>', 'a key may come in this query parameter too; URLs end up in logs of others')
      .option('--no-query-parameter', 'keys come in headers only')
      .option('--principal', 'the upstream gets who calls as a signed X-Postern-Principal too')
      .option('--no-principal')
      .option('--deprecated-since <date>', 'its answers say since when it is deprecated (RFC 9745)')
      .option('--sunset <date>', 'and when it will answer no more (RFC 8594)')
      .option('--deprecation-link <url>', 'and what to read about it')
      .option('--not-deprecated', 'its answers say nothing of the kind any more')
  const read = async (command: Command): Promise<EndpointEdit> => {
    const options = command.opts<Record<string, string | undefined>>()
    const flags = command.opts<{ queryParameter?: string | false; principal?: boolean }>()
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
      query_parameter: flags.queryParameter === false ? null : flags.queryParameter,
      principal: flags.principal,
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
      const body = changes(await read(command))
      const view = await editNewest(
        () => client.call('endpoints.get', { params: { endpoint: ref } }),
        ({ id, etag }) => client.call('endpoints.edit', { params: { endpoint: id }, body, ifMatch: etag }),
      )
      say(tools, command, view, `Changed the endpoint ${view.method} ${view.path}.`)
    })
  return root
}
