/**
 * Callers who guess: whatever is wrong with a key, the answer has the same bytes and takes the same time, and who has a good
 * key is served meanwhile. Callers come from addresses of their own, so that no bound for one address stands in the way.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { checksumOf, formatKeyValue } from '@postern/shared'
import { randomText } from '../support/access-document.ts'
import { createTally, type Report } from './count.ts'
import type { GuessingGateway } from './guessing-gateway.ts'
import type { Tally } from './tally.ts'

export const wrongKinds = ['unknown', 'wrong secret', 'wrong checksum', 'removed'] as const
export type WrongKind = (typeof wrongKinds)[number]

/** A caller on one connection, asking one thing after the other. */
interface Guesser {
  /** The whole answer, as latin1. */
  ask(value: string): Promise<string>
  end(): void
}

/** Fewer than one address may guess in a minute. */
const guessesEach = 10

let drawn = 0
/** Each time another address of this machine, in another network of 256. */
const nextAddress = (): string => {
  drawn += 1
  return `127.${10 + ((drawn >> 8) % 200)}.${drawn & 0xff}.1`
}

const guesser = async (url: string): Promise<Guesser> => {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect({ host: hostname, port: Number(port), localAddress: nextAddress() })
  socket.setNoDelay(true)
  await once(socket, 'connect')
  let text = ''
  let answered: ((text: string) => void) | undefined
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
    const head = text.indexOf('\r\n\r\n')
    const length = /content-length: (\d+)/i.exec(text)?.[1]
    if (head < 0 || length === undefined || text.length < head + 4 + Number(length)) return
    const whole = text
    text = ''
    answered?.(whole)
  })
  socket.on('error', () => answered?.('')).on('close', () => answered?.(''))
  return {
    ask: (value) =>
      new Promise((resolve) => {
        answered = resolve
        socket.write(`GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${value}\r\n\r\n`)
      }),
    end: () => void socket.destroy(),
  }
}

/** A value that is wrong in one way, and new each time where that way has many. */
export const wrongValue = (kind: WrongKind, { good, removed, ids }: GuessingGateway): string => {
  const keyId = ids[Math.floor(Math.random() * ids.length)] ?? ''
  switch (kind) {
    case 'unknown':
      return formatKeyValue({ keyId: randomText(8), secret: randomText(43) })
    case 'wrong secret':
      return formatKeyValue({ keyId, secret: randomText(43) })
    case 'wrong checksum': {
      const secret = randomText(43)
      const sum = checksumOf({ keyId, secret })
      return `${good.split('_')[0]}_${keyId}_${secret}${sum.startsWith('0') ? '1' : '0'}${sum.slice(1)}`
    }
    case 'removed':
      return removed
  }
}

/** Without what differs from answer to answer whatever was asked: the id of the request and the date. */
const comparable = (answer: string): string =>
  answer
    .replaceAll(/[0-9a-f]{12}-[0-9a-z]+/g, 'ID')
    .replace(/^Date: .*$/im, 'Date: D')
    .replace(/^content-length: \d+/im, 'content-length: N')

export interface StartedGuessing extends GuessingGateway {
  stop(): Promise<void>
}

export const startGuessing = async (): Promise<StartedGuessing> => {
  const file = join(import.meta.dirname, 'guessing-gateway.ts')
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const ended = once(child, 'exit')
  return {
    ...(JSON.parse(line) as GuessingGateway),
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}

/** `wrong`: an answer of other bytes than the first one had. `unlike`: only a control hands it in. */
export const runSameBytes = async (
  gateway: GuessingGateway,
  guesses: number,
  {
    say = () => {},
    unlike = (answer) => answer,
  }: { say?: Report; unlike?: (answer: string, kind: WrongKind) => string } = {},
): Promise<Tally> => {
  const tally = createTally()
  let first: string | undefined
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < guesses) {
      const one = await guesser(gateway.url)
      for (let n = 0; n < guessesEach && next < guesses; n++) {
        const kind = wrongKinds[next++ % wrongKinds.length] ?? 'unknown'
        const answer = comparable(unlike(await one.ask(wrongValue(kind, gateway)), kind))
        first ??= answer
        tally.count(
          answer === first && answer.startsWith('HTTP/1.1 401 ') ? 'fine' : 'wrong',
          () => `${kind}: ${answer}`,
        )
      }
      one.end()
    }
  }
  await Promise.all(Array.from({ length: 8 }, caller))
  say(`${guesses} wrong keys of four kinds`)
  return tally
}

/** Welch's t of two lists of durations, without their slowest twentieth, which is the machine's and not the gateway's. */
const welch = (a: number[], b: number[]): number => {
  const both = [...a, ...b].toSorted((x, y) => x - y)
  const cut = both[Math.floor(both.length * 0.95)] ?? Infinity
  const moments = (all: number[]): { mean: number; spread: number } => {
    const kept = all.filter((each) => each < cut)
    const mean = kept.reduce((sum, each) => sum + each, 0) / kept.length
    const variance = kept.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (kept.length - 1)
    return { mean, spread: variance / kept.length }
  }
  const [of, than] = [moments(a), moments(b)]
  return (of.mean - than.mean) / Math.sqrt(of.spread + than.spread)
}

const tellingT = 4.5

/** `wrong`: the time of an answer tells an unknown key from a wrong secret (dudect's threshold). `lagMs`: of a control. */
export const runTiming = async (gateway: GuessingGateway, samples: number, say: Report, lagMs = 0): Promise<Tally> => {
  const tally = createTally()
  const took = { unknown: [] as number[], 'wrong secret': [] as number[] }
  // As many as there are keys, so that neither kind comes back more often than the other.
  const strangers = gateway.ids.map(() => randomText(8))
  // Made before, and all in one way, so that their making leaves no trace in the times.
  const values = Array.from({ length: samples }, () => {
    // Not in turns, so that no rhythm of the machine falls in with one of them.
    const kind: keyof typeof took = Math.random() < 0.5 ? 'unknown' : 'wrong secret'
    const keyId = strangers[Math.floor(Math.random() * strangers.length)] ?? ''
    const unknown = (): string => formatKeyValue({ keyId, secret: randomText(43) })
    return { kind, value: kind === 'unknown' ? unknown() : wrongValue(kind, gateway) }
  })
  let one = await guesser(gateway.url)
  // Who was presented before is remembered for a while, whether there is such a key or not; so that all of them were.
  const before = [...strangers, ...gateway.ids].toSorted(() => Math.random() - 0.5)
  for (const [n, keyId] of before.entries()) {
    if (n % guessesEach === 0) {
      one.end()
      one = await guesser(gateway.url)
    }
    await one.ask(formatKeyValue({ keyId, secret: randomText(43) }))
  }
  for (const [n, { kind, value }] of values.entries()) {
    if (n % guessesEach === guessesEach - 1) {
      one.end()
      one = await guesser(gateway.url)
      await one.ask(wrongValue('removed', gateway))
    }
    const startedAt = performance.now()
    await one.ask(value)
    const until = performance.now() + (kind === 'wrong secret' ? lagMs : 0)
    while (performance.now() < until);
    took[kind].push(performance.now() - startedAt)
  }
  one.end()
  const t = welch(took.unknown, took['wrong secret'])
  say(`Welch t of ${samples} answers, unknown id against wrong secret: ${t.toFixed(2)}`)
  tally.say(`t = ${t.toFixed(2)}`)
  tally.count(Math.abs(t) < tellingT ? 'fine' : 'wrong', () => `the time tells them apart: t = ${t.toFixed(2)}`)
  return tally
}

/** Wrong keys at a rate that waits for no answer, and what becomes of an honest caller meanwhile. */
export const runUnderGuesses = async (
  gateway: GuessingGateway,
  { perSecond, seconds, p99MsMax }: { perSecond: number; seconds: number; p99MsMax: number },
  say: Report,
): Promise<Tally> => {
  const tally = createTally()
  const free: Guesser[] = []
  const asked = new WeakMap<Guesser, number>()
  let sent = 0
  let under = 0
  let begun = 0
  const guess = async (): Promise<void> => {
    under += 1
    begun += 1
    const one = free.pop() ?? (await guesser(gateway.url))
    const kind = wrongKinds[sent++ % wrongKinds.length] ?? 'unknown'
    const answer = await one.ask(wrongValue(kind, gateway))
    const count = (asked.get(one) ?? 0) + 1
    asked.set(one, count)
    if (answer === '' || count >= guessesEach) one.end()
    else free.push(one)
    under -= 1
  }
  const startedAt = performance.now()
  const flood = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond) - begun
    const now = Math.min(due, 500 - under)
    for (let n = 0; n < now; n++) void guess()
  }, 5)
  const honest = await guesser(gateway.url)
  const took: number[] = []
  for (let due = startedAt; due < startedAt + seconds * 1000; due += 10) {
    const wait = due - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    const answer = await honest.ask(gateway.good)
    // From when it was due, so that a stall counts for every call that waited.
    took.push(performance.now() - due)
    tally.count(answer.startsWith('HTTP/1.1 200 ') ? 'fine' : 'lost', () => `an honest call: ${answer.slice(0, 80)}`)
  }
  clearInterval(flood)
  for (const each of [...free, honest]) each.end()
  took.sort((a, b) => a - b)
  const p99 = took[Math.floor(took.length * 0.99)] ?? Infinity
  const rate = Math.round(sent / seconds)
  say(`${rate} wrong keys a second; ${took.length} honest calls, 99 % within ${p99.toFixed(1)} ms`)
  tally.say(`${rate} wrong keys a second, honest p99 ${p99.toFixed(1)} ms`)
  if (rate < perSecond * 0.95) tally.count('wrong', () => `only ${rate} wrong keys a second were sent`)
  if (p99 > p99MsMax) tally.count('wrong', () => `honest calls took ${p99.toFixed(1)} ms (99 %)`)
  return tally
}
