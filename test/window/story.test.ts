/** The console in its window, over a real daemon: what an administrator does, and what the window is asked from outside. */
import assert from 'node:assert/strict'
import { bearer, call } from '../support/call.ts'
import { hasElectron } from '../support/electron-app.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern } from '../support/start-postern.ts'
import { openWindowBed, type WindowBed } from '../support/window-bed.ts'

describe('console: its window over a real daemon', function () {
  this.timeout(60_000)
  let bed: WindowBed
  let upstream: FakeUpstream
  before(async function () {
    if (!hasElectron()) return this.skip()
    upstream = await startUpstream()
    bed = await openWindowBed()
    await prepareKey(bed.postern.admin, upstream.origin)
  })
  after(async () => {
    await bed?.close()
    await upstream?.close()
  })

  const rowOf = (name: string) => bed.page.locator('[data-row]', { hasText: name })
  const pick = async (name: string, item: string): Promise<void> => {
    await rowOf(name).locator('.actions button').click()
    await bed.page.getByRole('menuitem', { name: item }).click()
  }
  const clipboardText = (): Promise<string> => bed.app.evaluate(({ clipboard }) => clipboard.readText())
  const statusWith = async (value: string): Promise<number> =>
    (await call(`${bed.postern.http}/erp/orders`, { headers: bearer(value) })).status
  const windows = (): Promise<{ visible: boolean }[]> =>
    bed.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((each) => ({ visible: each.isVisible() })),
    )
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline;) if (await isSo()) return
    assert.fail(what)
  }

  it('add, copy, call, see it used, disable, rotate, delete and take back', async () => {
    const { page } = bed
    await page.getByText('Service running').waitFor()
    await page.click('[data-action=add]')
    await page.getByLabel('Name').fill('Invoice robot')
    await page.keyboard.press('Enter')
    const made = page.getByRole('dialog', { name: '“Invoice robot” is ready' })
    await made.getByRole('button', { name: 'Done' }).click()

    await pick('Invoice robot', 'Copy key')
    await page.getByText('Key copied.').first().waitFor()
    const value = await clipboardText()
    assert.match(value, /^postern_\w{8}_\w{49}$/)
    assert.ok(!(await page.content()).includes(value), 'the pages never had it')
    assert.equal(await statusWith(value), 200)
    await rowOf('Invoice robot').getByText(/now|second/).waitFor() // prettier-ignore

    await pick('Invoice robot', 'Disable')
    await rowOf('Invoice robot').locator('.pill.disabled').waitFor()
    assert.equal(await statusWith(value), 403)
    await page.keyboard.press('Control+z')
    await rowOf('Invoice robot').locator('.pill.active').waitFor()

    await pick('Invoice robot', 'Rotate')
    await page.getByLabel('No time: it stops at once').check()
    await page.getByRole('button', { name: 'Rotate key' }).click()
    const rotated = page.getByRole('dialog', { name: '“Invoice robot” has a new value' })
    await rotated.getByRole('button', { name: 'Done' }).click()
    assert.equal(await statusWith(value), 401)

    await pick('Invoice robot', 'Delete')
    await page.getByLabel('Type the key’s name to confirm').fill('Invoice robot')
    await page.getByRole('button', { name: 'Delete key' }).click()
    await page.getByText('“Invoice robot” is deleted.').waitFor()
    await page.locator('.toast', { hasText: 'is deleted' }).getByRole('button', { name: 'Undo' }).click()
    await rowOf('Invoice robot').waitFor()
  })

  it('the clipboard is emptied on request', async () => {
    await pick('Invoice robot', 'Copy key')
    await until('the value is there', async () => (await clipboardText()).startsWith('postern_'))
    await bed.page.getByRole('button', { name: 'Clear now' }).first().click()
    await until('the value is gone', async () => (await clipboardText()) === '')
  })

  it('what is changed by a command is shown within a second', async () => {
    const startedAt = Date.now()
    await bed.postern.admin.call('keys.create', { body: { name: 'From elsewhere' } })
    await rowOf('From elsewhere').waitFor({ timeout: 3_000 })
    process.stdout.write(`     a change elsewhere was shown in the window after ${Date.now() - startedAt} ms\n`)
  })

  it('started a second time, it shows the window that is there, and follows a link to a key', async () => {
    const { data } = await bed.postern.admin.call('keys.list', {})
    const id = data.find(({ name }) => name === 'Invoice robot')?.id ?? ''
    await bed.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((each) => each.hide()))
    await bed.startAgain(`postern://keys/${id}`)
    const details = bed.page.getByRole('complementary', { name: 'Key details' })
    await details.getByText('Invoice robot').waitFor()
    assert.deepEqual(await windows(), [{ visible: true }])
    await details.getByRole('button', { name: 'Close' }).click()
  })

  it('a link that is not to a key changes nothing', async () => {
    for (const link of ['postern://keys/../status', 'postern://delete/x', 'postern://keys/k0000001?delete=1'])
      await bed.startAgain(link)
    assert.equal(await bed.page.getByRole('complementary', { name: 'Key details' }).count(), 0)
    assert.equal((await bed.postern.admin.call('keys.list', {})).count, 3)
  })

  it('closed, it waits in the tray, says so once, and comes back from there', async () => {
    const close = (): Promise<void> =>
      bed.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((each) => each.close()))
    await close()
    assert.deepEqual(await windows(), [{ visible: false }])
    await bed.seen(({ trays }) => {
      trays[0]?.emit('click')
    })
    assert.deepEqual(await windows(), [{ visible: true }])
    await close()
    const told = await bed.seen(({ notifications }) => notifications.map(({ title }) => title))
    assert.equal(told.filter((title) => title.includes('tray')).length, 1)
    await bed.seen(({ trays }) => {
      trays[0]?.menu?.items.find(({ id }) => id === 'open')?.click()
    })
    assert.deepEqual(await windows(), [{ visible: true }])
  })

  it('the daemon stops: what was known stays in sight, the tray says it, and it is found again when it is back', async () => {
    const of = await startTestPostern({}, { now: Date.now })
    await of.admin.call('keys.create', { body: { name: 'Left alone' } })
    const other = await openWindowBed(of)
    try {
      await other.page.getByText('Left alone').waitFor()
      await of.postern.stop()
      await other.page.getByText('The Postern service is not running').waitFor({ timeout: 20_000 })
      await other.page.getByText('Left alone').waitFor()
      await until('the tray says it', () => other.seen(({ trays }) => /not|stopped/.test(trays[0]?.toolTip ?? '')))
      const again = await of.restart()
      await other.page.getByText('Service running').waitFor({ timeout: 20_000 })
      await other.close()
      await again.stop()
    } catch (error) {
      await other.close()
      throw error
    }
  })

  it('nothing it has done went over a network, and the page complained of nothing', async () => {
    assert.deepEqual(await bed.networkLog(), [])
    assert.deepEqual(bed.complaints, [])
  })
})
