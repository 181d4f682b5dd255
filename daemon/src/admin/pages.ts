/**
 * Pages in the administrator's own browser, through a second door that is open only while somebody uses it. Promises:
 * listens on 127.0.0.1 and no other address, from the first link until no session and no unused link is left; who comes
 * in acts as the one who asked for the link. Never: opens by itself.
 */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import type { AdminPage, LinkIssued } from '@postern/shared'
import { Problem } from '../problem.ts'
import type { Caller, Door } from './door.ts'
import { createPageDoor } from './page-door.ts'
import { createPageFiles, type PageFiles } from './page-files.ts'
import { createPageSessions } from './page-sessions.ts'
import type { AdminRates } from './rates.ts'
import type { TokenCheck } from './token-check.ts'

export interface PagesPort {
  /** 0: any free one, another one each time. */
  readonly port: number
  /** Nobody has asked for this very one: where it is taken, any free one will do. */
  readonly orAny: boolean
}

export interface PagesDeps {
  readonly now: () => number
  readonly port: PagesPort
  readonly socketPath: string
  readonly rates: AdminRates
  readonly tokens: TokenCheck
  readonly appFor: (door: Door) => Express
  /** The files of the pages; default: those of this checkout. */
  readonly files?: PageFiles
}

export interface Pages {
  /** Opens the door where it is shut. Throws `port_taken`, `overloaded` with too many links, `not_implemented` for a page that is not built. */
  link(caller: Caller, page: AdminPage): Promise<LinkIssued>
  /** Shuts the door when nobody can come in any more. */
  tidy(): Promise<void>
  /** Ends every session. */
  close(): Promise<void>
}

const address = '127.0.0.1'
const tidyEveryMs = 5_000
const graceMs = 2_000

interface OpenDoor {
  readonly port: number
  readonly server: Server
  readonly timer: NodeJS.Timeout
}

export const createPages = (deps: PagesDeps): Pages => {
  const { now, port, socketPath, rates, tokens, appFor, files = createPageFiles() } = deps
  const sessions = createPageSessions(now)
  let open: Promise<OpenDoor> | undefined
  let shut: Promise<void> = Promise.resolve()
  let leaving = false

  const start = async (): Promise<OpenDoor> => {
    // A given port is free again only when the door before has gone.
    await shut
    const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 })
    server.maxConnections = 100
    const bound = await listen(server, port)
    const onEnd = (): void => void tidy()
    const isLeaving = (): boolean => leaving
    const door = { sessions, files, port: bound, socketPath, rates, tokens, isLeaving, onEnd }
    server.on('request', appFor(createPageDoor(door)))
    return { port: bound, server, timer: setInterval(onEnd, tidyEveryMs).unref() }
  }

  const tidy = async (): Promise<void> => {
    if (open !== undefined && sessions.isEmpty()) {
      const was = open
      open = undefined
      // A door that could not be opened was told to whoever asked for it.
      shut = was.then(stop).catch(() => undefined)
    }
    await shut
  }

  return {
    async link(caller, page) {
      files.refresh()
      if (!files.has(`/${page}/`))
        throw new Problem('not_implemented', {
          detail: `The page "${page}" has not been built here. In the checkout: npm start, or node scripts/build-console.mjs`,
        })
      // The link first: with it there, nobody shuts the door that is opened for it.
      const { code, untilMs } = sessions.issueLink(caller)
      open ??= start()
      const opening = open
      try {
        const { port: at } = await opening
        const { host } = new URL(`http://${address}:${at}`)
        return { url: `http://${host}/${page}/#${code.reveal()}`, expires_at: new Date(untilMs).toISOString() }
      } catch (error) {
        if (open === opening) open = undefined
        throw error
      }
    },
    tidy,
    close: () => {
      // First: what is asked from here on, on connections that are still there, must not be taken for the end of a session.
      leaving = true
      sessions.clear()
      return tidy()
    },
  }
}

/** Throws `port_taken` where the port was asked for. */
const listen = async (server: Server, { port, orAny }: PagesPort): Promise<number> => {
  try {
    return await bind(server, port)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // The preferences of a browser hold for one address: another one is worse than the usual one, and better than none.
    if (orAny && (code === 'EADDRINUSE' || code === 'EACCES')) return bind(server, 0)
    throw new Problem(code === 'EADDRINUSE' ? 'port_taken' : 'settings_invalid', {
      detail: `pages_port: port ${port} on ${address} cannot be listened on (${code ?? 'unknown'}); choose another one in config.json, or 0 for any free one`,
      cause: error,
    })
  }
}

const bind = async (server: Server, port: number): Promise<number> => {
  server.listen({ host: address, port })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const stop = ({ server, timer }: OpenDoor): Promise<void> =>
  new Promise((resolve) => {
    clearInterval(timer)
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), graceMs).unref()
  })
