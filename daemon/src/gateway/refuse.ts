/**
 * Answers refusals on the connector side. Promises: the status, code and challenge of the table, the same bytes for every
 * credential that is not valid, and nothing internal.
 */
import type { ServerResponse } from 'node:http'
import { assertNever, Problem, toResponse } from '../problem.ts'
import type { Refusal } from '../access/decide.ts'
import type { CallRecord } from './gateway.ts'
import { readOn } from './caller-body.ts'

export const retryAfterSeconds = 10

/** What a caller who is limited is told besides. */
export interface Limited {
  readonly retryAfterS: number
  /** The limits that are used up, as their headers name them; `null`: it is no limit of a key. */
  readonly violated: readonly string[] | null
  /** RateLimit headers, names and values in turn. */
  readonly fields: readonly string[]
}

/** The public problem of a refusal (RFC 6750 §3.1, RFC 9110 §11.6.1 for the challenges). */
export const problemOf = (refusal: Refusal & { readonly limited?: Limited }): Problem => {
  const detail = refusal.detail === undefined ? {} : { detail: refusal.detail }
  const challenge = (attributes: string) => ({ headers: { 'www-authenticate': `Bearer realm="postern"${attributes}` } })
  const { reason } = refusal
  switch (reason) {
    case 'credential_missing':
      return new Problem(reason, challenge(''))
    case 'credential_malformed':
      return new Problem(reason, { ...detail, ...challenge(', error="invalid_request"') })
    case 'credential_invalid':
      return new Problem(reason, challenge(', error="invalid_token"'))
    case 'credential_expired': {
      const at = refusal.key?.expiresAtMs ?? NaN
      const extensions = Number.isFinite(at) ? { expired_at: new Date(at).toISOString() } : {}
      return new Problem(reason, { extensions, ...challenge(', error="invalid_token", error_description="expired"') })
    }
    case 'insufficient_scope':
      return new Problem(reason, challenge(', error="insufficient_scope"'))
    case 'keystore_locked':
    case 'store_unavailable':
      return new Problem(reason, { ...detail, headers: { 'retry-after': String(retryAfterSeconds) } })
    case 'rate_limited':
    case 'quota_exceeded': {
      const { retryAfterS = retryAfterSeconds, violated = null, fields = [] } = refusal.limited ?? {}
      return new Problem(reason, {
        ...detail,
        // The name that the draft of the RateLimit headers gives it.
        extensions: violated === null ? {} : { 'violated-policies': violated },
        headers: { 'retry-after': String(retryAfterS), ...inPairs(fields) },
      })
    }
    case 'request_malformed':
    case 'credential_disabled':
    case 'forbidden':
    case 'no_endpoint':
      return new Problem(reason, detail)
    default:
      return assertNever(reason)
  }
}

/** Header names and values in turn, by name. */
export const inPairs = (fields: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: fields.length / 2 }, (_, at) => [fields[2 * at] ?? '', fields[2 * at + 1] ?? '']),
  )

/** What is recorded of it. */
export const refusedAt = ({
  key,
  rule,
  endpoint,
  detail,
}: Refusal): Pick<CallRecord, 'keyId' | 'rule' | 'endpointId' | 'detail'> => ({
  keyId: key?.id ?? null,
  rule,
  endpointId: endpoint?.id ?? null,
  detail: detail ?? null,
})

/** Writes a problem. `close`: the connection cannot be trusted, or its body will not be read, after this. */
export const answerProblem = (
  response: ServerResponse,
  error: unknown,
  {
    requestId,
    close = false,
    secure,
    fields = [],
  }: { requestId: string; close?: boolean; secure: boolean; fields?: readonly string[] },
): void => {
  if (response.headersSent || response.destroyed) {
    // Part of an answer is out: cutting it off is the only way to say that it is not whole.
    response.destroy()
    return
  }
  const { status, headers, body } = toResponse(error, requestId)
  const text = JSON.stringify(body)
  response.writeHead(status, {
    ...headers,
    ...inPairs(fields),
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
    ...ownHeaders(requestId, secure),
    ...(close ? { connection: 'close' } : {}),
  })
  const shown = response.req.method === 'HEAD' ? '' : text
  if (!close || response.req.complete) {
    response.end(shown)
    return
  }
  // The answer is out, whole; only the end of the connection waits until the caller has had the time to read it.
  if (shown === '') response.flushHeaders()
  else response.write(shown)
  readOn(response.req, () => response.end())
}

/** Headers of every answer that is Postern's own. HSTS only where it means something (RFC 6797 §7.2). */
export const ownHeaders = (requestId: string, secure: boolean): Record<string, string> =>
  secure
    ? { 'x-request-id': requestId, 'strict-transport-security': 'max-age=31536000' }
    : { 'x-request-id': requestId }
