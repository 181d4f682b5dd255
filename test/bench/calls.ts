/**
 * What a call costs the gateway and the bare servers it is held against, in turns, as medians. Counted are calls for each
 * second of processor time that the server has used: on a machine that does other things too, the wall clock measures those.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { load } from './load.ts'

const rounds = 15
const secondsEach = 1
const connections = 64

interface Server {
  pid: number
  url: string
  headers: string[]
  stop(): Promise<void>
}

const canPin = spawnSync('taskset', ['-c', '1', 'true']).status === 0

/** Starts `servers.ts KIND` on a core and waits for the line that says where it listens. */
const start = async (core: 0 | 1, ...args: string[]): Promise<Server> => {
  const command = [process.execPath, join(import.meta.dirname, 'servers.ts'), ...args]
  const [program = '', ...rest] = canPin ? ['taskset', '-c', String(core), ...command] : command
  const child: ChildProcess = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}`)))
  })
  const { url, headers } = JSON.parse(said) as { url: string; headers: string[] }
  return {
    pid: child.pid ?? 0,
    url,
    headers,
    stop: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const ticksPerSecond = 100

/** Seconds of processor time a process has used so far (proc(5), fields 14 and 15). */
const cpuSeconds = (pid: number): number => {
  const facts = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = facts.slice(facts.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

interface Compared {
  readonly ours: number
  readonly theirs: number
  /** The median of what each short round gave: a slow moment of the machine slows both halves of a round. */
  readonly ratio: number
}

/** Measures two servers in turns, with the very same requests. */
const compare = async (ours: Server, theirs: Server, path: string): Promise<Compared> => {
  const callsPerCpuSecond = async (server: Server): Promise<number> => {
    const before = cpuSeconds(server.pid)
    const core = canPin ? 1 : undefined
    const rate = await load(server.url + path, { headers: ours.headers, connections, seconds: secondsEach, core })
    return (rate * secondsEach) / (cpuSeconds(server.pid) - before)
  }
  const results: { ours: number; theirs: number }[] = []
  for (let round = -2; round < rounds; round++) {
    const both = { ours: await callsPerCpuSecond(ours), theirs: await callsPerCpuSecond(theirs) }
    // The first ones warm up.
    if (round >= 0) results.push(both)
  }
  return {
    ours: median(results.map((each) => each.ours)),
    theirs: median(results.map((each) => each.theirs)),
    ratio: median(results.map((each) => each.ours / each.theirs)),
  }
}

const wantedRatio = 0.7

const row = (name: string, peer: string, { ours, theirs, ratio }: Compared): string =>
  `${name.padEnd(34)} ${String(Math.round(ours)).padStart(7)} per CPU second   ${peer} ${Math.round(theirs)}   ratio ${ratio.toFixed(2)} (wanted ≥ ${wantedRatio})`

export const measureCalls = async (keys: number, say: (text: string) => void): Promise<void> => {
  const upstream = await start(1, 'upstream')
  const gateway = await start(0, 'gateway', String(keys), upstream.url)
  const hash = await start(0, 'hash')
  const proxy = await start(0, 'proxy', upstream.url)
  try {
    const verdicts = await compare(gateway, hash, '/authz/forward-auth')
    say(row('verdicts on /authz/forward-auth', 'bare node:http + SHA-256', verdicts))
    const forwarded = await compare(gateway, proxy, '/erp/orders/7')
    say(row('forwarded calls, small JSON', 'bare undici proxy', forwarded))
  } finally {
    for (const server of [proxy, hash, gateway, upstream]) await server.stop()
  }
}
