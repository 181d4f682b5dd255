/**
 * A listener for connectors: one port, https, or http on loopback for proxies on the same machine. Promises: slow and
 * greedy callers are bounded before anything is judged, and what cannot be parsed gets a 4xx and a closed connection.
 */
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Server as TlsServer, SecureContextOptions, TlsOptions } from 'node:tls'
import type { Duplex } from 'node:stream'
import { assertNever, Problem, toResponse } from '../problem.ts'
import type { Gateway } from './gateway.ts'

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

const limits = {
  headersTimeout: 10_000,
  // Bodies are timed by each endpoint's own limit.
  requestTimeout: 0,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
  insecureHTTPParser: false,
  requireHostHeader: false, // judged with everything else, so that the answer is a problem like any other
  joinDuplicateHeaders: false,
} as const

/** Starts listening. Throws `port_taken`, or `settings_invalid` for plain http beyond loopback. */
export const listen = async (at: ListenAt, gateway: Gateway, tls: TlsOptions): Promise<Listener> => {
  const server = createServer(at, tls)
  // Above what is accepted, so that too many are seen and refused rather than silently dropped.
  server.maxHeadersCount = 200
  server.timeout = 30_000
  server.maxConnections = 2_000
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
        const cut = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

const createServer = (at: ListenAt, tls: TlsOptions): Server => {
  switch (at.protocol) {
    case 'https':
      return createHttpsServer({ ...limits, ...tls, handshakeTimeout: limits.headersTimeout })
    case 'http':
      if (at.host !== '127.0.0.1' && at.host !== '::1')
        throw new Problem('settings_invalid', {
          detail: `--listen: plain http is only for proxies on this machine; use https://${at.host}:${at.port} or http://127.0.0.1:${at.port}`,
        })
      return createHttpServer(limits)
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
  if (busy || !socket.writable || error.code === 'ECONNRESET' || error.code?.startsWith('ERR_SSL_') === true) {
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
