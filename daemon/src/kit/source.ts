/** What a connector kit is made from: endpoints as callers see them. No keys, no upstreams, nothing of the store besides. */
import type { CredentialWay, EndpointMethod } from '@postern/shared'

export interface KitEndpoint {
  readonly method: EndpointMethod
  /** A path pattern that `parsePathPattern` reads. */
  readonly path: string
  readonly description: string
  /** Only calls for this host (no port); `null`: any. */
  readonly host: string | null
  readonly queryParameter: string | null
  readonly deprecation: { readonly since: string; readonly sunset: string | null; readonly link: string | null } | null
  /** The name of its collection. */
  readonly collection: string
}

export interface KitSource {
  readonly title: string
  readonly version: string
  readonly description: string
  /** Where callers reach the gateway: scheme, host and port. */
  readonly baseUrl: string
  /** Where the gateway keeps the authority that callers have to trust; `null`: they do already. */
  readonly caFile: string | null
  /** In which ways callers may prove themselves. */
  readonly accepts: readonly CredentialWay[]
  readonly endpoints: readonly KitEndpoint[]
  /** Only these methods; `null`: all. */
  readonly methods: ReadonlySet<string> | null
}
