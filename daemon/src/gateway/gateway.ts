/**
 * The data plane: every call of a connector passes these steps in this order. Promises: nothing is forwarded without an
 * allow; a refusal says what the table says. Never: opens a secret, touches a disk, knows the keystore.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { RefusalReason, VerdictRule } from '@postern/shared'
import type { AccessIndex, EndpointAccess } from '../access/access-index.ts'
import { decide } from '../access/decide.ts'
import { Problem } from '../problem.ts'
import { bodyTooLarge } from './caller-body.ts'
import type { Resolve } from './connect-upstream.ts'
import { knowsCaller, readOrigin, type IsProxy } from './caller-address.ts'
import { createForwarder } from './forward.ts'
import { awaitEnd, type CallMeter, type Timed } from './meter.ts'
import type { OwnRooms } from './own-call.ts'
import { answerOwnPath } from './own-paths.ts'
import { withQueryCredential } from './query-credential.ts'
import type { Principals } from './principal.ts'
import { readCall } from './read-call.ts'
import { announceDeprecation } from './headers.ts'
import { answerProblem, problemOf, refusedAt } from './refuse.ts'
import { requestIds } from './request-id.ts'

/** What is known of a call once it is judged. */
export interface CallRecord {
  readonly requestId: string
  readonly atMs: number
  readonly outcome: 'allow' | RefusalReason
  /** Also of a honey key, whose calls are `credential_invalid`. */
  readonly keyId: string | null
  /** Which question was answered with no; `null`: none. */
  readonly rule: VerdictRule | null
  readonly secret: 'current' | 'old' | null
  /** The version of that secret. */
  readonly secretVersion: number | null
  readonly endpointId: string | null
  readonly method: string
  readonly path: string
  /** Lower case, without port; '' when the call names none. */
  readonly host: string
  readonly callerAddress: string
  /** A proxy asks about somebody else's call, and its word about whose is not taken: the address is the proxy's. */
  readonly askedByProxy: boolean
}

/** Records the call at hand. `asked`: the call a proxy asks about, when it is not this one. */
export type Recorder = (
  outcome: CallRecord['outcome'],
  found: Partial<Pick<CallRecord, 'keyId' | 'rule' | 'secret' | 'secretVersion' | 'endpointId'>>,
  asked?: Pick<CallRecord, 'method' | 'path' | 'host'>,
) => void

export interface GatewayDeps extends OwnRooms {
  /** The present index; `null` while the keystore is locked. */
  readonly index: () => AccessIndex | null
  /** Whether refusals can no longer be recorded; then every call is refused. Asked for each call. Default: never. */
  readonly isTrailFull?: () => boolean
  /** Called once for each judged call, before it goes on. Must not throw and must not wait. */
  readonly record: (record: CallRecord) => void
  readonly now: () => number
  /** Finds the addresses of upstreams' names. Default: the system. */
  readonly resolve?: Resolve | undefined
  /** Signs who calls, for upstreams that ask for it; default: nobody can. */
  readonly principals?: Principals
  /** Whose word about callers is taken; default: nobody's. */
  readonly isProxy?: IsProxy
  /** Nobody may want to know how long calls take. */
  readonly meter?: CallMeter | undefined
}

export interface Gateway {
  /** `expects`: the caller waits for `100 Continue` before it sends its body. */
  answer(request: IncomingMessage, response: ServerResponse, expects?: boolean): void
  /** A listener tells of something that is wrong with none of its calls. */
  fault(error: unknown): void
  close(): Promise<void>
}

interface Arrived extends Timed {
  readonly requestId: string
  readonly expects: boolean
}

export const createGateway = (deps: GatewayDeps): Gateway => {
  const forwarder = createForwarder(deps.resolve)
  const requestIdOf = requestIds()
  /** Connections that end with the answer under way. What was read behind it may be anything, a body for one. */
  const condemned = new WeakSet<Socket>()
  const { meter, isProxy = () => false } = deps

  const answer = (request: IncomingMessage, response: ServerResponse, arrived: Arrived): void => {
    const { requestId, expects } = arrived
    const secure = 'encrypted' in request.socket
    const atMs = deps.now()
    const trailFull = deps.isTrailFull?.() === true
    const index = trailFull ? null : deps.index()
    const read = readCall(request, index?.credentialHeader)
    const origin = readOrigin(request.socket.remoteAddress ?? '', 'code' in read ? [] : read.forwardedFor, isProxy)
    const refuse = (error: unknown, close: boolean, endpoint?: EndpointAccess): void => {
      if (endpoint !== undefined) announceDeprecation(response, endpoint)
      if (close) condemned.add(request.socket)
      answerProblem(response, error, { requestId, close, secure })
    }
    const callerAddress = typeof origin === 'string' ? '' : (origin.address ?? origin.peer)
    const call = 'code' in read || index === null ? read : withQueryCredential(index, read)
    const asked = 'code' in call ? { method: request.method ?? '', path: '', host: '' } : call
    const record: Recorder = (outcome, found, about) => {
      const { method, path, host } = about ?? asked
      const askedByProxy = about !== undefined && (typeof origin === 'string' || !knowsCaller(origin))
      const { keyId = null, rule = null, secret = null, secretVersion = null, endpointId = null } = found
      recordSafely({
        requestId,
        atMs,
        outcome,
        keyId,
        rule,
        secret,
        secretVersion,
        endpointId,
        method,
        path,
        host,
        callerAddress,
        askedByProxy,
      })
      arrived.allowed = outcome === 'allow'
    }

    if ('code' in call) {
      record('request_malformed', { rule: 'request' })
      return refuse(new Problem(call.code, { detail: call.detail }), true)
    }
    if (typeof origin === 'string') {
      record('request_malformed', { rule: 'request' })
      return refuse(new Problem('request_malformed', { detail: origin }), true)
    }
    const closed = trailFull ? 'store_unavailable' : 'keystore_locked'
    const caller = { credential: call.credential, nowMs: atMs, address: origin.address }
    if (answerOwnPath({ call, caller, origin, index, closed, requestId, response, secure, record, rooms: deps })) return

    const verdict = decide(index ?? closed, caller, call)
    if (!verdict.allow) {
      record(verdict.reason, refusedAt(verdict))
      return refuse(problemOf(verdict), call.hasBody, verdict.endpoint)
    }
    const { endpoint, identified } = verdict
    const credentialHeader = index?.credentialHeader ?? null
    const { key, secret, version } = identified
    record('allow', { keyId: key.id, secret, secretVersion: version, endpointId: endpoint.id })
    if ((call.contentLength ?? 0) > endpoint.bodyBytesMax)
      return refuse(bodyTooLarge(endpoint.bodyBytesMax), true, endpoint)
    if (expects) response.writeContinue()
    const fail = (error: unknown): void => {
      if (!(error instanceof Problem) || error.status >= 500) fault(requestId, error)
      if (error instanceof Problem) meter?.failed(endpoint.id, error.code)
      refuse(error, call.hasBody, endpoint)
    }
    const forward = (principal: string | null): void =>
      forwarder.forward(
        { call, endpoint, key, request, response, requestId, secure, origin, credentialHeader, principal },
        fail,
      )
    if (!endpoint.principal) return forward(null)
    if (deps.principals === undefined) return fail(new Problem('overloaded', { internal: 'nothing signs here' }))
    deps.principals.of(key, endpoint, atMs).then((principal) => response.destroyed || forward(principal), fail)
  }

  /** A recorder that fails is a fault to tell of, and no reason to refuse a call that was allowed. */
  const recordSafely = (record: CallRecord): void => {
    try {
      deps.record(record)
    } catch (error) {
      fault(record.requestId, error)
    }
  }

  const fault = (requestId: string, error: unknown): void => {
    try {
      deps.onFault(requestId, error)
    } catch {
      // Nobody is left to tell.
    }
  }

  return {
    answer(request, response, expects = false) {
      if (condemned.has(request.socket)) return
      const beganMs = meter?.nowMs() ?? 0
      const requestId = requestIdOf(request.rawHeaders)
      const arrived: Arrived = { requestId, expects, beganMs, allowed: null }
      try {
        answer(request, response, arrived)
      } catch (error) {
        fault(requestId, error)
        answerProblem(response, error, { requestId, close: true, secure: 'encrypted' in request.socket })
      }
      if (meter !== undefined) awaitEnd(meter, arrived, response)
    },
    fault: (error) => fault('-', error),
    close: () => forwarder.close(),
  }
}
