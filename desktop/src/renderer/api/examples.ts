/** A call of the admin API as `curl` makes it over the local socket. Promises: no secret on a command line. Pure. */
import { alternativesOf, listOf, type ApiCall, type Schema } from './read-document.ts'

/** Field names whose values are secrets: what holds one goes into a file. */
const secretFields = /(?:^|\.)(?:code|password|secret|passphrase)$/

export const hasSecret = (call: ApiCall): boolean => (call.body ?? []).some(({ name }) => secretFields.test(name))

const defaultDataDir = '/var/lib/postern'

/** Where the daemon listens; `known`: of an installed service, else it has to be named. Null: no socket that curl can use. */
export const socketOf = (dataDir: string): { readonly path: string; readonly known: boolean } | null => {
  // A named pipe of Windows.
  if (!dataDir.startsWith('/')) return null
  if (dataDir === defaultDataDir) return { path: '/run/postern/postern.sock', known: true }
  return { path: '"$POSTERN_SOCKET"', known: false }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

export const curlFor = (call: ApiCall, socket: string): string => {
  const path = call.path.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => name.toUpperCase())
  const parts = [
    `curl --unix-socket ${socket}`,
    ...(call.method === 'GET' ? [] : [`-X ${call.method}`]),
    ...(call.parameters.some(({ name }) => name === 'If-Match') ? [`-H 'If-Match: *'`] : []),
    ...bodyOf(call),
    quoted(`http://localhost${path}${queryOf(call)}`),
  ]
  return parts.join(' ')
}

/** What has to be asked with. */
const queryOf = (call: ApiCall): string => {
  const needed = call.parameters.filter(({ place, required }) => place === 'query' && required)
  return needed.length === 0 ? '' : `?${needed.map(({ name }) => `${name}=${name.toUpperCase()}`).join('&')}`
}

const bodyOf = (call: ApiCall): string[] => {
  if (call.bodySchema === null) return []
  const content = hasSecret(call) ? '@body.json' : quoted(JSON.stringify(exampleOf(call.bodySchema, '', true)))
  return [`-H 'Content-Type: application/json'`, `-d ${content}`]
}

/** By the name of the field, where a reader learns more from it than from its type. */
const told: Readonly<Record<string, unknown>> = {
  name: 'Invoices',
  collection: 'Orders',
  path: '/orders/{id}',
  host: 'log.example.com',
  address: '192.0.2.7',
  at: '2027-12-31',
  days: 90,
}

/** What must be there, and where nothing must, the first field. `outermost`: never empty. */
export const exampleOf = (schema: Schema, name: string, outermost = false): unknown => {
  if ('const' in schema) return schema['const']
  const [first] = listOf(schema['enum'])
  if (first !== undefined) return first
  const [alternative] = alternativesOf(schema)
  if (alternative !== undefined) return exampleOf(alternative, name)
  const type = Array.isArray(schema['type']) ? (schema['type'][0] as unknown) : schema['type']
  if (type === 'object') {
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
    const required = listOf(schema['required'])
    const needed = properties.filter(([field]) => required.includes(field))
    const shown = needed.length === 0 && outermost ? properties.slice(0, 1) : needed
    return Object.fromEntries(shown.map(([field, property]) => [field, exampleOf(property, field)]))
  }
  if (type === 'array') return [exampleOf((schema['items'] ?? {}) as Schema, name)]
  if (name in told) return told[name]
  if (type === 'boolean') return true
  return type === 'number' || type === 'integer' ? 0 : name.toUpperCase()
}
