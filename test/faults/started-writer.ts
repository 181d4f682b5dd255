/** Programs that may write to a store once they run: the daemon, and one that has forgotten to hold its folder. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createAdminClient } from '../../daemon/src/cli/admin-client.ts'
import { isProblem } from '../../daemon/src/problem.ts'

export interface StartedWriter {
  readonly pid: number
  /** `undefined` once it runs; else what it said when it ended. */
  readonly ended: Promise<string | undefined>
  /** Makes a key of this name; whether it was acknowledged. Throws what is no refusal. */
  change(name: string): Promise<boolean>
  signal(signal: NodeJS.Signals): void
  /** Ends it at once, stopped or not. */
  kill(): Promise<void>
}

const patienceMs = 180_000

const launch = (command: readonly string[], env: NodeJS.ProcessEnv) => {
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], ...env } })
  const said = { text: '' }
  const gone = once(child, 'close')
  const ended = new Promise<string | undefined>((resolve) => {
    const read = (chunk: Buffer): void => {
      said.text += chunk.toString()
      if (said.text.includes('Postern runs')) resolve(undefined)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    const timer = setTimeout(() => resolve('it neither runs nor ends'), patienceMs)
    void gone.then(() => {
      clearTimeout(timer)
      resolve(said.text)
    })
  })
  child.stdin.on('error', () => {})
  return {
    child,
    said,
    pid: child.pid ?? 0,
    ended,
    signal: (signal: NodeJS.Signals): void => void child.kill(signal),
    kill: async (): Promise<void> => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

const bin = join(import.meta.dirname, '..', '..', 'daemon', 'bin', 'postern.mjs')

/** A start of the real daemon, in a network namespace of its own if asked for. */
export const startWriter = (dir: string, name: string, { apart = false } = {}): StartedWriter => {
  const socketPath = join(dir, `${name}.sock`)
  const folders = ['--data', join(dir, 'data'), '--machine', join(dir, 'machine'), '--socket', socketPath]
  const daemon = [process.execPath, bin, 'run', ...folders, '--listen', 'http://127.0.0.1:0']
  const alone = ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...daemon]
  const admin = createAdminClient({ socketPath, actorName: 'tester' })
  return {
    ...launch(apart ? alone : daemon, { NODE_COMPILE_CACHE: join(dir, 'cache') }),
    change: (key) =>
      admin.call('keys.create', { body: { name: key } }).then(
        () => true,
        (error: unknown) => {
          if (isProblem(error, 'store_unavailable')) return false
          throw error
        },
      ),
  }
}

/** Whether a network namespace can be made here. */
export const canLiveApart = (): boolean =>
  process.platform === 'linux' && spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']).status === 0

const unheld = join(import.meta.dirname, 'unheld-process.ts')

/** A start of the program that holds nothing. */
export const startUnheld = (dir: string): StartedWriter => {
  const started = launch([process.execPath, unheld, dir], { NODE_COMPILE_CACHE: join(dir, 'cache') })
  return {
    ...started,
    change: async (key) => {
      started.child.stdin.write(`${key}\n`)
      while (!started.said.text.includes(`made ${key}\n`)) await once(started.child.stdout, 'data')
      return true
    },
  }
}
