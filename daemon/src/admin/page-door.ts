/**
 * The door for pages in a browser on this machine. Promises: page files, `/session` and the rows, the rows only with the
 * token of a session; a page from anywhere else can neither read nor change anything, whatever name it gives this machine;
 * a page from here can load and ask nothing but this door. Never: cookies, CORS headers, a token or a code in a URL that
 * is requested.
 */
import express, { type Express, type Request, type Response } from 'express'
import type { HelmetOptions } from 'helmet'
import { z } from 'zod'
import { isProblem, Problem } from '../problem.ts'
import type { Caller, Door } from './door.ts'
import { assertOwnPage } from './guard.ts'
import type { PageFiles } from './page-files.ts'
import { idleForMs, type PageSessions, type Session } from './page-sessions.ts'
import { parseWith } from './parse.ts'
import type { AdminRates } from './rates.ts'
import type { TokenCheck } from './token-check.ts'

export interface PageDoorDeps {
  readonly sessions: PageSessions
  readonly files: PageFiles
  /** The port that is listened on: Host must name it. */
  readonly port: number
  /** Shown on the page, as the way for programs. */
  readonly socketPath: string
  readonly rates: AdminRates
  readonly tokens: TokenCheck
  /** Postern itself stops: no session has ended, there is nobody to answer any more. */
  readonly isLeaving: () => boolean
  /** A session has been ended. */
  readonly onEnd: () => void
}

/** Sent with what a page asks without a person having done anything, so that an idle session ends all the same. */
const backgroundHeader = 'postern-background'
const newLink = 'Get a new link: postern console, or postern api'
/** The console's pages make no markup from text at all. Swagger UI does, so this is not for the API page. */
const consolePolicy = ";require-trusted-types-for 'script';trusted-types 'none'"

const headers: Readonly<HelmetOptions> = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'font-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  referrerPolicy: { policy: 'no-referrer' },
  // Plain http on loopback: there is nothing to be strict about, and `localhost` is not ours alone.
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
}

const sessionRequest = z.strictObject({ code: z.string().max(200) })

export const createPageDoor = (deps: PageDoorDeps): Door => {
  const { sessions, files, port, socketPath, rates, tokens, isLeaving, onEnd } = deps
  // Where the port is the one that http has anyway, browsers leave it out.
  const hosts = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host)
  // What is right is never slowed by what was wrong: the codes cannot be guessed, and so nobody on this machine can lock an
  // administrator out by trying.
  const { refuseWrong } = rates

  const sessionOf = async (request: Request): Promise<Session> => {
    if (isLeaving()) throw new Problem('daemon_unreachable', { detail: 'Postern is stopping.' })
    const given = request.get('authorization')
    if (given === undefined) throw refusal('credential_missing', 'Authorization: Bearer with the token of a session')
    const isUse = request.get(backgroundHeader) === undefined
    const session = sessions.match(/^Bearer ([A-Za-z0-9_-]{43})$/i.exec(given)?.[1] ?? '', { isUse })
    return session ?? refuseWrong(refusal('credential_invalid', `The session has ended. ${newLink}`))
  }

  /** One that was opened by a token is what that token is by now, and ends with it. */
  const whoIs = (session: Session): Caller => {
    const { tokenId } = session.caller
    if (tokenId === undefined) return session.caller
    try {
      return tokens.standing(tokenId)
    } catch (error) {
      if (isProblem(error) && error.status === 401) sessions.end(session)
      throw error
    }
  }

  const paths = (app: Express): void => {
    app.use(async (request, response, next) => {
      const found = request.method === 'GET' ? await files.read(request.path) : undefined
      if (found === undefined) return next()
      if (request.path.startsWith('/console/')) {
        const policy = String(response.get('Content-Security-Policy'))
        response.set('Content-Security-Policy', `${policy}${consolePolicy}`)
      }
      response.set('Content-Type', found.type).end(found.content)
    })
    app.post('/session', express.json({ limit: '1kb', strict: true }), async (request: Request, response: Response) => {
      const { code } = parseWith(sessionRequest, request.body ?? {}, 'body')
      const opened = sessions.redeem(code)
      if (opened === undefined)
        return refuseWrong(
          refusal('credential_invalid', `The link was used already or is older than a minute. ${newLink}`),
        )
      response.status(201).json({
        token: opened.token.reveal(),
        ends_at: new Date(opened.session.endsMs).toISOString(),
        idle_seconds: idleForMs / 1000,
        actor: opened.session.caller.actor.name,
        role: opened.session.caller.role,
        socket: socketPath,
      })
    })
    app.delete('/session', async (request: Request, response: Response) => {
      sessions.end(await sessionOf(request))
      // The last session shuts the door, which would otherwise wait for this connection.
      response.set('Connection', 'close').status(204).end(onEnd)
    })
    app.use((request, _response, next) => {
      if (!request.path.startsWith('/v1/')) throw new Problem('not_found', { detail: 'There is no such page' })
      next()
    })
  }

  return {
    name: 'pages',
    headers,
    guard: (request) => {
      const isPage = request.method === 'GET' && files.has(request.path)
      assertOwnPage(request.headers, { hosts, isPage })
    },
    paths,
    admit: async (request) => {
      const session = await sessionOf(request)
      const name = session.hash.toString('hex')
      await rates.request(`session ${name}`)
      return { ...whoIs(session), session: name }
    },
  }
}

const refusal = (code: 'credential_missing' | 'credential_invalid', detail: string): Problem =>
  new Problem(code, { detail, headers: { 'www-authenticate': 'Bearer' } })
