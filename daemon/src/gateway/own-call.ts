/** What the answers on Postern's own paths share: a call, what they are handed, and how they say no. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessIndex } from '../access/access-index.ts'
import type { Caller, ClosedReason } from '../access/decide.ts'
import type { GateLimits } from '../limits/gate-limits.ts'
import { Problem } from '../problem.ts'
import type { Origin } from './caller-address.ts'
import type { CalendarReader } from './calendar.ts'
import type { CollectionDocuments } from './collection-document.ts'
import type { ChangesReader } from './exports.ts'
import type { Recorder } from './gateway.ts'
import type { TurnAway } from './limit-calls.ts'
import type { TokenRoom } from './oauth.ts'
import type { Principals } from './principal.ts'
import type { Call } from './read-call.ts'
import { answerProblem, ownHeaders } from './refuse.ts'

/** What some of these paths need besides the index. */
export interface OwnRooms {
  readonly changes: ChangesReader
  readonly calendar: CalendarReader
  readonly documents: CollectionDocuments
  readonly limits: GateLimits
  /** The public halves of the keys that Postern signs with. */
  readonly jwks: () => object
  /** Signs who calls, for upstreams that ask for it; default: nobody can. */
  readonly principals?: Principals
  /** Throws `keystore_locked`. */
  readonly tokens: () => TokenRoom
  /** Something failed that the caller is only told as `internal` or 502/504. */
  readonly onFault: (requestId: string, error: unknown) => void
}

export interface OwnCall {
  readonly call: Call
  readonly request: IncomingMessage
  readonly caller: Caller
  readonly origin: Origin
  readonly index: AccessIndex | null
  /** Why, when there is no index. */
  readonly closed: ClosedReason
  readonly requestId: string
  readonly response: ServerResponse
  readonly secure: boolean
  readonly record: Recorder
  /** Records a refusal and gives what is said of it. */
  readonly turnAway: TurnAway
  readonly rooms: OwnRooms
}

/** These answer a question and change nothing (RFC 9110 §15.5.6 asks for `Allow`). Refuses anything else, and says so. */
export const isQuestion = (own: OwnCall): boolean => {
  if (own.call.method === 'GET' || own.call.method === 'HEAD') return true
  refuse(own, new Problem('method_not_allowed', { headers: { allow: 'GET, HEAD' } }))
  return false
}

export const refuse = ({ response, requestId, secure, call }: OwnCall, error: unknown): void =>
  answerProblem(response, error, { requestId, secure, close: call.hasBody })

/** A whole answer of Postern's own; HEAD gets its head alone. */
export const answerText = (
  { response, requestId, secure, call }: OwnCall,
  status: number,
  text: string,
  headers: Record<string, string>,
): void => {
  response.writeHead(status, {
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...ownHeaders(requestId, secure),
    ...headers,
  })
  response.end(call.method === 'HEAD' ? undefined : text)
}
