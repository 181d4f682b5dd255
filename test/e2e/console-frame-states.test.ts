/** The frame with made-up answers: every shortcut, waking from sleep, the cards' first actions and the theme. */
import assert from 'node:assert/strict'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { anywhere, type Anywhere } from '../../desktop/src/renderer/help/shortcuts.ts'
import { fakeKey, fakeStatus, openFakeConsole, someKeys, type Scenario } from '../support/fake-console.ts'
import { evidence } from '../support/gallery/keys-details.ts'
import { gallery } from '../support/gallery/gallery.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'

const hourMs = 3_600_000
const wide = { viewport: { width: 1000, height: 760 } }

describe('console: the frame', function () {
  this.timeout(240_000)
  let browser: Browser
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
  })
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close()
  })
  after(() => browser?.close())

  const open = async (scenario: Scenario = {}, options: BrowserContextOptions = wide): Promise<Page> => {
    const { page } = await openFakeConsole(await browser.newContext(options), scenario)
    await page.getByText('Service running').waitFor()
    return page
  }
  const openState = async (name: string, options: BrowserContextOptions): Promise<Page> => {
    const state = gallery[name]
    assert.ok(state, name)
    const { page } = await openFakeConsole(await browser.newContext(options), state.scenario)
    await state.go?.(page)
    await page.getByText(state.says).first().waitFor({ timeout: 15_000 })
    return page
  }
  const heading = (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { name, level: 1, exact: true }).waitFor()
  const toStatus = async (page: Page): Promise<void> => {
    await page.getByRole('navigation').getByRole('button', { name: 'Status' }).click()
    await heading(page, 'Status')
  }

  /** For each row of the table: presses `key`, and waits for what it does. */
  const does: Readonly<Record<Anywhere, (page: Page, key: string, at: number) => Promise<void>>> = {
    palette: async (page, key) => {
      await page.keyboard.press(key)
      await page.getByRole('combobox', { name: 'Search for a command, a page or a key' }).waitFor()
    },
    help: async (page, key) => {
      await page.keyboard.press(key)
      await page.getByRole('dialog', { name: 'Help and keyboard' }).waitFor()
    },
    search: async (page, key) => {
      await page.keyboard.press(key)
      assert.equal(await page.evaluate('document.activeElement.type'), 'search')
    },
    add: async (page, key) => {
      await page.keyboard.press(key)
      await page.getByRole('dialog', { name: 'Add API key' }).waitFor()
    },
    undo: async (page, key) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('disable robot 2')
      await page.keyboard.press('Enter')
      await page.getByText('is disabled: calls').waitFor()
      await page.keyboard.press(key)
      await page.getByText('is enabled: calls').waitFor()
    },
    refresh: async (page, key) => {
      const asked = page.waitForRequest((request) => request.url().endsWith('/v1/status'))
      await page.keyboard.press(key)
      await asked
    },
    page: async (page, key, at) => {
      const all = await page.locator('nav button .page-name').allInnerTexts()
      const name = all[at]
      await page.keyboard.press(key)
      if (name !== undefined) await page.locator('nav [aria-current]', { hasText: name }).waitFor()
    },
    back: async (page, key) => {
      await toStatus(page)
      await page.keyboard.press(key)
      await heading(page, 'API keys')
    },
    forward: async (page, key) => {
      await toStatus(page)
      await page.keyboard.press('Alt+ArrowLeft')
      await heading(page, 'API keys')
      await page.keyboard.press(key)
      await heading(page, 'Status')
    },
    region: async (page, key, at) => {
      await page.locator('nav button').first().focus()
      await page.keyboard.press(key)
      const region = at === 0 ? 'main' : 'footer'
      assert.equal(await page.evaluate(`document.activeElement.closest('${region}') !== null`), true)
    },
    settings: async (page, key) => {
      const settings = page.getByRole('navigation').getByRole('button', { name: 'Settings' })
      const isThere = (await settings.count()) > 0
      await page.keyboard.press(key)
      if (isThere) await page.locator('nav [aria-current]', { hasText: 'Settings' }).waitFor()
    },
  }

  const chord = (key: string): string => key.replace('Ctrl', 'Control').replace(/Left|Right/, 'Arrow$&')
  const changed = (state: 'active' | 'disabled') => ({ ...fakeKey(2, 1.5, { state }), evidence: evidence() })
  const answers = {
    'POST /v1/keys/*/disable': changed('disabled'),
    'POST /v1/keys/*/enable': changed('active'),
  }
  for (const [name, { keys }] of Object.entries(anywhere) as [Anywhere, { keys: readonly string[] }][])
    it(`${keys.join(', ')}: ${name}`, async () => {
      for (const [at, key] of keys.entries()) {
        const page = await open({ answers })
        await does[name](page, chord(key), at)
        await page.context().close()
      }
    })

  it('the help lists every key that works behind this door', async () => {
    const page = await openState('help', wide)
    const shown = await page.locator('dialog kbd').allInnerTexts()
    for (const key of ['Ctrl+K', 'F1', '?', 'Ctrl+Z', 'F5', 'Alt+←', 'F6', 'Shift+F10', 'Delete'])
      assert.ok(shown.includes(key), key)
    assert.ok(!shown.some((each) => each.includes('Ctrl+N')))
  })

  it('what was said in passing can be read again after it has gone', async () => {
    const context = await browser.newContext(wide)
    await context.clock.install()
    const { page } = await openFakeConsole(context, { answers })
    await page.getByText('Service running').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('disable robot 2')
    await page.keyboard.press('Enter')
    const toast = page.locator('.toast', { hasText: 'is disabled: calls' })
    await toast.waitFor()
    await context.clock.fastForward(11_000)
    await toast.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Notes (1)' }).click()
    await page.getByRole('dialog').getByText('“Robot 2” is disabled: calls with it are refused.').waitFor()
    await page.getByRole('button', { name: 'Undo the last change' }).click()
    await page.getByText('is enabled: calls').waitFor()
  })

  describe('time', () => {
    const ends = { keys: [fakeKey(9, 3 + 1 / 24, { name: 'Flips' })] }
    const pill = (page: Page, standing: string) =>
      page.locator('[role=row]', { hasText: 'Flips' }).locator(`.pill.${standing}`)

    /** Away from the page for hours, as somebody is who does not have it locked. */
    const unlocked = async (): Promise<BrowserContext> => {
      const context = await browser.newContext(wide)
      await context.addInitScript(`localStorage.setItem('postern-preferences', '{"lock":"off"}')`)
      await context.clock.install()
      return context
    }

    it('a page that slept through the instant shows the true standing within a second of waking', async () => {
      const context = await unlocked()
      // The gateway's clock is this computer's, which went on meanwhile.
      let sleptMs = 0
      const now = (): string => new Date(Date.now() + sleptMs).toISOString()
      const { page } = await openFakeConsole(context, {
        ...ends,
        answers: { 'GET /v1/status': () => ({ ...fakeStatus(), now: now() }) },
      })
      await pill(page, 'soon').waitFor()
      sleptMs = 2 * hourMs
      await context.clock.fastForward(sleptMs)
      await context.clock.runFor(1_000)
      await pill(page, 'urgent').waitFor({ timeout: 1_000 })
    })

    it('a viewer whose clock is set back, or on, still sees the gateway’s truth within a second', async () => {
      const context = await unlocked()
      const { page } = await openFakeConsole(context, ends)
      await pill(page, 'soon').waitFor()
      for (const awayMs of [-5 * hourMs, 5 * hourMs]) {
        await context.clock.setSystemTime(Date.now() + awayMs)
        await context.clock.runFor(1_000)
        await pill(page, 'soon').waitFor({ timeout: 1_000 })
        await page.getByText('keys need attention').or(page.getByText('Flips')).first().waitFor()
      }
      await toStatus(page)
      await page.getByText('This computer and the gateway differ by 5 hours.').waitFor()
    })

    it('the gateway’s clock put back takes the standing back too', async () => {
      const context = await browser.newContext(wide)
      const keys = [fakeKey(9, 3 - 1 / 24, { name: 'Flips' })]
      const back = { ...fakeStatus(), now: new Date(Date.now() - 2 * hourMs).toISOString() }
      const { page } = await openFakeConsole(context, { keys, answers: { 'GET /v1/status': [fakeStatus(), back] } })
      await pill(page, 'urgent').waitFor()
      await page.keyboard.press('F5')
      await pill(page, 'soon').waitFor({ timeout: 2_000 })
      await page.getByText('The gateway’s clock moved back 2 hours.').waitFor()
    })
  })

  it('each card of Status that needs somebody has exactly one first action, and the others have none', async () => {
    const names = Object.keys(gallery).filter((name) => name.startsWith('status') && name !== 'status, loading')
    let needing = 0
    for (const name of names) {
      const page = await openState(name, wide)
      const cards = await page.evaluate<[string, boolean, number][]>(
        `[...document.querySelectorAll('.card')].map((card) => [card.querySelector('h2').textContent,
          card.matches('.soon, .urgent'), card.querySelectorAll('.button.primary').length])`,
      )
      assert.ok(cards.length >= 4, name)
      for (const [title, needs, actions] of cards) assert.equal(actions, needs ? 1 : 0, `${name}: ${title}`)
      needing += cards.filter(([, needs]) => needs).length
      await page.context().close()
    }
    assert.ok(needing >= 10)
  })

  it('a service of another version can be looked at, and nothing can be changed', async () => {
    const page = await openState('another version', wide)
    await page.getByText('Console 0.1.0 cannot manage service 1.2.3.').waitFor()
    assert.equal(await page.locator('[data-action=add]').getAttribute('aria-disabled'), 'true')
    await page.locator('[data-row="3"] .name').click()
    await page.getByRole('complementary', { name: 'Key details' }).waitFor()
  })

  it('the theme that was chosen is there again the next time', async () => {
    const page = await open()
    const scheme = (of: Page): Promise<string> => of.evaluate('document.documentElement.style.colorScheme')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('theme dark')
    await page.keyboard.press('Enter')
    await page.waitForFunction(`document.documentElement.style.colorScheme === 'dark'`)
    assert.equal(await scheme(await open({ preferences: { theme: 'light' } })), 'light')
    assert.equal(await scheme(await open({ preferences: { theme: 'nonsense' } })), '')
  })

  it('the way past the navigation leads to the page, and not to a new session', async () => {
    const page = await open()
    const url = page.url()
    await page.locator('.skip').focus()
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'page')
    assert.equal(page.url(), url)
  })

  it('Enter runs what the text finds, however fast it comes after the last letter', async () => {
    const page = await open()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    for (const letter of 'add') void page.keyboard.press(letter)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Add API key' }).waitFor()
  })

  it('ten thousand keys: the palette answers a keystroke within a tenth of a second (times three)', async () => {
    const keys = Array.from({ length: 10_000 }, (_, at) => fakeKey(at, 100, { name: `Connector ${at}` }))
    const page = await open({ keys: [...keys, ...someKeys().slice(0, 1)] })
    await page.locator('.shown', { hasText: '10,001 keys' }).waitFor({ timeout: 20_000 })
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('c')
    await page.getByText('View key “Connector 0”').waitFor()
    // The best of five: what else the machine does is not the palette's.
    const tookMs = await page.evaluate<number>(`(async () => {
      const field = document.querySelector('[role=combobox]')
      const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
      const typed = (text) => new Promise((done) => {
        const from = performance.now()
        write.call(field, text)
        field.dispatchEvent(new Event('input', { bubbles: true }))
        const isThere = () => document.querySelector('[role=option]')?.textContent.includes(text.slice(4)) ?? false
        const look = () => (isThere() ? done(performance.now() - from) : requestAnimationFrame(look))
        look()
      })
      const all = []
      for (const text of ['dis 9991', 'dis 9992', 'dis 9993', 'dis 9994', 'dis 9995']) all.push(await typed(text))
      return Math.min(...all)
    })()`)
    process.stdout.write(`     10,000 keys: the palette found one in ${tookMs.toFixed(0)} ms\n`)
    assert.ok(tookMs <= 300)
  })
})
