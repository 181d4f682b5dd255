/** What the tests use of oidc-provider, which brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Configuration {
    clients: readonly object[]
    jwks: { keys: readonly object[] }
    features: object
    clientDefaults?: object
    ttl?: object
    extraTokenClaims?: (context: unknown, token: { clientId: string }) => object | undefined
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration)
    callback(): (request: IncomingMessage, response: ServerResponse) => void
  }
}
