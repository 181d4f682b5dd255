/** The stand-in around the page: windows, tray, menus, notifications, clipboard, dialogs, a second start. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { hasElectron, launchApp, type LaunchedApp } from '../support/electron-app.ts'

const main = join(import.meta.dirname, 'fixture', 'main.ts')
const tickOf = (page: Page, at: number) => page.locator(`body[data-tick="${new Date(at).toISOString()}"]`)

describe('electron-double: desktop', function () {
  this.timeout(40_000)
  let launched: LaunchedApp
  before(async function () {
    if (!hasElectron()) return this.skip()
    launched = await launchApp({ main })
    await launched.page.getByText('hello page').waitFor()
  })
  after(() => launched?.close())

  const isVisible = (): Promise<boolean | undefined> =>
    launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())

  /** A function, not a text: the policy of the page lets Playwright evaluate a text only once. */
  const untilMatches = async (query: string): Promise<void> => {
    const matches = (asked: string): boolean =>
      (globalThis as unknown as { matchMedia(query: string): { matches: boolean } }).matchMedia(asked).matches
    await launched.page.waitForFunction(matches, query)
  }

  it('closing is the app’s to refuse: the window hides, and the tray icon brings it back', async () => {
    await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    assert.equal(await isVisible(), false)
    await launched.seen(({ trays }) => trays[0]?.emit('click'))
    assert.equal(await isVisible(), true)
    // The page's own wish is the same question.
    await launched.page.evaluate("(close(), fixture.invoke('greet', ''))")
    assert.equal(await isVisible(), false)
  })

  it('a tray says what it was told to, and its menu does what it says', async () => {
    const tray = await launched.seen(({ trays: [first] }) => ({
      toolTip: first?.toolTip,
      labels: first?.menu?.items.map(({ label, type }) => label || type),
    }))
    assert.deepEqual(tray, { toolTip: 'Fixture runs', labels: ['Hide', 'separator', 'Quit'] })
    await launched.seen(({ trays }) => trays[0]?.menu?.getMenuItemById('hide')?.click())
    assert.equal(await isVisible(), false)
  })

  it('a second start hands over what it was started with and ends', async () => {
    await launched.startAgain('fixture://42')
    await tickOf(launched.page, 42).waitFor()
    assert.equal(await isVisible(), true)
  })

  it('a notification can be read and clicked', async () => {
    // Messages arrive in order: when the second has its answer, the first was heard.
    await launched.page.evaluate("(fixture.send('notify', 'Keys expire'), fixture.invoke('greet', ''))")
    const shown = await launched.seen(({ notifications }) => notifications.map(({ title, body }) => ({ title, body })))
    assert.deepEqual(shown, [{ title: 'Keys expire', body: 'a body' }])
    await launched.seen(({ notifications }) => notifications[0]?.emit('click'))
    await tickOf(launched.page, 7).waitFor()
  })

  it('the clipboard takes many formats in one step, gives them back, and forgets', async () => {
    const mark = 'electron application/osclipboard;format="ExcludeClipboardContentFromMonitorProcessing"'
    const held = await launched.app.evaluate(async ({ clipboard, ClipboardItem }, format) => {
      await clipboard.write([new ClipboardItem({ 'text/plain': 'a value', [format]: new Blob([new Uint8Array([1])]) })])
      const [item] = await clipboard.read()
      const marked = await item?.getType(format)
      const bytes = marked instanceof Blob ? [...new Uint8Array(await marked.arrayBuffer())] : []
      return { text: await clipboard.readText(), types: item?.types, bytes, has: await clipboard.has(format) }
    }, mark)
    assert.deepEqual(held, { text: 'a value', types: ['text/plain', mark], bytes: [1], has: true })
    const after = await launched.app.evaluate(async ({ clipboard }) => {
      await clipboard.writeText('another')
      const text = await clipboard.readText()
      clipboard.clear()
      return [text, await clipboard.readText(), (await clipboard.read()).length]
    })
    assert.deepEqual(after, ['another', '', 0])
  })

  it('a dialog nobody has scripted throws; a scripted one answers', async () => {
    const ask = (): Promise<number> =>
      launched.app.evaluate(async ({ dialog }) => (await dialog.showMessageBox({ message: 'Sure?' })).response)
    await assert.rejects(ask, /electron-double: dialog\.showMessageBox was called/)
    await launched.app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false })
    })
    assert.equal(await ask(), 1)
  })

  it('a window says with which preferences it was made, and unsafe ones are refused', async () => {
    const preferences = await launched.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Electron.WebPreferences
      }
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration, webviewTag }
    })
    assert.deepEqual(preferences, { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false })
    const unsafe = launched.app.evaluate(({ BrowserWindow }) => {
      void new BrowserWindow({ webPreferences: { nodeIntegration: true } })
    })
    await assert.rejects(unsafe, /only sandboxed, context-isolated windows/)
  })

  it('what the operating system is asked to remember is written down', async () => {
    await launched.app.evaluate(({ app }) => {
      app.setLoginItemSettings({ openAtLogin: true, args: ['--hidden'] })
      app.setAsDefaultProtocolClient('fixture')
    })
    assert.deepEqual(await launched.seen(({ calls }) => calls.map(({ api }) => api)), [
      'enableSandbox',
      'setAppUserModelId',
      'setLoginItemSettings',
      'setAsDefaultProtocolClient',
    ])
    assert.equal(await launched.app.evaluate(({ app }) => app.getLoginItemSettings().openAtLogin), true)
  })

  it('a window has the size it is given, no less than its smallest, and so has its page', async () => {
    await untilMatches('(width: 900px) and (height: 600px)')
    const size = await launched.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      window?.setBounds({ x: 10, width: 100, height: 700 })
      return window?.getBounds()
    })
    assert.deepEqual(size, { x: 10, y: 0, width: 720, height: 700 })
    await untilMatches('(width: 720px) and (height: 700px)')
  })

  it('the theme of the app is the theme of its pages', async () => {
    for (const theme of ['dark', 'light'] as const) {
      await launched.app.evaluate(({ nativeTheme }, source) => (nativeTheme.themeSource = source), theme)
      await untilMatches(`(prefers-color-scheme: ${theme})`)
    }
  })

  it('preventDefault prevents, and only where it is called', async () => {
    const [prevented, kept] = await launched.app.evaluate(({ app }) => {
      const outcomes: boolean[] = []
      const note = ({ defaultPrevented }: { defaultPrevented: boolean }): void => void outcomes.push(defaultPrevented)
      const prevent = (event: { preventDefault(): void }): void => event.preventDefault()
      app.once('before-quit', prevent)
      app.once('before-quit', note)
      app.quit()
      const first = app.listenerCount('before-quit')
      return [outcomes[0], first]
    })
    assert.deepEqual([prevented, kept], [true, 1])
    // The refused quit has told the app to quit for good: it is told that it is not so.
    assert.equal(await isVisible(), true)
  })

  it('events of the machine are what a test emits', async () => {
    const heard = await launched.app.evaluate(({ powerMonitor, screen }) => {
      let locked = 0
      powerMonitor.once('lock-screen', () => (locked += 1))
      powerMonitor.emit('lock-screen')
      return { locked, displays: screen.getAllDisplays().map(({ workArea }) => workArea.width) }
    })
    assert.deepEqual(heard, { locked: 1, displays: [1920] })
  })

  it('what is not there says so by name: members, statics, whole modules, parts of a preload', async () => {
    const messages = await launched.app.evaluate((electron) => {
      const tried: (() => unknown)[] = [
        () => electron.app.getGPUInfo('basic'),
        () => electron.BrowserWindow.getAllWindows()[0]?.setOpacity(1),
        () => electron.BrowserWindow.clearPersistedState('x'),
        () => electron.globalShortcut.isRegistered('F1'),
        () => new electron.TouchBar({}),
        () => electron.session.defaultSession.clearCache(),
        () => electron.session.fromPartition('x'),
      ]
      return tried.map((attempt) => {
        try {
          return attempt() === undefined ? 'nothing was said' : 'something was there'
        } catch (error) {
          return (error as Error).message
        }
      })
    })
    const said = (name: string): string => `electron-double: ${name} is not implemented; add it with its real type`
    assert.deepEqual(messages, [
      said('app.getGPUInfo'),
      said('BrowserWindow.setOpacity'),
      said('BrowserWindow.clearPersistedState'),
      said('globalShortcut.isRegistered'),
      said('TouchBar'),
      said('session.defaultSession.clearCache'),
      said('session.fromPartition'),
    ])
    const inPreload = launched.page.evaluate('fixture.notThere()')
    await assert.rejects(inPreload, new RegExp(said('ipcRenderer.sendSync')))
  })
})
