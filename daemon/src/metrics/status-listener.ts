/**
 * The status listener: `/metrics`, `/livez` and `/readyz` for whoever watches Postern, in plain http on a port of its own.
 * Promises: few connections, short ones, and a small part of the time, so that calls do not notice it; what fails here stays
 * here. Never: a secret or a name; it cannot change anything.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as rest } from 'node:timers/promises'
import type { ProblemCode } from '@postern/shared'
import { Problem, toResponse } from '../problem.ts'
import type { Metrics } from './metrics.ts'
import { paced } from './paced.ts'

export interface StatusAt {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

/** Why calls are not served just now. */
export type Unready = 'starting' | 'stopping' | 'audit_unwritable' | Extract<ProblemCode, `keystore_${string}`>

export interface StatusListener {
  readonly url: string
  stop(): Promise<void>
}

export interface StatusDeps {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  /** Nothing when calls are served. */
  readonly unready: () => readonly Unready[]
  readonly onFault: (requestId: string, error: unknown) => void
}

const limits = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
} as const
const connectionsMax = 32
/** A reader that stands still for so long is left. */
const idleMs = 10_000

/** Starts listening. Throws `port_taken`, or `settings_invalid` for an address that is not this machine's. */
export const listenForStatus = async (at: StatusAt, deps: StatusDeps): Promise<StatusListener> => {
  const text = paced(() => deps.metrics.text(), {
    nowMs: () => performance.now(),
    rest: (ms) => rest(ms, undefined, { ref: false }),
  })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asks = request.method === 'GET' || request.method === 'HEAD'
    switch (asks ? request.url?.split('?', 1)[0] : undefined) {
      case '/metrics':
        return send(response, 200, deps.metrics.contentType, await text())
      case '/livez':
        return sendJson(response, 200, { status: 'alive' })
      case '/readyz': {
        const reasons = deps.unready()
        if (reasons.length === 0) return sendJson(response, 200, { status: 'ready', reasons })
        return sendJson(response, 503, { status: 'unready', reasons })
      }
      default:
        throw new Problem('not_found')
    }
  }

  const server = createServer(limits, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const requestId = randomUUID()
      if (!(error instanceof Problem)) deps.onFault(requestId, error)
      const { status, headers, body } = toResponse(error, requestId)
      send(response, status, headers['content-type'] ?? '', JSON.stringify(body))
    })
  })
  server.maxConnections = connectionsMax
  server.timeout = idleMs
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenProblem(at, error)))
    server.listen({ host: at.host, port: at.port }, resolve)
  })
  server.on('error', (error) => deps.onFault('-', error))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : at.port
  return {
    url: `http://${at.host.includes(':') ? `[${at.host}]` : at.host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const sendJson = (response: ServerResponse, status: number, body: object): void =>
  send(response, status, 'application/json', JSON.stringify(body))

const send = (response: ServerResponse, status: number, contentType: string, text: string): void => {
  const { req: request } = response
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // Nobody reads a body here, so nothing can follow it.
    ...(hasBody ? { connection: 'close' } : {}),
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}

const listenProblem = ({ host, port }: StatusAt, error: NodeJS.ErrnoException): Problem => {
  if (error.code === 'EADDRINUSE')
    return new Problem('port_taken', {
      detail: `Port ${port} on ${host}, meant for the status listener, is taken by another program. Stop it, or choose another: --status-listen ${host}:${port + 1}`,
    })
  if (error.code === 'EACCES')
    return new Problem('port_taken', {
      detail: `This user may not use port ${port}. Choose one above 1023: --status-listen ${host}:9464`,
    })
  return new Problem('settings_invalid', {
    detail: `--status-listen: ${host}:${port} cannot be listened on (${error.code ?? 'unknown'}); name an address of this machine`,
    cause: error,
  })
}
