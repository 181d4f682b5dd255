/** What a key can be tried on: the endpoints it may reach, and what their paths leave to be filled in. Pure. */
import { tryMethods, type ClientView, type EndpointView, type KeyView, type TryMethod } from '@postern/shared'

/** Endpoints that this key may call, as far as its own choice and that of its client go. */
export const reachableBy = (
  { collections, endpoints: chosen }: Pick<KeyView, 'collections' | 'endpoints'>,
  client: Pick<ClientView, 'collections'> | null,
  endpoints: readonly EndpointView[],
): EndpointView[] => {
  const [own, granted, named] = [idsOf(collections), idsOf(client?.collections ?? null), idsOf(chosen)]
  return endpoints.filter(
    ({ id, enabled, collection }) =>
      enabled && (own?.has(collection.id) ?? true) && (granted?.has(collection.id) ?? true) && (named?.has(id) ?? true),
  )
}

const idsOf = (references: readonly { readonly id: string }[] | null): ReadonlySet<string> | null =>
  references === null ? null : new Set(references.map(({ id }) => id))

/** A path to begin with: what may be nothing is left out, what must be something stays to be filled in. */
export const pathOf = (pattern: string): string => pattern.replace(/\{[^{}]*\*\}$/, '')

export const isWholePath = (path: string): boolean => /^\/[\x21-\x7e]*$/.test(path) && !/[{}]/.test(path)

/** A call that this key may make: one that only reads, of a path with nothing to fill in, where there is such an endpoint. */
export const someCall = (
  reachable: readonly EndpointView[],
  methods: KeyView['methods'] = null,
): { method: TryMethod; path: string } | undefined => {
  const mayUse = (method: TryMethod): boolean =>
    methods === null || methods.some((each) => each === method || (each === 'GET' && method === 'HEAD'))
  const calls = reachable
    .filter(({ host }) => host === null)
    .flatMap((endpoint) =>
      methodsOf(endpoint)
        .filter(mayUse)
        .map((method) => ({ method, path: pathOf(endpoint.path) })),
    )
  const asks = calls.filter(({ method }) => method === 'GET')
  return asks.find(({ path }) => isWholePath(path)) ?? asks[0] ?? calls[0]
}

/** The methods that an endpoint answers and that can be tried. */
export const methodsOf = ({ method }: Pick<EndpointView, 'method'>): readonly TryMethod[] => {
  if (method === 'ANY') return tryMethods
  return tryMethods.filter((each) => each === method)
}
