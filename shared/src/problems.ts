/** By itself, because a page that reaches no daemon says it without the rest of the table. */
export const daemonUnreachable = { status: 503, title: 'Postern is not running here' } as const

/**
 * The one table of everything Postern can say went wrong: code, HTTP status, constant public title.
 * Codes are stable and never reused. The body on the wire follows RFC 9457 (problem details).
 */
export const problems = {
  request_malformed: { status: 400, title: 'The request is not well formed' },
  field_invalid: { status: 400, title: 'A field has a value that is not allowed' },
  credential_malformed: { status: 400, title: 'The credential is not presented in a form that can be read' },
  credential_missing: { status: 401, title: 'A credential is needed' },
  credential_invalid: { status: 401, title: 'The credential is not valid' },
  credential_expired: { status: 401, title: 'The credential has expired' },
  credential_disabled: { status: 403, title: 'The credential is disabled' },
  forbidden: { status: 403, title: 'This is not allowed' },
  insufficient_scope: { status: 403, title: 'The credential does not reach this endpoint' },
  recovery_code_invalid: { status: 403, title: 'The recovery code does not open this keystore' },
  no_endpoint: { status: 404, title: 'There is no such endpoint' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This method is not answered here' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  name_taken: { status: 409, title: 'The name is already in use' },
  conflict: { status: 409, title: 'The change conflicts with what is there' },
  in_use: { status: 409, title: 'It is still in use' },
  precondition_failed: { status: 412, title: 'It has changed since you read it' },
  body_too_large: { status: 413, title: 'The body is too large' },
  target_too_long: { status: 414, title: 'The request target is too long' },
  media_type_unsupported: { status: 415, title: 'The body is not of a supported type' },
  expectation_failed: { status: 417, title: 'The expectation cannot be met' },
  idempotency_mismatch: { status: 422, title: 'The idempotency key was used for another request' },
  precondition_required: { status: 428, title: 'The change needs a precondition' },
  rate_limited: { status: 429, title: 'Too many requests' },
  quota_exceeded: { status: 429, title: 'The quota is used up' },
  headers_too_large: { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'Something went wrong inside Postern' },
  not_implemented: { status: 501, title: 'This is not supported' },
  upstream_unreachable: { status: 502, title: 'The on-premises service could not be reached' },
  keystore_locked: { status: 503, title: 'The keystore is locked' },
  store_unavailable: { status: 503, title: 'Postern cannot write to its store' },
  overloaded: { status: 503, title: 'Too much to do at the moment' },
  upstream_timeout: { status: 504, title: 'The on-premises service did not answer in time' },

  // Said by the daemon and the CLI on the machine itself; the status only matters where one reaches the admin API.
  keystore_absent: { status: 503, title: 'There is no keystore in this folder' },
  keystore_exists: { status: 409, title: 'There is already a keystore in this folder' },
  keystore_damaged: { status: 503, title: 'The keystore is damaged' },
  keystore_too_new: { status: 503, title: 'The keystore was written by a newer Postern' },
  keystore_rolled_back: { status: 503, title: 'The folder is older than what this machine last wrote' },
  notice_undelivered: { status: 502, title: 'A notice did not arrive' },
  checks_failed: { status: 500, title: 'Something needs mending' },
  trail_damaged: { status: 409, title: 'The audit trail is not what was written' },
  folder_in_use: { status: 503, title: 'Another Postern uses this folder' },
  folder_unsafe: { status: 503, title: 'The folder can be read or changed by others' },
  settings_invalid: { status: 500, title: 'The settings cannot be used' },
  port_taken: { status: 500, title: 'The port is already taken' },
  daemon_unreachable: daemonUnreachable,
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** One refused field: its path in the request, and a sentence that names the limit and the fix. */
export interface FieldError {
  field: string
  message: string
}

/** The body of every refusal, media type `application/problem+json` (RFC 9457 §3). */
export interface ProblemBody {
  type: string
  title: string
  status: number
  code: ProblemCode
  request_id: string
  detail?: string
  errors?: FieldError[]
  [extension: string]: unknown
}

/** The `type` member for a code: a stable URI, explained in this package's README. */
export const problemType = (code: ProblemCode): string => `urn:postern:problem:${code}`
