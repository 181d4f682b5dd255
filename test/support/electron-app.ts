/**
 * The built console, started by Playwright's own `_electron.launch`. Promises: a spec that uses only this runs on the
 * stand-in of test/electron-double and, with POSTERN_ELECTRON=real, on real Electron; what only the stand-in can show
 * is behind `seen`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page, type Request } from 'playwright-core'
import type { Seen } from '../electron-double/double/record.ts'
import { hasBrowser } from './real-browser.ts'

export const isRealElectron = process.env['POSTERN_ELECTRON'] === 'real'

const standIn = join(import.meta.dirname, '..', 'electron-double', 'dist')
const overrideName = 'ELECTRON_OVERRIDE_DIST_PATH'

/** Whether there is anything to start an app with; suites skip where there is not. */
export const hasElectron = (): boolean =>
  isRealElectron
    ? existsSync(join(import.meta.dirname, '..', '..', 'node_modules', 'electron', 'path.txt'))
    : process.platform === 'linux' && hasBrowser()

/** The `electron` package says where its executable is; it reads the override when it is first asked. */
const executable = (): string => {
  if (!isRealElectron) process.env[overrideName] = standIn
  return createRequire(import.meta.url)('electron') as string
}

export interface Launch {
  /** The app's main file, or the folder of its package.json. */
  readonly main: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Its folder of user data; without it a new one that goes with the app. */
  readonly userData?: string
}

export interface LaunchedApp {
  readonly app: ElectronApplication
  readonly page: Page
  readonly userData: string
  /** Addresses outside of the app that a page has reached or would have reached. */
  networkLog(): Promise<readonly string[]>
  /** Reads what real Electron shows to a person only. Its own names are all that `read` can use. */
  seen<T>(read: (seen: Seen) => T): Promise<T>
  /** Starts the same app a second time, as a person would by its icon or a link, and waits for its end, a good one. */
  startAgain(...args: string[]): Promise<void>
  /** Quits the app; resolves when nothing of it is left. */
  close(): Promise<void>
}

export const launchApp = async ({ main, args = [], env = {}, userData: given }: Launch): Promise<LaunchedApp> => {
  const userData = given ?? mkdtempSync(join(tmpdir(), 'postern-console-'))
  const allArgs = [main, `--user-data-dir=${userData}`, ...args]
  const allEnv = { ...definedOf(process.env), ...env }
  // Playwright finds the executable by the same package, in this process.
  const program = executable()
  const app = await _electron.launch({ args: allArgs, env: allEnv })
  const reached = watchNetwork(app)
  const ended = once(app.process(), 'exit')
  const removeUserData = (): void => {
    if (given === undefined) rmSync(userData, { recursive: true, force: true })
  }
  try {
    const page = await app.firstWindow()
    // Every window is an empty page before it is the app's.
    await page.waitForURL(({ protocol }) => protocol !== 'about:')
    const seen = <T>(read: (seen: Seen) => T): Promise<T> => {
      if (isRealElectron) throw new Error('only the stand-in has seen that')
      return app.evaluate<T>(`(${read.toString()})(globalThis.electronDouble)`)
    }
    return {
      app,
      page,
      userData,
      seen,
      networkLog: async () => {
        if (isRealElectron) return reached
        // When a page has answered, what it did before has been told.
        await app.evaluate(({ webContents }) =>
          Promise.all(
            webContents
              .getAllWebContents()
              .filter((each) => !each.isCrashed())
              .map((each) => each.executeJavaScript('0')),
          ),
        )
        return seen(({ networkLog }) => networkLog)
      },
      startAgain: async (...more) => {
        const again = spawn(program, [...allArgs, ...more], { env: allEnv, stdio: ['ignore', 'ignore', 'pipe'] })
        let said = ''
        again.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
        const [code] = (await once(again, 'close')) as [number | null]
        if (code !== 0) throw new Error(`the second start ended with ${code}: ${said}`)
      },
      close: async () => {
        await app.close()
        // Playwright is content when the pages are gone.
        await ended
        removeUserData()
      },
    }
  } catch (error) {
    await app.close()
    removeUserData()
    throw error
  }
}

/** On real Electron: every request that was not the app's own and that nothing in the page or the app has stopped. */
const watchNetwork = (app: ElectronApplication): string[] => {
  const reached: string[] = []
  const own = /^(app|data|blob|devtools|chrome-extension|about):/
  const add = (request: Request): void => void (own.test(request.url()) || reached.push(request.url()))
  app.context().on('requestfinished', add)
  app.context().on('requestfailed', (request) => {
    if (!/BLOCKED|csp|ABORTED/i.test(request.failure()?.errorText ?? '')) add(request)
  })
  return reached
}

const definedOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
