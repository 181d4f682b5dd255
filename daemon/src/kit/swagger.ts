/**
 * Swagger 2.0 for the platforms that take nothing newer: Nintex Xtensions, and Power Platform custom connectors. One way to
 * present a key in each document, because neither offers a choice. Pure.
 */
import { operationsOf, takesBody, urlForHost, type Operation } from './operations.ts'
import { problemSchema, refusals } from './refusals.ts'
import type { KitSource } from './source.ts'

export type SwaggerFor = 'nintex' | 'power-platform'

/** A platform makes one action of each operation; these are questions of browsers and caches. */
const noActions = new Set(['HEAD', 'OPTIONS'])

export const swaggerOf = (source: KitSource, platform: SwaggerFor): Record<string, unknown> => {
  const operations = operationsOf(source).filter(({ method }) => !noActions.has(method))
  const url = new URL(onlyHostOf(operations, source.baseUrl))
  const paths: Record<string, Record<string, unknown>> = {}
  for (const each of operations)
    paths[each.path] = { ...paths[each.path], [each.method.toLowerCase()]: operationOf(each, platform) }
  const isNintex = platform === 'nintex'
  return {
    swagger: '2.0',
    info: {
      title: source.title,
      version: source.version,
      description: source.description === '' ? `${source.title}, through Postern` : source.description,
    },
    host: url.host,
    // The address that the platform knows of its own connection to this network stands before the host.
    ...(isNintex ? { 'x-ntx-host': '{{x-ntx-gateway-uri}}' } : {}),
    basePath: '/',
    schemes: [url.protocol.slice(0, -1)],
    consumes: ['application/json'],
    produces: ['application/json', 'application/problem+json'],
    tags: [...new Set(operations.map(({ collection }) => collection))].map((name) => ({ name })),
    paths,
    definitions: { Problem: problemSchema },
    securityDefinitions: { api_key: credential },
    security: [{ api_key: [] }],
    ...(isNintex ? {} : { 'x-ms-connector-metadata': [{ propertyName: 'Website', propertyValue: source.baseUrl }] }),
  }
}

/** Kits of clients that take no keys hold no Swagger: it has no way to say where a token comes from. */
const credential = { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'the key' }

/** Where all of them are answered for one and the same host, that is the host of the document. */
const onlyHostOf = (operations: readonly Operation[], baseUrl: string): string => {
  const hosts = new Set(operations.flatMap(({ hosts: each }) => (each.length === 0 ? [''] : each)))
  const [only = ''] = hosts
  return hosts.size === 1 && only !== '' ? urlForHost(baseUrl, only) : baseUrl
}

const operationOf = (operation: Operation, platform: SwaggerFor): Record<string, unknown> => {
  const title = (text: string) => (platform === 'nintex' ? { 'x-ntx-summary': text } : { 'x-ms-summary': text })
  const { id } = operation
  return {
    operationId: platform === 'nintex' ? id : id.charAt(0).toUpperCase() + id.slice(1),
    summary: operation.summary,
    ...(platform === 'nintex' ? title(operation.summary) : {}),
    description: operation.description,
    tags: [operation.collection],
    ...(operation.deprecated ? { deprecated: true } : {}),
    parameters: [
      ...operation.segments.flatMap((segment) =>
        segment.kind === 'literal'
          ? []
          : [
              {
                name: segment.name,
                in: 'path',
                required: true,
                type: 'string',
                ...title(segment.name),
                description: segment.kind === 'rest' ? 'the rest of the path' : segment.name,
                ...(platform === 'nintex' ? {} : { 'x-ms-url-encoding': 'single' }),
              },
            ],
      ),
      ...(takesBody(operation)
        ? [{ name: 'body', in: 'body', required: false, ...title('Body'), schema: { type: 'object' } }]
        : []),
    ],
    responses: {
      200: { description: 'What the service behind the gateway answers' },
      ...Object.fromEntries(
        refusals.map(({ status, description }) => [status, { description, schema: { $ref: '#/definitions/Problem' } }]),
      ),
    },
  }
}
