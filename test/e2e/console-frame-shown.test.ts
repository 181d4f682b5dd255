/** The frame for people who set less motion, a script from right to left, or wider text: nothing moves, nothing is cut off. */
import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openFakeConsole } from '../support/fake-console.ts'
import { gallery } from '../support/gallery/gallery.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'

const wide = { viewport: { width: 1000, height: 760 } }

describe('console: how the frame is shown', function () {
  this.timeout(240_000)
  let browser: Browser
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
  })
  after(() => browser?.close())

  const openState = async (name: string, options: BrowserContextOptions): Promise<Page> => {
    const state = gallery[name]
    assert.ok(state, name)
    const { page } = await openFakeConsole(await browser.newContext(options), state.scenario)
    await state.go?.(page)
    await page.getByText(state.says).first().waitFor({ timeout: 20_000 })
    return page
  }

  it('whoever wants less motion sees none', async () => {
    const moving = `[...document.querySelectorAll('*')].filter((each) => {
      const { animationName, transitionDuration } = getComputedStyle(each)
      return animationName !== 'none' || transitionDuration.split(', ').some((each) => each !== '0s')
    }).length + document.getAnimations().length`
    for (const name of ['keys', 'keys, loading', 'status', 'palette', 'keys, details', 'stopped']) {
      const page = await openState(name, { ...wide, reducedMotion: 'reduce' })
      assert.equal(await page.evaluate(moving), 0, name)
      await page.context().close()
    }
  })

  const cutOff = `(() => {
    const box = document.documentElement
    const cut = [...document.querySelectorAll('button, h1, h2, .pill, dd, dt, footer span, .command code')].filter((each) => {
      const { left, right, width } = each.getBoundingClientRect()
      const { clipPath, overflowX } = getComputedStyle(each)
      return width > 0 && clipPath === 'none' && (left < -1 || right > innerWidth + 1 || (overflowX === 'hidden' && each.scrollWidth > each.clientWidth + 1))
    })
    const texts = cut.map((each) => each.textContent.slice(0, 40))
    return box.scrollWidth > innerWidth ? ['the page scrolls sideways', ...texts] : texts
  })()`

  it('from right to left nothing scrolls sideways or leaves the window, and the navigation is on the right', async () => {
    for (const name of ['keys', 'status', 'stopped', 'palette', 'keys, locked']) {
      const page = await openState(name, wide)
      await page.evaluate(`document.documentElement.dir = 'rtl'`)
      assert.deepEqual(await page.evaluate(cutOff), [], name)
      const [nav, main] = await page.evaluate<[number, number]>(
        `['nav', 'main'].map((each) => document.querySelector(each).getBoundingClientRect().left)`,
      )
      assert.ok(nav > main, name)
      await page.context().close()
    }
  })

  it('with text spaced as wide as people may set it, nothing is cut off or lost', async () => {
    const spacing = `*:not(svg *) { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
      p { margin-bottom: 2em !important }`
    for (const name of ['keys', 'status', 'stopped', 'help']) {
      const page = await openState(name, { ...wide, bypassCSP: true })
      await page.addStyleTag({ content: spacing })
      assert.deepEqual(await page.evaluate(cutOff), [], name)
      await page.context().close()
    }
  })
})
