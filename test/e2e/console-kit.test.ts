/**
 * The connector kit over a real daemon: from a key to a file in three clicks, and from that file to a call that passes; what is
 * guessed of the address is settled on the way; a version goes with its collection.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { goTo, pick, press, unexpected } from '../support/console-steps.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { runByGenerated, runByNewman, type Access } from '../support/kit-clients.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'
import { openConsole, type OpenedConsole } from '../support/real-console.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const run = promisify(execFile)
const filesOfAKit = 9
/** To a first green call, with a file of the console. */
const firstCallMsMax = 120_000

describe('console: the connector kit', function () {
  this.timeout(2 * firstCallMsMax)
  let test: TestPostern
  let browser: Browser
  let upstream: FakeUpstream
  let dir: string
  let key: { id: string; value: string }
  let opened: OpenedConsole
  before(async function () {
    if (!hasBrowser()) return this.skip()
    upstream = await startUpstream()
    browser = await startBrowser()
    dir = await temporaryDir()
    test = await startTestPostern({}, { now: Date.now })
    key = await prepareKey(test.admin, upstream.origin)
    const body = { collection: 'ERP', path: '/orders', upstream: `${upstream.origin}/orders` }
    await test.admin.call('endpoints.create', { body })
    opened = await openConsole(browser, test)
    opened.page.setDefaultTimeout(10_000)
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
    await upstream?.close()
    if (dir !== undefined) await rm(dir, { recursive: true, force: true })
  })
  afterEach(() => {
    assert.deepEqual([opened?.astray ?? [], unexpected(opened?.complaints ?? [])], [[], []])
  })

  const download = async (page: Page, file: string): Promise<string> => {
    const coming = page.waitForEvent('download')
    await press(page, `Download ${file}`)
    const path = join(dir, file)
    await (await coming).saveAs(path)
    return path
  }
  const openKit = async (page: Page, of: string): Promise<void> => {
    await pick(page, of, 'Connector kit')
    await page.getByRole('heading', { name: 'Postman' }).waitFor()
  }

  /** From the key's menu to the last call that passed. */
  const timed = async (files: readonly string[], use: (access: Access) => Promise<unknown>): Promise<void> => {
    const { page } = opened
    const { certificate } = await test.admin.call('status.get')
    const startedAt = performance.now()
    await openKit(page, 'Robot')
    for (const file of files) await download(page, file)
    await use({ key: key.value, caFile: certificate?.ca_file ?? '' })
    const tookMs = performance.now() - startedAt
    assert.ok(tookMs < firstCallMsMax, `${Math.round(tookMs)} ms`)
    await press(page, 'Close')
  }
  const reached = (): string[] => upstream.received.splice(0).map(({ method, url }) => `${method} ${url}`)

  it('a key, its menu, a download: and the file makes a call that passes, with the key from the environment', async () => {
    const { page } = opened
    await openKit(page, 'Robot')
    const path = await download(page, 'calls.mjs')
    // The gateway's certificate is one of its own: the file says how to start it so that it is trusted.
    const trusted = (await test.admin.call('status.get')).certificate?.ca_file ?? ''
    assert.ok((await readFile(path, 'utf8')).includes(`NODE_EXTRA_CA_CERTS='${trusted}' node calls.mjs`))
    await run(process.execPath, [path], { env: { POSTERN_KEY: key.value, NODE_EXTRA_CA_CERTS: trusted } })
    assert.deepEqual(reached(), ['GET /orders'])
    assert.ok(!(await readFile(path, 'utf8')).includes(key.value))
    await press(page, 'Close')
  })

  it('within two minutes: the collection is downloaded, and Postman’s own runner makes its calls with it', () =>
    timed(['postman_collection.json', 'postman_environment.json'], async (access) => {
      const { executions, failures } = await runByNewman(dir, access)
      assert.deepEqual([failures, executions.length > 0], [[], true])
      assert.ok(executions.every(({ response }) => response?.code === 200))
      assert.ok(reached().includes('GET /orders'))
    }))

  it('within two minutes: the OpenAPI document is downloaded, a client generated, and its call passes', () =>
    timed(['openapi.json'], async (access) => {
      await runByGenerated(dir, 'openapi.json', { ...access, calls: 'await api.orders.getOrders()' })
      assert.deepEqual(reached(), ['GET /orders'])
    }))

  it('all files are downloaded with one click, each as the service makes it', async () => {
    const { page } = opened
    const { files } = await test.admin.call('kit.get', { query: { client: 'default' } })
    await openKit(page, 'Robot')
    const coming: Promise<readonly [string, string]>[] = []
    page.on('download', (each) => {
      const name = each.suggestedFilename()
      const path = join(dir, `all-${name}`)
      coming.push(each.saveAs(path).then(async () => [name, await readFile(path, 'utf8')] as const))
    })
    await press(page, `Download all ${filesOfAKit} files`)
    await page.getByText(`${filesOfAKit} files are offered for download.`).waitFor()
    const got = new Map(await Promise.all(coming))
    assert.deepEqual(got, new Map(files.map(({ name, content }) => [name, content])))
    await press(page, 'Close')
  })

  it('a guessed address leads to the setting, where a wrong one is refused beside its field', async () => {
    const { page } = opened
    await openKit(page, 'Robot')
    await press(page, 'Public address in Settings')
    const field = page.getByLabel('Public address')
    await field.fill('http://gateway.example.com')
    await press(page, 'Save')
    await page.getByText('an https URL without user, path or query').waitFor()
    await field.fill('https://gateway.example.com:8443')
    await press(page, 'Save')
    await page.getByText('The settings are saved.').waitFor()
    await goTo(page, 'API keys')
    await openKit(page, 'Robot')
    await page.getByText('https://gateway.example.com:8443', { exact: true }).waitFor()
    assert.equal(await page.getByText('That is a guess').count(), 0)
    await press(page, 'Close')
  })

  it('a collection’s version is edited, and stands in its kit and beside the table', async () => {
    const { page } = opened
    await goTo(page, 'Endpoints')
    await pick(page, 'ERP', 'Edit')
    await page.getByLabel('Version').fill('2.1.0')
    await press(page, 'Save')
    await page.getByText('“ERP” is saved.').waitFor()
    await openKit(page, 'ERP')
    await page.getByText('ERP, version 2.1.0.').waitFor()
    const { id } = await test.admin.call('collections.get', { params: { collection: 'ERP' } })
    await page.getByText(`https://gateway.example.com:8443/.postern/apis/${id}/openapi.json`).waitFor()
    await press(page, 'Close')
    await press(page, 'ERP')
    await page.getByRole('complementary').getByText('2.1.0').waitFor()
  })

  it('where there is nothing to describe, that is said with what to do', async () => {
    const { page } = opened
    await test.admin.call('clients.create', { body: { name: 'Nobody', collections: [] } })
    await goTo(page, 'Clients')
    await pick(page, 'Nobody', 'Connector kit')
    await page.getByText('reaches no enabled endpoint with an upstream').waitFor()
    await press(page, 'Close')
  })
})
