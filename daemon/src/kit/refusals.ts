/** How the gateway says no, as documents tell it: the statuses a connector meets, and the one body they have. Pure. */

/** What every document describes of refusals. */
export const refusals: readonly {
  readonly status: number
  readonly name: string
  readonly description: string
  readonly retryAfter?: true
}[] = [
  { status: 401, name: 'Unauthorized', description: 'No key, or one that is not valid or has expired' },
  { status: 403, name: 'Forbidden', description: 'The key is disabled or does not reach this, or not from here' },
  { status: 404, name: 'NotFound', description: 'There is no such endpoint' },
  { status: 429, name: 'TooManyRequests', description: 'A limit or a quota is used up', retryAfter: true },
]

/** RFC 9457, as far as a connector needs it. */
export const problemSchema = {
  type: 'object',
  description: 'Why a call was refused (RFC 9457)',
  required: ['type', 'title', 'status', 'code', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'stable; say it when you ask for help' },
    request_id: { type: 'string', description: 'the gateway’s log has it too' },
    detail: { type: 'string' },
  },
} as const
