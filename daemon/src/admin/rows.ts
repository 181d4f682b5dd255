/**
 * Which row of the table a request is for, before anything of it is read; and what a row says of itself in headers. Promises:
 * answers of a row that will go say so, refusals too (RFC 9745, RFC 8594).
 */
import { adminApi, type AdminRow } from '@postern/shared'

const rows: readonly { readonly row: AdminRow; readonly pattern: RegExp }[] = Object.values(adminApi).map((row) => ({
  row,
  // As the router has it: case and a slash at the end do not matter.
  pattern: new RegExp(`^${row.path.replaceAll('.', '\\.').replaceAll(/:[a-z]+/g, '([^/]+)')}/?$`, 'i'),
}))

/** The row of a request, if there is one. HEAD is answered as GET is. */
export const rowAt = (method: string, path: string): AdminRow | undefined =>
  rows.find(({ row, pattern }) => row.method === (method === 'HEAD' ? 'GET' : method) && pattern.test(path))?.row

/** The methods that a path answers. */
export const methodsAt = (path: string): string[] =>
  rows.filter(({ pattern }) => pattern.test(path)).map(({ row }) => row.method)

/** The headers of a row that will go; none for others. `path`: as it was asked for. */
export const deprecationHeaders = ({ deprecated, path: pattern }: AdminRow, path: string): Record<string, string> => {
  if (deprecated === undefined) return {}
  const { since, sunset, successor, link } = deprecated
  const given = path.split('/')
  const params = Object.fromEntries(pattern.split('/').map((part, at) => [part, given[at] ?? '']))
  const target = successor.replaceAll(/:[a-z]+/g, (name) => harmless(params[name] ?? ''))
  return {
    Deprecation: `@${Math.floor(Date.parse(since) / 1_000)}`,
    Sunset: new Date(sunset).toUTCString(),
    Link: `<${link}>; rel="deprecation", <${target}>; rel="successor-version"`,
  }
}

/** A segment of a path, as it may stand in a header. */
const harmless = (segment: string): string => {
  try {
    return encodeURIComponent(decodeURIComponent(segment))
  } catch {
    return '-'
  }
}
