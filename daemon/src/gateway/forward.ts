/**
 * Moves one allowed call to its upstream and the answer back. Promises: bytes stream both ways with backpressure; a caller
 * who goes away ends the upstream call; an answer that breaks off reaches the caller broken off, never as whole. Never:
 * follows a redirect, retries, decompresses, or takes scheme, host or port from the call.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Transform, type Readable } from 'node:stream'
import { Pool, errors, type Dispatcher } from 'undici'
import { segmentValues, type EndpointAccess, type KeyAccess } from '../access/access-index.ts'
import { Problem } from '../problem.ts'
import { answerHeaders, upstreamHeaders } from './headers.ts'
import type { Call } from './read-call.ts'

export interface Forwarding {
  readonly call: Call
  readonly endpoint: EndpointAccess
  readonly key: KeyAccess
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
  readonly secure: boolean
  readonly callerAddress: string
}

export interface Forwarder {
  /** `fail` is called at most once, with what the caller should be told. */
  forward(forwarding: Forwarding, fail: (error: unknown) => void): void
  close(): Promise<void>
}

const connectionsPerUpstream = 128

export const createForwarder = (): Forwarder => {
  const pools = new Map<string, Pool>()

  const poolFor = ({ upstream, upstreamCa, connectTimeoutMs }: EndpointAccess): Pool => {
    const origin = upstream?.origin ?? ''
    const name = `${origin} ${connectTimeoutMs} ${upstreamCa ?? ''}`
    const known = pools.get(name)
    if (known !== undefined) return known
    const pool = new Pool(origin, {
      connections: connectionsPerUpstream,
      pipelining: 1,
      allowH2: false,
      // Several hundred kilobytes of headers are no answer of a sane service.
      maxHeaderSize: 65_536,
      connect: { timeout: connectTimeoutMs, ...(upstreamCa === null ? {} : { ca: upstreamCa }) },
    })
    pools.set(name, pool)
    return pool
  }

  return {
    forward(forwarding, fail) {
      const { call, endpoint, request, response } = forwarding
      const socket = request.socket
      // From here on the endpoint's own limits hold, not the listener's idle limit.
      socket.setTimeout(0)
      const body = call.hasBody ? limitedBody(request, endpoint) : null
      const exchange = new Exchange(forwarding, fail)
      body?.once('error', (error) => exchange.abort(error))
      poolFor(endpoint).dispatch(
        {
          path: upstreamPath(endpoint, call),
          method: call.method,
          headers: upstreamHeaders(forwarding),
          body,
          headersTimeout: endpoint.answerTimeoutMs,
          bodyTimeout: endpoint.idleTimeoutMs,
        },
        exchange,
      )
      response.once('close', () => {
        socket.setTimeout(idleAfterMs)
        if (!response.writableFinished) exchange.abort(new CallerGone())
      })
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

const idleAfterMs = 30_000

class CallerGone extends Error {}

/** One answer on its way back. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #forwarding: Forwarding
  readonly #fail: (error: unknown) => void
  #controller: Dispatcher.DispatchController | undefined
  #ended = false
  #early: Error | undefined
  #stall: NodeJS.Timeout | undefined

  constructor(forwarding: Forwarding, fail: (error: unknown) => void) {
    this.#forwarding = forwarding
    this.#fail = fail
  }

  abort(error: Error): void {
    if (this.#ended) return
    if (this.#controller === undefined) this.#early = error
    else this.#controller.abort(error)
    // A problem that is ours to tell (body too large, too slow) need not wait for the upstream to notice.
    if (error instanceof Problem || error instanceof CallerGone) this.#end(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#early !== undefined) controller.abort(this.#early)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    message?: string,
  ): void {
    const { response, requestId } = this.#forwarding
    // Informational answers are between the upstream and us.
    if (status < 200 || this.#ended) return
    response.writeHead(status, message ?? '', answerHeaders(controller.rawHeaders, headers, requestId))
    if (this.#forwarding.call.method === 'HEAD') response.flushHeaders()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response, endpoint } = this.#forwarding
    if (this.#ended || response.write(chunk)) return
    controller.pause()
    this.#stall = setTimeout(() => this.abort(new CallerGone()), endpoint.idleTimeoutMs)
    response.once('drain', () => {
      clearTimeout(this.#stall)
      controller.resume()
    })
  }

  onResponseEnd(): void {
    if (this.#ended) return
    this.#ended = true
    this.#forwarding.response.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end(error)
  }

  #end(error: Error): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#stall)
    if (error instanceof CallerGone) this.#forwarding.response.destroy()
    else this.#fail(problemOfUpstream(error))
  }
}

const problemOfUpstream = (error: Error): Problem => {
  if (error instanceof Problem) return error
  const late =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  return new Problem(late ? 'upstream_timeout' : 'upstream_unreachable', {
    cause: error,
    internal: `${error.name}: ${error.message}`,
  })
}

/** The caller's body, counted and timed: too much is 413, too slow is 408. */
const limitedBody = (request: IncomingMessage, { bodyBytesMax, idleTimeoutMs }: EndpointAccess): Readable => {
  let bytes = 0
  const slow = (): void =>
    void body.destroy(new Problem('request_timeout', { detail: `no bytes of the body came for ${idleTimeoutMs} ms` }))
  const timer = setTimeout(slow, idleTimeoutMs)
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      timer.refresh()
      if (bytes > bodyBytesMax) done(new Problem('body_too_large', { detail: `at most ${bodyBytesMax} bytes` }))
      else done(null, chunk)
    },
    flush(done) {
      clearTimeout(timer)
      done()
    },
    destroy(error, done) {
      clearTimeout(timer)
      request.unpipe(body)
      done(error)
    },
  })
  request.once('aborted', () => body.destroy(new CallerGone()))
  request.once('error', () => body.destroy(new CallerGone()))
  return request.pipe(body)
}

const placeholder = /\{([A-Za-z_][A-Za-z0-9_]*)\*?\}/g

const upstreamPath = (endpoint: EndpointAccess, call: Call): string => {
  const template = endpoint.upstream?.path ?? '/'
  if (!template.includes('{')) return template + call.query
  const values = segmentValues(endpoint, call.path)
  return template.replaceAll(placeholder, (_, name: string) => values.get(name) ?? '') + call.query
}
