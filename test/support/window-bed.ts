/** The built console in its window over a real daemon: under the stand-in, or on real Electron with POSTERN_ELECTRON=real. */
import { join } from 'node:path'
import { launchApp, type Launch, type LaunchedApp } from './electron-app.ts'
import { startTestPostern, type TestPostern } from './start-postern.ts'

export const builtMain = join(import.meta.dirname, '..', '..', 'desktop', 'dist', 'app', 'main.cjs')

export interface WindowBed extends LaunchedApp {
  readonly postern: TestPostern
  /** What the page complained of. */
  readonly complaints: string[]
}

/** `of`: a daemon that runs already, and is left running. */
export const openWindowBed = async (of?: TestPostern, more: Partial<Launch> = {}): Promise<WindowBed> => {
  const postern = of ?? (await startTestPostern({}, { now: Date.now }))
  const { args = [], ...rest } = more
  const launched = await launchApp({
    main: builtMain,
    args: ['--socket', postern.settings.socketPath, ...args],
    // A desktop with a place for icons, whatever this test runs on.
    env: { XDG_CURRENT_DESKTOP: 'KDE', ...rest.env },
    ...rest,
  }).catch(async (error: unknown) => {
    if (of === undefined) await postern.stop()
    throw error
  })
  const complaints: string[] = []
  launched.page.on('pageerror', (error) => complaints.push(String(error)))
  launched.page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  return {
    ...launched,
    postern,
    complaints,
    close: async () => {
      await launched.close()
      if (of === undefined) await postern.stop()
    },
  }
}
