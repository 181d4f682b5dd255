/**
 * Would this call pass, and which question would refuse it? Pure. Promises: the verdict is that of `decide` itself, which
 * calls are judged by, and not of something that resembles it; every question has an answer, in their order. Never: a
 * secret, for none is asked for.
 */
import { problems, verdictRules, type ProblemCode, type RefusalReason, type RuleAnswer } from '@postern/shared'
import { assertNever } from '../problem.ts'
import type { AccessIndex, EndpointAccess, KeyAccess, Target } from './access-index.ts'
import { decide, type Caller, type ClosedReason, type Refusal } from './decide.ts'
import { sayRule, type Looked, type StoreWords } from './say-rule.ts'

/** What limits say of the next call. */
export interface LimitsAnswer {
  readonly passed: boolean
  readonly said: string
  /** Where it does not pass; default: `rate_limited`. */
  readonly reason?: Extract<RefusalReason, 'rate_limited' | 'quota_exceeded'>
}

/** `null`: it cannot be known for this instant. Counts nothing. */
export type LimitsAt = (key: KeyAccess, nowMs: number) => LimitsAnswer | null

/** A call that is only asked about. A `target` that cannot be read says why, and what a caller would be told. */
export interface AskedCall {
  readonly judging: AccessIndex | ClosedReason
  readonly caller: Caller
  readonly target: Target | { readonly code: ProblemCode; readonly detail: string }
  readonly words: StoreWords
  readonly limitsAt?: LimitsAt | undefined
}

export interface Explained {
  readonly verdict: 'allow' | 'refuse'
  readonly reason: RefusalReason | null
  readonly status: number | null
  readonly endpoint: EndpointAccess | null
  readonly rules: readonly RuleAnswer[]
}

export const explain = (asked: AskedCall): Explained => {
  const { judging, caller, target, words } = asked
  if ('code' in target) {
    const refused = { passed: false, said: target.detail }
    return told(new Map([['request', refused]]), null, 'request_malformed', problems[target.code].status)
  }
  const passedBy = new Map<RuleAnswer['rule'], boolean>([['request', true]])
  const verdict = decide(judging, caller, target, (rule, passed) => void passedBy.set(rule, passed))
  const keyId = caller.credential.kind === 'known' ? caller.credential.keyId : null
  const key = verdict.allow ? verdict.identified.key : (verdict.key ?? keyIn(judging, keyId))
  const { endpoint = null } = verdict
  const detail = verdict.allow ? null : (verdict.detail ?? null)
  const { nowMs, address } = caller
  const looked: Looked = { judging, key, keyId, endpoint, target, nowMs, address, detail, words }
  const answers = new Map<RuleAnswer['rule'], Answer>()
  for (const [rule, passed] of passedBy) answers.set(rule, { passed, said: sayRule(rule, passed, looked) })
  // Nobody who asks without an address can be told whether it is blocked; a proxy that asks is not asked for one.
  if (address === null && target.forwardAuth !== true && answers.get('address_blocked')?.passed === true)
    if (typeof judging !== 'string' && judging.blocked.size > 0)
      answers.set('address_blocked', { passed: null, said: sayRule('address_blocked', true, looked) })
  if (!verdict.allow) return told(answers, endpoint, verdict.reason, statusOf(verdict))

  const limits = asked.limitsAt?.(verdict.identified.key, nowMs) ?? null
  if (limits === null) {
    answers.set('limits', {
      passed: null,
      said: 'how much of its limits the key has used at that instant is not known',
    })
    return told(answers, endpoint, null, null)
  }
  answers.set('limits', limits)
  if (limits.passed) return told(answers, endpoint, null, null)
  const { reason = 'rate_limited' } = limits
  return told(answers, endpoint, reason, problems[reason].status)
}

/** `passed` null: not known. */
interface Answer {
  readonly passed: boolean | null
  readonly said: string
}

const statusOf = ({ reason }: Refusal): number => problems[reason].status

const keyIn = (judging: AccessIndex | ClosedReason, keyId: string | null): KeyAccess | null =>
  typeof judging === 'string' || keyId === null ? null : (judging.keys.get(keyId) ?? null)

const told = (
  answers: ReadonlyMap<RuleAnswer['rule'], Answer>,
  endpoint: EndpointAccess | null,
  reason: RefusalReason | null,
  status: number | null,
): Explained => ({
  verdict: reason === null ? 'allow' : 'refuse',
  reason,
  status,
  endpoint,
  rules: verdictRules.map((rule) => {
    const answer = answers.get(rule)
    if (answer === undefined) return { rule, outcome: 'not_asked', said: 'a question before it has refused the call' }
    return { rule, outcome: outcomeOf(answer.passed), said: answer.said }
  }),
})

const outcomeOf = (passed: boolean | null): RuleAnswer['outcome'] => {
  switch (passed) {
    case true:
      return 'pass'
    case false:
      return 'refuse'
    case null:
      return 'unknown'
    default:
      return assertNever(passed)
  }
}
