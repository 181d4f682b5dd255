/** Why a call was refused, asked in the console over a real daemon: from a key's menu, by its request id, and of any call. */
import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { bearer, call } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('console: why was a call refused?', function () {
  this.timeout(120_000)
  let test: TestPostern
  let browser: Browser
  let upstream: FakeUpstream
  let value: string
  before(async function () {
    if (!hasBrowser()) return this.skip()
    upstream = await startUpstream()
    browser = await startBrowser()
  })
  beforeEach(async () => {
    test = await startTestPostern({}, { now: Date.now })
    ;({ value } = await prepareKey(test.admin, upstream.origin))
    await test.admin.call('keys.edit', { params: { key: 'Robot' }, ifMatch: '*', body: { methods: ['GET'] } })
  })
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close()
    await test?.stop()
  })
  after(async () => {
    await browser?.close()
    await upstream?.close()
  })

  const refuse = async (): Promise<string> => {
    const { status, headers } = await call(`${test.http}/erp/orders`, { method: 'POST', headers: bearer(value) })
    assert.equal(status, 403)
    return String(headers['x-request-id'])
  }

  it('a key’s menu lists its refusals; a check names the rule, and what passes is told from it', async () => {
    await refuse()
    const { page } = await openConsole(browser, test)
    await page.locator('[data-row] .actions button').first().click()
    await page.getByRole('menuitem', { name: 'Why refused?' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('POST /erp/orders').waitFor()
    await dialog.getByRole('button', { name: 'Check POST /erp/orders again' }).click()
    await dialog.getByText('It would be refused with 403.').waitFor()
    await dialog.locator('.rule.refuse', { hasText: 'The key may use the method' }).waitFor()
    await dialog.locator('.rule.not_asked', { hasText: 'No limit is reached' }).waitFor()
    await dialog.getByLabel('Method').selectOption('GET')
    await dialog.getByLabel('At (').fill('')
    await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
    await dialog.getByText('It would pass').waitFor()
    assert.equal(await dialog.locator('.rule.refuse').count(), 0)
  })

  it('a request id finds its refusal, through the palette too, and one that nobody knows is said to be so', async () => {
    const request = await refuse()
    const { page } = await openConsole(browser, test)
    await page.locator('[data-row]').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('why')
    await page.keyboard.press('Enter')
    await page.getByLabel('Request id').waitFor()
    await page.waitForFunction(`document.activeElement?.closest('.lookup') !== null`)
    await page.keyboard.type(request)
    await page.keyboard.press('Enter')
    await page.getByText('Answered with 403.').waitFor()
    await page.getByRole('button', { name: 'Check this call again…' }).click()
    assert.equal(await page.getByRole('dialog').getByLabel('Path', { exact: true }).inputValue(), '/erp/orders')
    await page.keyboard.press('Escape')
    await page.getByLabel('Request id').fill('nobody-knows')
    await page.keyboard.press('Enter')
    await page.getByText('No refusal with this request id is remembered.').waitFor()
  })

  it('one of the last calls of a key says why it was refused', async () => {
    await refuse()
    const { page } = await openConsole(browser, test)
    await page.locator('[data-row] .name').first().click()
    await page.getByRole('button', { name: 'Why was POST' }).click()
    await page.getByRole('dialog').getByText('Answered with 403.').waitFor()
  })
})
