/**
 * Where the daemon's admin socket is. Promises: the same place as `postern` finds with the same `--data`, `--socket`,
 * `POSTERN_DATA` and `POSTERN_SOCKET`. Never: a socket in a folder that somebody else could have made; makes none itself.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix, resolve, win32 } from 'node:path'
import { Refusal } from '../bridge.ts'

export interface SocketAsked {
  readonly data?: string | undefined
  readonly socket?: string | undefined
}

type Env = Readonly<Record<string, string | undefined>>
export interface SocketHost {
  readonly platform: NodeJS.Platform
  readonly env: Env
  readonly uid: number
}

export const thisHost = (): SocketHost => ({
  platform: process.platform,
  env: process.env,
  uid: process.geteuid?.() ?? -1,
})

/** Throws a Refusal where the settings file cannot be read as one, and where the folder is not this user's alone. */
export const findSocket = (asked: SocketAsked, host: SocketHost = thisHost()): string => {
  const dataDir = folderOf(asked, host)
  const given = asked.socket ?? host.env['POSTERN_SOCKET'] ?? socketOfSettings(dataDir)
  if (given !== undefined && given !== '') return pathsOf(host).resolve(given)
  return socketOfFolder(dataDir, host)
}

/** The data folder; null where only a socket was named, whose folder nobody knows from here. */
export const findDataDir = (asked: SocketAsked, host: SocketHost = thisHost()): string | null =>
  asked.data === undefined && (asked.socket ?? host.env['POSTERN_SOCKET'] ?? '') !== '' ? null : folderOf(asked, host)

const folderOf = ({ data }: SocketAsked, host: SocketHost): string =>
  resolve(data ?? host.env['POSTERN_DATA'] ?? defaultDataDir(host))

const pathsOf = ({ platform }: SocketHost): typeof posix => (platform === 'win32' ? win32 : posix)

const defaultDataDir = ({ platform, env }: SocketHost): string =>
  platform === 'win32' ? win32.join(env['ProgramData'] ?? 'C:\\ProgramData', 'Postern') : '/var/lib/postern'

const socketOfSettings = (dataDir: string): string | undefined => {
  const path = join(dataDir, 'config.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // The folder of another user's daemon may not be looked into; its socket can still be spoken to.
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return undefined
    throw error
  }
  try {
    const { socket } = JSON.parse(text) as { socket?: unknown }
    if (socket === undefined || typeof socket === 'string') return socket
  } catch {
    // Told below.
  }
  throw new Refusal('settings_invalid', `${path} cannot be read as settings. Correct the file, then open this again.`)
}

const socketOfFolder = (dataDir: string, host: SocketHost): string => {
  const name = `postern-${createHash('sha256').update(folded(dataDir, host)).digest('hex').slice(0, 12)}`
  if (host.platform === 'win32') return `\\\\.\\pipe\\${name}`
  if (folded(dataDir, host) === folded(defaultDataDir(host), host)) return '/run/postern/postern.sock'
  const temporary = posix.join(tmpdir(), `postern-${host.uid}`)
  const elsewhere = posix.join(temporary, `${name}.sock`)
  const runtime = host.env['XDG_RUNTIME_DIR'] ?? ''
  if (!posix.isAbsolute(runtime) || !isPrivate(runtime, host)) {
    if (existsSync(temporary) && !isPrivate(temporary, host))
      throw new Refusal(
        'folder_unsafe',
        `${temporary} is not a folder of this user alone. Remove it, or name a socket.`,
      )
    return elsewhere
  }
  const path = posix.join(runtime, `${name}.sock`)
  if (existsSync(path)) return path
  return isPrivate(temporary, host) && existsSync(elsewhere) ? elsewhere : path
}

/** One text for one folder: absolute, and on Windows without regard to case. */
const folded = (path: string, host: SocketHost): string => {
  const absolute = pathsOf(host).resolve(path)
  return host.platform === 'win32' ? absolute.toLowerCase() : absolute
}

/** Whether a folder, itself and not by a link, is this user's alone. */
const isPrivate = (dir: string, { uid }: SocketHost): boolean => {
  const facts = lstatSync(dir, { throwIfNoEntry: false })
  return facts !== undefined && facts.isDirectory() && facts.uid === uid && (facts.mode & 0o077) === 0
}
