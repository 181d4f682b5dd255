/** A real OpenID Connect issuer (oidc-provider) on this machine, over TLS, whose keys can turn and which can be away. */
import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { issueThrowaway } from '../../daemon/src/tls/certificate.ts'
import { call } from './call.ts'
import { ecPair, jwk, rsaPair } from './tokens.ts'

interface Provider {
  callback(): (request: IncomingMessage, response: ServerResponse) => void
}

// It brings no types of its own; by a name that is no literal none are looked for.
const packageName: string = 'oidc-provider'
const { Provider } = (await import(packageName)) as { Provider: new (issuer: string, settings: object) => Provider }

export interface RealIssuer {
  readonly issuer: string
  /** To trust for it. */
  readonly ca: string
  /** Every path it was asked for. */
  readonly asked: string[]
  /** While it is away every question is answered 503. */
  away: boolean
  /** Signs with another key from now on, and publishes only that. */
  turnKeys(): void
  /** An access token in JWT form for `audience`, by the client credentials of RFC 6749 §4.4. */
  token(audience?: string): Promise<string>
  close(): void
}

export const startIssuer = async (claims: object = {}): Promise<RealIssuer> => {
  const { certificate: ca, key } = await issueThrowaway(['127.0.0.1'], Date.now())
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
  const asked: string[] = []
  const server: Server = createServer({ cert: ca, key: key.reveal() }, (request, response) => {
    asked.push(request.url ?? '')
    if (state.away) response.writeHead(503).end()
    else answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  let turns = 0
  const turnKeys = (): void => {
    turns += 1
    const keys = [
      jwk(rsaPair().privateKey, { kid: `rsa-${turns}`, use: 'sig', alg: 'RS256' }),
      jwk(ecPair().privateKey, { kid: `ec-${turns}`, use: 'sig', alg: 'ES256' }),
    ]
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: 'erp',
          client_secret: 'a secret between the issuer and its client',
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      jwks: { keys },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => 'urn:postern',
          getResourceServerInfo: (_context: unknown, audience: string) => ({
            scope: 'orders',
            audience,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: turns % 2 === 1 ? 'RS256' : 'ES256' } },
          }),
        },
      },
      ttl: { ClientCredentials: 3_600 },
      extraTokenClaims: () => claims,
    })
    answer = provider.callback()
  }
  turnKeys()
  const state = {
    away: false,
    issuer,
    ca,
    asked,
    turnKeys,
    async token(audience = 'urn:postern') {
      const { status, body } = await call(`${issuer}/token`, {
        method: 'POST',
        ca,
        headers: {
          authorization: `Basic ${Buffer.from(`erp:${encodeURIComponent('a secret between the issuer and its client')}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: `grant_type=client_credentials&scope=orders&resource=${encodeURIComponent(audience)}`,
      })
      if (status !== 200) throw new Error(`the issuer answered ${status}: ${body}`)
      return (JSON.parse(body) as { access_token: string }).access_token
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return state
}
