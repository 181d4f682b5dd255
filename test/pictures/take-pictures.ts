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

const toPage = async (page: Page, name: string): Promise<void> => {
  await page.locator('nav button', { hasText: name === 'API' ? /^API$/ : name }).click()
  await page.locator('main h1', { hasText: name }).waitFor()
}

const toKeys = async (page: Page): Promise<void> => {
  await toPage(page, 'API keys')
  await page.getByText('Fleet telemetry').waitFor()
}

/** What is shown, by the name of its picture. */
const pictures: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  keys: async (page) => {
    await toKeys(page)
    await page.locator('[data-row="0"] .spark svg').waitFor()
  },
  // Old and new value of a rotation side by side.
  'key-details': async (page) => {
    await toKeys(page)
    await page.locator('[data-row]', { hasText: 'CRM sync' }).locator('.name').click()
    await page.locator('.adoption').waitFor()
  },
  // Who would be hit.
  'delete-key': async (page) => {
    await toKeys(page)
    await page.locator('[data-row]', { hasText: 'Payroll bridge' }).locator('.actions button').click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('Still in use:').waitFor()
  },
  // The countdown of a copied value.
  copied: async (page) => {
    await page.keyboard.press('Escape')
    await toKeys(page)
    await page.locator('[data-row]', { hasText: 'Nintex workflows' }).locator('.actions button').click()
    await page.getByRole('menuitem', { name: 'Copy key' }).click()
    await page.getByText('Key copied.').first().waitFor()
  },
  'recently-deleted': async (page) => {
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await toKeys(page)
    await page.getByRole('button', { name: 'Recently deleted' }).click()
    await page.getByText('Scanner trial 2025').waitFor()
  },
  'try-key': async (page) => {
    await page.keyboard.press('Escape')
    await toKeys(page)
    await page.locator('[data-row]', { hasText: 'CRM sync' }).locator('.name').click()
    await page.getByRole('button', { name: 'Try this key…' }).click()
    await page.getByLabel('Endpoint').selectOption({ label: 'ANY /crm/contacts' })
    await page.getByRole('dialog').getByRole('button', { name: 'Try', exact: true }).click()
    await page.getByText('It passes.').waitFor()
  },
  suggestions: async (page) => {
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Close' }).click()
    await toKeys(page)
    await page.getByRole('button', { name: /^Suggestions/ }).click()
  },
  palette: async (page) => {
    await page.keyboard.press('Escape')
    await toKeys(page)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('fleet')
    await page.getByText("postern keys disable 'Fleet telemetry'").waitFor()
  },
  status: async (page) => {
    await page.keyboard.press('Escape')
    await toPage(page, 'Status')
    await page.getByText('Calls today').waitFor()
  },
  clients: (page) => toPage(page, 'Clients'),
  endpoints: (page) => toPage(page, 'Endpoints'),
  usage: async (page) => {
    await toPage(page, 'Usage')
    await page.getByRole('button', { name: '30 days' }).click()
    await page.locator('.usage-chart').waitFor()
  },
  audit: async (page) => {
    await toPage(page, 'Audit trail')
    await page.getByRole('button', { name: 'Verify' }).click()
    await page
      .getByText(/^Verified/)
      .first()
      .waitFor()
  },
  calendar: (page) => toPage(page, 'Expiry calendar'),
  notices: (page) => toPage(page, 'Notices'),
  recovery: (page) => toPage(page, 'Backup & recovery'),
  settings: (page) => toPage(page, 'Settings'),
  api: (page) => toPage(page, 'API'),
}

if (!hasBrowser()) {
  process.stderr.write('Chromium is not here. On Debian: apt-get install chromium\n')
  process.exit(1)
}
const takePicture = async (page: Page, name: string): Promise<void> => {
  await page.mouse.move(0, 0)
  await page.evaluate('document.activeElement?.blur()')
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

/**
 * The daemon of the pictures runs in a folder that goes with it, whose name says nothing to anybody. The one thing in them that is
 * not as it was answered: this folder's name is that of an installation.
 */
const nameFolder = async (page: Page, dataDir: string): Promise<void> => {
  await page.route('**/v1/status', async (route) => {
    // Where nobody answers any more, nobody does here either.
    const answer = await route.fetch().catch(() => null)
    if (answer === null) return route.abort('connectionrefused')
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(dataDir, '/var/lib/postern') })
  })
}

await mkdir(folder, { recursive: true })
const used = await startUsedPostern('Europe/Berlin')
const browser = await startBrowser()
try {
  const pages = new Map<string, Page>()
  for (const colorScheme of ['light', 'dark'] as const) {
    const { url } = await used.postern.admin.call('links.create', { body: { page: 'console' } })
    const context = await browser.newContext({ viewport: size, colorScheme, timezoneId: 'Europe/Berlin' })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin })
    const page = await context.newPage()
    await nameFolder(page, used.postern.settings.dataDir)
    pages.set(colorScheme, page)
    await page.goto(url)
    for (const [name, go] of Object.entries(pictures)) {
      await go(page)
      await takePicture(page, `${name}-${colorScheme}`)
    }
    await toKeys(page)
  }
  // What there is to see when the service is not there.
  await used.stop()
  for (const [colorScheme, page] of pages) {
    await page.getByText('The Postern service is not running').waitFor()
    await takePicture(page, `stopped-${colorScheme}`)
  }
} finally {
  await browser.close()
  await used.stop()
}
process.stdout.write(`${Object.keys(pictures).length + 1} pictures, light and dark: desktop/pictures\n`)
