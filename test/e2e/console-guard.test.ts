/** The console in a browser when nobody uses it, where an organisation has settled things, and after the service was restarted. */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import type { Settings } from '../../daemon/src/settings.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('console: whether somebody is there, and who decides', function () {
  this.timeout(60_000)
  let browser: Browser
  const started: TestPostern[] = []
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
  })
  afterEach(async () => {
    for (const test of started.splice(0)) await test.stop()
  })
  after(() => browser?.close())

  const start = async (overrides: Partial<Settings> = {}): Promise<TestPostern> => {
    const test = await startTestPostern(overrides, { now: Date.now })
    started.push(test)
    await test.admin.call('keys.create', { body: { name: 'Payroll bridge' } })
    return test
  }
  const toSettings = async (page: Page): Promise<void> => {
    await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'This console' }).waitFor()
  }
  const clipboard = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()')

  it('nobody uses it for as long as was chosen: the session ends, nothing is left, and a new link opens it', async () => {
    const test = await start()
    const { page, complaints } = await openConsole(browser, test, async (fresh) => {
      await fresh.clock.install()
    })
    const tokens: string[] = []
    page.on('request', (request) => void tokens.push(request.headers()['authorization'] ?? ''))
    await toSettings(page)
    await page.getByLabel('After 5 minutes').check()
    await page.getByRole('navigation').getByRole('button', { name: 'API keys' }).click()
    const row = page.locator('[data-row]', { hasText: 'Payroll bridge' })
    await row.locator('.actions button').click()
    await page.getByRole('menuitem', { name: 'Copy key' }).click()
    await page.getByText('Key copied.').first().waitFor()
    await page.getByRole('button', { name: 'Keep' }).first().waitFor()
    assert.match(await clipboard(page), /^postern_/)

    await page.clock.fastForward('04:30')
    assert.equal(await row.count(), 1, 'not before')
    await page.clock.fastForward('00:31')
    await page.getByText('Nobody used this page for 5 minutes').waitFor()
    await page.getByText(`postern console --data ${test.settings.dataDir}`).waitFor()
    assert.doesNotMatch(await page.content(), /Payroll bridge/)
    assert.equal(await clipboard(page), '')

    const { origin } = new URL(page.url())
    const token = tokens.findLast((each) => each.startsWith('Bearer ')) ?? ''
    const { url } = await test.admin.call('links.create', { body: { page: 'console' } })
    assert.equal(new URL(url).origin.replace(/:\d+$/, ''), origin.replace(/:\d+$/, ''))
    const refused = await fetch(`${new URL(url).origin}/v1/keys`, { headers: { authorization: token } })
    assert.equal(refused.status, 401, 'the daemon knows the token no more')
    // What was asked while the door was being shut is refused; nobody waits for it any more.
    assert.deepEqual(
      complaints.filter((each) => !each.includes('ERR_CONNECTION_REFUSED')),
      [],
    )
  })

  it('what an organisation settles is in force and cannot be changed, in the page and at its door', async () => {
    const test = await start({ console: { theme: 'dark', density: 'compact', clipboard_seconds: 15 } })
    const { page } = await openConsole(browser, test, async (fresh) => {
      await fresh.addInitScript(`localStorage.setItem('postern-preferences', '{"theme":"light","clipboard":"120"}')`)
    })
    const row = page.locator('[data-row]', { hasText: 'Payroll bridge' })
    await row.waitFor()
    assert.equal(await page.evaluate('document.documentElement.style.colorScheme'), 'dark')
    assert.equal(await page.locator('.grid.compact').count(), 1)
    assert.equal(await page.getByRole('button', { name: 'Comfortable rows' }).count(), 0)
    await row.locator('.actions button').click()
    await page.getByRole('menuitem', { name: 'Copy key' }).click()
    await page.getByText('The clipboard is cleared in 15 s.').first().waitFor()

    await toSettings(page)
    for (const [group, chosen] of [
      ['Theme', 'Dark'],
      ['Rows in the list of keys', 'Compact'],
      ['Empty the clipboard', 'After 15 seconds'],
    ] as const) {
      const choices = page.getByRole('group', { name: group })
      await choices.getByText('Set by your organisation.').waitFor()
      assert.ok(await choices.getByLabel(chosen).isChecked())
      for (const each of await choices.getByRole('radio').all()) assert.ok(await each.isDisabled())
    }
    const free = page.getByRole('group', { name: 'Show times in' })
    assert.equal(await free.getByText('Set by your organisation.').count(), 0)
    await free.getByLabel('UTC').check()
    assert.deepEqual(JSON.parse(await page.evaluate(`localStorage.getItem('postern-preferences')`)), {
      theme: 'light',
      clipboard: '120',
      zone: 'utc',
    })
  })

  it('the service is restarted: the page says how to come back, claims nothing of the key store, and knows its choices', async () => {
    const test = await start({ pagesPort: { port: 29_973, orAny: true } })
    const { page } = await openConsole(browser, test)
    await toSettings(page)
    await page.getByLabel('Dark').check()
    const footer = page.getByRole('contentinfo')
    await footer.getByText('Key store unlocked').waitFor()
    const before = new URL(page.url()).origin
    await test.postern.stop()
    await page.getByText('The Postern service is not running').waitFor({ timeout: 20_000 })
    await footer.getByText('Key store unknown').waitFor()
    assert.equal(await footer.getByText('Key store unlocked').count(), 0)
    const command = `postern console --data ${test.settings.dataDir}`
    const line = page.locator('.banner > .command', { hasText: command })
    assert.ok(await line.isVisible(), 'not folded away')
    await line.getByRole('button', { name: 'Copy' }).click()
    assert.equal(await clipboard(page), command)

    const again = await test.restart()
    const { url } = await test.admin.call('links.create', { body: { page: 'console' } })
    assert.equal(new URL(url).origin, before, 'the same address')
    await page.goto(url)
    await page.locator('[data-row]', { hasText: 'Payroll bridge' }).waitFor()
    assert.equal(await page.evaluate('document.documentElement.style.colorScheme'), 'dark')
    await again.stop()
  })
})
