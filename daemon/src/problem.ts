/**
 * Errors and secrets. Promises: an expected failure is a Problem with a public part and an internal part, and
 * `toResponse` is the only way either becomes bytes on a wire; everything that is not a Problem leaves as `internal`.
 * Never: the internal part, a stack or a secret in what leaves the process.
 */
import { inspect } from 'node:util'
import { problems, problemType, type FieldError, type ProblemBody, type ProblemCode } from '@postern/shared'

export interface ProblemParts {
  /** Public: one or two sentences that name the field, the limit and the fix. */
  detail?: string
  /** Public: every refused field, when there are several. */
  errors?: FieldError[]
  /** Public: extension members of the body (RFC 9457 §3.2), snake_case. */
  extensions?: Record<string, unknown>
  /** Public: response headers, for example `Retry-After`. */
  headers?: Record<string, string>
  /** For the log only. */
  internal?: string
  cause?: unknown
}

/** An expected failure. Its `code` names a row of the problem table. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly errors: FieldError[] | undefined
  readonly extensions: Record<string, unknown>
  readonly headers: Record<string, string>
  readonly internal: string | undefined

  constructor(code: ProblemCode, parts: ProblemParts = {}) {
    super(parts.detail ?? problems[code].title, { cause: parts.cause })
    this.code = code
    this.detail = parts.detail
    this.errors = parts.errors
    this.extensions = parts.extensions ?? {}
    this.headers = parts.headers ?? {}
    this.internal = parts.internal
  }

  get status(): number {
    return problems[this.code].status
  }
}

export const isProblem = (error: unknown, code?: ProblemCode): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code)

/** A value that must not be printed. Everything that would show it shows `[secret]`; `reveal()` is greppable. */
export class Secret<T extends string | Buffer = string> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}

/** Ends every switch over a union: a case nobody thought of refuses instead of passing. */
export const assertNever = (value: never): never => {
  throw new Error(`a case nobody thought of: ${typeof value}`)
}

export interface ProblemResponse {
  status: number
  headers: Record<string, string>
  body: ProblemBody
}

/**
 * The only exit for errors. A Problem keeps its public part; anything else becomes an opaque `internal` whose
 * `request_id` is the line to look for in the log.
 */
export const toResponse = (error: unknown, requestId: string): ProblemResponse => {
  const problem = error instanceof Problem ? error : new Problem('internal')
  const { status, title } = problems[problem.code]
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...problem.headers },
    body: {
      type: problemType(problem.code),
      title,
      status,
      code: problem.code,
      request_id: requestId,
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
      ...(problem.errors === undefined ? {} : { errors: problem.errors }),
      ...problem.extensions,
    },
  }
}

/** For the log alone: all that is known of a failure. */
export const faultText = (error: unknown): string =>
  error instanceof Problem
    ? `${error.code}: ${error.internal ?? error.message}`
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error)

/** For people: what a failure is, in a few words. */
export const briefly = (error: unknown): string =>
  (error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error)).slice(0, 200)
