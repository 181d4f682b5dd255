/**
 * A key limited to one collection, one method, one network and five calls a minute, made in the console over a real daemon: by
 * the keyboard alone and by the mouse. A step is one key press or chord, one click, or one text typed.
 */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { bearer, call } from '../support/call.ts'
import { unexpected } from '../support/console-steps.ts'
import { countSteps, focusIs } from '../support/counted-steps.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

/** What it may take; desktop/README.md shows the same. */
const allowed = { limit: { keyboard: 33, mouse: 13 } } as const
const withinMs = 60_000

describe('console: a key that may do little', function () {
  this.timeout(120_000)
  let test: TestPostern
  let browser: Browser
  let upstream: FakeUpstream
  before(async function () {
    if (!hasBrowser()) return this.skip()
    upstream = await startUpstream()
    browser = await startBrowser()
  })
  beforeEach(async () => {
    test = await startTestPostern({}, { now: Date.now })
    await prepareKey(test.admin, upstream.origin)
  })
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close()
    await test?.stop()
  })
  after(async () => {
    await browser?.close()
    await upstream?.close()
  })

  const copied = (page: Page): Promise<string> => page.evaluate<string>('navigator.clipboard.readText()')

  /** It is what was asked for, and the gateway holds it to that. */
  const holds = async (page: Page): Promise<void> => {
    const key = await test.admin.call('keys.get', { params: { key: 'Scanner' } })
    assert.deepEqual(
      [key.collections?.map(({ name }) => name), key.endpoints, key.methods, key.addresses],
      [['ERP'], null, ['GET'], { allow: ['127.0.0.0/24'], deny: [] }],
    )
    assert.deepEqual(
      key.policies.map(({ name }) => name),
      ['5 calls a minute'],
    )
    const value = await copied(page)
    const status = async (method: string): Promise<number> =>
      (await call(`${test.http}/erp/orders`, { method, headers: bearer(value) })).status
    assert.equal(await status('POST'), 403)
    const all = [0, 1, 2, 3, 4, 5].map(() => status('GET'))
    assert.deepEqual(
      (await Promise.all(all)).toSorted((a, b) => a - b),
      [200, 200, 200, 200, 200, 429],
    )
    await page.locator('[data-row]', { hasText: 'Scanner' }).locator('.name').click()
    await page.getByText('0 left').waitFor()
  }

  it('by the keyboard alone', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)
    const { press, type, task, taken } = countSteps(page, 'keyboard', allowed)
    await page.locator('[data-row]', { hasText: 'Robot' }).waitFor()
    const startedMs = performance.now()
    const tabTo = async (focus: RegExp, times = 1): Promise<void> => {
      for (let time = 0; time < times; time++) await press('Tab')
      await focusIs(page, focus)
    }
    await task('limit', async () => {
      await press('Control+k')
      await page.getByRole('combobox').waitFor()
      await type('add')
      await press('Enter')
      await focusIs(page, /^text Name/)
      await type('Scanner')
      await tabTo(/^summary What it may do/, 4)
      await press('Enter')
      await page.getByText('Only what is ticked').waitFor()
      await tabTo(/Everything its client may/, 2)
      await press('ArrowRight')
      await focusIs(page, /Only what is ticked/)
      await tabTo(/ERP/)
      await press('Space')
      await tabTo(/Every method/, 2)
      await press('ArrowRight')
      await tabTo(/GET/)
      await press('Space')
      await tabTo(/Calls come from/, 7)
      await type('127.0.0.0/24')
      await tabTo(/New limit/, 2)
      await press('Enter')
      await focusIs(page, /At most so many calls/)
      await type('5')
      await press('Enter')
      await focusIs(page, /^button Copy$/)
      await press('Enter')
    })
    assert.ok(performance.now() - startedMs < withinMs)
    process.stdout.write(`     by keyboard: ${taken.map(([name, steps]) => `${name} ${steps}`).join(', ')}\n`)
    await page.getByText('Key copied.').first().waitFor()
    await page.keyboard.press('Escape')
    await holds(page)
    assert.deepEqual([astray, unexpected(complaints)], [[], []])
  })

  it('by the mouse', async () => {
    const { page } = await openConsole(browser, test)
    const { click, clickOn, type, task, taken } = countSteps(page, 'mouse', allowed)
    await page.locator('[data-row]', { hasText: 'Robot' }).waitFor()
    await task('limit', async () => {
      await click('Add API key')
      await focusIs(page, /^text Name/)
      await type('Scanner')
      await clickOn('dialog summary')
      await click('Only what is ticked', 'radio')
      await clickOn('dialog .tick')
      await click('Only these methods', 'radio')
      await clickOn('dialog .ticks.short .tick')
      await clickOn('dialog .networks textarea')
      await type('127.0.0.0/24')
      await click('New limit…')
      await type('5')
      await click('Create key')
      await click('Copy')
    })
    process.stdout.write(`     by mouse: ${taken.map(([name, steps]) => `${name} ${steps}`).join(', ')}\n`)
    await page.getByText('Key copied.').first().waitFor()
    await page.keyboard.press('Escape')
    await holds(page)
  })

  it('an edit of its rights is undone as a whole', async () => {
    await test.admin.call('keys.edit', {
      params: { key: 'Robot' },
      ifMatch: '*',
      body: { methods: ['GET'], addresses: { allow: ['127.0.0.0/8'] }, subject: 'anna' },
    })
    const { page } = await openConsole(browser, test)
    await page.locator('[data-row]', { hasText: 'Robot' }).locator('.name').click()
    await page.getByRole('button', { name: 'Edit…' }).click()
    await page.getByText('GET, 1 network, as anna').waitFor()
    await page.locator('dialog summary').first().click()
    await page.getByLabel('Calls come from').fill('010.0.0.1')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('"010.0.0.1" is no address or network').waitFor()
    await page.getByLabel('Calls come from').fill('10.0.0.1')
    await page.getByLabel('Every method').check()
    await page.getByLabel('Acts as').fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('“Robot” is saved.').waitFor()
    const rights = async () => {
      const { methods, addresses, subject } = await test.admin.call('keys.get', { params: { key: 'Robot' } })
      return [methods, addresses.allow, subject]
    }
    assert.deepEqual(await rights(), [null, ['10.0.0.1'], null])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('“Robot” is back as it was.').waitFor()
    assert.deepEqual(await rights(), [['GET'], ['127.0.0.0/8'], 'anna'])
  })
})
