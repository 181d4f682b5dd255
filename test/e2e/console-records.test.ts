/** Clients, endpoints and the API page over a real daemon: with mouse and keyboard, through the gateway, and asking nobody else. */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { adminApi } from '@postern/shared'
import { bearer, call } from '../support/call.ts'
import { pick, rowOf, undo } from '../support/console-steps.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('console: clients, endpoints and the API, over a real daemon', function () {
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

  const toPage = async (page: Page, name: string): Promise<void> => {
    await page.locator('nav').getByText(name, { exact: true }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  const statusWith = async (value: string): Promise<number> =>
    (await call(`${test.http}/erp/orders/7`, { headers: bearer(value) })).status

  it('a client, a collection, an endpoint and a key: called, disabled, undone and deleted, with the mouse and the keyboard', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)

    // An endpoint is all that somebody new has to think of: its collection is made on the way.
    await toPage(page, 'Endpoints')
    await page.getByText('No endpoints yet.').waitFor()
    await page.click('[data-action=add]')
    await page.getByLabel('Name of the new collection').fill('ERP')
    await page.getByLabel('Path on the gateway').fill('/erp/orders/{id}')
    await page.getByRole('button', { name: 'Create endpoint' }).click()
    await page.getByText('Enter where the calls go').waitFor()
    await page.getByLabel('URL of the service').fill(`${upstream.origin}/orders/{nr}`)
    await page.getByRole('button', { name: 'Create endpoint' }).click()
    await page.getByText('{nr} is not a segment of the path; it may use {id}').waitFor()
    assert.equal(await page.evaluate('document.activeElement.value'), `${upstream.origin}/orders/{nr}`)
    await page.getByLabel('URL of the service').fill(`${upstream.origin}/orders/{id}`)
    await page.getByText(`${upstream.origin}/orders/42`).waitFor()
    await page.keyboard.press('Enter')
    await rowOf(page, '/erp/orders/{id}').waitFor()
    assert.equal((await test.admin.call('collections.list', {})).count, 1)

    // The same calls twice are refused at the path.
    await page.click('[data-action=add]')
    await page.getByLabel('Path on the gateway').fill('/erp/orders/{number}')
    await page.getByLabel('URL of the service').fill(upstream.origin)
    await page.keyboard.press('Enter')
    await page.getByText('takes the same calls as').waitFor()
    assert.equal(await page.getByLabel('Path on the gateway').getAttribute('aria-invalid'), 'true')
    await page.keyboard.press('Escape')

    // A client, with the keyboard alone.
    await toPage(page, 'Clients')
    await rowOf(page, 'default').waitFor()
    await page.focus('[data-action=add]')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Add client' }).waitFor()
    await page.keyboard.type('Nintex')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Finance')
    await page.keyboard.press('Tab')
    await page.keyboard.type('nobody')
    await page.keyboard.press('Enter')
    await page.getByText('an address such as team@example.com').waitFor()
    assert.equal(await page.evaluate('document.activeElement.value'), 'nobody')
    await page.keyboard.press('End')
    await page.keyboard.type('@example.com')
    await page.getByLabel('ERP').focus()
    await page.keyboard.press('Space')
    await page.getByText('1 collection chosen.').waitFor()
    await page.keyboard.press('Enter')
    await rowOf(page, 'Nintex').waitFor()
    const { data } = await test.admin.call('clients.list', { query: { text: 'Nintex' } })
    assert.deepEqual(
      data.map(({ name, project, email, collections }) => [name, project, email, collections?.[0]?.name]),
      [['Nintex', 'Finance', 'nobody@example.com', 'ERP']],
    )

    // Its key comes through the API; the page is told.
    const { value } = await test.admin.call('keys.create', { body: { name: 'Robot', client: 'Nintex' } })
    await rowOf(page, 'Nintex').getByText('1 of 1').waitFor()
    assert.equal(await statusWith(value ?? ''), 200)
    assert.equal(upstream.received.at(-1)?.url, '/orders/7')

    // Disabled by the row's menu from the keyboard, and taken back by Ctrl+Z.
    await rowOf(page, 'default').locator('.open').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: 'Disable' }).waitFor()
    await page.keyboard.press('d')
    await page.keyboard.press('Enter')
    await rowOf(page, 'Nintex').locator('.pill.disabled').waitFor()
    assert.equal(await statusWith(value ?? ''), 403)
    await page.keyboard.press('Control+z')
    await rowOf(page, 'Nintex').locator('.pill.active').waitFor()
    assert.equal(await statusWith(value ?? ''), 200)

    // Edited, and back as it was.
    await rowOf(page, 'Nintex').locator('.open').focus()
    await page.keyboard.press('F2')
    await page.getByLabel('Every collection, also later ones').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('“Nintex” is saved.').waitFor()
    assert.equal((await test.admin.call('clients.get', { params: { client: 'Nintex' } })).collections, null)
    await undo(page)
    await page.getByText('“Nintex” is back as it was.').waitFor()
    const back = await test.admin.call('clients.get', { params: { client: 'Nintex' } })
    assert.deepEqual(
      back.collections?.map(({ name }) => name),
      ['ERP'],
    )

    // The endpoint.
    await toPage(page, 'Endpoints')
    await pick(page, 'GET /erp/orders/{id}', 'Disable')
    await rowOf(page, '/erp/orders/{id}').getByText('Answers 404').waitFor()
    await page.getByText(/it answers 404\. It had \d+ calls? in/).waitFor()
    assert.equal(await statusWith(value ?? ''), 404)
    await undo(page)
    await rowOf(page, '/erp/orders/{id}').locator('.pill.active').waitFor()
    assert.equal(await statusWith(value ?? ''), 200)
    await pick(page, 'ERP', 'Delete')
    await page.getByText('It holds 1 endpoint. Delete or move').waitFor()
    await page.keyboard.press('Escape')
    await rowOf(page, '/erp/orders/{id}').locator('.open').focus()
    await page.keyboard.press('Delete')
    await page.getByText('Still in use:').waitFor()
    await page.getByRole('button', { name: 'Delete endpoint' }).click({ force: true })
    await page.getByText('This is not the path yet.').waitFor()
    await page.getByLabel('Type the path to confirm').fill('/erp/orders/{id}')
    await page.keyboard.press('Enter')
    await page.getByText('“GET /erp/orders/{id}” is deleted.').waitFor()
    assert.equal(await statusWith(value ?? ''), 404)
    await undo(page)
    await page.getByText('is back, under a new id').waitFor()
    await rowOf(page, '/erp/orders/{id}').waitFor()
    assert.equal(await statusWith(value ?? ''), 200)

    // A client with keys says why it stays, and leads to them.
    await toPage(page, 'Clients')
    await pick(page, 'Nintex', 'Delete')
    await page.getByText('It owns 1 key.').waitFor()
    await page.getByRole('button', { name: 'Show its keys' }).click()
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    assert.equal(await page.getByRole('searchbox').inputValue(), 'client:"Nintex"')
    await page.locator('[data-row]', { hasText: 'Robot' }).waitFor()

    assert.deepEqual(astray, [])
    // The browser tells of every refusal by itself.
    assert.deepEqual(
      complaints.filter((each) => !/status of (?:400|409|429)/.test(each)),
      [],
    )
    await page.context().close()
  })

  it('what is changed elsewhere is shown without being asked for, also a list of more than one page', async () => {
    const { page } = await openConsole(browser, test)
    await toPage(page, 'Clients')
    await rowOf(page, 'default').waitFor()
    await test.admin.call('settings.edit', { body: { socket_requests_per_second: 10_000 }, ifMatch: '*' })
    const names = Array.from({ length: 510 }, (_, at) => `Partner ${at}`)
    for (let at = 0; at < names.length; at += 100)
      await Promise.all(names.slice(at, at + 100).map((name) => test.admin.call('clients.create', { body: { name } })))
    const { count } = await test.admin.call('clients.list', {})
    await page.locator('.shown', { hasText: `${count} clients` }).waitFor({ timeout: 20_000 })
    assert.equal(await page.locator('tr[data-id]').count(), count)
    await page.context().close()
  })

  it('at 400 % zoom, which is 320 pixels wide, nothing is cut off sideways', async () => {
    const { page } = await openConsole(browser, test)
    await page.setViewportSize({ width: 320, height: 256 })
    for (const name of ['Clients', 'Endpoints', 'API']) {
      await toPage(page, name)
      await page.locator('tr[data-id], [data-call]').first().waitFor()
      const [width, within] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      )
      assert.ok(width <= within, `${name}: ${width} of ${within}`)
    }
    await page.context().close()
  })

  it('the API page lists every call of the table, and what it shows of one is what the table says', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)
    await toPage(page, 'API')
    await page.locator('[data-call="status.get"]').waitFor()
    const shown = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-call]')].map((each) => each.dataset.call)`,
    )
    assert.deepEqual(shown.toSorted(), Object.keys(adminApi).toSorted())
    await page.getByRole('searchbox').fill('rotate')
    await page.locator('[data-call="status.get"]').waitFor({ state: 'detached' })
    await page.locator('[data-call="keys.rotate"] summary').focus()
    await page.keyboard.press('Enter')
    const opened = page.locator('[data-call="keys.rotate"]')
    await opened.getByText('overlap_seconds', { exact: true }).waitFor()
    await opened.getByText('how long the old secret stays valid; 0, the default: not at all').waitFor()
    await opened.getByText('postern keys rotate KEY').waitFor()
    await opened.getByText(/^curl --unix-socket "\$POSTERN_SOCKET" -X POST .*\/v1\/keys\/KEY\/rotate'$/).waitFor()
    assert.deepEqual([astray, complaints], [[], []])
    await page.context().close()
  })
})
