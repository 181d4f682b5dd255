/**
 * How callers of a client sign in, set in the console over a real daemon: what is refused is said beside its field, a secret
 * goes in and comes back nowhere, and what cannot be undone is not offered to be.
 */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { press, goTo, unexpected } from '../support/console-steps.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole, type OpenedConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

const secret = 'drawn for this test: thirty-two bytes and more'
const another = 'another one of thirty-two bytes and some more'

describe('console: how callers sign in', function () {
  this.timeout(120_000)
  let test: TestPostern
  let browser: Browser
  let upstream: FakeUpstream
  let opened: OpenedConsole
  let page: Page
  before(async function () {
    if (!hasBrowser()) return this.skip()
    upstream = await startUpstream()
    browser = await startBrowser()
    test = await startTestPostern({}, { now: Date.now })
    await prepareKey(test.admin, upstream.origin)
    opened = await openConsole(browser, test)
    opened.page.setDefaultTimeout(10_000)
    page = opened.page
    await goTo(page, 'Clients')
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
    await upstream?.close()
  })
  afterEach(() => {
    assert.deepEqual([opened?.astray ?? [], unexpected(opened?.complaints ?? [])], [[], []])
  })

  const client = () => test.admin.call('clients.get', { params: { client: 'default' } })
  const edit = async (): Promise<void> => {
    await press(page, 'Actions for default')
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.locator('summary', { hasText: 'How callers sign in' }).click()
  }
  const save = async (): Promise<void> => {
    await press(page, 'Save')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  /** In the table: what is edited next is the newest. */
  const inProject = (name: string, state: 'visible' | 'detached'): Promise<void> =>
    page.getByRole('cell', { name, exact: true }).waitFor({ state })
  /** What is said beside a field. */
  const toldAt = async (label: string): Promise<string> => {
    const id = await page.getByLabel(label, { exact: true }).getAttribute('aria-describedby')
    return page.locator(`[id="${id}"]`).innerText()
  }

  it('what the service refuses is said beside the field, and what is right is kept', async () => {
    await edit()
    await page.getByLabel('A JWT signed with a key of their own').check()
    await page.getByLabel('Shared secret', { exact: true }).fill('short')
    await press(page, 'Save')
    await page.getByText('name the key whose rights calls have').waitFor()
    assert.match(await toldAt('Key'), /name the key whose rights/)
    await page.getByLabel('Key', { exact: true }).selectOption('Robot')
    await press(page, 'Save')
    await page.getByText('this one has 5').waitFor()
    assert.match(await toldAt('Shared secret'), /at least 32 bytes; this one has 5/)
    await page.getByLabel('Shared secret', { exact: true }).fill(secret)
    await press(page, 'Add claim')
    await page.getByLabel('Name', { exact: true }).last().fill('scope')
    await page.getByLabel('Value', { exact: true }).fill('orders')
    await save()
    const { accepts, sign_in: signIn } = await client()
    assert.deepEqual(accepts, ['key', 'oauth2', 'jwt'])
    assert.deepEqual(
      [signIn?.secret_set, signIn?.algorithms, signIn?.key?.name, signIn?.required_claims],
      [true, ['HS256'], 'Robot', [{ name: 'scope', value: 'orders' }]],
    )
  })

  it('the secret is nowhere on the page, in words or when the form is opened again', async () => {
    await press(page, 'default')
    await page.getByText('A shared secret, which is not shown').waitFor()
    await page.getByText('scope = orders').waitFor()
    await edit()
    assert.equal(await page.getByLabel('New shared secret').inputValue(), '')
    assert.ok(!(await page.content()).includes(secret))
    await press(page, 'Cancel')
  })

  it('an edit that keeps the secret is undone, the secret staying as it was', async () => {
    await edit()
    await page.getByLabel('Audience (optional)').fill('postern')
    await page.getByLabel('Project (optional)').fill('Logistics')
    await save()
    await inProject('Logistics', 'visible')
    assert.deepEqual([(await client()).sign_in?.audience, (await client()).sign_in?.secret_set], ['postern', true])
    await page.keyboard.press('Control+z')
    await page.getByText('“default” is back as it was.').waitFor()
    await inProject('Logistics', 'detached')
    assert.deepEqual([(await client()).sign_in?.audience, (await client()).sign_in?.secret_set], [null, true])
  })

  it('another secret cannot be undone: that is said before and after, and only the rest is taken back', async () => {
    await edit()
    await page.getByLabel('New shared secret').fill(another)
    await page.getByText('The secret that is set stops at once when you save.').waitFor()
    await page.getByLabel('Project (optional)').fill('Finance')
    await save()
    await page.getByText('Undo takes back the rest, not how callers sign in').waitFor()
    await inProject('Finance', 'visible')
    await page.keyboard.press('Control+z')
    await page.getByText('The rest of “default” is back as it was.').waitFor()
    await inProject('Finance', 'detached')
    const { project, sign_in: signIn } = await client()
    assert.deepEqual([project, signIn?.secret_set], [null, true])
  })

  it('tokens of others are taken no more, and no undo is offered that would do nothing', async () => {
    await edit()
    await page.getByLabel('None', { exact: true }).check()
    await page.getByText('When you save, the shared secret is forgotten.').waitFor()
    await save()
    const told = page.locator('.toast', { hasText: 'How callers sign in cannot be taken back' })
    await told.waitFor()
    assert.equal(await told.getByRole('button', { name: 'Undo' }).count(), 0)
    const { accepts, sign_in: signIn } = await client()
    assert.deepEqual([accepts, signIn], [['key', 'oauth2'], null])
  })
})
