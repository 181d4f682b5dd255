/**
 * Debian's Chromium through Playwright, for tests that press keys and look at what is shown. Where there is its shell without
 * windows, that one is used: the same engine for half the work, because no frame of a browser is drawn around each page.
 */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const executablePath = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path))

export const hasBrowser = (): boolean => executablePath !== undefined

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    // Chromium refuses its sandbox to whom containers run tests as.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
