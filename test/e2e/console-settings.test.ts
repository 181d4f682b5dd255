/** Notices, recovery kits, backups and settings in the console over a real daemon: what is set there is so, and secrets leave no trace. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openConsole } from '../support/real-console.ts'
import { startReceivers, type Receivers } from '../support/receivers.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const goTo = (page: Page, name: string): Promise<void> => page.locator('nav button', { hasText: name }).click()

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()

/** The browser tells by itself of what a daemon refuses, and of being asked to slow down. */
const unexpected = (complaints: readonly string[]): string[] =>
  complaints.filter((each) => !each.includes('the server responded with'))

describe('console: notices, recovery and settings over a real daemon', function () {
  this.timeout(120_000)
  let test: TestPostern
  let browser: Browser
  let receivers: Receivers
  before(async function () {
    if (!hasBrowser()) return this.skip()
    test = await startTestPostern({ pagesPort: await freePort() }, { now: Date.now, zone: 'Asia/Tokyo' })
    receivers = await startReceivers()
    browser = await startBrowser()
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
    receivers?.close()
  })

  it('a webhook set up in the page gets a test notice, signed with the secret shown once, and its receipt is shown', async () => {
    const { page, astray, complaints } = await openConsole(browser, test)
    await goTo(page, 'Notices')
    await page.getByRole('tab', { name: 'Told' }).focus()
    await page.keyboard.press('ArrowRight')
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Where they go')
    await press(page, 'Set up… Webhook')
    const form = page.getByRole('dialog', { name: 'Set up · Webhook' })
    await form.getByLabel('Address').fill('http://hooks.example.com/postern')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('plain http is only for a receiver on this machine; use https').waitFor()
    assert.equal(await page.evaluate('document.activeElement.value'), 'http://hooks.example.com/postern')
    await form.getByLabel('Address').fill(`http://127.0.0.1:${receivers.ports.webhook}/hook`)
    await page.keyboard.press('Enter')

    const issued = page.getByRole('dialog', { name: 'The secret of the webhook' })
    await issued.waitFor()
    assert.doesNotMatch(await page.content(), /whsec_\w/)
    await issued.getByRole('button', { name: 'Show' }).click()
    const [secret = ''] = /whsec_\S+=/.exec(await issued.innerText()) ?? []
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
    await issued.getByRole('button', { name: 'Done' }).click()
    assert.ok(!(await page.content()).includes(secret))

    await press(page, 'Send a test notice')
    const receipt = page.getByRole('dialog', { name: 'Test notice' }).locator('[data-channel=webhook]')
    await receipt.getByText('accepted').waitFor()
    await receipt.getByText('answered 204').waitFor()
    const [message] = receivers.messages
    assert.equal(message?.by, 'webhook')
    assert.match(message.text, /"postern\.test"/)
    await press(page, 'Close')

    receivers.refusesMail = true
    await press(page, 'Set up… Mail')
    const mail = page.getByRole('dialog', { name: 'Set up · Mail' })
    await mail.getByLabel('Server').fill('127.0.0.1')
    await mail.getByLabel('Encryption').selectOption('none')
    await mail.getByLabel('Port').fill(String(receivers.ports.mail))
    await mail.getByLabel('User').fill('postern')
    await mail.getByLabel('Password').fill('planted-password')
    await mail.getByLabel('From', { exact: true }).fill('postern@example.com')
    await mail.getByLabel('To', { exact: true }).fill('ops@example.com\nsecurity@example.com')
    await mail.getByRole('button', { name: 'Save' }).click()
    await page.locator('[data-channel=mail]').getByText('security@example.com').waitFor()
    await press(page, 'Send a test notice')
    const refused = page.getByRole('dialog', { name: 'Test notice' }).locator('[data-channel=mail]')
    await refused.getByText('not arrived').waitFor()
    assert.ok(!(await page.content()).includes('planted-password'))
    await press(page, 'Close')

    await press(page, 'Remove… Webhook')
    await press(page, 'Remove channel')
    await page.locator('[data-channel=webhook]').getByText('Not set up').waitFor()
    assert.equal((await test.admin.call('channels.get')).webhook, null)
    assert.deepEqual(astray, [])
    assert.deepEqual(unexpected(complaints), [])
    await page.context().close()
  })

  it('the address of a calendar is shown once, and stops working when it is removed', async () => {
    const { page } = await openConsole(browser, test)
    await goTo(page, 'Notices')
    await page.getByRole('tab', { name: 'Where they go' }).click()
    await press(page, 'Make a calendar…')
    await press(page, 'Make calendar')
    const made = page.getByRole('dialog', { name: 'The address of the calendar' })
    await made.waitFor()
    assert.doesNotMatch(await page.content(), /token=\w/)
    await made.getByRole('button', { name: 'Show' }).click()
    const [token = ''] = /(?<=token=)[\w-]{43}/.exec(await made.innerText()) ?? []
    const statusOf = async (): Promise<number> =>
      (await fetch(`${test.http}/.postern/calendar.ics?token=${token}`)).status
    assert.equal(await statusOf(), 200)
    await made.getByRole('button', { name: 'Done' }).click()
    assert.ok(!(await page.content()).includes(token))
    await press(page, 'Remove… Calendar of expiries')
    await press(page, 'Remove calendar')
    await page.getByText('The calendar is removed.').waitFor()
    assert.equal(await statusOf(), 401)
    await page.context().close()
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

  it('a setting is changed and undone, and what somebody else has changed meanwhile is not overwritten unseen', async () => {
    const { page, complaints } = await openConsole(browser, test)
    const settings = () => test.admin.call('settings.get')
    await goTo(page, 'Settings')
    await page.getByLabel('Once, when made').check()
    await press(page, 'Save')
    await page.getByText('The settings are saved.').waitFor()
    assert.equal((await settings()).reveal_default, 'once')
    await press(page, 'Undo')
    await page.getByText('The settings are back as they were.').waitFor()
    assert.equal((await settings()).reveal_default, 'always')
    await page.getByRole('radio', { name: 'At any time', checked: true }).waitFor()

    const rate = page.getByLabel('Admin requests a second')
    await rate.fill('0')
    await page.keyboard.press('Enter')
    await page.getByText('Use a whole number from 1 to 10,000.').waitFor()
    await rate.fill('300')
    await test.admin.call('settings.edit', { body: { reveal_default: 'once' }, ifMatch: '*' })
    await page.keyboard.press('Enter')
    await page.getByText('Somebody else has changed a setting since.').waitFor()
    assert.equal(await rate.inputValue(), '300')
    await page.keyboard.press('Enter')
    await page.getByText('The settings are saved.').waitFor()
    const { reveal_default: reveal, socket_requests_per_second: perSecond } = await settings()
    assert.deepEqual([reveal, perSecond], ['once', 300])
    assert.deepEqual(unexpected(complaints), [])
    await page.context().close()
  })

  it('theme and zone outlast the page at the same address; a key still says when it ends by the gateway', async () => {
    await test.admin.call('keys.create', {
      body: { name: 'Ends somewhere', expires: { at: '2027-06-30' }, reveal: 'always' },
    })
    const { page } = await openConsole(browser, test)
    const scheme = () => page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme')
    await goTo(page, 'Settings')
    assert.equal(await scheme(), 'light dark')
    await page.getByLabel('Dark').check()
    await page.getByRole('radio', { name: 'UTC' }).check()
    await page.getByText('Times in UTC').waitFor()
    await page.getByRole('radio', { name: 'After 15 seconds' }).check()
    assert.equal(await scheme(), 'dark')

    // A page that is loaded again has no session any more: the choice holds there too, and behind a new link.
    const { url } = await test.admin.call('links.create', { body: { page: 'console' } })
    await page.reload()
    await page.getByText('A new link is needed').waitFor()
    assert.equal(await scheme(), 'dark')
    await page.goto(url)
    await page.getByText('Times in UTC').waitFor()
    await page.getByText('Keys end on days in Asia/Tokyo').waitFor()
    assert.equal(await scheme(), 'dark')
    const row = page.locator('[data-row]', { hasText: 'Ends somewhere' })
    assert.match(await row.locator('.expires').innerText(), /30/)
    await row.locator('.name').click()
    const details = await page.locator('aside').innerText()
    assert.match(details, /2:59 PM|14:59/)
    assert.match(details, /Asia\/Tokyo/)
    await page.getByRole('button', { name: 'Copy' }).first().click()
    await page.getByText('The clipboard is cleared in 15 s.').waitFor()
    await page.context().close()
  })
})
