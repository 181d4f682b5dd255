/** The pages of the window: the files of the build and no others, under the rules of the browser door. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import {
  createPageFiles,
  isOwnPage,
  mayRequest,
  pagePolicy,
  type PageFiles,
} from '../../../desktop/src/main/page-files.ts'
import { startTestPostern, temporaryDir } from '../../support/start-postern.ts'

describe('console window: its pages', () => {
  let dir: string
  let files: PageFiles
  before(async () => {
    dir = await temporaryDir()
    mkdirSync(join(dir, 'pages', 'assets'), { recursive: true })
    writeFileSync(join(dir, 'secret.html'), 'outside')
    writeFileSync(join(dir, 'pages', 'unlisted.html'), 'unlisted')
    writeFileSync(join(dir, 'pages', 'index.html'), 'page')
    writeFileSync(join(dir, 'pages', 'assets', 'a-1.js'), 'script')
    writeFileSync(join(dir, 'pages', 'files.json'), JSON.stringify({ files: ['assets/a-1.js', 'index.html'] }))
    files = createPageFiles(join(dir, 'pages'))
  })
  after(() => rm(dir, { recursive: true, force: true }))

  it('are served with the rules that the daemon sends with its own', async () => {
    const test = await startTestPostern()
    try {
      const { url } = await test.admin.call('links.create', { body: { page: 'console' } })
      const { headers } = await fetch(url)
      const page = await files.answer('app://console/', 'GET')
      assert.equal(page.headers.get('content-security-policy'), headers.get('content-security-policy'))
      assert.equal(page.headers.get('content-security-policy'), pagePolicy)
      for (const name of [
        'cross-origin-opener-policy',
        'cross-origin-resource-policy',
        'referrer-policy',
        'x-content-type-options',
      ])
        assert.equal(page.headers.get(name), headers.get(name), name)
    } finally {
      await test.stop()
    }
  })

  it('are the page and the files of its build, as what they are', async () => {
    const page = await files.answer('app://console/#page', 'GET')
    assert.equal(await page.text(), 'page')
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    const script = await files.answer('app://console/assets/a-1.js?x', 'GET')
    assert.equal(await script.text(), 'script')
    assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8')
  })

  it('are nothing else, however it is asked for', async () => {
    const odd = fc.oneof(
      fc.string().map((path) => `app://console/${path}`),
      fc
        .array(
          fc.constantFrom('..', '%2e%2e', '.', '/', '%2f', '\\', 'secret.html', 'unlisted.html', 'pages', 'assets'),
          { maxLength: 8 },
        )
        .map((parts) => `app://console/${parts.join('/')}`),
      fc.webUrl(),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(odd, async (address) => {
        const answer = await files.answer(address, 'GET')
        const isPage = mayRequest(address) && new URL(address).pathname === '/'
        assert.equal(answer.status, isPage ? 200 : 404, address)
        assert.equal(answer.headers.get('content-security-policy'), pagePolicy)
      }),
    )
    for (const address of [
      'app://other/',
      'https://console/',
      'app://console:80/x',
      'app://user@console/',
      'app://console/files.json',
    ])
      assert.equal((await files.answer(address, 'GET')).status, 404, address)
    assert.equal((await files.answer('app://console/', 'POST')).status, 404)
  })

  it('may ask for their own files, and go nowhere', () => {
    for (const address of [
      'https://example.com/',
      'http://127.0.0.1/',
      'file:///etc/passwd',
      'app://other/',
      'ws://console/',
      'data:,x',
      'nonsense',
    ])
      assert.equal(mayRequest(address), false, address)
    assert.equal(mayRequest('app://console/assets/a-1.js'), true)
    assert.equal(isOwnPage('app://console/#page'), true)
    assert.equal(isOwnPage('app://console/assets/a-1.js'), false)
  })

  it('a build that says of itself what cannot be is not served at all', () => {
    for (const name of ['../secret.html', '/etc/passwd', 'assets/../x.js', 'a.exe', '.env'])
      assert.throws(() => {
        writeFileSync(join(dir, 'files.json'), JSON.stringify({ files: [name] }))
        createPageFiles(dir)
      }, name)
  })
})
