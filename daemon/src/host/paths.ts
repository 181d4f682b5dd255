/**
 * Where things are when nobody says otherwise. The daemon and the CLI ask here with the same data folder and get the same
 * answers.
 */
import { createHash } from 'node:crypto'
import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Problem } from '../problem.ts'

export interface HostFacts {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly uid: number
}

const thisHost = (): HostFacts => ({ platform: process.platform, env: process.env, uid: process.geteuid?.() ?? -1 })

const programData = ({ env }: HostFacts): string => env['ProgramData'] ?? 'C:\\ProgramData'

export const defaultDataDir = (host: HostFacts = thisHost()): string =>
  host.platform === 'win32' ? join(programData(host), 'Postern') : '/var/lib/postern'

/** The machine folder that belongs to a data folder: the system's place for the default one, else `DIR.machine` beside it. */
export const machineDirFor = (dataDir: string, host: HostFacts = thisHost()): string => {
  if (resolve(dataDir) !== resolve(defaultDataDir(host))) return `${resolve(dataDir)}.machine`
  return host.platform === 'win32' ? join(programData(host), 'PosternMachine') : '/etc/postern/machine'
}

const systemSocketDir = '/run/postern'
// struct sockaddr_un holds 108 bytes with its end.
const socketPathBytesMax = 107

/**
 * The admin socket of a data folder. The system's own socket is for the system's own folder; every other folder has a
 * socket named after it, so two never share one. `given`: what a flag or `POSTERN_SOCKET` says.
 */
export const socketPathFor = (dataDir: string, given: string | undefined, host: HostFacts = thisHost()): string => {
  const name = `postern-${createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12)}`
  const path = given ?? chosen(dataDir, name, host)
  if (host.platform !== 'win32' && Buffer.byteLength(path) > socketPathBytesMax)
    throw new Problem('settings_invalid', {
      detail: `--socket: ${path} is longer than ${socketPathBytesMax} bytes; choose a shorter path`,
    })
  if (resolve(path).startsWith(`${resolve(dataDir)}/`))
    throw new Problem('settings_invalid', {
      detail: '--socket: the socket may not lie in the data folder, because backups copy that',
    })
  return path
}

const chosen = (dataDir: string, name: string, host: HostFacts): string => {
  if (host.platform === 'win32') return `\\\\.\\pipe\\${name}`
  if (resolve(dataDir) === defaultDataDir(host)) return join(systemSocketDir, 'postern.sock')
  const runtime = host.env['XDG_RUNTIME_DIR']
  if (runtime !== undefined && runtime !== '' && isWritable(runtime)) return join(runtime, `${name}.sock`)
  return join(privateTemporaryDir(host), `${name}.sock`)
}

const isWritable = (dir: string): boolean => {
  try {
    accessSync(dir, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** A folder of this user's own in the system's temporary directory; refused when somebody else could have made it. */
const privateTemporaryDir = ({ uid }: HostFacts): string => {
  const dir = join(tmpdir(), `postern-${uid}`)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const facts = lstatSync(dir)
  if (!facts.isDirectory() || facts.uid !== uid || (facts.mode & 0o077) !== 0)
    throw new Problem('folder_unsafe', {
      detail: `${dir} is not a folder of this user alone. Remove it, or name a socket with --socket.`,
    })
  return dir
}
