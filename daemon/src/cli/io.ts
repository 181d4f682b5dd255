/** What a command may touch of the world outside; tests hand in their own. */
import type { Readable, Writable } from 'node:stream'

export interface Io {
  readonly stdin: Readable & { isTTY?: boolean; setRawMode?(on: boolean): unknown }
  readonly stdout: Writable & { isTTY?: boolean; columns?: number }
  readonly stderr: Writable
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  now(): number
}

export const processIo = (): Io => ({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
})
