/** Many keys at once over a real daemon: changed, taken back as one, and written into a file. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { bearer, call } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

const press = async (page: Page, ...pressed: readonly string[]): Promise<void> => {
  for (const each of pressed) await page.keyboard.press(each)
}
const bar = (page: Page) => page.locator('.bulk-bar')

describe('console: many keys at once', function () {
  this.timeout(120_000)
  let browser: Browser
  let test: TestPostern
  let upstream: FakeUpstream
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
    test = await startTestPostern({}, { now: Date.now })
    upstream = await startUpstream()
    const { value } = await prepareKey(test.admin, upstream.origin, 'Batch 00')
    for (let calls = 0; calls < 3; calls++) await call(`${test.http}/erp/orders`, { headers: bearer(value) })
    for (let at = 1; at < 12; at++)
      await test.admin.call('keys.create', { body: { name: `Batch ${String(at).padStart(2, '0')}` } })
    await test.admin.call('keys.create', { body: { name: '=Alone', owner: 'Ben' } })
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
    await upstream?.close()
  })

  const batch = async () => {
    const { data } = await test.admin.call('keys.list', { query: { per_page: 500 } })
    return data.filter(({ name }) => name.startsWith('Batch'))
  }
  const openBatch = async (): Promise<{ page: Page; astray: string[]; complaints: string[] }> => {
    const opened = await openConsole(browser, test)
    const { page } = opened
    await page.fill('input[type=search]', 'batch')
    await page.locator('.shown', { hasText: '12 keys' }).waitFor()
    await page.focus('[data-row="0"] [data-column="1"]')
    await press(page, 'Control+a')
    await bar(page).getByText('12 selected').waitFor()
    return opened
  }
  it('twelve keys are disabled at once, and one Ctrl+Z takes it back; other keys stay as they are', async () => {
    const { page, astray, complaints } = await openBatch()
    await page.locator('[data-row="0"]').getByRole('img', { name: '3 calls in 14 days' }).waitFor()
    await bar(page).getByRole('button', { name: 'Disable' }).click()
    await page
      .locator('.toast', {
        hasText: '12 keys disabled. 1 of them was called in the last 30 days: “Batch 00” (3 calls).',
      })
      .waitFor({ timeout: 30_000 })
    assert.deepEqual([...new Set((await batch()).map(({ state }) => state))], ['disabled'])
    assert.equal((await test.admin.call('keys.get', { params: { key: '=Alone' } })).state, 'active')
    await press(page, 'Control+z')
    await page.locator('.toast', { hasText: '12 keys put back as before.' }).waitFor({ timeout: 30_000 })
    assert.deepEqual([...new Set((await batch()).map(({ state }) => state))], ['active'])
    assert.deepEqual([astray, complaints], [[], []])
    await page.context().close()
  })

  it('owner and expiry are set for those they concern, and undone; deleting asks for the number', async () => {
    const before = await batch()
    const { page, complaints } = await openBatch()
    await bar(page).getByRole('button', { name: 'Set owner' }).click()
    await page.getByRole('dialog').getByLabel('Owner').fill('Anna')
    await press(page, 'Enter')
    await page.locator('.toast', { hasText: '12 keys given the new owner.' }).waitFor({ timeout: 30_000 })
    assert.deepEqual([...new Set((await batch()).map(({ owner }) => owner))], ['Anna'])
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click()
    await page.locator('.toast', { hasText: '12 keys put back as before.' }).waitFor({ timeout: 30_000 })

    await bar(page).getByRole('button', { name: 'Extend expiry' }).click()
    await page.getByLabel('30 days').check()
    await page.getByRole('dialog').getByRole('button', { name: 'Extend' }).click()
    await page.getByText('None of the selected keys ends earlier than this.').waitFor()
    await page.getByLabel('Custom date').check()
    const year = new Date(Date.now()).getUTCFullYear() + 3
    await page.getByLabel('Date (up to five years ahead)').fill(`${year}-06-30`)
    await page.getByRole('dialog').getByRole('button', { name: 'Extend' }).click()
    await page.locator('.toast', { hasText: '12 keys extended.' }).waitFor({ timeout: 30_000 })
    assert.deepEqual([...new Set((await batch()).map((key) => key.expires_at))], [`${year}-06-30T23:59:59.999Z`])
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).click()
    await page.locator('.toast', { hasText: '12 keys put back as before.' }).waitFor({ timeout: 30_000 })

    await page.focus('[data-row="0"] [data-column="1"]')
    await press(page, 'Delete')
    const dialog = page.getByRole('alertdialog', { name: 'Delete 12 keys?' })
    await dialog.getByText('Still in use: 1 of them').waitFor()
    await page.getByLabel('Type the number of keys, 12, to confirm').fill('11')
    await press(page, 'Enter')
    await dialog.getByText('This is not the number yet.').waitFor()
    assert.equal((await batch()).length, 12)
    await page.getByLabel('Type the number of keys, 12, to confirm').fill('12')
    await press(page, 'Enter')
    await page.locator('.toast', { hasText: '12 keys deleted.' }).waitFor({ timeout: 30_000 })
    assert.equal((await batch()).length, 0)
    await press(page, 'Control+z')
    await page.locator('.toast', { hasText: '12 keys put back as before.' }).waitFor({ timeout: 30_000 })
    const facts = (keys: Awaited<ReturnType<typeof batch>>) =>
      keys.map(({ name, owner, expires_at: at, state }) => [name, owner, at, state])
    assert.deepEqual(facts(await batch()), facts(before))
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  it('sixty keys are disabled and put back, four and more a second, without one request too many; Ctrl+Z meanwhile says why it waits', async () => {
    for (let at = 0; at < 60; at++)
      await test.admin.call('keys.create', { body: { name: `Crowd ${String(at).padStart(2, '0')}` } })
    const crowd = async (): Promise<string[]> => {
      const { data } = await test.admin.call('keys.list', { query: { per_page: 500 } })
      return data.filter(({ name }) => /^Crowd \d/.test(name)).map(({ state }) => state)
    }
    const { page, astray, complaints } = await openConsole(browser, test)
    const statuses: number[] = []
    page.on('response', (response) => statuses.push(response.status()))
    await page.fill('input[type=search]', 'crowd')
    await page.locator('.shown', { hasText: '60 keys' }).waitFor()
    await page.focus('[data-row="0"] [data-column="1"]')
    await press(page, 'Control+a')
    await bar(page).getByText('60 selected').waitFor()
    const startedAt = performance.now()
    await bar(page).getByRole('button', { name: 'Disable' }).click()
    await page.locator('.bulk-run', { hasText: /Disabling: [1-9]\d of 60 keys/ }).waitFor()
    await press(page, 'Control+z')
    await page.locator('.toast', { hasText: 'Undo waits until the run has ended.' }).waitFor()
    // Another key is changed by somebody else meanwhile; it is shown before the run has ended.
    const alone = { params: { key: '=Alone' }, ifMatch: '*' }
    await test.admin.call('keys.edit', { ...alone, body: { name: 'Crowd, another' } })
    await page.locator('.shown', { hasText: '61 keys' }).waitFor()
    assert.equal(await page.locator('.bulk-run').count(), 1)
    await page.locator('.toast', { hasText: '60 keys disabled. None of them was called' }).waitFor({ timeout: 60_000 })
    const seconds = (performance.now() - startedAt) / 1_000
    process.stdout.write(`     ${(60 / seconds).toFixed(1)} keys a second\n`)
    assert.deepEqual([...new Set(await crowd())], ['disabled'])
    await press(page, 'Control+z')
    await page.locator('.toast', { hasText: '60 keys put back as before.' }).waitFor({ timeout: 60_000 })
    assert.deepEqual([...new Set(await crowd())], ['active'])
    assert.deepEqual([statuses.filter((status) => status === 429).length, astray, complaints], [0, [], []])
    // More than eight a second where the machine does nothing else; three when each change was read once more.
    assert.ok(seconds < 15, `${seconds} s`)
    await test.admin.call('keys.edit', { params: { key: 'Crowd, another' }, body: { name: '=Alone' }, ifMatch: '*' })
    await page.context().close()
  })

  it('the list as a file is what was selected, without values, and harmless in a spreadsheet', async () => {
    const { page } = await openConsole(browser, test)
    await page.locator('.shown', { hasText: '73 keys' }).waitFor()
    await page.getByRole('checkbox', { name: 'Select all 73 keys' }).check()
    const coming = page.waitForEvent('download')
    await bar(page).getByRole('button', { name: 'Export list' }).click()
    const download = await coming
    assert.match(download.suggestedFilename(), /^postern-keys-\d{4}-\d{2}-\d{2}\.csv$/)
    const text = await readFile(await download.path(), 'utf8')
    assert.equal(text.trimEnd().split('\r\n').length, 74)
    assert.match(text, /,'=Alone,,Ben,default,active,/)
    assert.doesNotMatch(text, /postern_/)
    await page.getByText('The list of 73 keys is exported, without their values.').waitFor()
    await page.context().close()
  })
})
