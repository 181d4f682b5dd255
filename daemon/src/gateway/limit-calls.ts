/**
 * What limits and guessing make of a verdict. Promises: only a call that was allowed is taken from limits; only a credential
 * that is not valid is told to wait for others like it; each refusal is recorded with its true reason, once.
 */
import type { IncomingMessage } from 'node:http'
import { problems } from '@postern/shared'
import type { AccessIndex, Target } from '../access/access-index.ts'
import type { Allowed, Credential, Refusal } from '../access/decide.ts'
import type { GateLimits } from '../limits/gate-limits.ts'
import type { Guessing } from '../limits/guessing.ts'
import type { LimitAnswer } from '../limits/limits.ts'
import { rateLimitFields, retryAfterOf } from '../limits/rate-limit-fields.ts'
import { sayViolated } from '../limits/say-limits.ts'
import type { Problem } from '../problem.ts'
import type { Recorder } from './gateway.ts'
import { headerOf } from './read-call.ts'
import { problemOf, refusedAt, retryAfterSeconds, type Limited } from './refuse.ts'

export const receiptHeader = 'X-Postern-Receipt'

/** An allowed call, taken from its limits. */
export type Passed = LimitAnswer & { readonly allow: true; readonly takenBefore: boolean }

/** Takes an allowed call from the limits of its key, unless it was when a proxy asked about it. */
export const takeCall = (
  { take, receipts }: GateLimits,
  { identified: { key }, endpoint }: Allowed,
  { target, nowMs, from }: { target: Target; nowMs: number; from: Pick<IncomingMessage, 'rawHeaders'> | null },
): Passed | (Refusal & { readonly limited: Limited }) => {
  const receipt = from === null ? undefined : headerOf(from.rawHeaders, 'x-postern-receipt')
  const { method, path } = target
  const takenBefore = receipt !== undefined && receipts.redeem(receipt, { keyId: key.id, method, path }, nowMs)
  const taken = take({ key, nowMs, occupies: from !== null, takenBefore })
  if (taken.allow) return { ...taken, takenBefore }
  const { reason, states, violated } = taken
  const limited = {
    retryAfterS: key.limits === null ? retryAfterSeconds : retryAfterOf(violated, nowMs),
    violated: violated.map(({ limit }) => limit.wireName),
    fields: rateLimitFields(states, nowMs),
  }
  return { allow: false, reason, rule: 'limits', key, endpoint, limited, detail: sayViolated(violated) }
}

/** Records a refusal and gives what the caller is told of it. */
export type TurnAway = (
  refusal: Refusal & { readonly limited?: Limited },
  about?: Pick<Target, 'method' | 'path' | 'host'>,
  /** What was presented, when it came in the body. */
  inBody?: Credential,
) => Problem

/** `address`: who presents the credential. */
export const createTurnAway =
  (deps: {
    guessing: Guessing
    index: AccessIndex | null
    credential: Credential
    address: string
    nowMs: number
    record: Recorder
  }): TurnAway =>
  (refusal, about, inBody) => {
    const { guessing, index, credential, address, nowMs, record } = deps
    const guess = refusal.reason === 'credential_invalid' && index !== null ? presentedIn(inBody ?? credential) : null
    const retryAfterS =
      guess === null || index === null
        ? null
        : guessing.failed({ address, presented: guess, nowMs, perMinute: index.wrongCredentialsPerMinute })
    if (retryAfterS === null) {
      record(refusal.reason, refusedAt(refusal), about)
      return problemOf(refusal)
    }
    // A trap springs all the same; who has walked into it is told what everybody is told.
    const { status } = problems.rate_limited
    const detail = 'too many credentials that are not valid have come from there, or for that key'
    record(refusal.key === null ? 'rate_limited' : refusal.reason, { ...refusedAt(refusal), status, detail }, about)
    return problemOf({ ...refusal, reason: 'rate_limited', limited: { retryAfterS, violated: null, fields: [] } })
  }

const presentedIn = (credential: Credential) =>
  credential.kind === 'value' || credential.kind === 'pair' ? credential : null
