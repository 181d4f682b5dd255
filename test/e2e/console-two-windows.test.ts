/** Two at work on the same keys over a real daemon: nothing is written over unseen, and no undo is offered that would be wrong. */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { unexpected } from '../support/console-steps.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('console: two windows, one daemon', function () {
  this.timeout(120_000)
  let browser: Browser
  let test: TestPostern
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
    test = await startTestPostern({}, { now: Date.now })
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
  })

  const make = (name: string) => test.admin.call('keys.create', { body: { name } })
  const keyNow = (id: string) => test.admin.call('keys.get', { params: { key: id } })
  const row = (page: Page, name: string) => page.locator('[data-row]', { hasText: name })
  const pick = async (page: Page, name: string, item: string): Promise<void> => {
    await row(page, name).click({ button: 'right' })
    await page.getByRole('menuitem', { name: item, exact: true }).click()
  }
  const removeIn = async (page: Page, name: string): Promise<void> => {
    await pick(page, name, 'Delete…')
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText('Not used in the last').waitFor()
    await dialog.getByRole('button', { name: 'Delete key' }).click()
    await page.locator('.toast', { hasText: `“${name}” is deleted` }).waitFor()
  }

  it('whoever saves second is told of the first, keeps the input, and overwrites nothing unseen', async () => {
    const { id } = await make('Shared')
    const [first, second] = [await openConsole(browser, test), await openConsole(browser, test)]
    for (const { page } of [first, second]) {
      await row(page, 'Shared').waitFor()
      await pick(page, 'Shared', 'Edit…')
    }
    await first.page.getByRole('dialog').getByLabel('Owner').fill('Anna')
    await second.page.getByRole('dialog').getByLabel('Owner').fill('Ben')
    await second.page.getByRole('dialog').getByLabel('Description').fill('For the nightly import')
    await first.page.getByRole('button', { name: 'Save' }).click()
    await first.page.locator('.toast', { hasText: '“Shared” is saved.' }).waitFor()
    await second.page.getByRole('button', { name: 'Save' }).click()
    const dialog = second.page.getByRole('dialog')
    await dialog.getByText('Somebody else has changed this key').waitFor()
    assert.deepEqual(
      [await dialog.getByLabel('Owner').inputValue(), await dialog.getByLabel('Description').inputValue()],
      ['Ben', 'For the nightly import'],
    )
    assert.deepEqual([(await keyNow(id)).owner, (await keyNow(id)).description], ['Anna', ''])
    // Told of it, they may.
    await second.page.getByRole('button', { name: 'Save' }).click()
    await second.page.locator('.toast', { hasText: '“Shared” is saved.' }).waitFor()
    assert.deepEqual([(await keyNow(id)).owner, (await keyNow(id)).description], ['Ben', 'For the nightly import'])

    // What the first would take back is no longer what it did.
    await first.page.keyboard.press('Control+z')
    await first.page.locator('.toast', { hasText: 'Your change was not saved.' }).waitFor()
    assert.equal((await keyNow(id)).owner, 'Ben')
    for (const { page, astray, complaints } of [first, second]) {
      assert.deepEqual([astray, unexpected(complaints)], [[], []])
      await page.context().close()
    }
  })

  it('a key taken back from “Recently deleted” is offered no undo any more; the undo of another deletion stays', async () => {
    const gone = await make('Gone')
    const other = await make('Other')
    const { page, astray, complaints } = await openConsole(browser, test)
    await row(page, 'Gone').waitFor()
    await removeIn(page, 'Gone')
    await removeIn(page, 'Other')
    await page.getByRole('button', { name: 'Recently deleted' }).click()
    await page.getByRole('button', { name: 'Restore Gone' }).click()
    await page.locator('.toast', { hasText: '“Gone” is back.' }).waitFor()
    assert.equal(await page.locator('.toast', { hasText: '“Gone”' }).getByRole('button', { name: 'Undo' }).count(), 0)
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await row(page, 'Gone').waitFor()
    // Ctrl+Z is for the other one; then there is nothing left to be taken back.
    await page.keyboard.press('Control+z')
    await page.locator('.toast', { hasText: '“Other” is back as it was.' }).waitFor()
    await row(page, 'Other').waitFor()
    const etags = [(await keyNow(gone.id)).etag, (await keyNow(other.id)).etag]
    await page.keyboard.press('Control+z')
    assert.deepEqual([(await keyNow(gone.id)).state, (await keyNow(other.id)).state], ['active', 'active'])
    assert.deepEqual([(await keyNow(gone.id)).etag, (await keyNow(other.id)).etag], etags)

    // Taken back by somebody else: the undo that is still offered says so, and changes nothing.
    await removeIn(page, 'Gone')
    const { etag } = await test.admin.call('keys.restore', { params: { key: gone.id } })
    await row(page, 'Gone').waitFor()
    await page.keyboard.press('Control+z')
    await page.locator('.toast', { hasText: 'Your change was not saved.' }).waitFor()
    assert.deepEqual([(await keyNow(gone.id)).state, (await keyNow(gone.id)).etag], ['active', etag])
    assert.deepEqual([astray, unexpected(complaints)], [[], []])
    await page.context().close()
  })

  it('a client, a collection and an endpoint just made are gone again by Ctrl+Z, with the collection made on the way', async () => {
    const { page } = await openConsole(browser, test)
    await page.locator('nav button', { hasText: 'Endpoints' }).click()
    await page.getByText('No endpoints yet.').waitFor()
    await page.click('[data-action=add]')
    await page.getByLabel('Name of the new collection').fill('On the way')
    await page.getByLabel('Path on the gateway').fill('/way')
    await page.getByLabel('URL of the service').fill('http://127.0.0.1:9/way')
    await page.getByRole('button', { name: 'Create endpoint' }).click()
    await page.locator('.toast', { hasText: '/way” is created.' }).waitFor()
    await page.keyboard.press('Control+z')
    await page.locator('.toast', { hasText: '/way” is gone again.' }).waitFor()
    assert.equal((await test.admin.call('endpoints.list', {})).count, 0)
    assert.equal((await test.admin.call('collections.list', {})).count, 0)

    await page.locator('nav button', { hasText: 'Clients' }).click()
    await page.getByRole('heading', { level: 1, name: 'Clients' }).waitFor()
    await page.click('[data-action=add]')
    await page.getByLabel('Name', { exact: true }).fill('Payroll')
    await page.getByRole('button', { name: 'Create client' }).click()
    await page.locator('.toast', { hasText: '“Payroll” is created.' }).getByRole('button', { name: 'Undo' }).click()
    await page.locator('.toast', { hasText: '“Payroll” is gone again.' }).waitFor()
    assert.equal(
      (await test.admin.call('clients.list', {})).data.some(({ name }) => name === 'Payroll'),
      false,
    )
    await page.context().close()
  })
})
