/**
 * Requests to the daemon's page door. Promises: an answer, or a Refusal; never more of them than the door takes from one page;
 * being asked to slow down all the same is told, and obeyed.
 */
import {
  adminApi,
  adminTarget,
  daemonUnreachable,
  type AdminAnswer,
  type AdminCall,
  type AdminRequest,
  type AdminRow,
  type ProblemBody,
} from '@postern/shared'
import { Refusal } from '../bridge.ts'
import { createGate } from './gate.ts'

const slowDownTries = 4

/** What the door takes, ten in a second and ten more in ten seconds, and something less: what is sent in order may arrive in crowds. */
const gate = createGate({ count: 10, perMs: 1_050 }, { count: 8, perMs: 10_200 })

export interface RequestOptions {
  readonly token: string
  readonly background: boolean
  readonly signal?: AbortSignal
  /** It goes on in so many seconds. */
  readonly onSlowed: (seconds: number) => void
}

/** One row of the admin table. Throws a Refusal. */
export const request = async <C extends AdminCall>(
  name: C,
  asked: AdminRequest<C>,
  { token, background, signal, onSlowed }: RequestOptions,
): Promise<AdminAnswer<C>> => {
  const row: AdminRow = adminApi[name]
  const headers: Record<string, string> = { authorization: `Bearer ${token}` }
  if (background) headers['postern-background'] = 'true'
  if (asked.ifMatch !== undefined) headers['if-match'] = asked.ifMatch
  if (asked.idempotencyKey !== undefined) headers['idempotency-key'] = asked.idempotencyKey
  if (row.body !== undefined) headers['content-type'] = 'application/json'
  const init: RequestInit = {
    method: row.method,
    headers,
    ...(row.body === undefined ? {} : { body: JSON.stringify(asked.body ?? {}) }),
    ...(signal === undefined ? {} : { signal }),
  }
  for (let tried = 1; ; tried++) {
    await gate.enter()
    const response = await send(adminTarget(name, asked), init)
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as AdminAnswer<C>
    if (response.status !== 429 || tried === slowDownTries) throw await refusalOf(response)
    const seconds = Number(response.headers.get('retry-after') ?? 1)
    onSlowed(seconds)
    await pause(seconds * 1_000)
  }
}

/** Trades the code of a link for the token of a session. Throws a Refusal. */
export const openSession = async (code: string): Promise<string> => {
  const response = await send('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  })
  if (!response.ok) throw await refusalOf(response)
  return ((await response.json()) as { token: string }).token
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const send = async (path: string, init: RequestInit): Promise<Response> => {
  try {
    return await fetch(path, init)
  } catch {
    throw new Refusal('daemon_unreachable', daemonUnreachable.title)
  }
}

const refusalOf = async (response: Response): Promise<Refusal> => {
  try {
    const { code, detail, title, errors, request_id: requestId } = (await response.json()) as ProblemBody
    return new Refusal(code, detail ?? title, { errors, requestId })
  } catch {
    return new Refusal('internal', `${response.status} ${response.statusText}`)
  }
}
