/**
 * What has to be known before the keystore is open: folders, listeners, socket, certificate, log level. From flags, then
 * `POSTERN_*`, then `config.json` in the data folder, then defaults. Frozen once read; unknown or doubtful refuses to start.
 */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { consolePolicy, type ConsolePolicy } from '@postern/shared'
import { parseNetwork } from './addresses/networks.ts'
import type { PagesPort } from './admin/pages.ts'
import type { AdminListenAt } from './admin/token-door.ts'
import type { ListenAt } from './gateway/listener.ts'
import { defaultDataDir, machineDirFor, pagesPortFor, socketPathFor } from './host/paths.ts'
import type { StatusAt } from './metrics/status-listener.ts'
import { Problem } from './problem.ts'
import type { CertificateSource } from './tls/keep-certificate.ts'

export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Settings {
  readonly dataDir: string
  readonly machineDir: string
  readonly socketPath: string
  readonly listen: readonly ListenAt[]
  /** Where metrics are told, in plain http; `null`: nowhere. */
  readonly statusListen: StatusAt | null
  readonly certificate: CertificateSource
  /** Names the own certificate is made for, besides those of the machine. */
  readonly names: readonly string[]
  readonly logLevel: LogLevel
  /** Networks of proxies whose word about their callers is taken. */
  readonly trustedProxies: readonly string[]
  /** Where pages are served on 127.0.0.1 while somebody uses them. */
  readonly pagesPort: PagesPort
  /** Where programs with admin tokens come in, in plain http on loopback; `null`: on the socket alone. */
  readonly adminListen: AdminListenAt | null
  /** What is settled for every console of this machine. */
  readonly console: ConsolePolicy
}

/** Flags as given; every one may be absent. */
export interface Given {
  readonly data?: string | undefined
  readonly machine?: string | undefined
  readonly listen?: readonly string[] | undefined
  readonly statusListen?: string | undefined
  readonly adminListen?: string | undefined
  readonly socket?: string | undefined
  readonly logLevel?: string | undefined
  readonly trustedProxies?: readonly string[] | undefined
}

export const configFile = 'config.json'
export const defaultListen = 'https://0.0.0.0:8443'

const configSchema = z.strictObject({
  listen: z.array(z.string()).min(1).optional(),
  status_listen: z.string().optional(),
  admin_listen: z.string().optional(),
  socket: z.string().optional(),
  trusted_proxies: z.array(z.string()).optional(),
  names: z.array(z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/)).optional(),
  log_level: z.enum(logLevels).optional(),
  pages_port: z.int().min(0).max(65_535).optional(),
  console: consolePolicy.optional(),
  tls: z
    .union([
      z.strictObject({ certificate_file: z.string(), key_file: z.string(), passphrase_file: z.string().optional() }),
      z.strictObject({ pfx_file: z.string(), passphrase_file: z.string().optional() }),
    ])
    .optional(),
})
type Config = z.infer<typeof configSchema>

type Env = Readonly<Record<string, string | undefined>>

/** The two folders of a call: all that `init` and `unlock` need. */
export const readFolders = (given: Given, env: Env): { dataDir: string; machineDir: string } => {
  const dataDir = resolve(given.data ?? env['POSTERN_DATA'] ?? defaultDataDir())
  return { dataDir, machineDir: resolve(given.machine ?? env['POSTERN_MACHINE'] ?? machineDirFor(dataDir)) }
}

/** Throws `settings_invalid` naming the setting and the fix. */
export const readSettings = (given: Given, env: Env): Settings => {
  const folders = readFolders(given, env)
  const config = readConfig(folders.dataDir)
  const listen = given.listen ?? env['POSTERN_LISTEN']?.split(',') ?? config.listen ?? [defaultListen]
  const statusListen = given.statusListen ?? env['POSTERN_STATUS_LISTEN'] ?? config.status_listen
  const adminListen = given.adminListen ?? env['POSTERN_ADMIN_LISTEN'] ?? config.admin_listen
  const logLevel = given.logLevel ?? env['POSTERN_LOG_LEVEL'] ?? config.log_level ?? 'info'
  if (!isLogLevel(logLevel)) throw refuse('--log-level', `one of ${logLevels.join(', ')}`)
  return Object.freeze({
    ...folders,
    socketPath: readSocketPath(given, env, folders.dataDir, config),
    listen: Object.freeze(listen.map(parseListen)),
    statusListen: statusListen === undefined ? null : parseStatusListen(statusListen, listen.map(parseListen)),
    certificate: certificateOf(config),
    names: config.names ?? [],
    trustedProxies: Object.freeze(
      (given.trustedProxies ?? env['POSTERN_TRUSTED_PROXIES']?.split(',') ?? config.trusted_proxies ?? []).map(
        parseProxy,
      ),
    ),
    logLevel,
    adminListen: adminListen === undefined ? null : parseAdminListen(adminListen, listen.map(parseListen)),
    pagesPort: pagesPortOf(config, folders.dataDir),
    console: Object.freeze(config.console ?? {}),
  })
}

/** The socket alone, for commands that only talk to a daemon. */
export const readSocket = (given: Given, env: Env): string => {
  const { dataDir } = readFolders(given, env)
  return readSocketPath(given, env, dataDir, readConfig(dataDir))
}

const readSocketPath = (given: Given, env: Env, dataDir: string, config: Config): string =>
  socketPathFor(dataDir, given.socket ?? env['POSTERN_SOCKET'] ?? config.socket)

const readConfig = (dataDir: string): Config => {
  const path = join(dataDir, configFile)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A folder this user may not look into belongs to a daemon of another user; its socket can still be spoken to.
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return {}
    throw error
  }
  try {
    return configSchema.parse(JSON.parse(text))
  } catch (error) {
    const first = error instanceof z.ZodError ? error.issues[0] : undefined
    const where = first === undefined ? 'it is not JSON' : `${first.path.join('.') || 'at the top'}: ${first.message}`
    throw new Problem('settings_invalid', {
      detail: `${path}: ${where}. Correct the file; Postern does not start on doubtful settings.`,
    })
  }
}

/** `https://HOST:PORT`, `http://LOOPBACK:PORT` or `HOST:PORT` (https). */
export const parseListen = (text: string): ListenAt => {
  const found = /^(?:(https?):\/\/)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text)
  const host = found?.[2]?.replace(/^\[(.*)\]$/, '$1')
  const port = Number(found?.[3])
  if (host === undefined || port > 65_535)
    throw refuse('--listen', `"${text}" is not HOST:PORT, https://HOST:PORT or http://127.0.0.1:PORT`)
  const protocol = found?.[1] === 'http' ? 'http' : 'https'
  const loopback = host === '127.0.0.1' || host === '::1'
  if (protocol === 'http' && !loopback)
    throw refuse('--listen', `plain http is only for proxies on this machine: http://127.0.0.1:${port}`)
  if (isIP(host) === 0 && !/^[A-Za-z0-9.-]+$/.test(host))
    throw refuse('--listen', `"${host}" is neither an address nor a name`)
  return { protocol, host, port }
}

/**
 * `HOST:PORT` or `http://HOST:PORT`. Whoever watches Postern may do so from another machine, so any address may be named;
 * none is assumed.
 */
export const parseStatusListen = (text: string, listen: readonly ListenAt[]): StatusAt => {
  const found = /^(?:http:\/\/)?(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text)
  const host = found?.[1] ?? found?.[2]
  const port = Number(found?.[3])
  if (host === undefined || port > 65_535 || (found?.[1] !== undefined && isIP(host) !== 6))
    throw refuse('--status-listen', `"${text}" is not HOST:PORT, such as 127.0.0.1:9464; it is spoken to in plain http`)
  if (port !== 0 && listen.some((each) => each.port === port))
    throw refuse('--status-listen', `port ${port} is where connectors call; choose another, such as ${host}:9464`)
  return { host, port }
}

/**
 * `http://127.0.0.1:PORT` or `http://[::1]:PORT`. An address and no name: a name could come to mean another machine, and
 * tokens go over it in plain http.
 */
export const parseAdminListen = (text: string, listen: readonly ListenAt[]): AdminListenAt => {
  const [, host, digits] = /^http:\/\/(127\.0\.0\.1|\[::1\]):(\d{1,5})\/?$/.exec(text) ?? []
  const port = Number(digits)
  if (host === undefined || port > 65_535)
    throw refuse(
      '--admin-listen',
      `"${text}" is not http://127.0.0.1:PORT or http://[::1]:PORT; admin tokens are taken on this machine alone`,
    )
  if (port !== 0 && listen.some((each) => each.port === port))
    throw refuse('--admin-listen', `port ${port} is where connectors call; choose another, such as http://${host}:9465`)
  return { host: host === '127.0.0.1' ? host : '::1', port }
}

const parseProxy = (text: string): string => {
  const network = parseNetwork(text)
  if (typeof network === 'string') throw refuse('--trusted-proxy', network)
  if (network.prefix === 0) throw refuse('--trusted-proxy', `"${text}" would let every caller say from where it comes`)
  return network.text
}

const pagesPortOf = ({ pages_port: port }: Config, dataDir: string): PagesPort =>
  port === undefined ? { port: pagesPortFor(dataDir), orAny: true } : { port, orAny: false }

const certificateOf = ({ tls }: Config): CertificateSource => {
  if (tls === undefined) return { kind: 'own' }
  const passphraseFile = tls.passphrase_file ?? null
  if ('pfx_file' in tls) return { kind: 'pfx', file: tls.pfx_file, passphraseFile }
  return { kind: 'pem', certificateFile: tls.certificate_file, keyFile: tls.key_file, passphraseFile }
}

const isLogLevel = (text: string): text is LogLevel => (logLevels as readonly string[]).includes(text)

const refuse = (setting: string, message: string): Problem =>
  new Problem('settings_invalid', { detail: `${setting}: ${message}` })
