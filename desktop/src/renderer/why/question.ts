/** A call that is asked about: what is typed of it, and what is sent. Pure. */
import type { ExplainRequest, KeyCall, RefusalView } from '@postern/shared'
import { pathOf } from '../keys/trial.ts'
import { instantOf, wallOf } from './wall-time.ts'

export interface Question {
  readonly method: string
  readonly path: string
  /** Empty: not known. */
  readonly address: string
  /** Date and time on the wall; empty: now. */
  readonly at: string
  /** Another proxy asks, and forwards by itself. */
  readonly byProxy: boolean
}

export const emptyQuestion: Question = { method: 'GET', path: '/', address: '', at: '', byProxy: false }

/** What was seen of a call that has been. */
export const questionOf = (
  call: Pick<RefusalView, 'method' | 'path' | 'address' | 'at' | 'asked_by_proxy'>,
  zone: string,
): Question => ({
  method: call.method,
  path: call.path,
  address: call.address,
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
    ...(question.address.trim() === '' ? {} : { address: question.address.trim() }),
    ...(at === null ? {} : { at: new Date(at).toISOString() }),
    ...(question.byProxy ? { forward_auth: true } : {}),
  }
}
