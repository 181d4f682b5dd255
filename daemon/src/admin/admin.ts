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
import { importHandlers } from './import.ts'
import { narrowRooms, type Aim } from './narrow-rooms.ts'
import { createAdminRates } from './rates.ts'
import { keyOfCall, seesAll, type Asker } from './rights.ts'
import { deprecationHeaders, methodsAt, rowAt } from './rows.ts'
import { createTokenCheck } from './token-check.ts'
import { createTokenDoor, openTokenDoor, type AdminListenAt } from './token-door.ts'
import { meHandlers, tokenHandlers } from './tokens.ts'
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
  /** Where programs with admin tokens come in; `null`: on the socket alone. */
  readonly adminListen: AdminListenAt | null
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

const bodyMaxDefault = 256 * 1024

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
    const row = rowAt(request.method, request.path)
    if (row !== undefined) response.set(deprecationHeaders(row, request.path))
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
  const readBody = express.json({ limit: bodyMaxDefault, strict: true })
  const readLargeBody = new Map<number, ReturnType<typeof express.json>>()
  app.use((request: Request, response: Response, next: NextFunction) => {
    const row = rowAt(request.method, request.path)
    if (row?.bodyMax === undefined) return readBody(request, response, next)
    // Much is read only from those whose call it is.
    assertRole((response.locals['caller'] as Caller).role, row.role)
    const large = readLargeBody.get(row.bodyMax) ?? express.json({ limit: row.bodyMax, strict: true })
    readLargeBody.set(row.bodyMax, large)
    large(request, response, next)
  })

  for (const [name, row] of Object.entries(adminApi) as [AdminCall, AdminRow][]) {
    const verb = row.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'
    app[verb](row.path, async (request: Request, response: Response) => {
      const { role, actor, session, tokenId = null } = response.locals['caller'] as Caller
      const asker: Asker = { role, tokenId }
      // Of a row about one key its rights decide, which may be more than the role's and less.
      if (row.right === undefined) assertRole(role, row.role)
      if (row.socketOnly === true && door.name !== 'socket')
        throw new Problem('forbidden', { detail: 'This call is answered on the local socket alone' })
      if (row.whileLocked !== true) rooms.store()
      const aim = aimOf(row, request, asker, rooms)
      const who = { actor, requestId: String(response.locals['requestId']) }
      const gone = new AbortController()
      response.once('close', () => gone.abort())
      const from = { asker, role, door: door.name, gone: gone.signal }
      const caller = session ?? `${door.name} ${tokenId ?? actor.name}`
      const given = { ...readAsked(row, request, aim), who, ...from, caller, rooms: narrowRooms(rooms, asker, aim) }
      const asked = given as unknown as Asked<AdminCall>
      const handler = handlers[name] as (asked: unknown) => unknown
      const act = async (): Promise<Answer> => ({ status: row.status, body: await handler(asked) })
      const key = row.idempotent === true ? request.get('idempotency-key') : undefined
      if (key === undefined) return answer(response, await act())
      // Nobody gets the answer of another who happens to have the same name.
      const mine = `${actor.kind} ${tokenId ?? actor.name}`
      const call = { key, actor: mine, call: `${row.method} ${request.path}`, content: request.body as unknown }
      const { replayed, ...first } = await once(call, act)
      if (replayed) response.set('Idempotency-Replayed', 'true')
      answer(response, first)
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
  /** Of the door for programs with tokens; `null`: there is none. */
  readonly url: string | null
  close(): Promise<void>
}

/** Serves the admin API at each of its doors. Throws what `listenOnSocket` and `openTokenDoor` throw. */
export const startAdmin = async (deps: AdminDeps): Promise<Admin> => {
  const { rooms, socketPath, pagesPort } = deps
  const now = (): number => rooms.now()
  const proof = createActorProof({ socketPath, now })
  const rates = createAdminRates(rooms)
  const tokens = createTokenCheck(rooms, rates)
  const appFor = (door: Door): Express => createAdminApp(common, door)
  const pages = createPages({ now, port: pagesPort, socketPath, rates, tokens, appFor })
  const handlers: Handlers<AdminCall> = {
    ...keyHandlers,
    ...importHandlers,
    ...meHandlers,
    ...tokenHandlers,
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
    'links.create': ({ body, who, asker: { role, tokenId } }) =>
      pages.link({ actor: who.actor, role, ...(tokenId === null ? {} : { tokenId }) }, body.page),
  }
  const common: AppDeps = { rooms, onFault: deps.onFault, handlers, once: createIdempotency(now) }
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 },
    appFor(createSocketDoor(rooms, proof, tokens)),
  )
  server.maxConnections = 200
  await listenOnSocket(server, socketPath, deps.env)
  const closeSocket = (): Promise<void> =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), 2_000).unref()
    })
  const { adminListen } = deps
  const tokenDoor =
    adminListen === null
      ? undefined
      : await openTokenDoor(adminListen, appFor(createTokenDoor(tokens))).catch(async (error: unknown) => {
          await closeSocket()
          throw error
        })
  return {
    url: tokenDoor?.url ?? null,
    close: async () => {
      rooms.feed.end()
      await Promise.all([closeSocket(), tokenDoor?.close()])
      // Afterwards: what was under way at the socket may have asked for a link.
      await pages.close()
    },
  }
}

/** The parts of a request that its row knows. Throws `field_invalid` or `precondition_required`. */
const readAsked = (row: AdminRow, request: Request, aim: Aim | undefined) => {
  const ifMatch = request.get('if-match')
  if (row.ifMatch === true && ifMatch === undefined)
    throw new Problem('precondition_required', {
      detail: 'If-Match: send the entity tag you last read, or * to overwrite whatever is there',
    })
  return {
    // By id, so that what was looked at under a name is what the call is about.
    params: aim === undefined ? request.params : { ...request.params, key: aim.keyId },
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

/** The key of a row about one, for those who may not do everything; throws what keeps them from it. */
const aimOf = (row: AdminRow, { params }: Request, asker: Asker, rooms: AdminRooms): Aim | undefined => {
  if (row.right === undefined || seesAll(asker)) return undefined
  const { id } = keyOfCall(rooms.store().document(), String(params['key']), asker, row.right)
  return { keyId: id, right: row.right }
}

/** What the body parser and the router refuse, in our own words. */
const problemOf = (error: unknown): unknown => {
  const { type, status, limit } = error as { type?: string; status?: number; limit?: number }
  if (type === 'entity.too.large') return new Problem('body_too_large', { detail: `at most ${limit ?? 0} bytes` })
  if (type === 'entity.parse.failed') return new Problem('field_invalid', { detail: 'body: this is not a JSON object' })
  if (error instanceof URIError || (!isProblem(error) && status !== undefined && status >= 400 && status < 500))
    return new Problem('request_malformed')
  return error
}
