/** Backups in the console over a real daemon: made, scheduled, proven, checked; and what was lost comes back by the wizard. */
import assert from 'node:assert/strict'
import { mkdir, readFile, truncate } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { goTo, press, unexpected } from '../support/console-steps.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('console: backups over a real daemon', function () {
  this.timeout(180_000)
  let test: TestPostern
  let browser: Browser
  let dir: string
  before(async function () {
    if (!hasBrowser()) return this.skip()
    test = await startTestPostern({}, { now: Date.now })
    dir = join(dirname(test.settings.dataDir), 'backups')
    await mkdir(dir)
    await prepareKey(test.admin, 'http://127.0.0.1:9')
    await test.admin.call('keys.create', { body: { name: 'Payroll' } })
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
  })

  const done = (page: Page): Promise<void> => page.getByRole('button', { name: 'Done' }).click()
  const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })

  it('Status asks for a backup, then for a proof, then for a schedule, each one press away, and says what is proven', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)
    await goTo(page, 'Status')
    await page.getByText('No backup is known. Without one, a lost disk is lost keys.').waitFor()
    await press(page, 'Back up now…')

    const file = join(dir, 'first.tar')
    await page.getByLabel('As', { exact: true }).selectOption('file')
    await page.getByLabel('File', { exact: true }).fill(join(dir, 'first.zip'))
    await press(page, 'Back up')
    await page.getByText('Type the path of a file whose name ends in .tar.').waitFor()
    await page.getByLabel('File', { exact: true }).fill(file)
    await press(page, 'Back up')
    await dialog(page, 'The backup is made').getByText(file).waitFor()
    assert.ok((await readFile(file)).length > 0)
    await done(page)
    await page.getByText('No restore has been proven yet').waitFor()

    await goTo(page, 'Status')
    await page.getByText('No restore has been proven yet').waitFor()
    await press(page, 'Prove now…')
    await page.getByText(`The last known: ${file}`).waitFor()
    await press(page, 'Prove')
    const proven = dialog(page, 'Restore proven')
    await proven.getByText('2 keys, 1 client, 1 collection, 1 endpoint').waitFor()
    await done(page)
    await page.locator('.pill', { hasText: 'Restore proven' }).waitFor()

    await goTo(page, 'Status')
    await page.locator('.card .proof', { hasText: 'Restore proven' }).waitFor()
    await press(page, 'Set a schedule…')
    await page.getByLabel('When').selectOption({ label: 'Every hour' })
    await page.getByLabel('Folder for backups').fill(join(dir, 'none'))
    await page.getByLabel('How many stay').fill('3')
    await press(page, 'Save')
    // The service's own words, at the field.
    await page.locator('.dialog .fault[id]').waitFor()
    await page.getByLabel('Folder for backups').fill(dir)
    await press(page, 'Save')
    await page.getByText(`Every hour, into ${dir}. 3 stay.`).waitFor()
    assert.match(await page.locator('.schedule', { hasText: 'Every hour' }).innerText(), /Next: .*:00/)
    const { schedule } = await test.admin.call('backups.last')
    assert.deepEqual([schedule?.cron, schedule?.dir, schedule?.keep], ['0 * * * *', dir, 3])

    await page.getByRole('button', { name: 'Turn off Backups' }).click()
    await page.getByText('Postern makes none by itself.').first().waitFor()
    assert.equal((await test.admin.call('backups.last')).schedule, null)
    // The toast of this very step; the one before it may still be there.
    await page
      .locator('.toast', { hasText: 'Postern makes no more backups by itself.' })
      .getByRole('button', { name: 'Undo' })
      .click()
    await page.getByText(`Every hour, into ${dir}. 3 stay.`).waitFor()

    await page.getByRole('button', { name: 'Set a schedule… Proofs of a restore' }).click()
    await page.getByLabel('When').selectOption('own')
    await page.getByLabel('Cron expression').fill('61 1 * * *')
    await press(page, 'Save')
    await page.locator('.dialog .fault[id]', { hasText: 'minute 0-59' }).waitFor()
    await page.getByLabel('Cron expression').fill('30 4 * * 1')
    await press(page, 'Save')
    await page.getByText('Every Monday at 04:30, the newest backup.').waitFor()

    await goTo(page, 'Status')
    await page.locator('.card .proof', { hasText: 'Restore proven' }).waitFor()
    assert.equal(await page.locator('.card', { hasText: 'Restore proven' }).getByRole('button').count(), 0)
    assert.deepEqual(astray, [])
    assert.deepEqual(unexpected(complaints), [])
    await page.context().close()
  })

  it('what is gone comes back by the wizard as it was shown; a deleted key stays deleted; a change meanwhile asks anew', async () => {
    const file = join(dir, 'second.tar')
    await test.admin.call('backups.create', { body: { file } })
    const [endpoint] = (await test.admin.call('endpoints.list')).data
    const keys = (await test.admin.call('keys.list')).data
    const idOf = (name: string): string => keys.find((key) => key.name === name)?.id ?? ''
    await test.admin.call('endpoints.remove', { params: { endpoint: endpoint?.id ?? '' } })
    await test.admin.call('keys.remove', { params: { key: idOf('Payroll') } })
    const describe = async (description: string): Promise<void> => {
      const { etag } = await test.admin.call('keys.get', { params: { key: idOf('Robot') } })
      await test.admin.call('keys.edit', { params: { key: idOf('Robot') }, body: { description }, ifMatch: etag })
    }
    await describe('changed')

    const { page, astray, complaints } = await openConsole(browser, test)
    await goTo(page, 'Backup & recovery')
    await press(page, 'Restore…')
    await page.getByLabel('Backup', { exact: true }).fill(join(dir, 'none.tar'))
    await press(page, 'Show what it would do')
    await page.locator('.dialog .fault', { hasText: /./ }).waitFor()
    await page.getByLabel('Backup', { exact: true }).fill(file)
    await press(page, 'Show what it would do')
    const plan = page.locator('.restore-plan')
    await page.getByText('Adds 1, replaces 0').waitFor()
    assert.match(await plan.innerText(), /Adds \(1\)\s+Endpoint\s+ANY \/erp\/\{rest\*\}/)
    assert.match(await plan.innerText(), /Payroll\s+deleted since/)
    assert.match(await plan.innerText(), /Differ, and stay as they are now \(1\)\s+Key\s+Robot\s+description/)

    await page.getByLabel('Also put back records that have changed since').click()
    await page.getByText('Adds 1, replaces 1').waitFor()
    await press(page, 'Restore 2 records')
    await page.locator('.dialog .fault', { hasText: 'Type 1.' }).waitFor()
    assert.equal((await test.admin.call('endpoints.list')).count, 0)

    // Another field differs now: this is no longer what was shown.
    await test.admin.call('keys.disable', { params: { key: idOf('Robot') } })
    await page.getByLabel('Type 1 to confirm').fill('1')
    await press(page, 'Restore 2 records')
    await dialog(page, 'Something has changed meanwhile').waitFor()
    assert.equal((await test.admin.call('endpoints.list')).count, 0)
    await press(page, 'Show it anew')
    await page.getByText('disabled since').waitFor()
    await page.getByLabel('Type 1 to confirm').fill('1')
    await press(page, 'Restore 2 records')
    await dialog(page, 'The records are restored').getByText('Added 1, replaced 1.').waitFor()
    await done(page)

    assert.equal((await test.admin.call('endpoints.list')).data[0]?.id, endpoint?.id)
    const robot = await test.admin.call('keys.get', { params: { key: idOf('Robot') } })
    assert.deepEqual([robot.description, robot.state], ['', 'disabled'])
    assert.ok(!(await test.admin.call('keys.list')).data.some(({ name }) => name === 'Payroll'))
    assert.deepEqual(astray, [])
    assert.deepEqual(unexpected(complaints), [])
    await page.context().close()
  })

  it('a backup that is cut off is found by its check, and a proof of it that fails stands on the page and on Status', async () => {
    const file = join(dir, 'third.tar')
    await test.admin.call('backups.create', { body: { file } })
    await truncate(file, 9_000)
    const { page } = await openConsole(browser, test)
    await goTo(page, 'Backup & recovery')
    await press(page, 'Check…')
    await press(page, 'Check')
    const faults = page.getByRole('alertdialog', { name: 'The backup has faults' })
    await faults.waitFor()
    assert.match(await faults.innerText(), /\d+ faults?/)
    await done(page)
    await press(page, 'Prove a restore…')
    await press(page, 'Prove')
    await page.getByRole('alertdialog', { name: 'This backup cannot be restored' }).waitFor()
    await done(page)
    await page.getByText('The last proof of a restore failed').waitFor()
    await goTo(page, 'Status')
    await page.locator('.card.urgent', { hasText: 'The last proof of a restore failed' }).waitFor()
    await page.context().close()
  })

  it('a dialog that is closed meanwhile loses nothing: what came of the work is said in a message', async () => {
    const { page } = await openConsole(browser, test, async (opening) => {
      await opening.route('**/v1/backups/verify', async (route) => {
        await opening.getByRole('button', { name: 'Close, it goes on' }).click()
        await route.continue()
      })
    })
    await goTo(page, 'Backup & recovery')
    await press(page, 'Check…')
    await page.getByLabel('Backup', { exact: true }).fill(join(dir, 'second.tar'))
    await press(page, 'Check')
    await page.getByText(`The backup is good: ${join(dir, 'second.tar')}`).waitFor()
    assert.equal(await page.locator('dialog').count(), 0)
    await page.context().close()
  })
})
