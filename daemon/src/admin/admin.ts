/**
 * The control plane: every row of the admin table behind one guard at each door. Promises: a row without a handler does
 * not compile; an error leaves in one form; nothing but the rows, and the pages of their door, is answered. Never: reads
 * what a row's schema does not know.
 */
import { createServer } from 'node:http'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import helmet from 'helmet'
import { randomUUID } from 'node:crypto'
import { adminApi, couldHoldSecret, type AdminCall, type AdminRow } from '@postern/shared'
import { isProblem, Problem, toResponse } from '../problem.ts'
import { createActorProof } from './actor.ts'
import { createSocketDoor, type Caller, type Door } from './door.ts'
import { assertRole } from './guard.ts'
import { explainHandlers, refusalHandlers } from './explain.ts'
import type { Asked, Handlers } from './handlers.ts'
import { createIdempotency, type Answer } from './idempotency.ts'
import { keyHandlers } from './keys.ts'
import { kitHandlers } from './kit.ts'
import { openApiDocument } from './openapi.ts'
import { createPages, type PagesPort } from './pages.ts'
import { parseWith } from './parse.ts'
import { policyHandlers } from './policies.ts'
import { clientHandlers, collectionHandlers, endpointHandlers } from './records.ts'
import type { AdminRooms } from './rooms.ts'
import { listenOnSocket } from './socket.ts'
import { noticeHandlers } from './notices.ts'
import { backupHandlers } from './backups.ts'
import { storeHandlers } from './store.ts'
import { usageHandlers } from './usage.ts'

export interface AdminDeps {
  readonly rooms: AdminRooms
  readonly socketPath: string
  /** On 127.0.0.1; 0: any free port. */
  readonly pagesPort: PagesPort
  readonly version: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** A failure the caller is only told as `internal`. */
  readonly onFault: (requestId: string, error: unknown) => void
}

/** What all doors share. */
interface AppDeps extends Pick<AdminDeps, 'rooms' | 'onFault'> {
  readonly handlers: Handlers<AdminCall>
  readonly once: ReturnType<typeof createIdempotency>
}

const bodyLimit = '256kb'

/** The Express application behind one door. */
const createAdminApp = ({ rooms, handlers, once, onFault }: AppDeps, door: Door): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(helmet(door.headers))
  app.use((request: Request, response: Response, next: NextFunction) => {
    const given = request.get('x-request-id') ?? ''
    const harmless = /^[A-Za-z0-9._-]{1,64}$/.test(given) && !couldHoldSecret(given)
    response.locals['requestId'] = harmless ? given : randomUUID()
    response.set('X-Request-Id', String(response.locals['requestId'])).set('Cache-Control', 'no-store')
    door.guard(request)
    next()
  })
  door.paths?.(app)
  app.use(async (request: Request, response: Response, next: NextFunction) => {
    response.locals['caller'] = await door.admit(request)
    next()
  })
  app.use((request: Request, _response: Response, next: NextFunction) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
    if (hasBody && request.is('application/json') === false)
      throw new Problem('media_type_unsupported', { detail: 'Content-Type: bodies are application/json' })
    next()
  })
  app.use(express.json({ limit: bodyLimit, strict: true }))

  for (const [name, row] of Object.entries(adminApi) as [AdminCall, AdminRow][]) {
    const verb = row.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'
    app[verb](row.path, async (request: Request, response: Response) => {
      const { role, actor, session } = response.locals['caller'] as Caller
      assertRole(role, row.role)
      if (row.socketOnly === true && door.name !== 'socket')
        throw new Problem('forbidden', { detail: 'This call is answered on the local socket alone' })
      if (row.whileLocked !== true) rooms.store()
      const who = { actor, requestId: String(response.locals['requestId']) }
      const gone = new AbortController()
      response.once('close', () => gone.abort())
      const from = { role, door: door.name, caller: session ?? `${door.name} ${actor.name}`, gone: gone.signal }
      const asked = { ...readAsked(row, request), who, ...from, rooms } as unknown as Asked<AdminCall>
      const handler = handlers[name] as (asked: unknown) => unknown
      const act = async (): Promise<Answer> => ({ status: row.status, body: await handler(asked) })
      const key = row.idempotent === true ? request.get('idempotency-key') : undefined
      if (key === undefined) return answer(response, await act())
      const { replayed, ...given } = await once(
        { key, actor: actor.name, call: `${row.method} ${request.path}`, content: request.body },
        act,
      )
      if (replayed) response.set('Idempotency-Replayed', 'true')
      answer(response, given)
    })
  }

  app.use((request: Request) => {
    const methods = methodsAt(request.path)
    if (methods.length === 0)
      throw new Problem('not_found', { detail: 'There is no such path; see GET /v1/openapi.json' })
    throw new Problem('method_not_allowed', {
      detail: `${request.path} answers ${methods.join(', ')}`,
      headers: { allow: methods.join(', ') },
    })
  })
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const requestId = String(response.locals['requestId'] ?? '-')
    const known = problemOf(error)
    if (!isProblem(known) || known.status >= 500) onFault(requestId, error)
    const { status, headers, body } = toResponse(known, requestId)
    // Written by hand: Express would add a charset, which this media type does not have (RFC 9457 §3).
    response.writeHead(status, headers).end(JSON.stringify(body))
  })
  return app
}

export interface Admin {
  close(): Promise<void>
}

/** Serves the admin API on the socket, and on loopback while pages are used. Throws what `listenOnSocket` throws. */
export const startAdmin = async (deps: AdminDeps): Promise<Admin> => {
  const { rooms, socketPath, pagesPort } = deps
  const now = (): number => rooms.now()
  const proof = createActorProof({ socketPath, now })
  const pages = createPages({ now, port: pagesPort, socketPath, appFor: (door) => createAdminApp(common, door) })
  const handlers: Handlers<AdminCall> = {
    ...keyHandlers,
    ...clientHandlers,
    ...collectionHandlers,
    ...endpointHandlers,
    ...policyHandlers,
    ...storeHandlers,
    ...backupHandlers,
    ...usageHandlers,
    ...kitHandlers,
    ...explainHandlers,
    ...refusalHandlers,
    ...noticeHandlers,
    'actor.challenge': () => proof.challenge(),
    'openapi.get': ({ door }) => openApiDocument(deps.version, door),
    'links.create': ({ body, who, role }) => pages.link({ actor: who.actor, role }, body.page),
  }
  const common: AppDeps = { rooms, onFault: deps.onFault, handlers, once: createIdempotency(now) }
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 },
    createAdminApp(common, createSocketDoor(rooms, proof)),
  )
  server.maxConnections = 200
  await listenOnSocket(server, socketPath, deps.env)
  return {
    close: async () => {
      rooms.feed.end()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), 2_000).unref()
      })
      // Afterwards: what was under way at the socket may have asked for a link.
      await pages.close()
    },
  }
}

/** The parts of a request that its row knows. Throws `field_invalid` or `precondition_required`. */
const readAsked = (row: AdminRow, request: Request) => {
  const ifMatch = request.get('if-match')
  if (row.ifMatch === true && ifMatch === undefined)
    throw new Problem('precondition_required', {
      detail: 'If-Match: send the entity tag you last read, or * to overwrite whatever is there',
    })
  return {
    params: request.params,
    query: row.query === undefined ? undefined : parseWith(row.query, { ...request.query }, 'query'),
    // An absent body of a row that has one is an empty one: `rotate` needs nothing said.
    body: row.body === undefined ? undefined : parseWith(row.body, request.body ?? {}, 'body'),
    ifMatch: ifMatch ?? '',
  }
}

const answer = (response: Response, { status, body }: Answer): void => {
  const tag = typeof body === 'object' && body !== null && 'etag' in body ? String(body.etag) : undefined
  if (tag !== undefined) response.set('ETag', tag)
  if (body === undefined) response.status(status).end()
  else response.status(status).json(body)
}

const methodsAt = (path: string): string[] =>
  Object.values(adminApi)
    .filter((row) => new RegExp(`^${row.path.replaceAll(/:[a-z]+/g, '[^/]+').replaceAll('.', '\\.')}$`).test(path))
    .map(({ method }) => method)

/** What the body parser and the router refuse, in our own words. */
const problemOf = (error: unknown): unknown => {
  const { type, status, limit } = error as { type?: string; status?: number; limit?: number }
  if (type === 'entity.too.large') return new Problem('body_too_large', { detail: `at most ${limit ?? 0} bytes` })
  if (type === 'entity.parse.failed') return new Problem('field_invalid', { detail: 'body: this is not a JSON object' })
  if (error instanceof URIError || (!isProblem(error) && status !== undefined && status >= 400 && status < 500))
    return new Problem('request_malformed')
  return error
}
