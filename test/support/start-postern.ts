/** A real daemon for tests: port 0, a folder of its own, a clock that tests can move, and the typed client to speak to it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdminClient, type AdminClient } from '../../daemon/src/cli/admin-client.ts'
import { initStore } from '../../daemon/src/init-store.ts'
import type { Log } from '../../daemon/src/log.ts'
import { startPostern, type Postern, type PosternDeps } from '../../daemon/src/postern.ts'
import type { Settings } from '../../daemon/src/settings.ts'

export interface Clock {
  nowMs: number
}

export interface TestPostern {
  readonly postern: Postern
  readonly admin: AdminClient
  readonly settings: Settings
  readonly clock: Clock
  readonly recoveryCode: string
  /** Everything the daemon has logged. */
  readonly logged: string[]
  /** The https and the plain http listener. */
  readonly https: string
  readonly http: string
  ca(): Promise<string>
  /** Stops the daemon and starts it again on the same folder. */
  restart(): Promise<TestPostern>
  stop(): Promise<void>
}

export const logInto = (lines: string[]): Log => {
  const write = (...parts: unknown[]): void => void lines.push(JSON.stringify(parts))
  return { error: write, warn: write, info: write, debug: write } as unknown as Log
}

export const settingsFor = (dir: string, overrides: Partial<Settings> = {}): Settings => ({
  dataDir: join(dir, 'data'),
  machineDir: join(dir, 'machine'),
  socketPath: join(dir, 'run', 'postern.sock'),
  listen: [
    { protocol: 'https', host: '127.0.0.1', port: 0 },
    { protocol: 'http', host: '127.0.0.1', port: 0 },
  ],
  statusListen: null,
  certificate: { kind: 'own' },
  names: [],
  logLevel: 'debug',
  trustedProxies: [],
  pagesPort: { port: 0, orAny: false },
  adminListen: null,
  console: {},
  ...overrides,
})

export const temporaryDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'postern-test-'))

/** Small, because every test makes one. */
const auditReserveBytes = 64 * 1024

/** A fresh store and a daemon on it. Stopping it removes its folder. `clock`: one that has begun earlier. */
export const startTestPostern = async (
  overrides: Partial<Settings> = {},
  deps: Partial<PosternDeps> = {},
  clock: Clock = { nowMs: Date.now() },
): Promise<TestPostern> => {
  const dir = await temporaryDir()
  const settings = settingsFor(dir, overrides)
  const kit = await initStore(settings, { config: {}, now: () => clock.nowMs })
  const logged: string[] = []
  const start = async (): Promise<TestPostern> => {
    const log = logInto(logged)
    const now = (): number => clock.nowMs
    // One clock is both: turned on by a test, time has passed.
    const given = { log, now, steadyMs: now, zone: 'UTC', env: {}, auditReserveBytes, ...deps }
    const postern = await startPostern(settings, given)
    const [https = '', http = ''] = postern.urls
    return {
      postern,
      admin: createAdminClient({ socketPath: settings.socketPath, actorName: 'tester' }),
      settings,
      clock,
      recoveryCode: kit.code.reveal(),
      logged,
      https,
      http,
      ca: () => readFile(join(settings.dataDir, 'tls', 'ca.crt'), 'utf8'),
      restart: async () => {
        await postern.stop()
        return start()
      },
      stop: async () => {
        await postern.stop()
        await rm(dir, { recursive: true, force: true })
      },
    }
  }
  return start().catch(async (error: unknown) => {
    await rm(dir, { recursive: true, force: true })
    throw error
  })
}

/** A collection with one endpoint `ANY /erp/{rest*}` to an upstream, and a key that reaches it. Gives the key's value. */
export const prepareKey = async (
  admin: AdminClient,
  upstream: string,
  name = 'Robot',
): Promise<{ id: string; value: string }> => {
  await admin.call('collections.create', { body: { name: 'ERP' } })
  await admin.call('endpoints.create', {
    body: { collection: 'ERP', method: 'ANY', path: '/erp/{rest*}', upstream: `${upstream}/{rest*}` },
  })
  const key = await admin.call('keys.create', { body: { name } })
  return { id: key.id, value: key.value ?? '' }
}
