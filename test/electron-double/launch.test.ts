/** The stand-in under Playwright's own launch: worlds, messages, policy, network, navigation. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { hasElectron, launchApp, type LaunchedApp } from '../support/electron-app.ts'

/** What the fixture's preload gives to its page. */
interface Fixture {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>
  readonly list: readonly unknown[]
  readonly reached: Readonly<Record<string, boolean>>
}
declare global {
  var fixture: Fixture
}

const main = join(import.meta.dirname, 'fixture', 'main.ts')

describe('electron-double: pages', function () {
  this.timeout(40_000)
  let launched: LaunchedApp
  before(async function () {
    if (!hasElectron()) return this.skip()
    launched = await launchApp({ main })
    await launched.page.getByText('hello page').waitFor()
  })
  after(() => launched?.close())

  /** An expression in the page; what it throws comes back as its text. */
  const inPage = <T>(expression: string): Promise<T> => {
    const script = `(async () => { try { return await (${expression}) } catch (thrown) { return String(thrown.message) } })()`
    return launched.page.evaluate<T>(script)
  }
  const countOfWindows = (): Promise<number> =>
    launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

  it('a page sees what the preload exposes, frozen, and nothing of Node, Electron or the stand-in', async () => {
    const names = [
      'require',
      'process',
      'module',
      'Buffer',
      'ipcRenderer',
      'electronDoubleSend',
      'electronDoubleDeliver',
    ]
    assert.deepEqual(await inPage(`${JSON.stringify(names)}.filter((name) => name in globalThis)`), [])
    assert.deepEqual(await inPage('Object.keys(fixture).length'), 9)
    assert.ok(
      await inPage('Object.isFrozen(fixture) && Object.isFrozen(fixture.list) && Object.isFrozen(fixture.list[1])'),
    )
    assert.match(await inPage('(() => { "use strict"; fixture = 1 })()'), /read only/)
    assert.deepEqual(Object.values(await inPage<Fixture['reached']>('fixture.reached')), [false, false, false, false])
  })

  it('values of the structured clone come back as they went', async () => {
    const same = (made: string, read: string): string =>
      `fixture.invoke('echo', ${made}).then((value) => (${read})(value))`
    assert.equal(await inPage(same('new Date(7)', '(v) => v instanceof Date && v.getTime() === 7')), true)
    assert.equal(await inPage(same('new Map([[1, new Set([2n])]])', '(v) => v.get(1).has(2n)')), true)
    assert.deepEqual(
      await inPage(same('new Uint8Array([1, 255])', '(v) => v instanceof Uint8Array && [...v]')),
      [1, 255],
    )
    assert.equal(await inPage(same('undefined', '(v) => v === undefined')), true)
    assert.equal(
      await inPage(same('[null, NaN, -0]', '(v) => v[0] === null && isNaN(v[1]) && Object.is(v[2], -0)')),
      true,
    )
    assert.equal(await inPage(same("{ __proto__: null, a: { b: ['ü'] } }", '(v) => v.a.b[0]')), 'ü')
    assert.equal(await inPage("fixture.invoke('kind', new Date(0))"), '[object Date]')
  })

  it('what cannot be cloned is refused, in both directions', async () => {
    const refused = 'An object could not be cloned.'
    assert.equal(await inPage("fixture.invoke('echo', { f: () => 1 })"), refused)
    assert.equal(await inPage("fixture.invoke('echo', Symbol('s'))"), refused)
    assert.equal(
      await inPage("fixture.invoke('uncloneable')"),
      `Error invoking remote method 'uncloneable': Error: ${refused}`,
    )
    const sent = launched.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.send('tick', () => 1)
    })
    await assert.rejects(sent, /could not be cloned/)
  })

  it('an error of a handler reads as Electron words it', async () => {
    assert.equal(await inPage("fixture.invoke('fail')"), "Error invoking remote method 'fail': RangeError: NOT_FOUND")
    assert.equal(
      await inPage("fixture.invoke('nobody')"),
      "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    )
  })

  it('functions cross the bridge: called at once, called back, failing', async () => {
    assert.equal(await inPage('fixture.twice(21)'), 42)
    assert.equal(await inPage('new Promise((done) => fixture.callBack((at) => done(at instanceof Date)))'), true)
    assert.equal(await inPage('fixture.fail()'), 'refused by the preload')
  })

  it('pushes reach those who listen, and no longer those who stopped', async () => {
    await inPage('globalThis.heard = 0, globalThis.stop = fixture.onTick(() => { heard += 1 })')
    const tick = (at: number): Promise<void> =>
      launched.app.evaluate(({ BrowserWindow }, time) => {
        BrowserWindow.getAllWindows()[0]?.webContents.send('tick', new Date(time))
      }, at)
    await tick(1)
    await launched.page.locator('body[data-tick="1970-01-01T00:00:00.001Z"]').waitFor()
    await inPage('stop()')
    await tick(2)
    await launched.page.locator('body[data-tick="1970-01-01T00:00:00.002Z"]').waitFor()
    assert.equal(await inPage('heard'), 1)
  })

  it('the policy of the page is enforced by Chromium', async () => {
    const inline = "document.head.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))"
    assert.match(await inPage(`(${inline}, 'let through')`), /TrustedScript/)
    assert.match(await inPage("document.body.innerHTML = '<b>x</b>'"), /TrustedHTML/)
    assert.match(await inPage("fetch('https://elsewhere.example/stolen').then(() => 'let through')"), /Failed to fetch/)
    assert.equal(await inPage('window.ran'), undefined)
    assert.deepEqual(await launched.networkLog(), [])
  })

  it('a request the app cancels fails; one for nothing that is there gets its answer', async () => {
    assert.match(await inPage("fetch('./cancelled').then(() => 'let through')"), /Failed to fetch/)
    assert.equal(await inPage("fetch('./absent').then(({ status }) => status)"), 404)
    assert.deepEqual(await launched.networkLog(), [])
  })

  it('permissions are what the handlers of the app say', async () => {
    const state = (name: string): Promise<string> =>
      inPage(`(await navigator.permissions.query({ name: '${name}' })).state`)
    assert.deepEqual([await state('geolocation'), await state('notifications')], ['granted', 'denied'])
    assert.equal(await inPage('Notification.permission'), 'denied')
  })

  it('a page goes where the app lets it go and nowhere else', async () => {
    await launched.page.getByRole('link', { name: 'Away', exact: true }).click()
    await inPage("(location.href = 'https://elsewhere.example/stolen', 0)")
    await launched.page.getByRole('heading', { name: 'Fixture' }).waitFor()
    await launched.page.getByRole('link', { name: 'Second page' }).click()
    await launched.page.getByRole('heading', { name: 'Second' }).waitFor()
    const url = await launched.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
    )
    assert.equal(url, 'app://fixture/second.html')
    await launched.page.goBack()
    await launched.page.getByText('hello page').waitFor()
    assert.deepEqual(await launched.networkLog(), [])
  })

  it('a window a page asks for is the app’s to open', async () => {
    assert.equal(await inPage("window.open('https://elsewhere.example/a', 'x', 'width=100')"), null)
    await launched.page.getByRole('link', { name: 'Away in a new window' }).click()
    assert.equal(await countOfWindows(), 1)
    assert.deepEqual(await launched.seen(({ opened }) => opened), [
      'https://elsewhere.example/a',
      'https://elsewhere.example/new',
    ])
  })

  it('where the app allows it a window opens: a test that counts windows can fail', async () => {
    await launched.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      window?.webContents.setWindowOpenHandler(() => ({ action: 'allow' }))
    })
    const opened = launched.app.waitForEvent('window')
    await inPage("window.open('./second.html')")
    await (await opened).getByRole('heading', { name: 'Second' }).waitFor()
    assert.equal(await countOfWindows(), 2)
    await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[1]?.destroy())
    assert.equal(await countOfWindows(), 1)
  })

  it('a download is the app’s to prevent, and saved nowhere', async () => {
    await launched.app.evaluate(({ session }) => {
      const { promise, resolve } = Promise.withResolvers<string>()
      session.defaultSession.once('will-download', (event, item) => {
        event.preventDefault()
        resolve(item.getFilename())
      })
      Object.assign(globalThis, { downloaded: promise })
    })
    const link = "Object.assign(document.createElement('a'), { href: './page.js', download: 'taken.js' })"
    await inPage(`${link}.click()`)
    assert.equal(await launched.app.evaluate('globalThis.downloaded'), 'taken.js')
    assert.deepEqual(await launched.seen(({ downloads }) => downloads), [])
  })

  it('a renderer that is crashed on purpose comes back with the page', async () => {
    const text = await launched.app.evaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      const gone = new Promise((resolve) => contents?.once('render-process-gone', resolve))
      contents?.forcefullyCrashRenderer()
      await gone
      const wasCrashed = contents?.isCrashed()
      await contents?.loadURL('app://fixture/second.html')
      return [wasCrashed, contents?.isCrashed(), (await contents?.executeJavaScript('document.title')) as unknown]
    })
    assert.deepEqual(text, [true, false, 'Second'])
  })
})

describe('electron-double: an app without locks', function () {
  this.timeout(40_000)
  let launched: LaunchedApp
  before(async function () {
    if (!hasElectron()) return this.skip()
    launched = await launchApp({ main })
    await launched.page.getByText('hello page').waitFor()
  })
  after(() => launched?.close())

  it('what leaves the app is written down, also a web socket', async () => {
    await launched.app.evaluate(({ BrowserWindow, protocol }) => {
      protocol.unhandle('app')
      const headers = { 'content-type': 'text/html' }
      protocol.handle('app', () => new Response('<h1>without a policy</h1>', { headers }))
      return BrowserWindow.getAllWindows()[0]?.loadURL('app://fixture/open.html')
    })
    await launched.page.getByRole('heading', { name: 'without a policy' }).waitFor()
    const fetched = "fetch('https://elsewhere.example/stolen').catch(() => {})"
    const socket = "new Promise((done) => (new WebSocket('wss://elsewhere.example/socket').onerror = () => done()))"
    await launched.page.evaluate(`${fetched}.then(() => ${socket})`)
    assert.deepEqual(await launched.networkLog(), [
      'https://elsewhere.example/stolen',
      'wss://elsewhere.example/socket',
    ])
  })
})
