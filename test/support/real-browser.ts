/** Debian's Chromium through Playwright, for tests that press keys and look at what is shown. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

export const hasBrowser = (): boolean => existsSync(executablePath)

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    // Chromium refuses its sandbox to whom containers run tests as.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
