/**
 * The door for programs that come over TCP, where there is one: http on a loopback address of this machine. Promises: nobody
 * comes in without an admin token; a web page cannot call it, whatever name it gives this machine. Never: cookies, CORS
 * headers, a page.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { Problem } from '../problem.ts'
import type { Door } from './door.ts'
import { assertProgram } from './guard.ts'
import type { TokenCheck } from './token-check.ts'

/** Where programs with tokens come in: a loopback address, in plain http. */
export interface AdminListenAt {
  readonly host: '127.0.0.1' | '::1'
  /** 0: any free one. */
  readonly port: number
}

export const createTokenDoor = (tokens: TokenCheck): Door => ({
  name: 'tokens',
  // Plain http on loopback: there is nothing to be strict about.
  headers: { strictTransportSecurity: false },
  guard: ({ headers }) => assertProgram(headers),
  admit: ({ headers }) => tokens.admit(headers.authorization),
})

export interface OpenTokenDoor {
  readonly url: string
  close(): Promise<void>
}

const graceMs = 2_000

/** Listens. Throws `port_taken`, or `settings_invalid` for an address that cannot be listened on. */
export const openTokenDoor = async ({ host, port }: AdminListenAt, app: Express): Promise<OpenTokenDoor> => {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 }, app)
  server.maxConnections = 100
  const shown = host === '::1' ? '[::1]' : host
  try {
    server.listen({ host, port })
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Problem(code === 'EADDRINUSE' ? 'port_taken' : 'settings_invalid', {
      detail: `admin_listen: ${shown}:${port} cannot be listened on (${code ?? 'unknown'}); choose another port`,
      cause: error,
    })
  }
  return {
    url: `http://${shown}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), graceMs).unref()
      }),
  }
}
