/** An upstream that keeps every byte it is sent and answers with the bytes it is told to. */
import { createServer, type AddressInfo, type Socket } from 'node:net'

export interface RawUpstream {
  readonly origin: string
  readonly authority: string
  /** All that arrived, over all connections, as latin1. */
  readonly bytes: () => string
  readonly connections: () => number
  /** Settles when the condition holds for what has happened so far; rejects after the deadline. */
  until(what: string, condition: (bytes: string) => boolean, deadlineMs?: number): Promise<void>
  closedConnections(): number
  close(): Promise<void>
}

/** `answer` sees each connection's bytes so far whenever some arrive. */
export const startRawUpstream = async (answer: (socket: Socket, soFar: string) => void): Promise<RawUpstream> => {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  let opened = 0
  let closed = 0
  const look = (): void => {
    for (const each of waiting) each()
  }
  const server = createServer((socket) => {
    const which = opened++
    sockets.add(socket)
    received[which] = ''
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      closed += 1
      look()
    })
    socket.on('data', (chunk) => {
      received[which] += chunk.toString('latin1')
      answer(socket, received[which] ?? '')
      look()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const bytes = (): string => received.join('')
  return {
    origin: `http://${authority}`,
    authority,
    bytes,
    connections: () => opened,
    closedConnections: () => closed,
    until: (what, condition, deadlineMs = 5_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`waited in vain: ${what}; so far ${JSON.stringify(bytes().slice(0, 500))}`))
        }, deadlineMs)
        const check = (): void => {
          if (!condition(bytes())) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Whole answers, ready to write. */
export const rawAnswer = (body = 'ok', head = 'HTTP/1.1 200 OK', headers: readonly string[] = []): string =>
  [head, `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n')
