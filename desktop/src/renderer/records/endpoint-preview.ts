/** What an endpoint does, as two addresses: the one that is called, and the one it goes to. Pure. */
import { parsePathPattern, upstreamPlaceholder, type EndpointMethod } from '@postern/shared'

export interface PreviewedEndpoint {
  readonly method: EndpointMethod
  readonly host: string | null
  readonly path: string
  readonly upstream: string | null
}

export interface Preview {
  readonly from: string
  /** Null: nowhere. */
  readonly to: string | null
  /** One call, where the path names segments; null: it names none, or cannot be read. */
  readonly example: { readonly from: string; readonly to: string | null } | null
}

/** Where callers reach the gateway. `listeners`: as the status tells them. */
export const gatewayOf = (listeners: readonly { readonly url: string }[], host: string | null): string => {
  const urls = listeners.map(({ url }) => url)
  const base = urls.find((url) => url.startsWith('https:')) ?? urls[0] ?? 'https://gateway'
  return (host === null ? base : base.replace(/\/\/(?:\[[^\]]*\]|[^:/]*)/, `//${host}`)).replace(/\/$/, '')
}

/** What stands in for a named segment, and for a rest. */
const [oneSegment, someSegments] = ['42', 'a/b']

export const previewOf = (endpoint: PreviewedEndpoint, gateway: string, anyMethod: string): Preview => {
  const { method, path, upstream } = endpoint
  const verb = method === 'ANY' ? anyMethod : method
  const from = `${verb} ${gateway}${path}`
  const segments = parsePathPattern(path)
  if (typeof segments === 'string' || segments.every(({ kind }) => kind === 'literal'))
    return { from, to: upstream, example: null }
  const values = new Map(
    segments.flatMap((segment) =>
      segment.kind === 'literal' ? [] : [[segment.name, segment.kind === 'rest' ? someSegments : oneSegment] as const],
    ),
  )
  const filled = (text: string): string =>
    text.replaceAll(upstreamPlaceholder, (whole, name: string) => values.get(name) ?? whole)
  const example = {
    from: `${method === 'ANY' ? 'GET' : method} ${gateway}${filled(path)}`,
    to: upstream === null ? null : filled(upstream),
  }
  return { from, to: upstream, example }
}
