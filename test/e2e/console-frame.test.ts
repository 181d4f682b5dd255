/** The frame of the console over a real daemon: the palette by keyboard alone, unlocking, the end of a session, a stopped daemon. */
import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openConsole } from '../support/real-console.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

const idleMs = 15 * 60_000
const clipboard = (page: Page): Promise<string> => page.evaluate<string>('navigator.clipboard.readText()')
/** The browser tells of each refusal by itself. */
const own = (complaints: readonly string[]): string[] => complaints.filter((each) => !/status of|ERR_/.test(each))

describe('console: the frame over a real daemon', function () {
  this.timeout(120_000)
  let browser: Browser
  let started: TestPostern[] = []
  const start: typeof startTestPostern = async (...given) => {
    const test = await startTestPostern(...given)
    started = [...started, test]
    return test
  }
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
  })
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close()
    for (const test of started.splice(0)) await test.stop()
  })
  after(() => browser?.close())

  const stateOf = async (test: TestPostern, name: string): Promise<string> =>
    (await test.admin.call('keys.get', { params: { key: name } })).state
  const press = async (page: Page, ...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }

  it('by keyboard alone: find a key, copy its command, disable it, take that back; it comes first the next time', async () => {
    const test = await start({}, { now: Date.now })
    await test.admin.call('keys.create', { body: { name: "Anna's invoices" } })
    await test.admin.call('keys.create', { body: { name: 'Payroll' } })
    const { page, astray, complaints } = await openConsole(browser, test)
    await page.getByText('Service running').waitFor()
    await page.locator('[data-row]', { hasText: 'Payroll' }).waitFor()
    await press(page, 'Control+k')
    const chosen = page.locator('[role=option][aria-selected=true]')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('dis inv')
    await page.getByText("Disable key “Anna's invoices”").waitFor()
    assert.equal(await page.locator('[role=option]').count(), 1)
    assert.equal(
      await page.evaluate(`document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).id`),
      await chosen.getAttribute('id'),
    )
    await press(page, 'Control+c')
    await page.getByText('Copied.').waitFor()
    assert.equal(await clipboard(page), String.raw`postern keys disable 'Anna'\''s invoices'`)
    await press(page, 'Enter')
    await page.getByText('is disabled: calls with it are refused.').waitFor()
    assert.equal(await stateOf(test, "Anna's invoices"), 'disabled')
    await press(page, 'Control+z')
    await page.getByText('is enabled: calls with it pass.').waitFor()
    assert.equal(await stateOf(test, "Anna's invoices"), 'active')
    await press(page, 'Control+k')
    await page.getByRole('combobox').waitFor()
    assert.match(await chosen.innerText(), /^Disable key “Anna's invoices”/)
    await press(page, 'Escape')
    await page.getByRole('combobox').waitFor({ state: 'detached' })
    assert.deepEqual([astray, own(complaints)], [[], []])
  })

  it('by keyboard alone: add, view, and ask before deleting; each time it is asked for, and never by going back', async () => {
    const test = await start({}, { now: Date.now })
    await test.admin.call('keys.create', { body: { name: 'Invoices' } })
    const { page } = await openConsole(browser, test)
    await page.locator('[data-row]', { hasText: 'Invoices' }).waitFor()
    const say = async (text: string): Promise<void> => {
      await press(page, 'Control+k')
      await page.getByRole('combobox').fill(text)
      await page.locator('[role=option]').first().waitFor()
      await press(page, 'Enter')
    }
    await say('go to status')
    await page.getByRole('heading', { name: 'Status', level: 1 }).waitFor()
    for (let time = 0; time < 2; time++) {
      await say('delete invoices')
      await page.getByRole('alertdialog').waitFor()
      await press(page, 'Escape')
      await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    }
    await say('view invoices')
    await page.getByRole('complementary', { name: 'Key details' }).waitFor()
    await press(page, 'Alt+ArrowLeft', 'Alt+ArrowLeft')
    await page.getByRole('complementary', { name: 'Key details' }).waitFor({ state: 'detached' })
    assert.equal(await page.getByRole('alertdialog').count(), 0)
    await say('add api key')
    await page.getByRole('dialog', { name: 'Add API key' }).waitFor()
  })

  it('a locked key store is opened from the page: what is wrong is told, and the code is nowhere afterwards', async () => {
    const test = await start({}, { now: Date.now })
    await test.admin.call('keys.create', { body: { name: 'Kept' } })
    await test.postern.stop()
    const keys = await readdir(test.settings.machineDir)
    for (const name of keys.filter((each) => each.startsWith('machine'))) await rm(join(test.settings.machineDir, name))
    const locked = await test.restart()
    started = [...started, locked]
    const { page, astray, complaints } = await openConsole(browser, locked)
    await page.getByText('The key store is locked.').waitFor()
    assert.equal(await page.locator('[data-action=add]').getAttribute('aria-disabled'), 'true')
    const field = page.getByLabel('Recovery code')
    assert.equal(await field.getAttribute('type'), 'password')
    await field.fill('AAAA-BBBB')
    await press(page, 'Enter')
    await page.getByText('groups').first().waitFor()
    assert.equal(await page.evaluate('document.activeElement.hasAttribute("data-unlock")'), true)
    // Pasted, as from a password manager.
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(test.recoveryCode)})`)
    await field.fill('')
    await field.focus()
    await press(page, 'Control+v')
    assert.equal(await field.inputValue(), test.recoveryCode)
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    assert.equal(await field.getAttribute('type'), 'text')
    await field.focus()
    await press(page, 'Enter')
    await page.getByText('The key store is open.').waitFor()
    await page.locator('[data-row]', { hasText: 'Kept' }).waitFor()
    assert.equal((await locked.admin.call('status.get')).state, 'open')
    assert.ok(!(await page.content()).includes(test.recoveryCode))
    assert.equal(await page.evaluate('JSON.stringify([localStorage, sessionStorage])'), '[{},{}]')
    assert.deepEqual([astray, own(complaints)], [[], []])
  })

  it('a folder that is older than it should be is opened only after somebody was told so and agreed', async () => {
    const test = await start({}, { now: Date.now })
    const store = join(test.settings.dataDir, 'store')
    const before = await Promise.all(
      (await readdir(store)).map(async (name) => [name, await readFile(join(store, name))] as const),
    )
    await test.admin.call('keys.create', { body: { name: 'Made later' } })
    await test.admin.call('keys.create', { body: { name: 'Made later still' } })
    await test.postern.stop()
    for (const name of await readdir(store)) await rm(join(store, name))
    for (const [name, content] of before) await writeFile(join(store, name), content, { mode: 0o600 })
    const older = await test.restart()
    started = [...started, older]
    const { page } = await openConsole(browser, older)
    await page.getByLabel('Recovery code').fill(test.recoveryCode)
    await press(page, 'Enter')
    await page.locator('.unlock .fault', { hasText: 'older than what this machine last wrote' }).waitFor()
    assert.equal((await older.admin.call('status.get')).state, 'locked')
    await page.getByLabel('Accept the older folder.').check()
    await page.getByRole('button', { name: 'Unlock', exact: true }).click()
    await page.getByText('The key store is open.').waitFor()
  })

  it('after a quarter of an hour without use the session ends: the reason is said, and nothing of before is left', async () => {
    const test = await start()
    const { id } = await test.admin.call('keys.create', { body: { name: 'Shown' } })
    const { value } = await test.admin.call('keys.reveal', { params: { key: id } })
    const { page } = await openConsole(browser, test)
    await page.locator('[data-row]', { hasText: 'Shown' }).waitFor()
    await press(page, 'Control+k')
    await page.getByRole('combobox').fill('view shown')
    await press(page, 'Enter')
    await page.getByRole('complementary').getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText(value ?? '').waitFor()
    test.clock.nowMs += idleMs + 1_000
    // Any news makes the page ask.
    await test.admin.call('keys.create', { body: { name: 'News' } })
    await page.getByRole('heading', { name: 'A new link is needed' }).waitFor()
    await page.getByText('The session has ended.').waitFor()
    const left = await page.content()
    assert.ok(!left.includes(value ?? '') && !left.includes('Shown'))
    await press(page, 'Control+k', 'F1')
    assert.equal(await page.getByRole('dialog').count(), 0)
    const { url } = await test.admin.call('links.create', { body: { page: 'console' } })
    await page.getByLabel('Link, or the code after its #').fill(url)
    await press(page, 'Enter')
    await page.locator('[data-row]', { hasText: 'News' }).waitFor()
    assert.equal(await page.getByRole('complementary').count(), 0)
  })

  it('when the daemon stops, the last list, a diagnosis and the exact command are there, also on Status', async () => {
    const test = await start({}, { now: Date.now })
    await test.admin.call('keys.create', { body: { name: 'Left alone' } })
    const { page } = await openConsole(browser, test)
    await page.locator('[data-row]', { hasText: 'Left alone' }).waitFor()
    // It says so for some seconds only, in which the daemon may still be about to end.
    const tries = page.getByText(/^Connecting… \(try \d\)$/).waitFor()
    await Promise.all([tries, test.postern.stop()])
    await page.getByText(`postern run --data ${test.settings.dataDir}`).waitFor({ timeout: 20_000 })
    await page.getByText(/^What is shown is as of /).waitFor()
    await page.getByText('Find out why').click()
    await page.getByText(`process ${process.pid}, running since`).waitFor()
    await page.getByText(`postern doctor --data ${test.settings.dataDir}`).waitFor()
    await page.locator('[data-row]', { hasText: 'Left alone' }).waitFor()
    await press(page, 'Control+k')
    await page.getByRole('combobox').fill('left alone')
    assert.match(
      await page.locator('[role=option]', { hasText: 'Disable' }).innerText(),
      /Off while the service does not answer/,
    )
    await press(page, 'Enter')
    await page.getByRole('complementary', { name: 'Key details' }).waitFor()
    await page.getByRole('navigation').getByRole('button', { name: 'Status' }).click()
    await page.getByRole('button', { name: 'Copy the command to start it' }).click()
    assert.equal(await clipboard(page), `postern run --data ${test.settings.dataDir}`)
  })

  it('the gateway’s clock put back two hours is told within the time of one look', async () => {
    const test = await start()
    const { page } = await openConsole(browser, test)
    await page.getByText('Service running').waitFor()
    await page.getByText('No API keys yet.').waitFor()
    test.clock.nowMs -= 2 * 3_600_000
    await press(page, 'F5')
    await page.getByText('The gateway’s clock moved back 2 hours.').waitFor()
    await page.getByRole('button', { name: 'The time is right now' }).click()
    await press(page, 'F5')
    await page.getByText('The gateway’s clock moved back').waitFor({ state: 'detached' })
  })
})
