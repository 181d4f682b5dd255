/** The CLI run inside the test, with streams of its own. */
import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import type { Io } from '../../daemon/src/cli/io.ts'
import { main } from '../../daemon/src/main.ts'
import type { TestPostern } from './start-postern.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface CommandLine {
  run(args: readonly string[], options?: { input?: string; tty?: boolean; env?: Record<string, string> }): Promise<Said>
  /** The flags that lead to the test's daemon. */
  at(): string[]
  /** Runs against the daemon, expects success and gives what was printed. */
  ok(...args: string[]): Promise<string>
}

/** `test` is asked anew each time, so that it may be started later. */
export const commandLine = (test: () => TestPostern, cwd: () => string): CommandLine => {
  const run: CommandLine['run'] = async (args, { input = '', tty = false, env = {} } = {}) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const text = { out: '', err: '' }
    stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()))
    stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()))
    const io: Io = {
      stdin: Object.assign(Readable.from([input]), { isTTY: tty }),
      stdout: Object.assign(stdout, { isTTY: tty, columns: 80 }),
      stderr,
      env,
      cwd: cwd(),
      now: () => test().clock.nowMs,
    }
    return { code: await main(args, io), ...text }
  }
  const at = (): string[] => {
    const { dataDir, machineDir, socketPath } = test().settings
    return ['--data', dataDir, '--machine', machineDir, '--socket', socketPath]
  }
  return {
    run,
    at,
    async ok(...args) {
      const { code, out, err } = await run([...args, ...at()])
      assert.equal(code, 0, err)
      return out
    },
  }
}
