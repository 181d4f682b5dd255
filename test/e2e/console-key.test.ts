/** One key in the console over a real daemon: rotated and watched, tried, deleted and taken back, suggested, copied and forgotten. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { Browser, Locator, Page } from 'playwright-core'
import { bearer, call } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

describe('console: one key, over a real daemon', function () {
  this.timeout(60_000)
  let test: TestPostern
  let browser: Browser
  let upstream: FakeUpstream
  let key: { id: string; value: string }
  before(async function () {
    if (!hasBrowser()) return this.skip()
    test = await startTestPostern()
    upstream = await startUpstream()
    browser = await startBrowser()
    key = await prepareKey(test.admin, upstream.origin)
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
    await upstream?.close()
  })
  const details = async (page: Page, name = 'Robot'): Promise<Locator> => {
    await page.locator('[data-row]', { hasText: name }).locator('.name').click()
    return page.getByRole('complementary', { name: 'Key details' })
  }
  /** From another address of this machine, so that there is a second caller. */
  const callFrom = (localAddress: string, value: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const options = { localAddress, headers: bearer(value), agent: false as const }
      const sent = request(`${test.http}/erp/x`, options, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      sent.on('error', reject)
      sent.end()
    })
  const statusWith = (value: string): Promise<number> => callFrom('127.0.0.1', value)

  it('a rotation shows who has moved as they move, and by itself that the old value can go', async () => {
    const { value: fresh } = await test.admin.call('keys.rotate', {
      params: { key: key.id },
      body: { overlap_seconds: 7 * 86_400 },
    })
    assert.deepEqual([await callFrom('127.0.0.1', key.value), await callFrom('127.0.0.2', key.value)], [200, 200])
    const lastOldMs = test.clock.nowMs
    const first = await openConsole(browser, test)
    const side = await details(first.page)
    await side.getByText('0 of 2 callers have moved to the new value.').waitFor()
    test.clock.nowMs += 5_000
    assert.equal(await callFrom('127.0.0.2', fresh ?? ''), 200)
    await side.getByText('1 of 2 callers have moved to the new value.').waitFor()
    const [old, moved] = [side.locator('.side').nth(0), side.locator('.side').nth(1)]
    assert.match(await old.innerText(), /127\.0\.0\.1/)
    assert.match(await moved.innerText(), /127\.0\.0\.2/)
    // It has presented both in this hour, and may have gone back.
    assert.match(await old.innerText(), /127\.0\.0\.2/)
    await side.getByRole('button', { name: 'Stop the old value now…' }).click()
    await first.page.getByText(/Still calling with it: .*127\.0\.0\.1/).waitFor()
    await first.page.getByRole('button', { name: 'Keep the old value' }).click()
    assert.equal(await statusWith(key.value), 200)
    await first.page.context().close()

    // A few seconds before nobody can have used it for 24 hours.
    test.clock.nowMs = (Math.floor(lastOldMs / hourMs) + 25) * hourMs - 5_000
    const { page, complaints } = await openConsole(browser, test, (each) => each.clock.install({ time: Date.now() }))
    const again = await details(page)
    await again.getByRole('button', { name: 'Stop the old value now…' }).waitFor()
    test.clock.nowMs += 30_000
    await page.clock.fastForward(30_000)
    await again.getByRole('button', { name: 'Retire old: unused for 24 h' }).click()
    await page.getByText('The old value of “Robot” no longer works.').waitFor()
    assert.deepEqual([await statusWith(key.value), await statusWith(fresh ?? '')], [401, 200])
    key = { ...key, value: fresh ?? '' }
    assert.deepEqual(
      complaints.filter((each) => !each.includes('status of 429')),
      [],
    )
    await page.context().close()
  })

  it('a call shows among the last ones within a second or so, a refused one too, and one with a wrong value never', async () => {
    const { page, complaints } = await openConsole(browser, test)
    const side = await details(page)
    const newest = side.locator('.last-calls li').first()
    const shown = async (path: string, value: string, text: RegExp): Promise<void> => {
      const headers = bearer(value)
      await call(test.http + path, { headers })
      const calledAt = performance.now()
      await newest.filter({ hasText: text }).waitFor()
      assert.ok(performance.now() - calledAt < 3_000)
    }
    await side.getByRole('heading', { name: 'Last calls' }).waitFor()
    await shown('/erp/live?customer=anna', key.value, /^GET \/erp\/\{rest\*\}.*Passed · Caller 127\.0\.0\.1$/s)
    const at = new Date(test.clock.nowMs).toISOString()
    const time = newest.locator('time')
    assert.deepEqual([await time.getAttribute('datetime'), await time.getAttribute('title')], [at, at])
    await call(`${test.http}/wrong`, { headers: bearer(`${key.value.slice(0, -1)}~`) })
    await shown('/nowhere', key.value, /^GET \/nowhere.*No such endpoint, or it is disabled ·/s)
    const all = await side.locator('.last-calls').innerText()
    assert.ok(!all.includes('wrong') && !all.includes('anna'), all)
    assert.deepEqual(complaints, [])
    await page.context().close()
  })

  it('a key is tried: green, no such endpoint, expired; the value never comes to the page', async () => {
    const { page, complaints } = await openConsole(browser, test)
    const answers: Promise<string>[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('/try') && response.ok()) answers.push(response.text())
    })
    const side = await details(page)
    await side.getByRole('button', { name: 'Try this key…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Try “Robot”' })
    await dialog.getByRole('option', { name: 'ANY /erp/{rest*}' }).waitFor({ state: 'attached' })
    assert.equal(await dialog.getByLabel('Path', { exact: true }).inputValue(), '/erp/')
    await dialog.getByLabel('Path', { exact: true }).fill('/erp/orders')
    await page.keyboard.press('Enter')
    await dialog.getByText(/It passes\. The service behind answered 200/).waitFor()
    assert.equal(upstream.received.at(-1)?.url, '/orders')
    assert.match(await dialog.locator('pre').innerText(), /^curl .*'https:.*\/erp\/orders' .*\$POSTERN_KEY"$/)

    await dialog.getByLabel('Endpoint').selectOption({ label: 'Another path' })
    await dialog.getByLabel('Path', { exact: true }).fill('/nowhere')
    await dialog.getByRole('button', { name: 'Try', exact: true }).click()
    await dialog.getByText('No endpoint answers this method and path.').waitFor()
    const edit = (at: object) =>
      test.admin.call('keys.edit', { params: { key: key.id }, body: { expires: at as { at: string } }, ifMatch: '*' })
    await edit({ at: 'now' })
    await dialog.getByLabel('Path', { exact: true }).fill('/erp/orders')
    await dialog.getByRole('button', { name: 'Try', exact: true }).click()
    await dialog.getByText('The key has expired.').waitFor()
    await edit({ days: 300 })
    assert.equal(answers.length, 3)
    for (const text of [...(await Promise.all(answers)), await page.content()]) assert.ok(!text.includes(key.value))
    // A test is faster than a person: it is asked to slow down, and obeys; the browser tells of that by itself.
    assert.deepEqual(
      complaints.filter((each) => !each.includes('status of 429')),
      [],
    )
    await page.context().close()
  })

  it('a deleted key is found with who deleted it, and works at once when it is taken back', async () => {
    await test.admin.call('keys.remove', { params: { key: key.id } })
    assert.equal(await statusWith(key.value), 401)
    const { page } = await openConsole(browser, test)
    await page.getByRole('button', { name: 'Recently deleted' }).click()
    const dialog = page.getByRole('dialog', { name: 'Recently deleted' })
    const row = dialog.getByRole('row', { name: /^Robot / })
    await row.getByText('by tester').waitFor()
    await row.getByText('in 7 days').waitFor()
    await row.getByRole('button', { name: 'Restore Robot' }).click()
    await dialog.getByText('No key was deleted in the last 7 days.').waitFor()
    assert.equal(await statusWith(key.value), 200)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.locator('[data-row]', { hasText: 'Robot' }).waitFor()
    await page.context().close()
  })

  it('suggestions: a key unused for 90 days is disabled with one click and back with another, an owner is set', async () => {
    const { id } = await test.admin.call('keys.create', { body: { name: 'Forgotten', expires: { days: 900 } } })
    test.clock.nowMs += 91 * dayMs
    assert.equal(await statusWith(key.value), 200)
    const { page } = await openConsole(browser, test)
    await page.getByRole('button', { name: 'Suggestions (2)' }).click()
    const stateOf = async (): Promise<string> => (await test.admin.call('keys.get', { params: { key: id } })).state
    await page.getByRole('button', { name: 'Disable Forgotten' }).click()
    const toast = page.locator('.toast', { hasText: '“Forgotten” is disabled' })
    await toast.getByText('Not used in the last 30 days.').waitFor()
    assert.equal(await stateOf(), 'disabled')
    await toast.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Disable Forgotten' }).waitFor()
    assert.equal(await stateOf(), 'active')
    await page.getByRole('button', { name: 'Set owner… of Forgotten' }).click()
    await page.getByRole('textbox', { name: 'Owner' }).fill('Anna')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Set owner… of Forgotten' }).waitFor({ state: 'detached' })
    assert.equal((await test.admin.call('keys.get', { params: { key: id } })).owner, 'Anna')
    await page.context().close()
  })

  it('a key is made with a client’s collections by checkbox, without an end, and an edit of that is undone', async () => {
    await test.admin.call('collections.create', { body: { name: 'Books' } })
    await test.admin.call('clients.create', { body: { name: 'Payroll', collections: ['Books'] } })
    const { page } = await openConsole(browser, test)
    await page.getByText('Service running').waitFor()
    await page.click('[data-action=add]')
    await page.getByLabel('Name').fill('Ticked')
    await page.getByLabel('Never', { exact: true }).check()
    await page.locator('dialog summary', { hasText: 'What it may do' }).click()
    await page.getByLabel('Client', { exact: true }).selectOption({ label: 'Payroll' })
    await page.getByLabel('Only what is ticked').check()
    assert.deepEqual(
      await page.locator('.tick').allInnerTexts(),
      ['Books'],
      'what the client is not granted is not offered',
    )
    await page.getByLabel('Books').check()
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByRole('button', { name: 'Done' }).click()
    const get = async () => {
      const made = await test.admin.call('keys.get', { params: { key: 'Ticked' } })
      return [made.client.name, made.collections?.map(({ name }) => name) ?? null, made.expires_at]
    }
    assert.deepEqual(await get(), ['Payroll', ['Books'], null])
    const side = await details(page, 'Ticked')
    await side.getByRole('button', { name: 'Edit…' }).click()
    await page.getByLabel('In days…').check()
    await page.getByLabel('Days (1 to 1,825)').fill('12')
    await page.locator('dialog summary', { hasText: 'What it may do' }).click()
    await page.getByLabel('Everything its client may').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('“Ticked” is saved.').waitFor()
    const end = new Date(test.clock.nowMs + 12 * dayMs).toISOString()
    assert.deepEqual(await get(), ['Payroll', null, end])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('“Ticked” is back as it was.').waitFor()
    assert.deepEqual(await get(), ['Payroll', ['Books'], null])
    await page.context().close()
  })

  it('a copied value is counted down and gone after 45 seconds, a shown one is masked after 30', async () => {
    const { page } = await openConsole(browser, test, (each) => each.clock.install({ time: Date.now() }))
    const side = await details(page)
    const clipboard = (): Promise<string> => page.evaluate('navigator.clipboard.readText()')
    await side.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByText('Key copied. The clipboard is cleared in 45 s.').first().waitFor()
    assert.equal(await clipboard(), key.value)
    await page.clock.fastForward(15_000)
    const counted = page.locator('.toast [aria-hidden=true]', { hasText: /cleared in (29|30) s/ })
    await counted.waitFor()
    await page.clock.fastForward(27_000)
    assert.equal(await clipboard(), key.value, 'not before its time')
    await page.clock.fastForward(4_000)
    await page.getByText('The clipboard has been cleared.').waitFor()
    assert.equal(await clipboard(), '')

    await side.getByRole('button', { name: 'Show' }).click()
    await side.getByText(key.value).waitFor()
    await page.clock.fastForward(28_000)
    assert.equal(await side.getByText(key.value).count(), 1, 'not before its time')
    await page.clock.fastForward(3_000)
    await side.getByText(key.value).waitFor({ state: 'detached' })

    await side.getByRole('button', { name: 'Show' }).click()
    await side.getByText(key.value).waitFor()
    await page.evaluate(`window.dispatchEvent(new Event('blur'))`)
    await side.getByText(key.value).waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('a value that was shown is masked when Postern is out of reach', async () => {
    const other = await startTestPostern()
    const made = await prepareKey(other.admin, upstream.origin)
    const { page } = await openConsole(browser, other)
    const side = await details(page)
    await side.getByRole('button', { name: 'Show' }).click()
    await side.getByText(made.value).waitFor()
    await other.stop()
    await side.getByText(made.value).waitFor({ state: 'detached', timeout: 20_000 })
    await page.context().close()
  })
})
