/** An OpenAPI 3.1 document of what callers reach. Pure. */
import { operationsOf, takesBody, urlForHost, type Operation } from './operations.ts'
import { problemSchema, refusals } from './refusals.ts'
import type { KitSource } from './source.ts'

export const openApiOf = (source: KitSource): Record<string, unknown> => {
  const operations = operationsOf(source)
  const schemes = schemesOf(source, operations)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const each of operations)
    paths[each.path] = { ...paths[each.path], [each.method.toLowerCase()]: operationOf(each, source) }
  return {
    openapi: '3.1.0',
    info: {
      title: source.title,
      version: source.version,
      ...(source.description === '' ? {} : { description: source.description }),
    },
    servers: [{ url: source.baseUrl }],
    security: securityOf(source),
    tags: [...new Set(operations.map(({ collection }) => collection))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: schemes,
      schemas: { Problem: problemSchema },
      responses: Object.fromEntries(
        refusals.map(({ name, description, retryAfter }) => [
          name,
          {
            description,
            ...(retryAfter === true
              ? { headers: { 'Retry-After': { description: 'seconds to wait', schema: { type: 'integer' } } } }
              : {}),
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  }
}

const operationOf = (operation: Operation, source: KitSource): Record<string, unknown> => ({
  operationId: operation.id,
  summary: operation.summary,
  description: operation.description,
  tags: [operation.collection],
  ...(operation.deprecated ? { deprecated: true } : {}),
  ...(operation.hosts.length === 0
    ? {}
    : { servers: operation.hosts.map((host) => ({ url: urlForHost(source.baseUrl, host) })) }),
  ...(operation.queryParameter === null
    ? {}
    : { security: [...securityOf(source), { [queryScheme(operation.queryParameter)]: [] }] }),
  parameters: operation.segments.flatMap((segment) =>
    segment.kind === 'literal'
      ? []
      : [
          {
            name: segment.name,
            in: 'path',
            required: true,
            ...(segment.kind === 'rest' ? { description: 'the rest of the path; slashes are not encoded' } : {}),
            schema: { type: 'string' },
          },
        ],
  ),
  ...(takesBody(operation) ? { requestBody: { content: { 'application/json': { schema: {} }, '*/*': {} } } } : {}),
  responses: {
    200: { description: 'What the service behind the gateway answers', content: { '*/*': {} } },
    ...Object.fromEntries(refusals.map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }])),
  },
})

/** Any one of them will do. */
const securityOf = ({ accepts }: KitSource): Record<string, string[]>[] => [
  ...(accepts.includes('key') ? [{ bearerKey: [] }, { apiKey: [] }] : []),
  ...(accepts.includes('oauth2') ? [{ oauth2: [] }] : []),
  ...(accepts.includes('jwt') || accepts.includes('oidc') ? [{ issuedToken: [] }] : []),
]

const schemesOf = (source: KitSource, operations: readonly Operation[]): Record<string, unknown> => {
  const { accepts, baseUrl } = source
  const inQuery = [...new Set(operations.flatMap(({ queryParameter }) => queryParameter ?? []))]
  return {
    ...(accepts.includes('key')
      ? {
          bearerKey: { type: 'http', scheme: 'bearer', description: 'the key' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'the key' },
        }
      : {}),
    ...(accepts.includes('oauth2')
      ? {
          oauth2: {
            type: 'oauth2',
            description: 'client_id is the id of the key, client_secret the key',
            flows: { clientCredentials: { tokenUrl: `${baseUrl}/oauth/token`, scopes: {} } },
          },
        }
      : {}),
    ...(accepts.includes('jwt') || accepts.includes('oidc')
      ? {
          issuedToken: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'a token of the issuer that the client is set up for',
          },
        }
      : {}),
    ...Object.fromEntries(inQuery.map((name) => [queryScheme(name), { type: 'apiKey', in: 'query', name }])),
  }
}

/** Names of components are letters, digits, dots, hyphens and underscores (OpenAPI 3.1 §4.8.7). */
const queryScheme = (parameter: string): string => `query_${parameter.replaceAll(/[^A-Za-z0-9._-]/g, '_')}`
