/** The daemon as its users run it: a process of its own, started through the command line. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const bin = join(import.meta.dirname, '..', '..', 'daemon', 'bin', 'postern.mjs')

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const start = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } })

/** Runs a command to its end; `input` goes to its standard input. */
export const runPostern = async (args: readonly string[], input = ''): Promise<Ran> => {
  const child = start(args)
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
  child.stdin?.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...text }
}

export interface DaemonProcess {
  readonly pid: number
  readonly urls: readonly string[]
  /** What it has said on standard output and error. */
  readonly said: () => string
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Starts `postern run` and waits until it says that it runs. Throws with what it said when it ends instead. */
export const startDaemon = async (args: readonly string[]): Promise<DaemonProcess> => {
  const child = start(['run', ...args])
  let said = ''
  const ended = once(child, 'exit')
  const running = new Promise<string[]>((resolve) => {
    const read = (chunk: Buffer): void => {
      said += chunk.toString()
      const line = said.split('\n').find((each) => each.includes('"Postern runs"'))
      if (line !== undefined) resolve((JSON.parse(line) as { urls: string[] }).urls)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
  })
  const urls = await Promise.race([running, ended.then(() => undefined)])
  if (urls === undefined) throw new Error(`the daemon ended: ${said}`)
  return {
    pid: child.pid ?? 0,
    urls,
    said: () => said,
    kill: async (signal) => {
      child.kill(signal)
      await ended
    },
  }
}
