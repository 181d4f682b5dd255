/**
 * What Electron's own list of security recommendations asks of an application, point by point, and a page that has been
 * taken over: it reaches neither the daemon's calls it should not have, nor a network, another page or another window.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { hasElectron, isRealElectron } from '../support/electron-app.ts'
import { builtMain, openWindowBed, type WindowBed } from '../support/window-bed.ts'

interface Preferences {
  readonly [name: string]: unknown
}

describe('console: the locks of its window', function () {
  this.timeout(60_000)
  let bed: WindowBed
  before(async function () {
    if (!hasElectron()) return this.skip()
    bed = await openWindowBed()
    await bed.page.getByText('Service running').waitFor()
  })
  after(() => bed?.close())

  /** An expression in the page, as somebody who has taken it over would run it; what it throws is its answer. */
  const hostile = (expression: string): Promise<unknown> =>
    bed.page.evaluate(
      `(async () => { await new Promise((later) => setTimeout(later)); try { return await (${expression}) } catch (thrown) { return 'refused: ' + thrown } })()`,
    )
  const preferences = (): Promise<Preferences> =>
    bed.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Preferences }
      return contents.getLastWebPreferences()
    })
  const windows = (): Promise<number> => bed.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  const main = readFileSync(builtMain, 'utf8')

  it('1: only its own files are loaded, by its own scheme', async () => {
    assert.deepEqual(await bed.networkLog(), [])
    const addresses = await bed.page.evaluate<string[]>(
      'performance.getEntriesByType("resource").map(({ name }) => new URL(name).host)',
    )
    assert.equal(new Set(addresses).size, 1)
  })

  it('2, 3, 4: no Node, a world apart, a sandbox', async () => {
    const { nodeIntegration, contextIsolation, sandbox } = await preferences()
    assert.deepEqual(
      { nodeIntegration, contextIsolation, sandbox },
      { nodeIntegration: false, contextIsolation: true, sandbox: true },
    )
    assert.deepEqual(
      await hostile(
        `['require', 'process', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter((name) => name in globalThis)`,
      ),
      [],
    )
  })

  it('5: every permission is refused', async () => {
    assert.match(String(await hostile('navigator.mediaDevices.getUserMedia({ video: true })')), /^refused/)
    assert.notEqual(await hostile('Notification.requestPermission()'), 'granted')
    assert.match(
      String(
        await hostile(
          'new Promise((a, b) => navigator.geolocation.getCurrentPosition(a, b)).catch((fault) => { throw fault.message })',
        ),
      ),
      /^refused/,
    )
  })

  it('6, 8, 9, 10: web security is on, nothing insecure, experimental or switched on by name', async () => {
    const { webSecurity, allowRunningInsecureContent, experimentalFeatures, enableBlinkFeatures } = await preferences()
    assert.notEqual(webSecurity, false)
    for (const each of [allowRunningInsecureContent, experimentalFeatures, enableBlinkFeatures])
      assert.ok(each === undefined || each === false || each === '')
    assert.doesNotMatch(main, /commandLine\.appendSwitch/)
  })

  it('7: a strict policy, with Trusted Types', async () => {
    const policy = await hostile(`fetch(location.href).then((answer) => answer.headers.get('content-security-policy'))`)
    assert.match(
      String(policy),
      /default-src 'none';script-src 'self';.*require-trusted-types-for 'script';trusted-types 'none'$/,
    )
    assert.match(String(await hostile(`(document.body.innerHTML = '<b>x</b>')`)), /^refused.*Trusted/)
    assert.match(String(await hostile(`Function('return 1')()`)), /^refused/)
    assert.match(String(await hostile(`trustedTypes.createPolicy('default', {})`)), /^refused/)
  })

  it('11, 12: there is no webview, and none can be attached', async () => {
    assert.notEqual((await preferences())['webviewTag'], true)
    assert.match(main, /will-attach-webview/)
    assert.equal(await hostile(`typeof document.createElement('webview').loadURL`), 'undefined')
  })

  it('13: it goes nowhere else', async () => {
    const at = bed.page.url()
    for (const to of [
      'https://example.com/',
      'file:///etc/passwd',
      'data:text/html,hello',
      'javascript:1',
      `${at}../other`,
    ])
      await hostile(`void (location.href = ${JSON.stringify(to)})`)
    await hostile(
      `(() => { const frame = document.createElement('iframe'); frame.src = 'https://example.com/'; document.body.append(frame) })()`,
    )
    await hostile(
      `(() => { const form = document.createElement('form'); form.action = 'https://example.com/'; document.body.append(form); form.submit() })()`,
    )
    // Playwright would wait for the end of a navigation that never comes.
    assert.equal(await hostile(`document.body.innerText.includes('Service running')`), true)
    assert.equal(bed.page.url(), at)
    assert.deepEqual(await bed.networkLog(), [])
  })

  it('14: no other window comes', async () => {
    for (const how of [`open('https://example.com/')`, `open('')`, `open(location.href)`])
      assert.equal(await hostile(how), null)
    await hostile(
      `(() => { const a = document.createElement('a'); a.href = 'https://example.com/'; a.target = '_blank'; document.body.append(a); a.click() })()`,
    )
    assert.equal(await windows(), 1)
  })

  it('15: nothing is handed to the desktop to open', async function () {
    assert.doesNotMatch(main, /shell\.openExternal|openPath\(/)
    if (isRealElectron) return this.skip()
    assert.deepEqual(await bed.seen(({ opened }) => opened), [])
  })

  it('16: the version of Electron is pinned exactly', () => {
    const { devDependencies } = JSON.parse(
      readFileSync(new URL('../../desktop/package.json', import.meta.url), 'utf8'),
    ) as {
      devDependencies: Record<string, string>
    }
    assert.match(devDependencies['electron'] ?? '', /^\d+\.\d+\.\d+$/)
  })

  it('17: a call is taken from the page of this window alone, and what it carries is checked', async () => {
    const names = await bed.page.evaluate<string[]>('Object.keys(posternWindow).sort()')
    assert.ok(names.includes('call') && names.includes('onPush'))
    // Nothing of Electron is there under any name, and what is there cannot be changed.
    assert.ok(await hostile('Object.isFrozen(posternWindow)'))
    const asked = async (expression: string): Promise<unknown> =>
      hostile(`${expression}.then(({ ok, code }) => ok ? 'passed' : code)`)
    assert.equal(await asked(`posternWindow.call('status.get', {})`), 'passed')
    for (const name of [
      'keys.reveal',
      'keys.create',
      'slots.add',
      'links.create',
      'actor.challenge',
      'calendar.set',
      'nothing.like.it',
      '__proto__',
    ])
      assert.notEqual(await asked(`posternWindow.call(${JSON.stringify(name)}, {})`), 'passed', name)
    for (const wrong of [
      `posternWindow.copyKey('../../x')`,
      `posternWindow.copyKey({ id: 'k0000001' })`,
      `posternWindow.call('keys.get', { params: { key: 7 } })`,
      `posternWindow.call('keys.list', { headers: { host: 'x' } })`,
      `posternWindow.copyText('x'.repeat(5000000))`,
      `posternWindow.keepPreferences({ a: 'x'.repeat(5000000) })`,
      `posternWindow.saveText('../../../etc/cron.d/x', 7)`,
    ])
      assert.doesNotMatch(String(await asked(wrong)), /passed|Error:.*at /, wrong)
  })

  it('a page that was taken over reaches no network', async () => {
    const tries = [
      `fetch('https://example.com/')`,
      `fetch('http://127.0.0.1:1/')`,
      `new Promise((resolve, reject) => { const socket = new WebSocket('ws://127.0.0.1:1/'); socket.onopen = resolve; socket.onerror = () => reject(new Error('closed')) })`,
      `new Promise((resolve, reject) => { const image = new Image(); image.onload = resolve; image.onerror = () => reject(new Error('blocked')); image.src = 'https://example.com/x.png' })`,
      `import('https://example.com/x.js')`,
      `Promise.resolve(new Worker('data:text/javascript,1'))`,
      `navigator.serviceWorker.register('/assets/x.js')`,
      `fetch('file:///etc/passwd')`,
    ]
    for (const each of tries) assert.match(String(await hostile(each)), /^refused/, each)
    await hostile(`navigator.sendBeacon('https://example.com/', 'x')`)
    assert.deepEqual(await bed.networkLog(), [])
  })

  it('files outside of the pages cannot be had by their scheme', async () => {
    for (const path of [
      '/../app/main.cjs',
      '/files.json',
      '/%2e%2e/app/main.cjs',
      '/assets/../../app/main.cjs',
      '/assets/',
    ])
      assert.equal(await hostile(`fetch(${JSON.stringify(path)}).then(({ status }) => status)`), 404, path)
  })
})
