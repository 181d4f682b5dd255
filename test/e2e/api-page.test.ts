/** The API documentation in a real browser: it is complete, it works, and it speaks to nobody but Postern. */
import assert from 'node:assert/strict'
import { adminApi } from '@postern/shared'
import { untilShut } from '../support/call.ts'
import { hasChromium, startChromium, type Browser, type Tab } from '../support/chromium.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('the API page in a browser', function () {
  this.timeout(60_000)
  let test: TestPostern
  let browser: Browser | undefined
  before(async function () {
    if (!hasChromium()) return this.skip()
    test = await startTestPostern()
    browser = await startChromium()
  })
  after(async () => {
    await browser?.close()
    await test?.stop()
  })

  const link = async (): Promise<string> => (await test.admin.call('links.create', { body: { page: 'api' } })).url
  const newTab = async (): Promise<Tab> => {
    assert.ok(browser)
    return browser.newTab()
  }
  const listed = `document.querySelectorAll('.opblock').length === ${Object.keys(adminApi).length}`
  const entry = `!document.getElementById('entry').hidden`
  const text = (selector: string): string => `document.querySelector(${JSON.stringify(selector)}).innerText`
  /** Opens an operation and waits until Swagger UI has worked out its schemas: only then it can be executed. */
  const unfold = async (tab: Tab, path: string): Promise<void> => {
    await tab.evaluate(`document.querySelector('.opblock-summary-path[data-path="${path}"]').click()`)
    await tab.until(`document.querySelector('.opblock.is-open .responses-wrapper .model-example')`)
  }
  const execute = `document.querySelector('.opblock.is-open .execute')`
  const answered = '.opblock.is-open .live-responses-table tbody .response-col_status'

  it('lists every operation, "Try it out" works, and nothing is asked of anybody else', async () => {
    const tab = await newTab()
    const url = await link()
    await tab.goto(url)
    await tab.until(listed)
    assert.equal(await tab.evaluate('location.href'), url.replace(/#.*/, ''))
    assert.equal(await tab.evaluate('document.title'), 'Postern admin API')
    assert.equal(await tab.evaluate('document.documentElement.lang'), 'en')

    await unfold(tab, '/v1/status')
    await tab.evaluate(`${execute}.click()`)
    await tab.until(`document.querySelector('${answered}')`)
    assert.match(await tab.evaluate(text(answered)), /^200/)
    assert.match(await tab.evaluate(text('.opblock.is-open .live-responses-table')), /"state": "open"/)
    // What is shown to be copied works in a terminal, and carries no token.
    const curl = await tab.evaluate<string>(text('.opblock.is-open .curl-command'))
    assert.match(curl, new RegExp(`--unix-socket ${test.settings.socketPath}[^]*http://localhost/v1/status`))
    assert.doesNotMatch(await tab.evaluate<string>('document.documentElement.outerHTML'), /Bearer [\w-]{43}/)

    const { origin } = new URL(url)
    assert.deepEqual(
      tab.requests.filter((each) => !each.startsWith(`${origin}/`) && !each.startsWith('data:')),
      [],
    )
    assert.ok(
      tab.requests.every((each) => !each.includes(new URL(url).hash.slice(1))),
      'a code was in a request',
    )
    assert.deepEqual(tab.complaints, [])
    assert.deepEqual(await tab.evaluate('[document.cookie, localStorage.length, sessionStorage.length]'), ['', 0, 0])
  })

  it('operations unfold without a fault, and one with a body does what it says', async () => {
    const tab = await newTab()
    await tab.goto(await link())
    await tab.until(listed)
    const [operation, body] = ['.opblock-post[id^=operations-collections-]', '{"name":"From the page"}']
    await tab.evaluate(`document.querySelector('${operation} .opblock-summary-path').click()`)
    await tab.until(`document.querySelector('${operation} .responses-wrapper .model-example')`)
    await tab.evaluate(`document.querySelector('${operation} textarea').select()`)
    await tab.type(body)
    await tab.evaluate(`${execute}.click()`)
    await tab.until(`document.querySelector('${answered}')`)
    assert.match(await tab.evaluate(text(answered)), /^201/)
    const { data } = await test.admin.call('collections.list')
    assert.deepEqual(
      data.map(({ name }) => name),
      ['From the page'],
    )

    // Those of keys have every kind of part; all of them would keep the browser busy for a quarter of a minute.
    const ofKeys = Object.keys(adminApi).filter((name) => name.startsWith('keys.'))
    // Of one that will go Swagger UI strikes the path out, under another name.
    const paths = ['path', 'path__deprecated'].map((name) => `[id^=operations-keys-] .opblock-summary-${name}`)
    await tab.evaluate(`document.querySelectorAll('${paths.join(', ')}').forEach((each) => each.click())`)
    // Swagger UI shows what a refusal looks like once it has read the whole of an operation.
    const refusals = `[id^=operations-keys-] .response[data-code="default"] .model-example`
    await tab.until(`document.querySelectorAll('${refusals}').length === ${ofKeys.length}`)
    assert.equal(await tab.evaluate(`document.querySelector('.errors-wrapper')`), null)
    assert.deepEqual(tab.complaints, [])
  })

  it('a link that was used says how to get another one, which can be pasted there with the keyboard alone', async () => {
    const url = await link()
    const first = await newTab()
    await first.goto(url)
    await first.until(listed)
    const second = await newTab()
    await second.goto(url)
    await second.until(entry)
    assert.match(await second.evaluate(text('#reason')), /used already/)
    assert.match(await second.evaluate(text('#entry')), /postern api/)
    assert.equal(await second.evaluate('document.activeElement.id'), 'code')
    await second.type(await link())
    await second.press('Enter')
    await second.until(listed)
  })

  it('without a code nothing is shown but the way to one', async () => {
    const tab = await newTab()
    await tab.goto((await link()).replace(/#.*/, ''))
    await tab.until(entry)
    assert.equal(await tab.evaluate(`document.querySelectorAll('.opblock').length`), 0)
    assert.deepEqual(tab.complaints, [])
  })

  it('ending the session, or leaving the page, ends the token; the door is shut when it was the last', async () => {
    const leave: Record<string, (tab: Tab) => Promise<void>> = {
      button: async (tab) => {
        await tab.evaluate(`document.getElementById('end').click()`)
        await tab.until(entry)
        assert.match(await tab.evaluate(text('#reason')), /has ended/)
      },
      elsewhere: async (tab) => {
        // A page that is still busy is not waited for by the browser.
        await tab.evaluate('new Promise((done) => requestIdleCallback(() => done(true)))')
        await tab.goto('about:blank')
      },
    }
    for (const go of Object.values(leave)) {
      // One of its own: no other tab keeps this door open.
      const other = await startTestPostern()
      const tab = await newTab()
      const { url } = await other.admin.call('links.create', { body: { page: 'api' } })
      await tab.goto(url)
      await tab.until(listed)
      try {
        await go(tab)
        await untilShut(url)
      } finally {
        await other.stop()
      }
    }
  })

  it('a session that has ended by the clock says so instead of answering', async () => {
    const tab = await newTab()
    await tab.goto(await link())
    await tab.until(listed)
    await unfold(tab, '/v1/status')
    test.clock.nowMs += 16 * 60_000
    // Another link keeps the door from being shut meanwhile.
    await link()
    await tab.evaluate(`${execute}.click()`)
    await tab.until(entry)
    assert.match(await tab.evaluate(text('#reason')), /has ended/)
    // The browser tells of the refusal by itself.
    assert.deepEqual(
      tab.complaints.filter((each) => !each.includes('status of 401')),
      [],
    )
    await tab.evaluate(`document.getElementById('code').value = ${JSON.stringify(await link())}`)
    await tab.press('Enter')
    await tab.until(listed)
  })
})
