/**
 * A listener for connectors: one port, https, or http on loopback for proxies on the same machine. Promises: slow and
 * greedy callers are bounded before anything is judged, and what cannot be parsed gets a 4xx and a closed connection.
 */
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Server as TlsServer, SecureContextOptions, TlsOptions } from 'node:tls'
import type { Duplex } from 'node:stream'
import { assertNever, Problem, toResponse } from '../problem.ts'
import { countConnections, type ConnectionCount } from './connection-count.ts'
import type { Gateway } from './gateway.ts'
import { endQuiet } from './quiet-connections.ts'

export interface ListenAt {
  readonly protocol: 'https' | 'http'
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

export interface Listener {
  readonly url: string
  /** Swaps the certificate for new connections; open ones go on. */
  setSecureContext(options: SecureContextOptions): void
  /** Stops taking calls, lets those under way finish for at most `graceMs`, then cuts them. */
  stop(graceMs: number): Promise<void>
}

/** Bounds on callers of whom nothing is known yet. Milliseconds and counts. */
export interface ListenerLimits {
  /** From the connection, or the end of the request before, to the end of a head; a TLS handshake as long. */
  readonly headMs: number
  /** How long a connection may wait for its next request. */
  readonly keepAliveMs: number
  /** How long a connection may stand still, except within a call that is forwarded: there the endpoint's limit holds. */
  readonly stillMs: number
  /** How often heads are looked at. */
  readonly checkEveryMs: number
  readonly connectionsMax: number
  readonly connectionsPerAddressMax: number
}

/** Whoever is slow on purpose is gone within 15 s. */
export const listenerLimits: ListenerLimits = {
  headMs: 10_000,
  keepAliveMs: 5_000,
  stillMs: 12_000,
  checkEveryMs: 2_000,
  connectionsMax: 2_000,
  connectionsPerAddressMax: 64,
}

export interface ListenOptions {
  readonly limits?: Partial<ListenerLimits>
  /** Whether an address is a proxy that speaks for many callers; then its connections are not counted. Default: none is. */
  readonly isProxy?: ((address: string) => boolean) | undefined
}

const serverOptions = ({ headMs, keepAliveMs, checkEveryMs }: ListenerLimits) => ({
  headersTimeout: headMs,
  // Bodies are timed by each endpoint's own limit.
  requestTimeout: 0,
  keepAliveTimeout: keepAliveMs,
  connectionsCheckingInterval: checkEveryMs,
  maxHeaderSize: 16_384,
  insecureHTTPParser: false,
  requireHostHeader: false, // judged with everything else, so that the answer is a problem like any other
  joinDuplicateHeaders: false,
})

/**
 * Starts listening. Throws `port_taken`, or `settings_invalid` for plain http beyond loopback. Connections to plain http are
 * not counted by address: it is there for proxies on this machine, which all come from one.
 */
export const listen = async (
  at: ListenAt,
  gateway: Gateway,
  tls: TlsOptions,
  { limits: given = {}, isProxy = () => false }: ListenOptions = {},
): Promise<Listener> => {
  const limits = { ...listenerLimits, ...given }
  const server = createServer(at, tls, limits)
  // Above what is accepted, so that too many are seen and refused rather than silently dropped.
  server.maxHeadersCount = 200
  server.timeout = limits.stillMs
  server.maxConnections = limits.connectionsMax
  const isExempt = at.protocol === 'http' ? () => true : isProxy
  const open = boundConnections(server, countConnections(limits.connectionsPerAddressMax, isExempt))
  const wire = at.protocol === 'https' ? 'secureConnection' : 'connection'
  endQuiet(server, wire, { quietMs: limits.headMs, everyMs: limits.checkEveryMs })
  server.on('request', (request, response) => gateway.answer(request, response))
  server.on('checkContinue', (request, response) => gateway.answer(request, response, true))
  server.on('checkExpectation', (request, response) => gateway.answer(request, response))
  server.on('connect', (_request, socket: Duplex) => socket.destroy())
  server.on('clientError', answerUnparsed)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenProblem(at, error)))
    server.listen({ host: at.host, port: at.port }, resolve)
  })
  // Such as no more file handles: the listener goes on, and accepts again when there are some.
  server.on('error', (error) => gateway.fault(error))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : at.port
  return {
    url: `${at.protocol}://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}`,
    setSecureContext: (options) => {
      if (at.protocol === 'https') (server as unknown as TlsServer).setSecureContext(options)
    },
    stop: (graceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          server.closeAllConnections()
          // Also those that are no HTTP connections yet, because their TLS handshake is not through.
          for (const socket of open) socket.destroy()
        }, graceMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

/** Before anything is spent on a connection, a TLS handshake least of all, it needs a place. Gives those that have one. */
const boundConnections = (server: Server, count: ConnectionCount): ReadonlySet<Socket> => {
  const open = new Set<Socket>()
  const accept = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (!count.admits(socket)) return void socket.destroy()
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    for (const each of accept) each.call(server, socket)
  })
  return open
}

const createServer = (at: ListenAt, tls: TlsOptions, limits: ListenerLimits): Server => {
  switch (at.protocol) {
    case 'https':
      return createHttpsServer({ ...serverOptions(limits), ...tls, handshakeTimeout: limits.headMs })
    case 'http':
      if (at.host !== '127.0.0.1' && at.host !== '::1')
        throw new Problem('settings_invalid', {
          detail: `--listen: plain http is only for proxies on this machine; use https://${at.host}:${at.port} or http://127.0.0.1:${at.port}`,
        })
      return createHttpServer(serverOptions(limits))
    default:
      return assertNever(at.protocol)
  }
}

const listenProblem = ({ host, port }: ListenAt, error: NodeJS.ErrnoException): Problem => {
  if (error.code === 'EADDRINUSE')
    return new Problem('port_taken', {
      detail: `Port ${port} on ${host} is taken by another program. Stop it, or choose another: --listen ${host}:${port + 1}`,
    })
  if (error.code === 'EACCES')
    return new Problem('port_taken', {
      detail: `This user may not use port ${port}. Choose one above 1023: --listen ${host}:8443`,
    })
  return new Problem('settings_invalid', {
    detail: `--listen: ${host}:${port} cannot be listened on (${error.code ?? 'unknown'})`,
    cause: error,
  })
}

/** Bytes that are no request: said once, as plainly as HTTP allows, then the connection ends. */
const answerUnparsed = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  // An answer that is under way must not get these bytes in its middle. Node's own answer asks the same private field.
  const busy = Boolean(Reflect.get(socket, '_httpMessage'))
  // Where there is no TLS there is nobody who could read an answer, and the end of writing one never comes.
  const untold = error.code === 'ECONNRESET' || /^ERR_(?:SSL|TLS)_/.test(error.code ?? '')
  if (busy || !socket.writable || untold) {
    socket.destroy()
    return
  }
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers_too_large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request_timeout'
        : 'request_malformed'
  const { status, body } = toResponse(new Problem(code), '-')
  const text = JSON.stringify(body)
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  )
}
