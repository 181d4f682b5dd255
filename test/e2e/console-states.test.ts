/** Every state of the console's pages, shown, in words, and without a fault for those who cannot see it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { fakeKey, openFakeConsole, someKeys, type FakeConsole } from '../support/fake-console.ts'
import { gallery } from '../support/gallery/gallery.ts'
import type { State } from '../support/gallery/state.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const statesAtOnce = 4

/** The same page in other colours has other contrasts; all else of it is the same. */
const otherColours: Readonly<Record<string, Parameters<Page['emulateMedia']>[0]>> = {
  dark: { colorScheme: 'dark' },
  'forced colours': { colorScheme: 'light', forcedColors: 'active' },
}
const everyRule = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const rulesOfColour = ['color-contrast', 'link-in-text-block']

describe('console: every state', function () {
  this.timeout(900_000)
  let browser: Browser
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
  })
  after(() => browser?.close())

  const open = async (options: BrowserContextOptions, { scenario, says, go }: State): Promise<FakeConsole> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    const shown = await openFakeConsole(context, scenario)
    await go?.(shown.page)
    await shown.page.getByText(says).first().waitFor({ timeout: 20_000 })
    return shown
  }

  /** `rules`: of axe, by name or by tag. */
  const faultsOf = (page: Page, rules: readonly string[]): Promise<string[]> =>
    page.evaluate<string[]>(`axe
      .run({ runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })
      .then(({ violations }) => violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')))`)

  it('has no fault of accessibility in light, dark and forced colours, asks nobody else and breaks no policy', async () => {
    const told: string[] = []
    const lookAt = async ([name, state]: [string, State]): Promise<void> => {
      const { page, astray, complaints } = await open({ colorScheme: 'light' }, state)
      // The policy of the page stops scripts that are put into it; the browser's own tools are not the page.
      await page.evaluate(axe)
      told.push(...(await faultsOf(page, everyRule)).map((each) => `${name}: ${each}`))
      for (const [look, media] of Object.entries(otherColours)) {
        await page.emulateMedia(media)
        told.push(...(await faultsOf(page, rulesOfColour)).map((each) => `${name}, ${look}: ${each}`))
      }
      told.push(...astray.map((each) => `${name}: asked ${each}`))
      // The browser tells of every refusal by itself.
      const faults = complaints.filter((each) => !each.includes('the server responded with'))
      told.push(...faults.map((each) => `${name}: ${each}`))
      await page.context().close()
    }
    const left = Object.entries(gallery)
    await Promise.all(
      Array.from({ length: statesAtOnce }, async () => {
        for (let next = left.shift(); next !== undefined; next = left.shift())
          await lookAt(next).catch((error: unknown) => told.push(`${next?.[0]}: ${String(error).slice(0, 200)}`))
      }),
    )
    process.stdout.write(`     ${Object.keys(gallery).length} states\n`)
    assert.deepEqual(told, [])
  })

  it('every text is in the catalogue: in a language that is none, no English stands alone', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    await context.addInitScript(`new MutationObserver(() => {
      if (document.documentElement !== null) document.documentElement.lang = 'en-XA'
    }).observe(document, { childList: true })`)
    const { page } = await openFakeConsole(context, { keys: [] })
    await page.getByText('Nó ÁPI kéys').waitFor()
    const plain = await page.evaluate<
      string[]
    >(`[...document.querySelectorAll('button, h1, h2, p, [role=columnheader], label')]
      .map((each) => each.textContent.trim()).filter((text) => /[a-z]{3}/i.test(text) && !text.startsWith('['))`)
    assert.deepEqual(plain, [])
    await context.close()
  })

  it('at 400 % zoom, which is 320 pixels wide, nothing is cut off sideways', async () => {
    const reports = ['usage', 'usage, dates', 'audit, verified', 'audit, details', 'calendar']
    const others = ['notices', 'recovery', 'recovery, kit', 'settings']
    for (const name of ['keys', 'keys, add', 'status', 'keys, details', ...reports, ...others]) {
      const state = gallery[name]
      assert.ok(state)
      const { page } = await open({ viewport: { width: 320, height: 256 } }, state)
      const [width, within] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      )
      assert.ok(width <= within, `${name}: ${width} of ${within}`)
      await page.context().close()
    }
  })

  describe('with the keyboard', () => {
    const at = (page: Page): Promise<string | null> =>
      page.evaluate(`document.activeElement.closest('[aria-rowindex]')?.getAttribute('aria-rowindex') ?? null`)
    const grid = async (count = 500): Promise<Page> => {
      const keys = Array.from({ length: count }, (_, index) => fakeKey(index, 30 + index))
      const { page } = await open({}, { scenario: { keys }, says: 'Robot 1' })
      await page.focus('[data-row="0"] [data-column="0"]')
      return page
    }

    it('100 fast presses of ArrowDown move exactly 100 rows; Home, End and the pages land where they say', async () => {
      const page = await grid()
      for (let press = 0; press < 100; press++) void page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowRight')
      assert.equal(await at(page), '102')
      await page.keyboard.press('PageDown')
      assert.equal(await at(page), '112')
      await page.keyboard.press('Control+End')
      assert.equal(await at(page), '501')
      await page.keyboard.press('Control+Home')
      assert.equal(await at(page), '2')
      assert.ok((await page.locator('[data-row]').count()) <= 60)
      await page.context().close()
    })

    it('the focused row stays while it is scrolled away, and there is one tab stop', async () => {
      const page = await grid()
      await page.evaluate(`document.querySelector('.scroller').scrollTop = 15000`)
      await page.locator('[data-row="340"]').waitFor()
      assert.equal(await at(page), '2')
      assert.equal(await page.locator('.rows [tabindex="0"]').count(), 1)
      await page.keyboard.press('ArrowDown')
      assert.equal(await at(page), '3')
      await page.context().close()
    })

    it('the menu opens at the row, goes round, finds by letter, and gives the focus back', async () => {
      const page = await grid(20)
      const chosen = (): Promise<string> => page.evaluate('document.activeElement.firstChild.textContent')
      await page.keyboard.press('Shift+F10')
      await page.getByRole('menu').waitFor()
      assert.equal(await chosen(), 'View')
      await page.keyboard.press('ArrowUp')
      assert.equal(await chosen(), 'Delete…')
      await page.keyboard.press('r')
      assert.equal(await chosen(), 'Rotate…')
      await page.keyboard.press('Escape')
      await page.getByRole('menu').waitFor({ state: 'detached' })
      assert.equal(await page.evaluate('document.activeElement.closest("[aria-colindex]").className'), 'select')
      assert.equal(await at(page), '2')
      await page.getByRole('button', { name: 'Actions for Robot 0' }).click()
      await page.getByRole('menu').waitFor()
      await page.keyboard.press('Escape')
      assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-label")'), 'Actions for Robot 0')
      await page.context().close()
    })

    it('where the details take the place of the table the focus goes there, and back to the row', async () => {
      const page = await grid(20)
      await page.setViewportSize({ width: 1000, height: 700 })
      await page.keyboard.press('Enter')
      await page.locator('aside :focus').waitFor()
      await page.keyboard.press('Escape')
      await page.locator('[aria-rowindex="2"] :focus').waitFor()
      await page.context().close()
    })

    it('Enter shows, F2 edits, Delete asks, Escape leaves, Ctrl+F searches, F6 goes on', async () => {
      const page = await grid(20)
      await page.keyboard.press('F2')
      await page.getByRole('dialog').waitFor()
      assert.equal(await page.evaluate('document.activeElement.value'), 'Robot 0')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      assert.equal(await at(page), '2')
      await page.keyboard.press('Delete')
      await page.getByRole('alertdialog').waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.press('Enter')
      await page.getByRole('complementary', { name: 'Key details' }).waitFor()
      await page.keyboard.press('Control+f')
      assert.equal(await page.evaluate('document.activeElement.type'), 'search')
      await page.keyboard.press('F6')
      assert.equal(await page.evaluate(`document.activeElement.closest('aside') !== null`), true)
      await page.keyboard.press('F6')
      assert.equal(await page.evaluate(`document.activeElement.closest('footer') !== null`), true)
      await page.keyboard.press('Shift+F6')
      await page.keyboard.press('Escape')
      await page.waitForFunction(`document.activeElement.closest('[aria-rowindex="2"]') !== null`)
      await page.context().close()
    })
  })

  it('a status flips at its instant, and the row moves to where it belongs', async () => {
    const keys = [...someKeys(), fakeKey(77, 3 + 4_000 / 86_400_000, { name: 'Flips' })]
    const { page } = await open({}, { scenario: { keys }, says: 'Flips' })
    const row = page.locator('[role=row]', { hasText: 'Flips' })
    await row.locator('.pill.soon').waitFor()
    await row.locator('.pill.urgent').waitFor({ timeout: 8_000 })
    await page.context().close()
  })
})
