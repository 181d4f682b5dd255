/**
 * The typed client of the admin API, derived from its table. Promises: an answer of the row's type, or a Problem with the
 * daemon's own code and words. Proves its user once, before the first call that changes something.
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
import { Problem, type Secret } from '../problem.ts'

export interface AdminClient {
  call<C extends AdminCall>(name: C, asked?: AdminRequest<C>): Promise<AdminAnswer<C>>
}

const patienceMs = 60_000

/** Where the daemon is, and by what one comes in. */
export interface Reach {
  /** Of its door for tokens; absent: its socket. */
  readonly url?: URL
  /** An admin token; absent: the user of this machine. */
  readonly adminToken?: Secret
}

/** `actorName`: what the trail says when the user cannot be proved. */
export const createAdminClient = ({
  socketPath,
  actorName,
  url,
  adminToken,
}: Reach & {
  socketPath: string
  actorName: string
}): AdminClient => {
  let token: string | undefined
  const at = url === undefined ? { socketPath } : { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port }
  const shown = url === undefined ? socketPath : url.origin

  const prove = async (): Promise<void> => {
    const challenge = await send('actor.challenge', {})
    token = challenge.token
    // When the file cannot be made, the claim stands instead of the proof.
    await writeFile(challenge.file, '', { flag: 'wx', mode: 0o600 }).catch(() => undefined)
  }

  const send = async <C extends AdminCall>(name: C, asked: AdminRequest<C>): Promise<AdminAnswer<C>> => {
    const row: AdminRow = adminApi[name]
    const body = row.body === undefined ? undefined : JSON.stringify(asked.body ?? {})
    const { status, text } = await exchange(at, shown, {
      method: row.method,
      path: adminTarget(name, asked),
      headers: {
        host: 'localhost',
        ...(adminToken === undefined
          ? { 'postern-actor': actorName }
          : { authorization: `Bearer ${adminToken.reveal()}` }),
        ...(token === undefined ? {} : { 'postern-actor-token': token }),
        ...(asked.ifMatch === undefined ? {} : { 'if-match': asked.ifMatch }),
        ...(asked.idempotencyKey === undefined ? {} : { 'idempotency-key': asked.idempotencyKey }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      },
      body,
      // Node's 0: no limit.
      timeout: row.long === true ? 0 : patienceMs,
    })
    if (status >= 400) throw readProblem(status, text)
    return (text === '' ? undefined : JSON.parse(text)) as AdminAnswer<C>
  }

  return {
    async call(name, asked = {}) {
      const row: AdminRow = adminApi[name]
      const changes = row.method !== 'GET'
      // Whoever comes by a token is that token, whichever user of this machine holds it.
      if (changes && token === undefined && adminToken === undefined) await prove()
      return send(name, asked)
    },
  }
}

const exchange = (
  at: { socketPath: string } | { hostname: string; port: string },
  shown: string,
  {
    body,
    ...options
  }: {
    method: string
    path: string
    headers: Record<string, string>
    body: string | undefined
    timeout: number
  },
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const sent = request({ ...at, ...options }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      )
      response.on('error', reject)
    })
    sent.on('timeout', () => sent.destroy(new Error('timeout')))
    sent.on('error', (error: NodeJS.ErrnoException) => reject(unreachable(shown, error)))
    sent.end(body)
  })

const unreachable = (shown: string, error: NodeJS.ErrnoException): Problem => {
  const fix = shown.startsWith('http:')
    ? `Start it with: postern run --admin-listen ${shown}   (or name its door with --url, or leave that out for its socket)`
    : error.code === 'EACCES'
      ? 'This user may not use it: join the group postern-admin, or run the command as the user that runs Postern.'
      : 'Start it with: postern run --data DIR   (or name its folder with --data, or its socket with --socket)'
  return new Problem('daemon_unreachable', { detail: `Nobody answers on ${shown}. ${fix}`, cause: error })
}

const readProblem = (status: number, text: string): Problem => {
  try {
    const { code, detail, errors } = JSON.parse(text) as ProblemBody
    if (code in problems)
      return new Problem(code, {
        ...(detail === undefined ? {} : { detail }),
        ...(errors === undefined ? {} : { errors }),
      })
  } catch {
    // Not a problem body: whoever answers there is not this Postern.
  }
  return new Problem('internal', {
    detail: `The daemon answered ${status} in a form that this command does not know; are both of the same version?`,
  })
}
