/** What a command may touch of the world outside; tests hand in their own. */
import type { Readable, Writable } from 'node:stream'

export interface Io {
  readonly stdin: Readable & { isTTY?: boolean; setRawMode?(on: boolean): unknown }
  readonly stdout: Writable & { isTTY?: boolean; columns?: number }
  readonly stderr: Writable & { isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  now(): number
}

export const processIo = (): Io => {
  // Whoever reads our output may stop reading, as `head` does. What had to be done is done.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
      throw error
    })
  return realIo
}

const realIo: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
}
