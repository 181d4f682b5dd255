/** A Postman collection (format 2.1) and its environment. Pure. */
import type { PatternSegment } from '@postern/shared'
import { operationsOf, takesBody, urlForHost, type Operation } from './operations.ts'
import type { KitSource } from './source.ts'

/** What stands for a segment that the person who calls has to fill in. */
export const placeholderOf = (name: string): string => `YOUR_${name}`

export const postmanCollectionOf = (source: KitSource): Record<string, unknown> => ({
  info: {
    name: source.title,
    description: `${source.description}\n\nChoose the environment of the same name and put the key into its variable apiKey.`,
    version: source.version,
    schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  },
  // Keys and tokens alike: both are presented as a bearer (RFC 6750).
  auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] },
  variable: [
    { key: 'baseUrl', value: source.baseUrl, type: 'string' },
    // Format 2.1 knows no type for secrets; the environment does, and comes first.
    { key: 'apiKey', value: '', type: 'string', description: 'better kept in the environment, as a secret' },
  ],
  item: operationsOf(source).map((operation) => requestOf(operation, source.baseUrl)),
})

export const postmanEnvironmentOf = (source: KitSource): Record<string, unknown> => ({
  name: source.title,
  values: [
    { key: 'baseUrl', value: source.baseUrl, type: 'default', enabled: true },
    { key: 'apiKey', value: '', type: 'secret', enabled: true },
  ],
  _postman_variable_scope: 'environment',
})

const requestOf = (operation: Operation, baseUrl: string): Record<string, unknown> => {
  const { method, summary, description, hosts, segments } = operation
  const [host] = hosts
  const server = host === undefined ? '{{baseUrl}}' : urlForHost(baseUrl, host)
  const parts = segments.map(partOf)
  const isJson = takesBody(operation)
  return {
    name: summary,
    request: {
      method,
      description,
      header: isJson ? [{ key: 'Content-Type', value: 'application/json' }] : [],
      ...(isJson ? { body: { mode: 'raw', raw: '{}', options: { raw: { language: 'json' } } } } : {}),
      url: {
        raw: `${server}/${parts.map(({ text }) => text).join('/')}`,
        ...(host === undefined ? { host: ['{{baseUrl}}'] } : hostParts(server)),
        path: parts.map(({ text }) => text),
        variable: parts.flatMap(({ variable }) => variable ?? []),
      },
    },
    response: [],
  }
}

const hostParts = (server: string): Record<string, unknown> => {
  const { protocol, hostname, port } = new URL(server)
  return { protocol: protocol.slice(0, -1), host: [hostname], ...(port === '' ? {} : { port }) }
}

interface Part {
  readonly text: string
  readonly variable?: { readonly key: string; readonly value: string; readonly description?: string }
}

/** Postman takes a segment that begins with a colon for a variable, so one that really does becomes the value of one. */
const partOf = (segment: PatternSegment, at: number): Part => {
  if (segment.kind === 'literal') {
    if (!segment.text.startsWith(':')) return { text: segment.text }
    return { text: `:literal${at}`, variable: { key: `literal${at}`, value: segment.text } }
  }
  const { name, kind } = segment
  const description = kind === 'rest' ? { description: 'the rest of the path' } : {}
  return { text: `:${name}`, variable: { key: name, value: placeholderOf(name), ...description } }
}
