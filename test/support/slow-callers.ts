/** Callers who hold a connection and get nowhere, in the ways that slowhttptest knows (-H, -B, -R, -X) and some more. */
import { connect, type Socket } from 'node:net'
import type { Gateway } from '../../daemon/src/gateway/gateway.ts'

/** Each way, in words. */
export const slowWays = {
  silent: 'a connection that says nothing',
  slowHead: 'a head that comes byte by byte (slowloris)',
  headThenSilence: 'a head that stops in its middle',
  nextHead: 'a second head that comes byte by byte',
  blankLines: 'empty lines where the next head should be',
  slowBody: 'a body that comes byte by byte',
  slowChunks: 'a chunked body that comes byte by byte',
  bodyThenSilence: 'a body that stops in its middle',
  refusedBody: 'a body that goes on byte by byte after the refusal',
  neverReads: 'a caller who never reads a large answer',
  readsSlowly: 'a caller who reads a large answer byte by byte',
  pipelines: 'a caller who asks without end and reads no answer',
} as const

export type SlowWay = keyof typeof slowWays

export interface SlowCaller {
  readonly socket: Socket
  readonly startedAtMs: number
  /** When the other side had gone; rejects never. */
  readonly gone: Promise<number>
  end(): void
}

export interface SlowOptions {
  readonly key: string
  /** How long between two bytes. */
  readonly everyMs: number
  readonly localAddress?: string
  /** Tells of ends that the caller itself does not see, because it does not read. */
  readonly watched?: WatchedGateway
}

export interface WatchedGateway extends Gateway {
  /** When the gateway's side of the connection from this port has closed. */
  closed(port: number): Promise<void>
}

/** A gateway that tells which of its connections have ended. */
export const watchGateway = (gateway: Gateway): WatchedGateway => {
  const waiting = new Map<number, () => void>()
  const seen = new WeakSet<object>()
  return {
    answer(request, response, expects) {
      const { socket } = request
      const port = socket.remotePort ?? 0
      if (!seen.has(socket)) socket.once('close', () => waiting.get(port)?.())
      seen.add(socket)
      gateway.answer(request, response, expects)
    },
    fault: (error) => gateway.fault(error),
    close: () => gateway.close(),
    closed: (port) => new Promise((resolve) => void waiting.set(port, resolve)),
  }
}

/** Starts one. It needs `/body` (POST) and `/large` (an answer of some 10 MB) behind the key. */
export const slowCaller = (
  url: string,
  way: SlowWay,
  { key, everyMs, localAddress, watched }: SlowOptions,
): SlowCaller => {
  const { hostname, port } = new URL(url)
  const socket = connect({
    host: hostname,
    port: Number(port),
    ...(localAddress === undefined ? {} : { localAddress }),
  })
  const head = (line: string, ...more: string[]): string =>
    [`${line} HTTP/1.1`, 'Host: a', `Authorization: Bearer ${key}`, ...more, '', ''].join('\r\n')
  const timers: NodeJS.Timeout[] = []
  const every = (act: () => void): void => void timers.push(setInterval(act, everyMs))
  const trickle = (text: string): void => {
    let at = 0
    every(() => void socket.write(text.charAt(at++ % text.length)))
  }
  const startedAtMs = performance.now()
  const gone = new Promise<number>((resolve) => {
    const end = (): void => {
      for (const timer of timers) clearInterval(timer)
      resolve(performance.now() - startedAtMs)
    }
    socket.once('close', end)
    socket.on('error', () => socket.destroy())
    socket.once('connect', () => void watched?.closed(socket.localPort ?? 0).then(end))
  })
  socket.resume()
  switch (way) {
    case 'silent':
      break
    case 'slowHead':
      socket.write('GET /body HTTP/1.1\r\nHost: a\r\nX-A: ')
      trickle('a')
      break
    case 'headThenSilence':
      socket.write('GET /body HTTP/1.1\r\nHost: a\r\nX-A: ')
      break
    case 'nextHead':
      socket.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\nX-A: ')
      trickle('a')
      break
    case 'blankLines':
      socket.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n')
      trickle('\r\n')
      break
    case 'slowBody':
      socket.write(head('POST /body', 'Content-Length: 1000000'))
      trickle('b')
      break
    case 'slowChunks':
      socket.write(head('POST /body', 'Transfer-Encoding: chunked'))
      trickle('1\r\nb\r\n')
      break
    case 'bodyThenSilence':
      socket.write(`${head('POST /body', 'Content-Length: 1000')}bbb`)
      break
    case 'refusedBody':
      socket.write('POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n')
      trickle('b')
      break
    case 'neverReads':
      socket.write(head('GET /large'))
      socket.pause()
      break
    case 'readsSlowly':
      socket.write(head('GET /large'))
      socket.pause()
      every(() => void socket.read(1))
      break
    case 'pipelines':
      socket.pause()
      every(() => void socket.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(5_000)))
      break
  }
  return {
    socket,
    startedAtMs,
    gone,
    end: () => void socket.destroy(),
  }
}

/** Rejects when the other side has not gone in time; gives after how many milliseconds it had. */
export const untilGone = async (caller: SlowCaller, deadlineMs: number): Promise<number> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still there after ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    return await Promise.race([caller.gone, late])
  } finally {
    clearTimeout(timer)
    caller.end()
  }
}
