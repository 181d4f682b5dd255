/**
 * `npm run screenshots`: pictures of the console for the README, light and dark, taken from the real thing: a daemon that
 * has been in use for a month, its pages in a real browser through a one-time link.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { startUsedPostern } from './month-of-use.ts'

const folder = join(import.meta.dirname, '..', '..', 'desktop', 'pictures')
const size = { width: 1200, height: 720 }

const toPage = (page: Page, name: string): Promise<void> => page.locator('nav button', { hasText: name }).click()

const pictures: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  keys: async (page) => {
    await toPage(page, 'API keys')
    await page.getByText('Fleet telemetry').waitFor()
  },
  'key-details': async (page) => {
    await toPage(page, 'API keys')
    await page.locator('[data-row]', { hasText: 'CRM sync' }).locator('.name').click()
    await page.locator('.details meter').waitFor()
  },
  status: async (page) => {
    await toPage(page, 'Status')
    await page.getByText('Calls today').waitFor()
  },
}

if (!hasBrowser()) {
  process.stderr.write('Chromium is not here. On Debian: apt-get install chromium\n')
  process.exit(1)
}
await mkdir(folder, { recursive: true })
const used = await startUsedPostern('Europe/Berlin')
const browser = await startBrowser()
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { url } = await used.postern.admin.call('links.create', { body: { page: 'console' } })
    const context = await browser.newContext({ viewport: size, colorScheme, timezoneId: 'Europe/Berlin' })
    const page = await context.newPage()
    await page.goto(url)
    for (const [name, go] of Object.entries(pictures)) {
      await go(page)
      await page.mouse.move(0, 0)
      await page.evaluate('document.activeElement?.blur()')
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), animations: 'disabled' })
    }
    await context.close()
  }
} finally {
  await browser.close()
  await used.stop()
}
process.stdout.write(`${Object.keys(pictures).length} pictures, light and dark: desktop/pictures\n`)
