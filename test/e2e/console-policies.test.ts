/** Policies in the console over a real daemon: what is set there holds from the next call, and can be taken back. */
import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { bearer, call } from '../support/call.ts'
import { pick, rowOf, undo } from '../support/console-steps.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('console: policies over a real daemon', function () {
  this.timeout(120_000)
  let test: TestPostern
  let browser: Browser
  let upstream: FakeUpstream
  before(async function () {
    if (!hasBrowser()) return this.skip()
    test = await startTestPostern({}, { now: Date.now })
    upstream = await startUpstream()
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
    await upstream?.close()
  })

  it('a limit is made, holds, is changed, disabled, undone, kept while it is attached, deleted and taken back', async () => {
    const key = await prepareKey(test.admin, upstream.origin, 'Invoice robot')
    const statusNow = async (): Promise<number> =>
      (await call(`${test.http}/erp/orders`, { headers: bearer(key.value) })).status
    const attach = async (policies: string[]): Promise<unknown> =>
      test.admin.call('keys.edit', { params: { key: key.id }, body: { policies }, ifMatch: '*' })
    const { page, astray, complaints } = await openConsole(browser, test)
    await page.locator('nav').getByText('Policies', { exact: true }).click()
    await page.getByText('No policies yet.').waitFor()

    await page.click('[data-action=add]')
    await page.getByLabel('Name').fill('Partners')
    await page.getByLabel('Calls a minute').fill('0')
    await page.keyboard.press('Enter')
    await page.getByText('or remove this limit.').waitFor()
    await page.getByLabel('Calls a minute').fill('1000')
    await page.getByRole('button', { name: 'Add another limit' }).click()
    await page.getByLabel('Time').last().selectOption('a month')
    await page.getByLabel('Calls a month').fill('2')
    await page.getByText('1,000 calls a minute, 2 calls a month').waitFor()
    await page.getByRole('button', { name: 'Create policy' }).click()
    await rowOf(page, 'Partners').getByText('Nothing', { exact: true }).waitFor()

    // Attached elsewhere, which is shown here by itself.
    await attach(['Partners'])
    await rowOf(page, 'Partners').getByText('1 key').waitFor()
    assert.deepEqual([await statusNow(), await statusNow(), await statusNow()], [200, 200, 429])

    await pick(page, 'Partners', 'Edit')
    await page.getByLabel('Calls a month').fill('3')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('“Partners” is saved.').waitFor()
    assert.deepEqual([await statusNow(), await statusNow()], [200, 429])
    await undo(page)
    await page.getByText('“Partners” is back as it was.').waitFor()
    assert.deepEqual(
      (await test.admin.call('policies.get', { params: { policy: 'Partners' } })).windows.map(({ calls }) => calls),
      [1_000, 2],
    )

    await pick(page, 'Partners', 'Disable')
    await rowOf(page, 'Partners').locator('.pill.disabled').waitFor()
    assert.equal(await statusNow(), 200)
    await undo(page)
    await rowOf(page, 'Partners').locator('.pill.active').waitFor()
    assert.equal(await statusNow(), 429)

    await pick(page, 'Partners', 'Delete')
    const stuck = page.getByRole('dialog', { name: '“Partners” cannot be deleted' })
    await stuck.getByText('Invoice robot').waitFor()
    await stuck.getByRole('button', { name: 'Close' }).click()
    await attach([])
    await rowOf(page, 'Partners').getByText('Nothing', { exact: true }).waitFor()
    await pick(page, 'Partners', 'Delete')
    await page.getByRole('button', { name: 'Delete policy' }).click()
    await page.getByText('No policies yet.').waitFor()
    await undo(page)
    await rowOf(page, 'Partners').getByText('2 calls a month').waitFor()

    assert.deepEqual(astray, [])
    // The browser tells of every refusal by itself.
    assert.deepEqual(
      complaints.filter((each) => !each.includes('the server responded with')),
      [],
    )
    await page.context().close()
  })
})
