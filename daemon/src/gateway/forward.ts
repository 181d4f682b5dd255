/**
 * Moves one allowed call to its upstream and the answer back. Promises: bytes stream both ways with backpressure; upstream
 * TLS is verified, and no connection goes where no upstream may be. Never: follows a redirect, retries, decompresses, or takes scheme, host or port from the call.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Pool } from 'undici'
import type { EndpointAccess, KeyAccess } from '../access/access-index.ts'
import type { Origin } from './caller-address.ts'
import { limitBody } from './caller-body.ts'
import type { Resolve } from '../addresses/judged-lookup.ts'
import { connectUpstream } from './connect-upstream.ts'
import { Exchange } from './exchange.ts'
import { upstreamHeaders } from './headers.ts'
import type { Call } from './read-call.ts'
import { upstreamPath } from './upstream-path.ts'

export interface Forwarding {
  readonly call: Call
  readonly endpoint: EndpointAccess
  readonly key: KeyAccess
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly secure: boolean
  readonly origin: Origin
  /** A header that carries keys here, in lower case. */
  readonly credentialHeader: string | null
  /** What the answer carries besides the upstream's own, names and values in turn. */
  readonly fields?: readonly string[]
  /** Who calls, signed; `null`: this upstream does not ask for it. */
  readonly principal: string | null
}

export interface Forwarder {
  /** `fail` is called at most once, with what the caller should be told. */
  forward(forwarding: Forwarding, fail: (error: unknown) => void): void
  close(): Promise<void>
}

const connectionsPerUpstream = 128

/** `resolve`: finds the addresses of upstreams' names. Default: the system. */
export const createForwarder = (resolve?: Resolve): Forwarder => {
  const pools = new Map<string, Pool>()
  const poolOf = new WeakMap<EndpointAccess, Pool>()

  /** Endpoints share the connections to an upstream when they trust the same certificates and wait as long. */
  const poolFor = (endpoint: EndpointAccess): Pool => {
    const known = poolOf.get(endpoint)
    if (known !== undefined) return known
    const { upstream, upstreamCa, connectTimeoutMs } = endpoint
    const origin = upstream?.origin ?? ''
    const name = `${origin} ${connectTimeoutMs} ${upstreamCa ?? ''}`
    const pool =
      pools.get(name) ?? newPool(origin, connectUpstream({ timeoutMs: connectTimeoutMs, ca: upstreamCa, resolve }))
    pools.set(name, pool)
    poolOf.set(endpoint, pool)
    return pool
  }

  return {
    forward(forwarding, fail) {
      const { call, endpoint, request, response } = forwarding
      // From here on the endpoint's own limits hold: a listener keeps Node from ending a socket that is only waiting.
      response.on('timeout', leaveAlone)
      const exchange = new Exchange(forwarding, fail)
      const body = call.hasBody ? limitBody(request, endpoint) : null
      body?.once('error', (error) => exchange.abort(error))
      response.once('close', () => {
        exchange.callerClosed()
        body?.destroy()
      })
      poolFor(endpoint).dispatch(
        {
          path: upstreamPath(endpoint, call.path) + call.query,
          method: call.method,
          headers: upstreamHeaders(forwarding),
          body,
          headersTimeout: endpoint.answerTimeoutMs,
          bodyTimeout: endpoint.idleTimeoutMs,
        },
        exchange,
      )
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

const leaveAlone = (): void => {}

const newPool = (origin: string, connect: ReturnType<typeof connectUpstream>): Pool =>
  new Pool(origin, {
    connections: connectionsPerUpstream,
    pipelining: 1,
    allowH2: false,
    // Several hundred kilobytes of headers are no answer of a sane service.
    maxHeaderSize: 65_536,
    connect,
  })
