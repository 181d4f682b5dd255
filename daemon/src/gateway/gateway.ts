/**
 * The data plane: every call of a connector passes these steps in this order. Promises: nothing is forwarded without an
 * allow; a refusal says what the table says. Never: opens a secret, touches a disk, knows the keystore.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RefusalReason } from '@postern/shared'
import type { AccessIndex } from '../access/access-index.ts'
import { decide } from '../access/decide.ts'
import { Problem } from '../problem.ts'
import { createForwarder } from './forward.ts'
import { answerOwnPath } from './own-paths.ts'
import { headerOf, readCall } from './read-call.ts'
import { answerProblem, problemOf } from './refuse.ts'

/** What is known of a call once it is judged. */
export interface CallRecord {
  readonly requestId: string
  readonly atMs: number
  readonly outcome: 'allow' | RefusalReason
  readonly keyId: string | null
  readonly secret: 'current' | 'old' | null
  readonly endpointId: string | null
  readonly method: string
  readonly path: string
  readonly callerAddress: string
}

export interface GatewayDeps {
  /** The present index; `null` while the keystore is locked. */
  readonly index: () => AccessIndex | null
  /** Called once for each judged call, before it goes on. Must not throw and must not wait. */
  readonly record: (record: CallRecord) => void
  /** Something failed that the caller is only told as `internal` or 502/504. */
  readonly onFault: (requestId: string, error: unknown) => void
  readonly now: () => number
}

export interface Gateway {
  /** `expects`: the caller waits for `100 Continue` before it sends its body. */
  answer(request: IncomingMessage, response: ServerResponse, expects?: boolean): void
  close(): Promise<void>
}

export const createGateway = (deps: GatewayDeps): Gateway => {
  const forwarder = createForwarder()
  const nextRequestId = requestIds()

  const answer = (request: IncomingMessage, response: ServerResponse, expects = false): void => {
    const secure = 'encrypted' in request.socket
    const call = readCall(request)
    const requestId = requestIdOf(request) ?? nextRequestId()
    const refuse = (error: unknown, close = false): void => answerProblem(response, error, { requestId, close, secure })

    if ('code' in call) return refuse(new Problem(call.code, { detail: call.detail }), true)
    const atMs = deps.now()
    const index = deps.index()
    const callerAddress = request.socket.remoteAddress ?? ''
    const record = (outcome: CallRecord['outcome'], parts: Partial<CallRecord>): void =>
      deps.record({
        requestId,
        atMs,
        outcome,
        keyId: null,
        secret: null,
        endpointId: null,
        method: call.method,
        path: call.path,
        callerAddress,
        ...parts,
      })

    if (answerOwnPath({ call, index, atMs, requestId, response, secure, record })) return

    const verdict = decide(index, call.credential, call, atMs)
    if (!verdict.allow) {
      record(verdict.reason, { keyId: verdict.key?.id ?? null })
      return refuse(problemOf(verdict), call.hasBody)
    }
    const { endpoint, identified } = verdict
    const { key, secret } = identified
    record('allow', { keyId: key.id, secret, endpointId: endpoint.id })
    if (endpoint.upstream === null) return refuse(new Problem('no_endpoint'), call.hasBody)
    if (call.contentLength !== null && call.contentLength > endpoint.bodyBytesMax)
      return refuse(new Problem('body_too_large', { detail: `at most ${endpoint.bodyBytesMax} bytes` }), true)
    if (expects) response.writeContinue()
    forwarder.forward({ call, endpoint, key, request, response, requestId, secure, callerAddress }, (error) => {
      if (!(error instanceof Problem) || error.status >= 500) deps.onFault(requestId, error)
      refuse(error, true)
    })
  }

  return {
    answer(request, response, expects) {
      try {
        answer(request, response, expects)
      } catch (error) {
        deps.onFault('-', error)
        answerProblem(response, error, { requestId: nextRequestId(), close: true, secure: true })
      }
    },
    close: () => forwarder.close(),
  }
}

/** A caller's own id is kept when it is harmless to print. */
const requestIdOf = (request: IncomingMessage): string | undefined => {
  const given = headerOf(request.rawHeaders, 'x-request-id')
  return given !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : undefined
}

const requestIds = (): (() => string) => {
  const prefix = randomBytes(6).toString('hex')
  let count = 0
  return () => `${prefix}-${(++count).toString(36)}`
}
