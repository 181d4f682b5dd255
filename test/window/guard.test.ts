/** The window is locked: nothing of what was shown is left, nothing is told, and one button opens it again. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { hasElectron } from '../support/electron-app.ts'
import { openWindowBed, type WindowBed } from '../support/window-bed.ts'

describe('console: its window locked', function () {
  this.timeout(60_000)
  let bed: WindowBed
  let value: string
  beforeEach(async function () {
    if (!hasElectron()) return this.skip()
    bed = await openWindowBed()
    value = (await bed.postern.admin.call('keys.create', { body: { name: 'Payroll bridge' } })).value ?? ''
    await bed.page.getByText('Payroll bridge').waitFor()
  })
  afterEach(() => bed?.close())

  /** Not by Playwright's page: to that one a page whose process has gone is gone for good. */
  const inPage = (expression: string): Promise<unknown> =>
    bed.app.evaluate(async ({ BrowserWindow }, code) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      return contents === undefined || contents.isCrashed() ? undefined : contents.executeJavaScript(code)
    }, expression)
  const said = async (): Promise<string> => String(await inPage('document.body.innerText').catch(() => ''))
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + 15_000; Date.now() < deadline;) if (await isSo()) return
    assert.fail(what)
  }
  const locked = (): Promise<void> =>
    until('the console is locked', async () => (await said()).includes('The console is locked'))
  const lockScreen = (): Promise<void> => bed.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen'))
  const clipboardText = (): Promise<string> => bed.app.evaluate(({ clipboard }) => clipboard.readText())
  const copy = async (): Promise<void> => {
    await bed.page.locator('[data-row]', { hasText: 'Payroll bridge' }).locator('.actions button').click()
    await bed.page.getByRole('menuitem', { name: 'Copy key' }).click()
    await until('the value is there', async () => (await clipboardText()) === value)
  }

  it('with the screen: another process shows the locked page, the clipboard is emptied, every call is refused', async () => {
    await copy()
    await bed.app.evaluate(({ BrowserWindow }) => {
      const all = globalThis as unknown as { gone: string[] }
      all.gone = []
      BrowserWindow.getAllWindows()[0]?.webContents.on('render-process-gone', (_, { reason }) => all.gone.push(reason))
    })
    await inPage(`void (globalThis.leftBehind = 'here')`)
    await lockScreen()
    await locked()
    assert.equal((await bed.app.evaluate(() => (globalThis as unknown as { gone: string[] }).gone)).length, 1)
    assert.equal(await inPage('typeof leftBehind'), 'undefined')
    assert.doesNotMatch(await said(), /Payroll bridge/)
    await until('the clipboard is empty', async () => (await clipboardText()) === '')
    for (const expression of [
      `posternWindow.call('keys.list', {})`,
      `posternWindow.call('status.get', {})`,
      `posternWindow.copyText('x')`,
    ])
      assert.equal(await inPage(`${expression}.then(({ ok, code }) => ok ? 'passed' : code)`), 'forbidden')
    // News are not told either: neither the page nor whoever has taken it over hears of this key.
    await inPage(`void (globalThis.heard = [], posternWindow.onPush((told) => heard.push(told.kind)))`)
    await bed.postern.admin.call('keys.create', { body: { name: 'Made meanwhile' } })
    await inPage(`[...document.querySelectorAll('button')].find((each) => each.innerText === 'Open again').click()`)
    await until('the list is back', async () => /Payroll bridge[^]*Made meanwhile/.test(await said()))
    assert.equal(await inPage(`heard.includes('lock')`), false)
  })

  it('the locked page has no fault of accessibility, says what it is worth, and Enter opens it', async () => {
    // Loaded again in the same process, which is all that Playwright can go on with.
    await bed.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      if (contents !== undefined) contents.forcefullyCrashRenderer = () => contents.reload()
    })
    await lockScreen()
    await bed.page.getByRole('heading', { name: 'The console is locked' }).waitFor()
    await bed.page.getByText('There is no password here').waitFor()
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']
    const faults = await bed.page.evaluate(
      `(async () => { ${axe}; return (await axe.run({ runOnly: ${JSON.stringify(rules)} })).violations.map(({ id }) => id) })()`,
    )
    assert.deepEqual(faults, [])
    await bed.page.keyboard.press('Enter')
    await bed.page.getByText('Payroll bridge').waitFor()
    assert.deepEqual(bed.complaints, [])
  })

  it('what somebody has copied since stays in the clipboard', async () => {
    await copy()
    await bed.app.evaluate(({ clipboard }) => clipboard.writeText('a shopping list'))
    await lockScreen()
    await locked()
    assert.equal(await clipboardText(), 'a shopping list')
  })

  it('nobody uses the computer for as long as is chosen: it is locked, and not before', async () => {
    await bed.page.evaluate(`posternWindow.keepPreferences({ lock: '5' })`)
    const idleFor = (seconds: number): Promise<void> =>
      bed.app.evaluate(({ powerMonitor }, asked) => {
        const all = globalThis as unknown as { looks: number }
        all.looks = 0
        powerMonitor.getSystemIdleTime = () => ((all.looks += 1), asked)
      }, seconds)
    await idleFor(299)
    await until('it has looked', () => bed.app.evaluate(() => (globalThis as unknown as { looks: number }).looks > 0))
    assert.match(await said(), /Payroll bridge/)
    await idleFor(300)
    await locked()
  })

  it('“Restart service…” of the tray shows the command and copies it; it runs nothing', async () => {
    await bed.app.evaluate(({ dialog }) => {
      const all = globalThis as unknown as { asked: unknown[] }
      all.asked = []
      const answer = (options: unknown): Promise<{ response: number; checkboxChecked: boolean }> => {
        all.asked.push(options)
        return Promise.resolve({ response: 0, checkboxChecked: false })
      }
      Object.assign(dialog, { showMessageBox: answer })
    })
    // How the service runs is known once it has answered.
    await until('it has answered', () => bed.seen(({ trays }) => trays[0]?.toolTip === 'Postern is working.'))
    await bed.seen(({ trays }) => {
      trays[0]?.menu?.items.find(({ id }) => id === 'restart')?.click()
    })
    const command = `postern run --data ${bed.postern.settings.dataDir}`
    await until('the command is copied', async () => (await clipboardText()) === command)
    const asked = (await bed.app.evaluate(() => (globalThis as unknown as { asked: unknown[] }).asked)) as {
      detail: string
      buttons: string[]
    }[]
    assert.equal(asked.length, 1)
    assert.ok(asked[0]?.detail.includes(`\n${command}\n`))
    assert.deepEqual(asked[0]?.buttons, ['Copy command', 'Close'])
    assert.ok((await bed.postern.admin.call('status.get')).pid > 0, 'it runs as before')
  })
})
