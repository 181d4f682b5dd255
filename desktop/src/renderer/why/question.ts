/** A call that is asked about: what is typed of it, and what is sent. Pure. */
import { verdictRules, type ExplainRequest, type KeyCall, type RefusalView, type VerdictRule } from '@postern/shared'
import { pathOf } from '../keys/trial.ts'
import { instantOf, wallOf } from './wall-time.ts'

export interface Question {
  readonly method: string
  readonly path: string
  /** Empty: none in particular. */
  readonly host: string
  /** Empty: not known. */
  readonly address: string
  /** Date and time on the wall; empty: now. */
  readonly at: string
  /** Another proxy asks, and forwards by itself. */
  readonly byProxy: boolean
}

export const emptyQuestion: Question = { method: 'GET', path: '/', host: '', address: '', at: '', byProxy: false }

/** What was seen of a call that has been. */
export const questionOf = (
  call: Pick<RefusalView, 'method' | 'path' | 'host' | 'address' | 'at' | 'asked_by_proxy' | 'caller_known'>,
  zone: string,
): Question => ({
  method: call.method,
  path: call.path,
  host: call.host ?? '',
  // The address of a proxy that does not say for whom it calls is nobody's.
  address: call.caller_known === false ? '' : call.address,
  at: wallOf(Date.parse(call.at), zone),
  byProxy: call.asked_by_proxy,
})

/** The same of a call that is remembered with its key. Where only the pattern is kept, it has an example in place of the rest. */
export const questionOfCall = (call: KeyCall, zone: string): Question =>
  questionOf({ ...call, path: call.path ?? pathOf(call.endpoint?.pattern ?? '/').replaceAll(/\{[^{}]*\}/g, '1') }, zone)

/** `key`: null, as if none was presented. */
export const requestOf = (question: Question, key: string | null, zone: string): ExplainRequest => {
  const at = instantOf(question.at, zone)
  return {
    ...(key === null ? {} : { key }),
    method: question.method,
    path: question.path.trim(),
    ...(question.host.trim() === '' ? {} : { host: question.host.trim() }),
    ...(question.address.trim() === '' ? {} : { address: question.address.trim() }),
    ...(at === null ? {} : { at: new Date(at).toISOString() }),
    ...(question.byProxy ? { forward_auth: true } : {}),
  }
}

/** Long parts of a path or a host are not kept; in their place stands this. */
const leftOut = '…'
export const isCut = ({ path, host }: Pick<Question, 'path' | 'host'>): boolean => `${path}${host}`.includes(leftOut)

/** These refuse before it is known which key was meant, or what was asked: what was wrong is not kept. */
const beforeKey: readonly VerdictRule[] = verdictRules.slice(0, verdictRules.indexOf('credential_given'))

/** Whether the rules can be asked of the same call once more. */
export const canAskAgain = ({ rule, key, reason }: Pick<RefusalView, 'rule' | 'key' | 'reason'>): boolean =>
  rule !== null && !beforeKey.includes(rule) && (key !== null || reason === 'credential_missing')
