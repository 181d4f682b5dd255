/**
 * A new administrator's first day over a real daemon, by the keyboard alone and then by the mouse. Each task takes no more steps
 * than the table allows: a step is one key press or chord, one click, or one text typed. Keys are those that work in a browser.
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

/** What each task may take; desktop/README.md shows the same. What is said last is what the steps are. */
const allowed = {
  add: { keyboard: 6, mouse: 4 }, // Ctrl+K, "add", Enter, name, Enter, Escape · Add, name, Create, Done
  copy: { keyboard: 1, mouse: 2 }, // Ctrl+C · menu, Copy
  see: { keyboard: 0, mouse: 0 },
  edit: { keyboard: 3, mouse: 4 }, // F2, name, Enter · menu, Edit, name, Save
  undo: { keyboard: 1, mouse: 1 }, // Ctrl+Z · Undo
  disable: { keyboard: 3, mouse: 2 }, // Shift+F10, "di", Enter · menu, Disable
  rotate: { keyboard: 7, mouse: 6 }, // Shift+F10, "r", Enter, Down, Enter, Enter to copy, Escape · menu, Rotate, 7 days, Rotate key, Copy, Done
  view: { keyboard: 1, mouse: 1 }, // Enter · the row
  close: { keyboard: 1, mouse: 1 }, // Escape · Close
  remove: { keyboard: 3, mouse: 4 }, // Delete, name, Enter · menu, Delete, name, Delete key
  verify: { keyboard: 5, mouse: 2 }, // Ctrl+K, "audit", Enter, Tab, Enter · Audit trail, Verify
} as const
type Task = keyof typeof allowed

const waitMs = 10_000

describe('console: a new administrator', function () {
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
    for (const name of ['Archive', 'Zebra']) await test.admin.call('keys.create', { body: { name } })
  })
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close()
    await test?.stop()
  })
  after(async () => {
    await browser?.close()
    await upstream?.close()
  })

  const statusWith = async (value: string): Promise<number> =>
    (await call(`${test.http}/erp/orders`, { headers: bearer(value) })).status
  const rowOf = (page: Page, name: string) => page.locator('[data-row]', { hasText: name })
  const copied = (page: Page): Promise<string> => page.evaluate<string>('navigator.clipboard.readText()')
  const copiedOtherThan = async (page: Page, old: string): Promise<string> => {
    for (const deadline = Date.now() + waitMs; Date.now() < deadline;) {
      const value = await copied(page)
      if (value.startsWith('postern_') && value !== old) return value
    }
    return assert.fail('nothing was copied')
  }

  const tell = (by: 'keyboard' | 'mouse', taken: readonly (readonly [Task, number])[]): void =>
    void process.stdout.write(`     by ${by}: ${taken.map(([task, steps]) => `${task} ${steps}`).join(', ')}\n`)

  const used = async (page: Page, value: string): Promise<void> => {
    await rowOf(page, 'Invoice robot').getByText('Never used').waitFor()
    assert.equal(await statusWith(value), 200)
    await rowOf(page, 'Invoice robot')
      .getByText(/now|second/)
      .waitFor()
  }
  const moves = async (page: Page, value: string): Promise<void> => {
    const details = page.getByRole('complementary', { name: 'Key details' })
    await details.getByText('0 of 1 caller has moved to the new value.').waitFor()
    assert.equal(await statusWith(value), 200)
    await details.getByText('1 of 1 caller has moved to the new value.').waitFor()
  }
  const callers = (page: Page): Promise<void> =>
    page.getByRole('complementary', { name: 'Key details' }).getByRole('cell', { name: '127.0.0.1' }).first().waitFor()
  const isVerified = (page: Page): Promise<void> => page.getByText(/^Verified \d+ entries, no gaps\.$/).waitFor()

  it('by the keyboard alone', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)
    const { press, type, task, taken } = countSteps(page, 'keyboard', allowed)
    await rowOf(page, 'Zebra').waitFor()
    await task('add', async () => {
      await press('Control+k')
      await page.getByRole('combobox').waitFor()
      await type('add')
      await press('Enter')
      await focusIs(page, /^text Name/)
      await type('Invoice robot')
      await press('Enter')
      await focusIs(page, /^button Copy$/)
      await page.getByText(`${test.https}/erp/`).waitFor()
      await press('Escape')
      await focusIs(page, /^row Invoice robot/)
    })
    let value = ''
    const before = await copied(page)
    await task('copy', async () => {
      await press('Control+c')
      value = await copiedOtherThan(page, before)
    })
    await task('see', () => used(page, value))
    await task('edit', async () => {
      await press('F2')
      await focusIs(page, /^text Name/)
      await type('Invoice machine')
      await press('Enter')
      await rowOf(page, 'Invoice machine').waitFor()
      await focusIs(page, /^row Invoice machine/)
    })
    await task('undo', async () => {
      await press('Control+z')
      await focusIs(page, /^row Invoice robot/)
    })
    await task('disable', async () => {
      await press('Shift+F10')
      await focusIs(page, /^menuitem View/)
      await type('di')
      await focusIs(page, /^menuitem Disable/)
      await press('Enter')
      await rowOf(page, 'Invoice robot').locator('.pill.disabled').waitFor()
      await focusIs(page, /^row Invoice robot/)
    })
    assert.equal(await statusWith(value), 403)
    await task('undo', async () => {
      await press('Control+z')
      await rowOf(page, 'Invoice robot').locator('.pill.active').waitFor()
      await focusIs(page, /^row Invoice robot/)
    })
    let fresh = ''
    await task('rotate', async () => {
      await press('Shift+F10')
      await focusIs(page, /^menuitem View/)
      await type('r')
      await press('Enter')
      await focusIs(page, /^radio 24 hours/)
      await press('ArrowDown')
      await focusIs(page, /^radio 7 days/)
      await press('Enter')
      await page.getByRole('dialog', { name: '“Invoice robot” has a new value' }).waitFor()
      await page.getByText(/The old value works until/).waitFor()
      await focusIs(page, /^button Copy$/)
      await press('Enter')
      fresh = await copiedOtherThan(page, value)
      await press('Escape')
      await focusIs(page, /^row Invoice robot/)
    })
    assert.equal(await statusWith(value), 200, 'the old value works during the overlap')
    await task('view', async () => {
      await press('Enter')
      await moves(page, fresh)
    })
    await task('close', async () => {
      await press('Escape')
      await page.getByRole('complementary').waitFor({ state: 'detached' })
      await focusIs(page, /^row Invoice robot/)
    })
    await task('view', async () => {
      await press('Enter')
      await callers(page)
    })
    await task('close', () => press('Escape'))
    await task('remove', async () => {
      await press('Delete')
      await page.getByRole('alertdialog').getByText('Still in use:').waitFor()
      await focusIs(page, /^text Type the key’s name/)
      await type('Invoice robot')
      await press('Enter')
      await rowOf(page, 'Invoice robot').waitFor({ state: 'detached' })
      await focusIs(page, /^row (Archive|Robot|Zebra)/)
    })
    assert.equal(await statusWith(fresh), 401)
    await task('undo', async () => {
      await press('Control+z')
      await rowOf(page, 'Invoice robot').waitFor()
    })
    assert.equal(await statusWith(fresh), 200)
    await task('verify', async () => {
      await press('Control+k')
      await page.getByRole('combobox').waitFor()
      await type('audit')
      await press('Enter')
      await page.getByRole('heading', { name: 'Audit trail', level: 1 }).waitFor()
      await focusIs(page, /^main Audit trail$/)
      await press('Tab')
      await focusIs(page, /^button Verify$/)
      await press('Enter')
      await isVerified(page)
    })
    tell('keyboard', taken)
    assert.deepEqual([astray, unexpected(complaints)], [[], []])
  })

  it('by the mouse, with what has to be typed', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)
    const { type, click, clickOn, task, taken } = countSteps(page, 'mouse', allowed)
    await rowOf(page, 'Zebra').waitFor()
    const pick = async (item: string): Promise<void> => {
      await click('Actions for Invoice robot')
      await click(item, 'menuitem')
    }
    const before = await copied(page)
    let [value, fresh] = ['', '']
    await task('add', async () => {
      await click('Add API key')
      await type('Invoice robot')
      await click('Create key')
      await click('Done')
    })
    await task('copy', async () => {
      await pick('Copy key')
      value = await copiedOtherThan(page, before)
    })
    await task('see', () => used(page, value))
    await task('edit', async () => {
      await pick('Edit…')
      await focusIs(page, /^text Name/)
      await type('Invoice machine')
      await click('Save')
      await rowOf(page, 'Invoice machine').waitFor()
    })
    await task('undo', async () => {
      await click('Undo')
      await rowOf(page, 'Invoice robot').waitFor()
    })
    await task('disable', async () => {
      await pick('Disable')
      await rowOf(page, 'Invoice robot').locator('.pill.disabled').waitFor()
    })
    assert.equal(await statusWith(value), 403)
    await task('undo', async () => {
      await clickOn('.toast:has-text("is disabled") button:has-text("Undo")')
      await rowOf(page, 'Invoice robot').locator('.pill.active').waitFor()
    })
    await task('rotate', async () => {
      await pick('Rotate…')
      await click('7 days', 'radio')
      await click('Rotate key')
      await page.getByRole('dialog', { name: '“Invoice robot” has a new value' }).waitFor()
      await clickOn('dialog .secret button')
      fresh = await copiedOtherThan(page, value)
      await click('Done')
    })
    assert.equal(await statusWith(value), 200)
    await task('view', async () => {
      await clickOn('[data-row]:has-text("Invoice robot") .name')
      await moves(page, fresh)
      await callers(page)
    })
    await task('close', async () => {
      await clickOn('.details button[aria-label=Close]')
      await page.getByRole('complementary').waitFor({ state: 'detached' })
    })
    await task('remove', async () => {
      await pick('Delete…')
      await focusIs(page, /^text Type the key’s name/)
      await type('Invoice robot')
      await click('Delete key')
      await rowOf(page, 'Invoice robot').waitFor({ state: 'detached' })
    })
    assert.equal(await statusWith(fresh), 401)
    await task('undo', async () => {
      await clickOn('.toast:has-text("is deleted") button:has-text("Undo")')
      await rowOf(page, 'Invoice robot').waitFor()
    })
    assert.equal(await statusWith(fresh), 200)
    await task('verify', async () => {
      await clickOn('nav button:has-text("Audit trail")')
      await click('Verify')
      await isVerified(page)
    })
    tell('mouse', taken)
    assert.deepEqual([astray, unexpected(complaints)], [[], []])
  })
})
