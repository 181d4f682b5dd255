/**
 * Calls to the daemon over its socket or pipe. Promises: an answer of the row's type, or a Refusal with the daemon's own code
 * and words; what changes something is done under the name of the user who is proved to be at this console.
 */
import { writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import {
  adminApi,
  adminTarget,
  problems,
  type AdminAnswer,
  type AdminCall,
  type AdminRequest,
  type AdminRow,
  type ProblemBody,
} from '@postern/shared'
import { Refusal } from '../bridge.ts'

export interface DaemonClient {
  call<C extends AdminCall>(name: C, asked?: AdminRequest<C>, how?: { signal?: AbortSignal }): Promise<AdminAnswer<C>>
}

export interface DaemonClientDeps {
  /** Asked for each call: the daemon may have been started, or moved, since. May throw a Refusal. */
  readonly socketPath: () => string
  /** What the trail says where the user cannot be proved. */
  readonly actorName: string
  readonly now: () => number
  /** How long nothing may be heard of an answer, but of work that takes long: that comes to its own end. */
  readonly patienceMs?: number
}

const usualPatienceMs = 60_000
/** The daemon takes a proof for a minute. */
const provedForMs = 45_000

export const createDaemonClient = ({
  socketPath,
  actorName,
  now,
  patienceMs = usualPatienceMs,
}: DaemonClientDeps): DaemonClient => {
  let proof: { token: Promise<string | undefined>; atMs: number } | undefined

  const prove = async (): Promise<string> => {
    const challenge = await send('actor.challenge', {}, {})
    // Where the file cannot be made, the claim stands instead of the proof.
    await writeFile(challenge.file, '', { flag: 'wx', mode: 0o600 }).catch(() => undefined)
    return challenge.token
  }

  const provedToken = async (): Promise<string | undefined> => {
    const ageMs = proof === undefined ? Infinity : now() - proof.atMs
    if (proof === undefined || ageMs < 0 || ageMs > provedForMs) proof = { token: prove(), atMs: now() }
    try {
      return await proof.token
    } catch (error) {
      proof = undefined
      throw error
    }
  }

  const send = async <C extends AdminCall>(
    name: C,
    asked: AdminRequest<C>,
    { token, signal }: { token?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<AdminAnswer<C>> => {
    const row: AdminRow = adminApi[name]
    const body = row.body === undefined ? undefined : JSON.stringify(asked.body ?? {})
    const headers = {
      host: 'localhost',
      'postern-actor': actorName,
      ...(token === undefined ? {} : { 'postern-actor-token': token }),
      ...(asked.ifMatch === undefined ? {} : { 'if-match': asked.ifMatch }),
      ...(asked.idempotencyKey === undefined ? {} : { 'idempotency-key': asked.idempotencyKey }),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    }
    const { status, text } = await exchange(socketPath(), {
      method: row.method,
      path: adminTarget(name, asked),
      headers,
      body,
      signal,
      // Node's 0: no limit.
      timeout: row.long === true ? 0 : patienceMs,
    })
    if (status >= 400) throw refusalOf(status, text)
    return (text === '' ? undefined : JSON.parse(text)) as AdminAnswer<C>
  }

  return {
    call: async (name, asked = {}, { signal } = {}) => {
      const row: AdminRow = adminApi[name]
      return send(name, asked, { token: row.method === 'GET' ? undefined : await provedToken(), signal })
    },
  }
}

interface Exchange {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | undefined
  readonly signal: AbortSignal | undefined
  readonly timeout: number
}

const exchange = (
  socketPath: string,
  { body, signal, ...options }: Exchange,
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const given = { socketPath, ...options, ...(signal === undefined ? {} : { signal }) }
    const sent = request(given, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      )
      response.on('error', (error: NodeJS.ErrnoException) => reject(unreachable(socketPath, error)))
    })
    sent.on('timeout', () => sent.destroy(new Error('timeout')))
    sent.on('error', (error: NodeJS.ErrnoException) => reject(unreachable(socketPath, error)))
    sent.end(body)
  })

const unreachable = (socketPath: string, { code }: NodeJS.ErrnoException): Refusal =>
  new Refusal(
    'daemon_unreachable',
    code === 'EACCES'
      ? `This user may not use ${socketPath}. An administrator can add them to the group postern-admin.`
      : `Nobody answers on ${socketPath}. Start the service, or open this with --data and its folder.`,
  )

const refusalOf = (status: number, text: string): Refusal => {
  try {
    const { code, detail, title, errors, request_id: requestId } = JSON.parse(text) as ProblemBody
    if (code in problems) return new Refusal(code, detail ?? title, { errors, requestId })
  } catch {
    // Not a problem body: whoever answers there is not this Postern.
  }
  return new Refusal('internal', `The service answered ${status} in a form that this console does not know.`)
}
