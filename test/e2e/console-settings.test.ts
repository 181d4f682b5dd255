/** Notices and settings in the console over a real daemon: what is set there is so, and secrets are shown once. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { goTo, press, unexpected } from '../support/console-steps.ts'
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

describe('console: notices and settings over a real daemon', function () {
  this.timeout(120_000)
  let test: TestPostern
  let browser: Browser
  let receivers: Receivers
  before(async function () {
    if (!hasBrowser()) return this.skip()
    test = await startTestPostern(
      { pagesPort: { port: await freePort(), orAny: false } },
      { now: Date.now, zone: 'Asia/Tokyo' },
    )
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
