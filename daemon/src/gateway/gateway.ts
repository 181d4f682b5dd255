/**
 * The data plane: every call of a connector passes these steps in this order. Promises: nothing is forwarded without an
 * allow; a refusal says what the table says. Never: opens a secret, touches a disk, knows the keystore.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { problems, type RefusalReason, type VerdictRule } from '@postern/shared'
import type { AccessIndex, EndpointAccess } from '../access/access-index.ts'
import { decide } from '../access/decide.ts'
import type { Proven } from '../access/identify.ts'
import { rateLimitFields } from '../limits/rate-limit-fields.ts'
import { Problem } from '../problem.ts'
import { bodyTooLarge } from './caller-body.ts'
import type { Resolve } from '../addresses/judged-lookup.ts'
import { knowsCaller, readOrigin, type IsProxy } from './caller-address.ts'
import { createForwarder } from './forward.ts'
import { createTurnAway, takeCall } from './limit-calls.ts'
import { awaitEnd, type CallMeter, type Timed } from './meter.ts'
import type { OwnCall, OwnRooms } from './own-call.ts'
import { answerOwnPath } from './own-paths.ts'
import { noProofs, tokenIn, type TokenProofs } from './token-proofs.ts'
import { withQueryCredential } from './query-credential.ts'
import { readCall } from './read-call.ts'
import { announceDeprecation } from './headers.ts'
import { answerProblem } from './refuse.ts'
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
  /** What was wrong, where no rule's own facts say it; never a credential. */
  readonly detail: string | null
  /** What the caller is told; `null`: the call was allowed. */
  readonly status: number | null
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
  /** A proxy asks, whoever's the address is. */
  readonly forwardAuth: boolean
  /** The address that lists were asked about; `null`: it was not known. */
  readonly judgedAddress: string | null
  /** A proxy has asked about this very call before, and it was counted then. */
  readonly countedBefore: boolean
}

/** Records the call at hand. `asked`: the call a proxy asks about, when it is not this one. */
export type Recorder = (
  outcome: CallRecord['outcome'],
  found: Partial<
    Pick<
      CallRecord,
      'keyId' | 'rule' | 'detail' | 'status' | 'secret' | 'secretVersion' | 'endpointId' | 'countedBefore'
    >
  >,
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
  /** Checks tokens that are presented in place of keys; default: nobody does. */
  readonly proofs?: TokenProofs
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

const malformed = 'request_malformed' as const

const nothingFound = {
  detail: null,
  keyId: null,
  rule: null,
  secret: null,
  secretVersion: null,
  endpointId: null,
  countedBefore: false,
} as const

interface Arrived extends Timed {
  readonly requestId: string
  readonly expects: boolean
}

/** Calls back when an answer is out or its connection gone, also when that has happened already. */
const onClose = (response: ServerResponse, then: () => void): void => {
  if (response.closed) then()
  else response.once('close', then)
}

export const createGateway = (deps: GatewayDeps): Gateway => {
  const forwarder = createForwarder(deps.resolve)
  const requestIdOf = requestIds()
  /** Connections that end with the answer under way. What was read behind it may be anything, a body for one. */
  const condemned = new WeakSet<Socket>()
  const { meter, isProxy = () => false, proofs = noProofs } = deps

  /** What calls are judged by at this moment, or why there is nothing. */
  const openNow = (): Pick<OwnCall, 'index' | 'closed'> =>
    deps.isTrailFull?.() === true
      ? { index: null, closed: 'store_unavailable' }
      : { index: deps.index(), closed: 'keystore_locked' }

  const answer = (request: IncomingMessage, response: ServerResponse, arrived: Arrived): void => {
    const { requestId } = arrived
    const secure = 'encrypted' in request.socket
    const atMs = deps.now()
    const opened = openNow()
    const { index } = opened
    const read = readCall(request, index?.credentialHeader)
    const origin = readOrigin(request.socket.remoteAddress ?? '', 'code' in read ? [] : read.forwardedFor, isProxy)
    const callerAddress = typeof origin === 'string' ? '' : (origin.address ?? origin.peer)
    const call = 'code' in read || index === null ? read : withQueryCredential(index, read)
    const asked = 'code' in call ? { method: request.method ?? '', path: '', host: '' } : call
    const record: Recorder = (outcome, found, about) => {
      const { method, path, host } = about ?? asked
      const forwardAuth = about !== undefined
      const askedByProxy = forwardAuth && (typeof origin === 'string' || !knowsCaller(origin))
      recordSafely({
        ...nothingFound,
        requestId,
        atMs,
        outcome,
        status: outcome === 'allow' ? null : problems[outcome].status,
        ...found,
        method,
        path,
        host,
        callerAddress,
        askedByProxy,
        forwardAuth,
        judgedAddress: askedByProxy || typeof origin === 'string' ? null : origin.address,
      })
      arrived.allowed = outcome === 'allow'
    }

    if ('code' in call || typeof origin === 'string') {
      const why = 'code' in call ? call : { code: malformed, detail: typeof origin === 'string' ? origin : '' }
      condemned.add(request.socket)
      record(malformed, { rule: 'request', detail: why.detail, status: problems[why.code].status })
      return answerProblem(response, new Problem(why.code, { detail: why.detail }), { requestId, close: true, secure })
    }
    const where = { address: callerAddress, nowMs: atMs, perMinute: index?.wrongCredentialsPerMinute ?? 0 }
    const { credential } = call
    const token = index === null ? null : tokenIn(credential)
    // Values that may be weaker than those Postern draws are not even looked at for somebody who guesses.
    const isWeighed = index !== null && (index.importPepper !== null || token !== null)
    const guessing = isWeighed && deps.limits.guessing.isGuessing(where)
    const turnAway = createTurnAway({ guessing: deps.limits.guessing, index, credential, ...where, record })
    const judgeAs = (proven: Proven | null, present: typeof opened): void => {
      const caller = { credential: proven ?? credential, nowMs: atMs, address: origin.address, guessing }
      const { index: judging, closed } = present
      const own: OwnCall = {
        call,
        request,
        caller,
        origin,
        index: judging,
        closed,
        requestId,
        response,
        secure,
        record,
        turnAway,
        rooms: deps,
      }
      if (!answerOwnPath(own)) judge(own, arrived)
    }
    // A token that was good before cannot have been guessed; others are not checked for somebody who guesses.
    const proven = token === null ? null : proofs.known(token, atMs)
    if (token === null || proven !== undefined || guessing) return judgeAs(proven ?? null, opened)
    proofs
      .prove(token, atMs)
      // By what holds now: a key may have been taken away while its token was being checked.
      .then((found) => response.destroyed || judgeAs(found, openNow()))
      .catch((error: unknown) => fail(response, error, { requestId, secure }))
  }

  /** The second half: from the verdict to the upstream. */
  const judge = (own: OwnCall, { expects }: Arrived): void => {
    const { call, request, caller, origin, index, closed, requestId, response, secure, record, turnAway } = own
    let fields: readonly string[] = []
    const refuse = (error: unknown, close: boolean, endpoint?: EndpointAccess): void => {
      if (endpoint !== undefined) announceDeprecation(response, endpoint)
      if (close) condemned.add(request.socket)
      answerProblem(response, error, { requestId, close, secure, fields })
    }
    const verdict = decide(index ?? closed, caller, call)
    if (!verdict.allow) return refuse(turnAway(verdict), call.hasBody, verdict.endpoint)
    const { nowMs } = caller
    const taken = takeCall(deps.limits, verdict, { target: call, nowMs, from: request })
    if (!taken.allow) return refuse(turnAway(taken), call.hasBody, verdict.endpoint)
    if (taken.release !== null) onClose(response, taken.release)
    fields = rateLimitFields(taken.states, nowMs)
    const { endpoint, identified } = verdict
    const credentialHeader = index?.credentialHeader ?? null
    const { key, secret, version } = identified
    const { takenBefore: countedBefore } = taken
    record('allow', { keyId: key.id, secret, secretVersion: version, endpointId: endpoint.id, countedBefore })
    if ((call.contentLength ?? 0) > endpoint.bodyBytesMax)
      return refuse(bodyTooLarge(endpoint.bodyBytesMax), true, endpoint)
    if (expects) response.writeContinue()
    const failed = (error: unknown): void => {
      if (!(error instanceof Problem) || error.status >= 500) fault(requestId, error)
      if (error instanceof Problem) meter?.failed(endpoint.id, error.code)
      refuse(error, call.hasBody, endpoint)
    }
    const forward = (principal: string | null): void =>
      forwarder.forward(
        { call, endpoint, key, request, response, requestId, secure, origin, credentialHeader, principal, fields },
        failed,
      )
    if (!endpoint.principal) return forward(null)
    if (deps.principals === undefined) return failed(new Problem('overloaded', { internal: 'nothing signs here' }))
    deps.principals.of(key, endpoint, nowMs).then((principal) => response.destroyed || forward(principal), failed)
  }

  /** Something nobody thought of: told of, and answered without a word about it. */
  const fail = (response: ServerResponse, error: unknown, to: { requestId: string; secure: boolean }): void => {
    fault(to.requestId, error)
    answerProblem(response, error, { ...to, close: true })
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
        fail(response, error, { requestId, secure: 'encrypted' in request.socket })
      }
      if (meter !== undefined) awaitEnd(meter, arrived, response)
    },
    fault: (error) => fault('-', error),
    close: () => forwarder.close(),
  }
}
