/**
 * The process that makes the thirty changes, from the outside: given a job, with or without strace beside it. Strace is
 * attached after the modules are loaded and counts from there; there is one thread for file work, so the order of its
 * calls is the same every time, and the n-th call of a kind is the same call.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Job } from './change-process.ts'

const program = join(import.meta.dirname, 'change-process.ts')

export interface Outcome {
  readonly acknowledged: number[]
  readonly refused: Map<number, string>
  /** Why the store was not opened or not closed. */
  readonly failed: string | undefined
  /** `crashed`: ended by itself, which nothing may make it do. */
  readonly end: 'done' | 'killed' | 'crashed'
  /** What strace wrote. */
  readonly traced: string
  readonly writes: number
  readonly said: string
}

export interface ChangeWorker {
  /** `strace`: the options after which the process is traced; none: it is not. */
  run(job: Job, strace?: readonly string[]): Promise<Outcome>
  /** Goes on with a fresh process; what the one before has left open is closed. */
  renew(): Promise<void>
  end(): Promise<void>
}

interface Running {
  readonly child: ChildProcess
  readonly ready: Promise<void>
  readonly gone: Promise<void>
  onLine: (line: string) => void
  stderr: string
}

const start = (cacheDir: string): Running => {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      UV_THREADPOOL_SIZE: '1',
      UV_USE_IO_URING: '0',
      NODE_COMPILE_CACHE: cacheDir,
    },
  })
  const running: Running = { child, ready: Promise.resolve(), gone: Promise.resolve(), onLine: () => {}, stderr: '' }
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  lines.on('line', (line) => running.onLine(line))
  child.stdin?.on('error', () => {})
  child.stderr?.on('data', (chunk: Buffer) => (running.stderr += chunk.toString()))
  const gone = once(child, 'close').then(() => undefined)
  const ready = new Promise<void>((resolve) => {
    running.onLine = (line) => (line === 'ready' ? resolve() : undefined)
  })
  return Object.assign(running, { gone, ready: Promise.race([ready, gone]) })
}

const attach = async (pid: number, options: readonly string[]) => {
  const child = spawn('strace', ['-f', '-p', String(pid), ...options], { stdio: ['ignore', 'ignore', 'pipe'] })
  let traced = ''
  const gone = once(child, 'close')
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.stderr.on('data', (chunk: Buffer) => {
      traced += chunk.toString()
      if (traced.includes('attached')) resolve()
    })
    void gone.then(() => reject(new Error(`strace ended: ${traced}`)))
  })
  return {
    detach: async () => {
      child.kill('SIGINT')
      await gone
      return traced
    },
  }
}

/** `cacheDir`: where compiled modules are kept from one process to the next. */
export const changeWorker = (cacheDir: string): ChangeWorker => {
  let next = start(cacheDir)
  return {
    async run(job, strace) {
      const running = next
      await running.ready
      const outcome = { acknowledged: [] as number[], refused: new Map<number, string>(), failed: '', writes: 0 }
      const said: string[] = []
      const done = new Promise<boolean>((resolve) => {
        running.onLine = (line) => {
          said.push(line)
          const [kind, first = '', ...rest] = line.split(' ')
          if (kind === 'A') outcome.acknowledged.push(Number(first))
          if (kind === 'R') outcome.refused.set(Number(first), rest.join(' '))
          if (kind === 'X') outcome.failed = [first, ...rest].join(' ')
          if (kind !== 'done') return
          outcome.writes = Number(first)
          resolve(true)
        }
      })
      const tracer = strace === undefined ? undefined : await attach(running.child.pid ?? 0, strace)
      running.child.stdin?.write(`${JSON.stringify(job)}\n`)
      const isDone = await Promise.race([done, running.gone.then(() => false)])
      if (!isDone) next = start(cacheDir)
      const traced = (await tracer?.detach()) ?? ''
      const end = isDone ? 'done' : running.child.signalCode === 'SIGKILL' ? 'killed' : 'crashed'
      const failed = outcome.failed === '' ? undefined : outcome.failed
      return { ...outcome, failed, end, traced, said: [...said, running.stderr].join('\n') }
    },
    async renew() {
      next.child.kill('SIGKILL')
      await next.gone
      next = start(cacheDir)
    },
    async end() {
      next.child.stdin?.end()
      await next.gone
    },
  }
}
