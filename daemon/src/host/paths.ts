/**
 * Where things are when nobody says otherwise. Promises: the daemon and the CLI ask here with the same data folder and get
 * the same answers; two data folders never share a socket. Never: a socket in a folder that somebody else can change.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { posix, win32 } from 'node:path'
import { Problem } from '../problem.ts'

export interface HostFacts {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly uid: number
}

const thisHost = (): HostFacts => ({ platform: process.platform, env: process.env, uid: process.geteuid?.() ?? -1 })

const pathsOf = ({ platform }: HostFacts): typeof posix => (platform === 'win32' ? win32 : posix)

const programData = ({ env }: HostFacts): string => env['ProgramData'] ?? 'C:\\ProgramData'

export const defaultDataDir = (host: HostFacts = thisHost()): string =>
  host.platform === 'win32' ? win32.join(programData(host), 'Postern') : '/var/lib/postern'

/** The machine folder that belongs to a data folder: the system's place for the default one, else `DIR.machine` beside it. */
export const machineDirFor = (dataDir: string, host: HostFacts = thisHost()): string => {
  if (!isDefault(dataDir, host)) return `${pathsOf(host).resolve(dataDir)}.machine`
  return host.platform === 'win32' ? win32.join(programData(host), 'PosternMachine') : '/etc/postern/machine'
}

/** Below the ports that systems hand out by themselves: Linux begins at 32768, Windows and macOS at 49152. */
const pagesPorts = { from: 20_000, count: 10_000 }

/** Where the pages of a data folder are served: the same each time, so that the browser knows their address again. */
export const pagesPortFor = (dataDir: string, host: HostFacts = thisHost()): number =>
  pagesPorts.from +
  (createHash('sha256')
    .update(`pages ${folded(dataDir, host)}`)
    .digest()
    .readUInt32BE() %
    pagesPorts.count)

const systemSocket = '/run/postern/postern.sock'
// struct sockaddr_un holds 108 bytes with its end.
const socketPathBytesMax = 107

/**
 * The admin socket of a data folder, absolute. The system's own socket is for the system's own folder; every other folder
 * has a socket named after it, so two never share one. `given`: what a flag, `POSTERN_SOCKET` or the settings say; empty
 * counts as absent. Throws `settings_invalid` for a socket that is too long or lies in the data folder, `folder_unsafe`
 * when the only folder left for it is not this user's alone.
 */
export const socketPathFor = (dataDir: string, given: string | undefined, host: HostFacts = thisHost()): string => {
  const { resolve, sep } = pathsOf(host)
  const path = given === undefined || given === '' ? chosen(dataDir, host) : resolve(given)
  if (host.platform !== 'win32' && Buffer.byteLength(path) > socketPathBytesMax)
    throw new Problem('settings_invalid', {
      detail: `--socket: ${path} is longer than ${socketPathBytesMax} bytes; choose a shorter path`,
    })
  if (folded(path, host).startsWith(`${folded(dataDir, host)}${sep}`))
    throw new Problem('settings_invalid', {
      detail: '--socket: the socket may not lie in the data folder, because backups copy that',
    })
  return path
}

const chosen = (dataDir: string, host: HostFacts): string => {
  const name = `postern-${createHash('sha256').update(folded(dataDir, host)).digest('hex').slice(0, 12)}`
  if (host.platform === 'win32') return `\\\\.\\pipe\\${name}`
  if (isDefault(dataDir, host)) return systemSocket
  const runtime = host.env['XDG_RUNTIME_DIR'] ?? ''
  if (!posix.isAbsolute(runtime) || !isPrivate(runtime, host))
    return posix.join(privateTemporaryDir(host), `${name}.sock`)
  const path = posix.join(runtime, `${name}.sock`)
  if (existsSync(path)) return path
  // A service has no runtime folder where the same user's login has one; the login has to find the service's socket.
  const temporary = temporaryDirOf(host)
  const elsewhere = posix.join(temporary, `${name}.sock`)
  return isPrivate(temporary, host) && existsSync(elsewhere) ? elsewhere : path
}

const isDefault = (dataDir: string, host: HostFacts): boolean =>
  folded(dataDir, host) === folded(defaultDataDir(host), host)

/** One text for one folder: absolute, and on Windows without regard to case. */
const folded = (path: string, host: HostFacts): string => {
  const absolute = pathsOf(host).resolve(path)
  return host.platform === 'win32' ? absolute.toLowerCase() : absolute
}

const temporaryDirOf = ({ uid }: HostFacts): string => posix.join(tmpdir(), `postern-${uid}`)

/** Whether a folder, itself and not by a link, is this user's alone. */
const isPrivate = (dir: string, { uid }: HostFacts): boolean => {
  const facts = lstatSync(dir, { throwIfNoEntry: false })
  return facts !== undefined && facts.isDirectory() && facts.uid === uid && (facts.mode & 0o077) === 0
}

/** A folder of this user's own in the system's temporary directory; refused when somebody else could have made it. */
const privateTemporaryDir = (host: HostFacts): string => {
  const dir = temporaryDirOf(host)
  if (lstatSync(dir, { throwIfNoEntry: false }) === undefined) mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (!isPrivate(dir, host))
    throw new Problem('folder_unsafe', {
      detail: `${dir} is not a folder of this user alone. Remove it, or name a socket with --socket.`,
    })
  return dir
}
