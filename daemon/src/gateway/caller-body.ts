/**
 * The caller's body on its way in. Promises: never more than the endpoint's limit goes on, and whoever keeps the other
 * waiting, caller or upstream, ends the call. Never: holds more of a body than the streams' own buffers.
 */
import type { IncomingMessage } from 'node:http'
import { Transform, type Readable } from 'node:stream'
import type { EndpointAccess } from '../access/access-index.ts'
import { Problem } from '../problem.ts'

/** The caller's connection ended before the call did; there is nobody left to answer. */
export class CallerGone extends Error {}

/** What a body that is not at its end has to bring in each idle time: a byte now and then only holds a place. */
export const progressBytes = 1_024

/**
 * The body of a request, counted and timed. It errs with `body_too_large` (413), `request_timeout` (408) when the caller
 * brings less than `progressBytes` in the endpoint's idle time, `upstream_timeout` (504) when the upstream stops reading,
 * or CallerGone.
 */
export const limitBody = (request: IncomingMessage, { bodyBytesMax, idleTimeoutMs }: EndpointAccess): Readable => {
  let bytes = 0
  let progress = 0
  const stalled = (): void => {
    body.destroy(
      body.writableNeedDrain
        ? new Problem('upstream_timeout', { internal: `the upstream read no byte of the body for ${idleTimeoutMs} ms` })
        : new Problem('request_timeout', {
            detail: `Fewer than ${progressBytes} bytes of the body came in ${idleTimeoutMs} ms.`,
          }),
    )
  }
  const timer = setTimeout(stalled, idleTimeoutMs)
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      progress += chunk.length
      if (progress >= progressBytes) {
        progress = 0
        timer.refresh()
      }
      if (bytes > bodyBytesMax) done(bodyTooLarge(bodyBytesMax))
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
  request.once('close', () => {
    if (!request.complete) body.destroy(new CallerGone())
  })
  return request.pipe(body)
}

export const bodyTooLarge = (bodyBytesMax: number): Problem =>
  new Problem('body_too_large', { detail: `A body for this endpoint has at most ${bodyBytesMax} bytes.` })

const lingerMs = 1_000
const lingerBytes = 1_048_576

/**
 * Reads on for a moment after an early answer, then calls `done` once. To close a connection with bytes unread is to
 * reset it, and a reset can overtake the answer.
 */
export const readOn = (request: IncomingMessage, done: () => void): void => {
  let bytes = 0
  const timer = setTimeout(end, lingerMs)
  function end(): void {
    clearTimeout(timer)
    request.off('data', count).off('end', end).off('close', end)
    done()
  }
  function count(chunk: Buffer): void {
    bytes += chunk.length
    if (bytes > lingerBytes) end()
  }
  if (request.readableEnded || request.destroyed) return end()
  request.unpipe()
  request.on('data', count).once('end', end).once('close', end).resume()
}
