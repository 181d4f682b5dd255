/** What every command shares: the global options, the client, and how an outcome becomes an exit code. */
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { assertFolder } from '../init-store.ts'
import { isProblem } from '../problem.ts'
import { readFolders, readSocket, type Given } from '../settings.ts'
import { createAdminClient, type AdminClient } from './admin-client.ts'
import type { Io } from './io.ts'
import { readReach } from './reach.ts'

export interface Globals extends Given {
  readonly json?: boolean
  readonly tokenFile?: string
  readonly url?: string
}

export interface Toolbox {
  readonly io: Io
  /** The global options of a command, the demo folder filled in where a checkout has one. */
  globals(command: Command): Globals
  client(command: Command): AdminClient
  folders(command: Command): { dataDir: string; machineDir: string }
  /** The environment as settings read it. */
  readonly env: Io['env']
}

export const demoDataDir = join('.postern-demo', 'data')

/** Adds the options that every command takes. */
export const withGlobals = (command: Command): Command =>
  command
    .addOption(new Option('--data <dir>', 'the data folder (or POSTERN_DATA)'))
    .addOption(new Option('--machine <dir>', 'the machine folder; default: beside the data folder'))
    .addOption(new Option('--socket <path>', 'the daemon’s admin socket (or POSTERN_SOCKET)'))
    .addOption(new Option('--token-file <file>', 'act by the admin token in this file (or POSTERN_TOKEN_FILE)'))
    .addOption(new Option('--url <url>', 'the daemon’s door for tokens, http://127.0.0.1:PORT (or POSTERN_ADMIN_URL)'))
    .addOption(new Option('--json', 'print JSON'))

export const createToolbox = (io: Io): Toolbox => {
  const globals = (command: Command): Globals => {
    const given = command.opts<Globals>()
    const demo = join(io.cwd, demoDataDir)
    if (given.data !== undefined || io.env['POSTERN_DATA'] !== undefined || !existsSync(join(demo, 'store')))
      return given
    return { ...given, data: demo }
  }
  return {
    io,
    env: io.env,
    globals,
    folders: (command) => readFolders(globals(command), io.env),
    client: (command) => {
      const given = globals(command)
      const reach = readReach(given, io.env)
      const client = createAdminClient({ ...reach, socketPath: readSocket(given, io.env), actorName: userName() })
      const folders = readFolders(given, io.env)
      return {
        call: (name, asked) =>
          client.call(name, asked).catch((error: unknown) => {
            // Nobody answers, and there is nothing that anybody could answer for.
            const byFolder =
              reach.url === undefined && given.socket === undefined && io.env['POSTERN_SOCKET'] === undefined
            if (byFolder && isProblem(error, 'daemon_unreachable')) assertFolder(folders)
            throw error
          }),
      }
    },
  }
}

/** Everything has been said; only the exit code is left. */
export class Ended extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`ended with ${exitCode}`)
    this.exitCode = exitCode
  }
}

export const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
