/**
 * One answer on its way back from the upstream. Promises: a caller who goes away ends the upstream call; an answer that
 * breaks off reaches the caller broken off, never as whole; a caller who does not read holds the upstream back.
 */
import { errors, type Dispatcher } from 'undici'
import { Problem } from '../problem.ts'
import { CallerGone, readOn } from './caller-body.ts'
import type { Forwarding } from './forward.ts'
import { answerHeaders } from './headers.ts'

/** `fail` is called at most once, with what the caller should be told. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #forwarding: Forwarding
  readonly #fail: (error: unknown) => void
  #controller: Dispatcher.DispatchController | undefined
  #ended = false
  #early: Error | undefined
  #bodyBegun = false
  #stall: NodeJS.Timeout | undefined

  constructor(forwarding: Forwarding, fail: (error: unknown) => void) {
    this.#forwarding = forwarding
    this.#fail = fail
  }

  /** Ends both sides; what is wrong with the caller's side need not wait for the upstream to notice. */
  abort(error: Error): void {
    if (this.#ended) return
    this.#end(error)
    if (this.#controller === undefined) this.#early = error
    else this.#controller.abort(error)
  }

  callerClosed(): void {
    if (!this.#forwarding.response.writableFinished) this.abort(new CallerGone())
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#early !== undefined) controller.abort(this.#early)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    message?: string,
  ): void {
    // Informational answers are between the upstream and us.
    if (status < 200 || this.#ended) return
    const { response, requestId, fields, endpoint } = this.#forwarding
    const { rawHeaders } = controller
    if (!Array.isArray(rawHeaders)) throw new TypeError('an HTTP/1.1 answer comes with its raw headers')
    response.writeHead(status, message ?? '', answerHeaders(rawHeaders, requestId, fields, endpoint.deprecation))
    // Where the first bytes of the body come later, as in a stream of events, the head does not wait for them.
    process.nextTick(() => {
      if (!this.#bodyBegun && !this.#ended) response.flushHeaders()
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response, endpoint } = this.#forwarding
    this.#bodyBegun = true
    if (this.#ended || response.write(chunk)) return
    controller.pause()
    clearTimeout(this.#stall)
    this.#stall = setTimeout(() => this.abort(new CallerGone()), endpoint.idleTimeoutMs)
    response.once('drain', () => {
      clearTimeout(this.#stall)
      controller.resume()
    })
  }

  onResponseEnd(): void {
    if (this.#ended) return
    this.#ended = true
    const { request, response, call, endpoint } = this.#forwarding
    // An upstream may answer before it has read the whole body. The rest is nobody's, and so is this connection.
    if (call.hasBody && !request.complete)
      response.once('finish', () => readOn(request, () => request.socket.destroy()))
    response.end()
    if ((response.socket?.writableLength ?? 0) === 0) return
    // All of it is here; whoever does not take the rest of it still holds memory and a connection.
    const stall = setTimeout(() => response.destroy(), endpoint.idleTimeoutMs)
    response.once('finish', () => clearTimeout(stall)).once('close', () => clearTimeout(stall))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#ended) this.#end(error)
  }

  #end(error: Error): void {
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
