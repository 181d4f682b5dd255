/** Recovery kits and backups in the console over a real daemon: what was made opens the store, and a code leaves no trace. */
import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { goTo, press, unexpected } from '../support/console-steps.ts'
import { openConsole } from '../support/real-console.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('console: recovery over a real daemon', function () {
  this.timeout(120_000)
  let test: TestPostern
  let browser: Browser
  before(async function () {
    if (!hasBrowser()) return this.skip()
    test = await startTestPostern({}, { now: Date.now })
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
  })

  it('a kit is made, tried right and wrong, printed alone, and the old one removed; its code leaves no trace', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)
    const urls: string[] = []
    page.on('request', (request) => urls.push(request.url()))
    await goTo(page, 'Backup & recovery')
    await page.getByText('Never tried').waitFor()
    const [old] = (await test.admin.call('slots.list')).data.filter(({ kind }) => kind === 'recovery')
    const oldId = old?.id ?? ''

    const menuOf = async (id: string, item: string): Promise<void> => {
      await press(page, `Actions for slot ${id}`)
      await page.getByRole('menuitem', { name: item }).click()
    }
    await menuOf(oldId, 'Remove')
    await page.getByText('This is the last recovery slot.').waitFor()
    await press(page, 'Close')

    await press(page, 'New recovery kit')
    await press(page, 'Make kit')
    const kit = page.getByRole('dialog', { name: 'The new recovery kit' })
    await kit.waitFor()
    const groups = await kit.locator('.kit-code span').allInnerTexts()
    assert.deepEqual([groups.length, groups.join('').length], [14, 56])
    const code = groups.join('-')

    await page.emulateMedia({ media: 'print' })
    const printed = await page.evaluate<string>('document.body.innerText')
    for (const part of [...groups, 'postern unlock --recovery', 'Postern recovery kit'])
      assert.ok(printed.includes(part), part)
    for (const part of ['Key slots', 'API keys', 'Service running', 'Done', 'only time it is shown'])
      assert.ok(!printed.includes(part), part)
    await page.emulateMedia({ media: 'screen' })

    await page.keyboard.press('Escape')
    await kit.getByText('The code is not shown again.').waitFor()
    await kit.getByRole('button', { name: 'Done' }).click()
    await kit.waitFor({ state: 'detached' })
    const isGone = async (): Promise<void> => {
      const content = await page.content()
      assert.ok(!content.includes(code) && !content.includes(groups.slice(0, 3).join('')))
      assert.equal(await page.locator('.kit-code').count(), 0)
    }
    await isGone()

    await press(page, 'Try a kit')
    const tried = page.getByRole('dialog', { name: 'Try a recovery kit' })
    const wrong = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`
    await tried.getByLabel('Recovery code').fill(wrong)
    await page.keyboard.press('Enter')
    await tried.getByText('The last group does not fit the others').waitFor()
    assert.equal(await tried.getByLabel('Recovery code').inputValue(), wrong)
    await tried.getByLabel('Recovery code').fill(` ${code.toLowerCase()} `)
    await page.keyboard.press('Enter')
    await page.getByText('The code opens this key store').waitFor()
    await press(page, 'Done')
    await isGone()

    const listed = (await test.admin.call('slots.list')).data
    const fresh = listed.find(({ id, kind }) => kind === 'recovery' && id !== oldId)
    assert.notEqual(fresh?.confirmed_at ?? null, null)
    await menuOf(oldId, 'Remove')
    await page.getByText('Backups made before stay openable with it.').waitFor()
    await press(page, 'Remove slot')
    await page.getByText(`Slot ${oldId} is removed.`).waitFor()
    assert.deepEqual(
      (await test.admin.call('slots.list')).data.filter(({ kind }) => kind === 'recovery').map(({ id }) => id),
      [fresh?.id],
    )

    const traces = [...urls, ...test.logged, ...complaints, await page.evaluate<string>('JSON.stringify(localStorage)')]
    for (const trace of traces) for (const each of [code, wrong]) assert.ok(!trace.toUpperCase().includes(each))
    assert.deepEqual(astray, [])
    assert.deepEqual(unexpected(complaints), [])
    await page.context().close()
  })

  it('leaving a kit by pressing Escape twice takes the code from the page', async () => {
    const { page } = await openConsole(browser, test)
    await goTo(page, 'Backup & recovery')
    await press(page, 'New recovery kit')
    await press(page, 'Make kit')
    await page.locator('.kit-code').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('The code is not shown again.').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.kit-code').waitFor({ state: 'detached' })
    assert.equal(await page.locator('dialog').count(), 0)
    await page.context().close()
  })

  it('the root key is changed in two steps, the trail says so, and the kit still opens', async () => {
    const { page } = await openConsole(browser, test)
    const { code } = await test.admin.call('slots.add', { body: { kind: 'recovery' } })
    const before = (await test.admin.call('status.get')).store?.root_key_since ?? ''
    await goTo(page, 'Backup & recovery')
    await press(page, 'Change the root key…')
    await press(page, 'Change root key')
    await page.getByText('The root key is a new one.').waitFor()
    assert.notEqual((await test.admin.call('status.get')).store?.root_key_since, before)
    const { data } = await test.admin.call('audit.list', { query: { action: 'keystore.rotate' } })
    assert.equal(data.length, 1)
    await test.admin.call('slots.confirm', { body: { code } })
    await page.context().close()
  })

  it('a kit made and a backup noted by a command are shown without asking; a backup is made into a folder', async () => {
    const { page } = await openConsole(browser, test)
    await goTo(page, 'Backup & recovery')
    await page.getByText('No backup is known.').waitFor()
    const { slot_id: slotId } = await test.admin.call('slots.add', { body: { kind: 'recovery' } })
    await page.getByText(slotId).waitFor({ timeout: 3_000 })
    await test.admin.call('backups.note')
    await page.getByText('Copied by another program').waitFor({ timeout: 3_000 })

    const dir = join(dirname(test.settings.dataDir), 'backups')
    await mkdir(dir)
    await press(page, 'Back up now')
    await page.getByLabel('Folder for backups').fill('backups')
    await press(page, 'Back up')
    await page.locator('.dialog .fault[id]').waitFor()
    await page.getByLabel('Folder for backups').fill(dir)
    await press(page, 'Back up')
    const made = page.getByRole('dialog', { name: 'The backup is made' })
    await made.waitFor()
    const { last } = await test.admin.call('backups.last')
    assert.ok((await made.innerText()).includes(last?.path ?? 'nothing'))
    assert.ok((await readFile(join(last?.path ?? '', 'README-RESTORE.txt'), 'utf8')).length > 0)
    await made.getByRole('button', { name: 'Done' }).click()
    await page.getByText(last?.path ?? 'nothing').waitFor()
    await page.context().close()
  })
})
