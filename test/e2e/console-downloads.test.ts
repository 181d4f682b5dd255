/** The parts of the console that are downloads of their own, while the service that has them is away. */
import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { openFakeConsole } from '../support/fake-console.ts'
import { gallery } from '../support/gallery/gallery.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'

/** Whether a file is none of those that the page asks for at once. */
const isLater = (file: string): boolean => !/index|jsx-runtime|bridge|icons|keys-|standing/.test(file)

describe('console: what cannot be fetched', function () {
  this.timeout(120_000)
  let browser: Browser
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
  })
  after(() => browser?.close())

  it('takes nothing of the page with it, and is there when it can be', async () => {
    let isAway = true
    const { page } = await openFakeConsole(await browser.newContext(), { isAway: (file) => isAway && isLater(file) })
    const goTo = (name: string): Promise<void> => page.getByRole('navigation').getByRole('button', { name }).click()
    await goTo('Status')
    await goTo('API keys')
    await page.locator('[data-row]').first().waitFor()
    await goTo('Status')
    isAway = false
    await page.getByRole('heading', { name: 'Status', level: 1, exact: true }).waitFor()
  })

  it('does not keep the page from telling what is wrong', async () => {
    const state = gallery['keys, not answering']
    assert.ok(state)
    const { page } = await openFakeConsole(await browser.newContext(), { ...state.scenario, isAway: isLater })
    await page.getByText('The Postern service is not running').waitFor({ timeout: 20_000 })
  })
})
