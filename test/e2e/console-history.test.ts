/** The console and the browser's own Back and Forward: they walk its pages, and what they know is no more than which page it was. */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('console: back and forward in a real browser', function () {
  this.timeout(60_000)
  let test: TestPostern
  let browser: Browser
  before(async function () {
    if (!hasBrowser()) return this.skip()
    test = await startTestPostern({}, { now: Date.now })
    await test.admin.call('keys.create', { body: { name: 'Invoices' } })
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
  })
  const at = (page: Page, name: string): Promise<void> => page.getByRole('heading', { name, level: 1 }).waitFor()
  const goTo = (page: Page, name: string): Promise<void> => page.locator('nav button', { hasText: name }).click()
  const details = (page: Page) => page.getByRole('complementary', { name: 'Key details' })

  it('walk the pages, close what was open over them, ask nothing twice, and hold neither the code nor an id', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)
    await page.locator('[data-row]', { hasText: 'Invoices' }).waitFor()
    const address = page.url()
    await goTo(page, 'Status')
    await at(page, 'Status')
    const say = async (text: string): Promise<void> => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill(text)
      await page.locator('[role=option]').first().waitFor()
      await page.keyboard.press('Enter')
    }
    await say('view invoices')
    await details(page).waitFor()
    await say('delete invoices')
    await page.getByRole('alertdialog').waitFor()
    await page.goBack()
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await details(page).waitFor()
    await page.goBack()
    await at(page, 'Status')
    await page.keyboard.press('F1')
    await page.getByRole('dialog').waitFor()
    await page.goBack()
    await at(page, 'API keys')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.ok(await page.evaluate('document.activeElement !== document.body'), 'the focus is somewhere')
    await page.goForward()
    await at(page, 'Status')
    await page.goForward()
    await details(page).waitFor()
    await page.goForward()
    await page.locator('[data-row]', { hasText: 'Invoices' }).waitFor()
    assert.equal(await page.getByRole('alertdialog').count(), 0)
    await page.keyboard.press('Alt+ArrowLeft')
    await details(page).waitFor()
    // At the first of them Alt+Left does not leave the console, which would end the session.
    for (let times = 0; times < 5; times++) await page.keyboard.press('Alt+ArrowLeft')
    await at(page, 'API keys')
    await page.getByText('Service running').waitFor()

    const devtools = await page.context().newCDPSession(page)
    const { entries } = await devtools.send('Page.getNavigationHistory')
    const visited = entries.map(({ url }) => url).filter((url) => url !== 'about:blank')
    assert.ok(visited.length >= 4)
    assert.deepEqual([...new Set(visited)], [address])
    assert.doesNotMatch(address, /#/)
    assert.deepEqual(await page.evaluate('history.state'), { page: 'keys', visit: 0 })
    assert.deepEqual([astray, complaints], [[], []])
    await page.context().close()
  })

  it('after the page was loaded again, what is behind leads to its pages still, once there is a session', async () => {
    const { page } = await openConsole(browser, test)
    await page.getByText('Service running').waitFor()
    await goTo(page, 'Status')
    await at(page, 'Status')
    await goTo(page, 'Audit trail')
    await at(page, 'Audit trail')
    // Before: without a session and without a link the door is shut.
    const { url } = await test.admin.call('links.create', { body: { page: 'console' } })
    await page.reload()
    await page.getByLabel('Link, or the code').fill(url)
    await page.keyboard.press('Enter')
    await at(page, 'API keys')
    await page.goBack()
    await at(page, 'Status')
    await page.goForward()
    await at(page, 'API keys')
    assert.ok(!page.url().includes('#'))
    await page.context().close()
  })
})
