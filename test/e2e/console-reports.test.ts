/** Usage, the audit trail and the calendar of expiries over a real daemon: what happened is what they show and hand on. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { addDays, dateIn, endOfDate } from '../../desktop/src/renderer/dates.ts'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole, type OpenedConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const zone = 'Europe/Berlin'

/** The next Saturday that is at least ten days away. */
const nextSaturday = (nowMs: number): string => {
  const date = addDays(dateIn(nowMs, zone), 10)
  return addDays(date, (6 - new Date(`${date}T00:00:00Z`).getUTCDay() + 7) % 7)
}

describe('console: reports of a real daemon', function () {
  this.timeout(60_000)
  let test: TestPostern
  let browser: Browser
  let upstream: FakeUpstream
  let dir: string
  let key: { id: string; value: string }
  let shown: OpenedConsole
  const { ok, run } = commandLine(
    () => test,
    () => dir,
  )
  before(async function () {
    if (!hasBrowser()) return this.skip()
    test = await startTestPostern({}, { now: Date.now, zone })
    dir = await temporaryDir()
    upstream = await startUpstream()
    browser = await startBrowser()
    key = await prepareKey(test.admin, upstream.origin)
    shown = await openConsole(browser, test)
    await shown.page.getByText('Service running').waitFor()
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
    await upstream?.close()
    if (dir !== undefined) await rm(dir, { recursive: true, force: true })
  })

  const goTo = (name: string): Promise<void> => shown.page.locator('nav button', { hasText: name }).click()
  const saved = async (page: Page, button: string): Promise<{ name: string; text: string }> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).last().click(),
    ])
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
  }
  const callTimes = async (times: number, path: string, headers: Record<string, string>): Promise<void> => {
    for (let at = 0; at < times; at++) await call(`${test.http}${path}`, { headers })
  }

  it('calls through the gateway are in the chart and in the table, refused ones by their reason, and news comes by itself', async () => {
    const { page } = shown
    await callTimes(3, '/erp/orders', bearer(key.value))
    await callTimes(2, '/elsewhere', bearer(key.value))
    await callTimes(4, '/erp/orders', {})
    await goTo('Usage')
    const chart = page.getByRole('img', { name: 'Calls by time as bars: 3 passed, 6 refused.' })
    await chart.waitFor()
    assert.equal(await chart.locator('title').count(), 24)
    assert.match((await chart.locator('title').last().textContent()) ?? '', /: 3 passed, 6 refused$/)
    const reasons = page.getByRole('table', { name: 'Why calls were refused' })
    await reasons.getByRole('row', { name: 'No key was presented 4 67 %' }).waitFor()
    await reasons.getByRole('row', { name: 'No such endpoint, or it is disabled 2 33 %' }).waitFor()
    const groups = page.getByRole('table', { name: 'By key' })
    await groups.getByRole('row', { name: 'Robot 3 2 1' }).waitFor()
    await groups.getByRole('row', { name: 'Without a known key 0 4 1' }).waitFor()

    await callTimes(1, '/erp/orders', bearer(key.value))
    await page.getByRole('img', { name: /: 4 passed, 6 refused\./ }).waitFor({ timeout: 10_000 })

    await page.getByRole('button', { name: 'View as table' }).click()
    const rows = page.getByRole('table', { name: 'Calls by time' }).locator('tbody tr')
    assert.equal(await rows.count(), 24)
    assert.match((await rows.first().textContent()) ?? '', /46$/)
    const { name, text } = await saved(page, 'Export CSV')
    assert.match(name, /^postern-usage-by-key-\d{4}-\d{2}-\d{2}\.csv$/)
    const [head, first] = text.split('\r\n')
    assert.equal(head, 'id,name,calls,allowed,refused,callers,first,last,credential_missing,no_endpoint')
    assert.match(first ?? '', new RegExp(`^${key.id},Robot,6,4,2,1,`))
    assert.ok(!text.includes(key.value.slice(-20)))

    await groups.getByRole('button', { name: 'Robot' }).click()
    await reasons.getByRole('row', { name: 'No key was presented' }).waitFor({ state: 'detached' })
    await reasons.getByRole('row', { name: 'No such endpoint, or it is disabled 2 100 %' }).waitFor()
    await page.getByRole('button', { name: 'Show all calls' }).click()
    for (const [by, row] of [
      ['By client', 'default 4 2 1'],
      ['By endpoint', 'ANY /erp/{rest*} 4 0 1'],
      ['By caller', '127.0.0.1 4 6 1'],
    ] as const) {
      await page.getByLabel('Who called what').selectOption(by)
      await page.getByRole('table', { name: by }).getByRole('row', { name: row }).waitFor()
    }
  })

  it('verify says the true number, and who was it is found by each part of a record', async () => {
    const { page } = shown
    await goTo('Audit trail')
    await page.getByRole('button', { name: 'Verify' }).click()
    const { entries, head } = await test.admin.call('audit.verify')
    await page.getByText(`Verified ${entries} entries, no gaps.`).waitFor()
    await page.getByText(String(head)).waitFor()

    const table = page.getByRole('table', { name: 'Records of the audit trail' })
    const actions = (): Promise<string[]> => table.locator('tbody td.action').allTextContents()
    const settled = async (count: number): Promise<void> =>
      page.getByText(`${count} record${count === 1 ? '' : 's'}`, { exact: true }).waitFor()
    await page.getByLabel('Action').selectOption('Key added')
    await settled(1)
    assert.deepEqual(await actions(), ['Key added '])
    await page.getByLabel('Object', { exact: true }).fill(key.id)
    await settled(1)
    await page.getByLabel('Source').selectOption('Postern itself')
    await page.getByText('No record matches this filter.').waitFor()
    await page.getByRole('button', { name: 'Clear filter' }).first().click()
    await settled((await test.admin.call('audit.list')).count)

    await table
      .getByRole('button', { name: /^Record \d+: details$/ })
      .first()
      .click()
    const newest = (await test.admin.call('audit.list', { query: { per_page: 1 } })).data[0]
    await page
      .getByRole('dialog')
      .getByText(newest?.prev ?? 'none')
      .waitFor()
    await page.keyboard.press('Escape')

    await test.admin.call('keys.create', { body: { name: 'Made meanwhile' } })
    await table.getByText('Key Made meanwhile').waitFor({ timeout: 10_000 })
  })

  it('the exported trail is the one of the command, byte for byte, and a stranger’s program accepts it', async () => {
    const { page } = shown
    await goTo('Audit trail')
    const { name, text } = await saved(page, 'Export trail')
    assert.match(name, /^postern-audit-\d{4}-\d{2}-\d{2}\.jsonl$/)
    assert.equal(text, await ok('audit', 'export'))
    await writeFile(join(dir, 'trail.jsonl'), text)
    await writeFile(join(dir, 'key.pem'), await ok('audit', 'key'))
    await writeFile(join(dir, 'verify-trail.mjs'), (await run(['audit', 'verifier'])).out)
    const check = () =>
      spawnSync(process.execPath, ['verify-trail.mjs', 'trail.jsonl', 'key.pem'], { cwd: dir, encoding: 'utf8' })
    const { entries } = await test.admin.call('audit.verify')
    assert.match(check().stdout, new RegExp(`^OK: records 1 to ${entries} of store`))
    await writeFile(join(dir, 'trail.jsonl'), text.replace('"name":"ERP"', '"name":"ERQ"'))
    assert.equal(check().status, 1)
  })

  it('a key that ends on a weekend is moved to the next working day by one press, and taken back by another', async () => {
    const { page } = shown
    const saturday = nextSaturday(Date.now())
    const { id } = await test.admin.call('keys.create', {
      body: { name: 'Ends on a weekend', expires: { at: saturday } },
    })
    const endOf = async (): Promise<number> =>
      Date.parse((await test.admin.call('keys.get', { params: { key: id } })).expires_at ?? '')
    await goTo('Expiry calendar')
    await page.getByRole('button', { name: /: 1 key on a weekend$/ }).click()
    await page.getByRole('button', { name: 'Move to Monday “Ends on a weekend”, ' }).click()
    await page.getByText('“Ends on a weekend” is saved.').waitFor()
    assert.equal(await endOf(), endOfDate(addDays(saturday, 2), zone))
    await page.getByText('No day needs a look.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('“Ends on a weekend” is back as it was.').waitFor()
    assert.equal(await endOf(), endOfDate(saturday, zone))

    const { name, text } = await saved(page, 'Export .ics')
    assert.match(name, /^postern-keys-.*\.ics$/)
    const { store } = await test.admin.call('status.get')
    assert.ok(text.includes(`UID:key-${id}@${store?.id ?? ''}\r\n`))
    assert.equal(text.match(/BEGIN:VEVENT/g)?.length, (await test.admin.call('keys.list')).count)
  })

  it('with the keyboard: one stop for Tab, arrows to the day before, and its keys are shown', async () => {
    const { page } = shown
    await goTo('Expiry calendar')
    const chosen = page.locator('.day[tabindex="0"]')
    assert.equal(await chosen.count(), 1)
    const saturday = (await chosen.getAttribute('data-date')) ?? ''
    await chosen.focus()
    for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowUp')
    const focused = (): Promise<string> => page.evaluate('document.activeElement.dataset.date')
    assert.equal(await focused(), addDays(saturday, 3))
    await page.getByText('No key expires on this day.').waitFor()
    await page.keyboard.press('ArrowLeft')
    assert.equal(await focused(), addDays(saturday, 2))
    assert.equal(await page.locator('.day[tabindex="0"]').count(), 1)
  })

  it('nothing was asked of anybody else, and the browser has nothing to complain of', () => {
    assert.deepEqual(shown.astray, [])
    assert.deepEqual(
      shown.complaints.filter((each) => !each.includes('status of 429')),
      [],
    )
  })
})
