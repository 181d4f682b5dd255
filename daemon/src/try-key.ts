/**
 * A call with a key through this daemon's own gateway, as a connector would make it. Promises: the value goes to a listener
 * of this very process and to nobody else; the trail says who tried before it is done; it ends after ten seconds. Never: the
 * value, or anything of what the service behind answered, in what is told.
 */
import { randomUUID } from 'node:crypto'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { changesNothing, isOwnPath, type TryRequest, type TryResult } from '@postern/shared'
import type { Who } from './change.ts'
import type { CallRecord } from './gateway/gateway.ts'
import { pathForLog } from './log.ts'
import type { StoreInUse } from './open-store.ts'
import { Problem, type Secret } from './problem.ts'

const limitMs = 10_000
const problemBytesMax = 16_384
const pathPattern = /^\/[\x21-\x7e]{0,4095}$/
const hostPattern = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9][A-Za-z0-9._-]{0,252})(?::\d{1,5})?$/

export interface KeyTrials {
  /** Each judged call, so that a trial knows how its own was judged; cheap enough for every one. */
  heard(record: CallRecord): void
  tryKey(store: StoreInUse, trial: Trial): Promise<TryResult>
}

export interface Trial {
  readonly who: Who
  /** An id, or a name. */
  readonly key: string
  readonly asked: TryRequest
  /** Aborted when nobody listens any more. */
  readonly gone: AbortSignal
}

interface TrialDeps {
  /** Where this daemon listens to connectors. */
  readonly url: () => string | undefined
  /** Of the certificate it presents there. */
  readonly fingerprint: () => string | undefined
}

export const createKeyTrials = ({ url, fingerprint }: TrialDeps): KeyTrials => {
  const outcomes = new Map<string, CallRecord['outcome'] | undefined>()

  const call = async (asked: TryRequest, value: Secret, gone: AbortSignal): Promise<TryResult> => {
    const beganMs = performance.now()
    const requestId = randomUUID()
    const signal = AbortSignal.any([gone, AbortSignal.timeout(limitMs)])
    outcomes.set(requestId, undefined)
    const told = (status: number | null, failed: string | null): TryResult => {
      const outcome = outcomes.get(requestId)
      const code = outcome === undefined ? 'gateway_silent' : outcome === 'allow' ? failed : outcome
      return { passed: outcome === 'allow', status, code, duration_ms: Math.round(performance.now() - beganMs) }
    }
    let socket: Socket | undefined
    try {
      socket = await connectTo(new URL(url() ?? ''), fingerprint(), signal)
      const answer = await answerTo(send(asked, { value, requestId, socket, host: new URL(url() ?? '').host, signal }))
      const failed = await codeOf(answer, requestId)
      return told(answer.statusCode ?? null, failed)
    } catch {
      return told(null, 'upstream_timeout')
    } finally {
      socket?.destroy()
      outcomes.delete(requestId)
    }
  }

  return {
    heard({ requestId, outcome }) {
      if (outcomes.size > 0 && outcomes.has(requestId)) outcomes.set(requestId, outcome)
    },
    async tryKey(store, { who, key, asked, gone }) {
      const { method = 'GET', path, host } = asked
      if (!pathPattern.test(path)) refuse('path', 'begins with / and has printable ASCII characters without blanks')
      if (isOwnPath(path.replace(/\?.*/, ''))) refuse('path', 'is answered by Postern itself; try one of an endpoint')
      if (host !== undefined && !hostPattern.test(host)) refuse('host', 'a host name, with :port where it has one')
      if (!changesNothing(method) && asked.may_change !== true)
        refuse('may_change', `${method} may change something at the service; say true to call it for real`)
      const said = `${method} ${pathForLog(path.replace(/\?.*/, ''))}`
      return call(asked, await store.openToTry(who, key, said), gone)
    },
  }
}

const refuse = (field: string, message: string): never => {
  throw new Problem('field_invalid', { detail: `${field}: ${message}`, errors: [{ field, message }] })
}

/** A connection to the listener, proven to be it before anything is said. */
const connectTo = ({ protocol, hostname, port }: URL, fingerprint: string | undefined, signal: AbortSignal) =>
  new Promise<Socket>((resolve, reject) => {
    // What listens to every address listens to this one.
    const host = hostname
      .replaceAll(/[[\]]/g, '')
      .replace(/^0\.0\.0\.0$/, '127.0.0.1')
      .replace(/^::$/, '::1')
    const at = { host, port: Number(port) }
    signal.addEventListener('abort', () => socket.destroy(new Error('out of time')), { once: true })
    // Its certificate is its own or an organisation's; that it is the very one this process presents is what counts.
    const secure = protocol === 'https:' ? connectSecurely({ ...at, rejectUnauthorized: false }) : undefined
    const socket: Socket = secure ?? connect(at)
    socket.on('error', reject)
    if (secure === undefined) socket.once('connect', () => resolve(socket))
    secure?.once('secureConnect', () => {
      if (secure.getPeerCertificate().fingerprint256 === fingerprint) resolve(secure)
      else socket.destroy(new Error('another certificate'))
    })
  })

interface Sent {
  readonly value: Secret
  readonly requestId: string
  readonly socket: Socket
  readonly host: string
  readonly signal: AbortSignal
}

const send = ({ method = 'GET', path, host }: TryRequest, sent: Sent): ClientRequest => {
  const headers = {
    host: host ?? sent.host,
    authorization: `Bearer ${sent.value.reveal()}`,
    'x-request-id': sent.requestId,
    'user-agent': 'postern',
    connection: 'close',
    ...(changesNothing(method) ? {} : { 'content-length': '0' }),
  }
  const asked = request({ method, path, headers, signal: sent.signal, createConnection: () => sent.socket })
  return asked.end()
}

const answerTo = (sent: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    sent.once('response', resolve)
    sent.on('error', reject)
  })

/** The code of a problem that the gateway itself has written; what comes from behind it is not even read. */
const codeOf = async (answer: IncomingMessage, requestId: string): Promise<string | null> => {
  if (answer.headers['content-type'] !== 'application/problem+json') return null
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > problemBytesMax) return null
    chunks.push(chunk)
  }
  try {
    const { type, code, request_id: id } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
    return id === requestId && typeof code === 'string' && type === `urn:postern:problem:${code}` ? code : null
  } catch {
    return null
  }
}
