/**
 * The differential rig: odd requests go to the gateway by four ways, plain, over TLS, through nginx and through HAProxy, and
 * what reaches the service behind is compared with what a strict reader makes of the bytes that reached the gateway.
 * `wrong`: more or other requests than those, a body or a path that is not theirs, a header that speaks for Postern and is
 * not its own. To refuse is always right.
 */
import fc from 'fast-check'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { hasFront, startFront, startTap, type Front, type FrontKind, type Tap } from './fronts.ts'
import { createTally, type Report } from './count.ts'
import { forged, oddRequests } from './odd-requests.ts'
import { readStrictly, type StrictRequest } from './strict-http.ts'
import type { Tally } from './tally.ts'

export const ways = ['plain', 'tls', 'nginx', 'haproxy'] as const
export type Way = (typeof ways)[number]

/** What stands between: the gateway, or something with a mistake. `/api/{rest*}` has to lead to `/up/{rest*}`. */
export interface Between {
  readonly http: number
  /** `null`: it does not speak TLS. */
  readonly https: number | null
  /** The header line that admits. */
  readonly auth: string
  /** What must stand, once, in each request that arrives, by its name in lower case. */
  readonly identity: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export interface Sent {
  sent: number
  forwarded: number
  refused: number
}

const atOnce = 40
const batchSize = 500
/** How long a caller waits for an answer that may never come, since what it sent may be no whole request. */
const patienceMs = 120

/** `start` begins what is tried, before this port. Ways that cannot be had here are left out and said. */
export const runDifferential = async (
  requests: number,
  start: (upstreamPort: number) => Promise<Between>,
  { say = () => {}, seed = 1, only = ways }: { say?: Report; seed?: number; only?: readonly Way[] } = {},
): Promise<Tally> => {
  const tally = createTally()
  const capture = await startCapture()
  const between = await start(capture.port)
  const reached = await openWays(between, only, (text) => tally.say(text))
  const arbitrary = oddRequests(between.auth)
  const figures = new Map<Way, Sent>(reached.map(({ way }) => [way, { sent: 0, forwarded: 0, refused: 0 }]))
  const awaited: Awaited[] = []
  let id = 1_000_000
  for (let done = 0; done < requests;) {
    const count = Math.min(batchSize, requests - done)
    const made = fc.sample(arbitrary, { numRuns: count, seed: seed + done })
    const trials = made.map((make, at) => ({
      id: ++id,
      way: reached[(done + at) % reached.length],
      bytes: make(id).bytes,
    }))
    let next = 0
    const caller = async (): Promise<void> => {
      for (let trial = trials[next++]; trial !== undefined; trial = trials[next++]) {
        if (trial.way === undefined) continue
        const status = await send(trial.way, trial.bytes)
        const figure = figures.get(trial.way.way)
        if (figure === undefined) continue
        figure.sent += 1
        if (status === 200) figure.forwarded += 1
        else figure.refused += 1
      }
    }
    await Promise.all(Array.from({ length: atOnce }, caller))
    await capture.quiet()
    const heard = trials.filter(({ way }) => way?.tap === null).map(({ bytes }) => bytes)
    for (const { tap } of reached) if (tap !== null) heard.push(...tap.take())
    const arrived = capture.take()
    judge(tally, { heard, arrived, faults: capture.faults(), count, identity: between.identity, awaited })
    done += count
    if (done % 10_000 === 0) say(`${done} of ${requests}`)
  }
  for (const [way, { sent, forwarded, refused }] of figures)
    tally.say(`${way}: ${sent} sent, ${forwarded} answered by the service, ${refused} refused or cut off`)
  for (const { stop } of reached) await stop()
  await between.stop()
  await capture.stop()
  return tally
}

interface Judged {
  readonly heard: readonly string[]
  readonly arrived: readonly StrictRequest[]
  readonly faults: readonly string[]
  readonly count: number
  readonly identity: Readonly<Record<string, string>>
  readonly awaited: Awaited[]
}

/** What may arrive, each so many times; a batch of them each, because what a busy machine delays comes with a later one. */
type Awaited = Map<string, number>
const batchesAwaited = 8

const judge = (
  tally: ReturnType<typeof createTally>,
  { heard, arrived, faults, count, identity, awaited }: Judged,
): void => {
  const may: Awaited = new Map()
  awaited.unshift(may)
  awaited.splice(batchesAwaited)
  for (const bytes of heard)
    for (const { method, target, body } of readStrictly(bytes).requests) {
      const name = JSON.stringify([method, target.replace(/^\/api\//, '/up/'), body])
      may.set(name, (may.get(name) ?? 0) + 1)
    }
  let wrong = 0
  const complain = (note: string): void => {
    wrong += 1
    tally.count('wrong', () => note)
  }
  for (const fault of faults) complain(`what reached the service is no request: ${fault}`)
  for (const request of arrived) {
    const name = JSON.stringify([request.method, request.target, request.body])
    const batch = awaited.find((each) => (each.get(name) ?? 0) > 0)
    batch?.set(name, (batch.get(name) ?? 0) - 1)
    const fault = batch === undefined ? 'nobody asked for it' : (pathFault(request) ?? headerFault(request, identity))
    if (fault !== null) complain(`${fault}: ${JSON.stringify(request).slice(0, 600)}, of ${sourceOf(request, heard)}`)
  }
  for (let fine = wrong; fine < count; fine++) tally.count('fine', () => '')
}

/** The bytes that led to a request, as far as its path tells. */
const sourceOf = ({ target }: StrictRequest, heard: readonly string[]): string => {
  const [id = ''] = /t=\d+/.exec(target) ?? []
  return JSON.stringify(heard.find((bytes) => bytes.includes(id))?.slice(0, 1_500))
}

/** However often somebody decodes it, it stays where the endpoint leads. */
const pathFault = ({ target }: StrictRequest): string | null => {
  if (!target.startsWith('/up/')) return 'it is not where the endpoint leads'
  let [path = ''] = target.split('?')
  for (let round = 0; round < 4; round++) {
    if (/(?:^|[/\\;])\.{1,2}(?:[/\\;]|$)|[\\\0\r\n]|\/\//.test(path)) return 'its path leads elsewhere'
    path = path.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
  return /\xc0[\xae\xaf]|\xe0\x80\xae/.test(path) ? 'its path leads elsewhere' : null
}

const once = new Set(['host', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-request-id'])
const never =
  /^(?:authorization|x-api-key|forwarded|x-real-ip|x-forwarded-port|te|upgrade|http2-settings|keep-alive|proxy-.*|expect|trailer)$/

const headerFault = ({ headers }: StrictRequest, identity: Readonly<Record<string, string>>): string | null => {
  const seen = new Map<string, number>()
  for (const [name, value] of headers) {
    const dashed = name.toLowerCase().replaceAll('_', '-')
    seen.set(dashed, (seen.get(dashed) ?? 0) + 1)
    if (never.test(dashed)) return `${name} goes on`
    if (dashed.startsWith('x-postern-') && identity[dashed] !== value) return `${name} says ${value}`
    if ((once.has(dashed) || dashed.startsWith('x-postern-')) && value.includes(forged)) return `${name} is ${forged}`
    if (dashed !== name.toLowerCase() && /^(?:content-length|transfer-encoding)$/.test(dashed)) return `${name} goes on`
  }
  for (const name of [...once, ...Object.keys(identity)])
    if (seen.get(name) !== 1) return `${name} stands ${seen.get(name) ?? 0} times`
  return null
}

interface OpenWay {
  readonly way: Way
  readonly port: number
  readonly tap: Tap | null
  stop(): Promise<void>
}

const openWays = async (between: Between, only: readonly Way[], say: (text: string) => void): Promise<OpenWay[]> => {
  const open: OpenWay[] = []
  const stop = async (): Promise<void> => {}
  for (const way of only) {
    if (way === 'plain') open.push({ way, port: between.http, tap: null, stop })
    else if (way === 'tls') {
      if (between.https !== null) open.push({ way, port: between.https, tap: null, stop })
    } else if (!hasFront(way)) say(`${way} is not installed here: that way was not tried`)
    else open.push(await throughFront(way, between.http))
  }
  return open
}

const throughFront = async (way: FrontKind, to: number): Promise<OpenWay> => {
  const tap = await startTap(to)
  const front: Front = await startFront(way, tap.port)
  return {
    way,
    port: front.port,
    tap,
    stop: async () => {
      await front.stop()
      await tap.stop()
    },
  }
}

/** The status of the first answer; 0: none. */
const send = ({ way, port }: OpenWay, bytes: string): Promise<number> =>
  new Promise((resolve) => {
    const socket: Socket =
      way === 'tls'
        ? connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
        : connect({ host: '127.0.0.1', port })
    let text = ''
    let timer: NodeJS.Timeout
    const end = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(Number(/^HTTP\/1\.[01] (\d{3})/.exec(text.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, ''))?.[1] ?? 0))
    }
    const wait = (ms: number): void => {
      clearTimeout(timer)
      timer = setTimeout(end, ms)
    }
    socket.once(way === 'tls' ? 'secureConnect' : 'connect', () => {
      socket.write(bytes, 'latin1')
      wait(patienceMs)
    })
    // After an answer, a moment for a second one.
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      wait(15)
    })
    socket.on('error', () => {}).once('close', end)
    wait(3_000)
  })

interface Capture {
  readonly port: number
  /** Settles when nothing has come for a moment. */
  quiet(): Promise<void>
  take(): StrictRequest[]
  /** What was no request, since the last time. */
  faults(): string[]
  stop(): Promise<void>
}

/** The service behind: reads strictly, answers whatever is whole. */
const startCapture = async (): Promise<Capture> => {
  const arrived: StrictRequest[] = []
  const faults: string[] = []
  const sockets = new Set<Socket>()
  let lastMs = 0
  const server: Server = createServer((socket) => {
    let rest = ''
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      lastMs = performance.now()
      rest += chunk.toString('latin1')
      const { requests, fault, read } = readStrictly(rest)
      rest = rest.slice(read)
      arrived.push(...requests)
      for (const { method } of requests)
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${method === 'HEAD' ? '' : 'ok'}`)
      if (fault === null) return
      faults.push(`${fault}: ${JSON.stringify(rest.slice(0, 400))}`)
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    quiet: async () => {
      while (performance.now() - lastMs < 60) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    take: () => arrived.splice(0),
    faults: () => faults.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
