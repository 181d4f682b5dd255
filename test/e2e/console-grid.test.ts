/** The table of keys: selecting with keyboard and mouse, columns, densities, what is found, calls by day. */
import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { fakeKey, openFakeConsole, type Scenario } from '../support/fake-console.ts'
import { evidence } from '../support/gallery/keys-details.ts'
import { hasBrowser, startBrowser } from '../support/real-browser.ts'

const press = async (page: Page, ...pressed: readonly string[]): Promise<void> => {
  for (const each of pressed) await page.keyboard.press(each)
}
const bar = (page: Page) => page.locator('.bulk-bar')
const selectedRows = (page: Page): Promise<string> =>
  page.evaluate(`[...document.querySelectorAll('[aria-selected=true]')].map((each) => each.dataset.row).join(' ')`)
const focusedCell = (page: Page): Promise<string> =>
  page.evaluate(`document.activeElement.closest('[aria-colindex]')?.className ?? ''`)

describe('console: the table of keys', function () {
  this.timeout(120_000)
  let browser: Browser
  before(async function () {
    if (!hasBrowser()) return this.skip()
    browser = await startBrowser()
  })
  after(() => browser?.close())

  const open = async (count: number, scenario: Scenario = {}, width = 1_280): Promise<Page> => {
    const keys = Array.from({ length: count }, (_, index) => fakeKey(index, 30 + index))
    const context = await browser.newContext({ viewport: { width, height: 800 } })
    const { page } = await openFakeConsole(context, { keys, ...scenario })
    await page.focus('[data-row="0"] [data-column="1"]')
    return page
  }
  const widthOf = async (page: Page, column: string): Promise<number> =>
    (await page.locator(`.head .${column}`).boundingBox())?.width ?? 0

  it('Space, Shift with Space and arrows, Ctrl+A and Escape select; a filter keeps what it hides', async () => {
    const page = await open(50)
    assert.equal(await page.getByRole('grid').getAttribute('aria-multiselectable'), 'true')
    await press(page, 'Space', 'ArrowDown', 'ArrowDown', 'Space')
    assert.equal(await selectedRows(page), '0 2')
    await press(page, 'ArrowDown', 'ArrowDown', 'Shift+Space')
    assert.equal(await selectedRows(page), '0 2 3 4')
    await press(page, 'ArrowDown', 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowUp')
    assert.equal(await selectedRows(page), '0 2 3 4 6 7')
    await bar(page).getByText('6 selected').waitFor()
    await page.fill('input[type=search]', 'Robot 7')
    await bar(page).getByText('5 of them not in this list').waitFor()
    await page.fill('input[type=search]', '')
    await page.locator('.shown', { hasText: '50 keys' }).waitFor()
    await page.focus('[data-row="0"] [data-column="1"]')
    await press(page, 'Control+a')
    await bar(page).getByText('50 selected').waitFor()
    await press(page, 'Escape')
    await bar(page).waitFor({ state: 'detached' })
    assert.equal(await selectedRows(page), '')
    await page.context().close()
  })

  it('Escape closes what is nearest: the menu, back to the cell it came from; then a selection; then the details', async () => {
    const page = await open(10, {}, 1_600)
    const details = page.getByRole('complementary', { name: 'Key details' })
    await press(page, 'ArrowDown', 'ArrowRight', 'Enter')
    await details.waitFor()
    await press(page, 'Space', 'Shift+F10')
    await page.getByRole('menu').waitFor()
    await press(page, 'Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    assert.equal(await page.evaluate(`document.activeElement.closest('[data-row]')?.dataset.row`), '1')
    assert.equal(await focusedCell(page), 'expires')
    assert.equal(await selectedRows(page), '1')
    await press(page, 'Escape')
    await bar(page).waitFor({ state: 'detached' })
    assert.equal(await details.count(), 1)
    await press(page, 'Escape')
    await details.waitFor({ state: 'detached' })
    assert.equal(await focusedCell(page), 'expires', 'the focus stays where it is')

    await press(page, 'Enter')
    await details.waitFor()
    await page.fill('input[type=search]', 'Robot')
    await press(page, 'Escape')
    assert.equal(await page.inputValue('input[type=search]'), '')
    assert.equal(await details.count(), 1)
    await press(page, 'Escape')
    await details.waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('the focus stays with its key when a change moves that key, and F2 edits the key that is seen to have it', async () => {
    const disabled = { ...fakeKey(0, 30, { state: 'disabled' }), evidence: evidence() }
    const page = await open(10, { answers: { 'POST /v1/keys/*/disable': disabled } })
    const name = await page.locator('[data-row="0"] .name').innerText()
    await press(page, 'Shift+F10', 'd', 'i', 'Enter')
    await page.locator('[data-row="9"] .pill.disabled').waitFor()
    assert.equal(await page.evaluate(`document.activeElement.closest('[data-row]')?.dataset.row`), '9')
    await press(page, 'F2')
    await page.getByRole('dialog', { name: `Edit “${name}”` }).waitFor()
    await page.context().close()
  })

  it('the tools above the table take one line where it is wide and two where it is not, and nothing is cut', async () => {
    const old = fakeKey(900, 400, { created_at: '2020-01-01T00:00:00.000Z', owner: null })
    const keys = [...Array.from({ length: 60 }, (_, index) => fakeKey(index, 30 + index)), old]
    for (const [width, most] of [
      [1_600, 1],
      [1_000, 2],
      [720, 2],
    ] as const) {
      const page = await open(0, { keys }, width)
      const box = await page.locator('.chips-line').boundingBox()
      assert.ok((box?.height ?? 999) <= most * 28 + (most - 1) * 6 + 20, `${width} px: ${box?.height} px high`)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0)
      assert.equal(
        await page.evaluate(
          `document.querySelector('.chips-line').scrollWidth <= document.querySelector('.chips-line').clientWidth`,
        ),
        true,
      )
      await page.context().close()
    }
  })

  it('the mouse does the same: checkboxes, Shift and Ctrl with a click, and the one at the head', async () => {
    const page = await open(20)
    const box = (row: number) => page.locator(`[data-row="${row}"]`).getByRole('checkbox')
    await box(1).click()
    assert.equal(await box(1).isChecked(), true)
    await box(3).click({ modifiers: ['Shift'] })
    await page.locator('[data-row="6"] .name').click({ modifiers: ['Control'] })
    assert.equal(await selectedRows(page), '1 2 3 6')
    await box(2).click()
    assert.equal(await box(2).isChecked(), false)
    const head = page.getByRole('checkbox', { name: 'Select all 20 keys' })
    assert.equal(await page.evaluate(`document.querySelector('.head input').indeterminate`), true)
    await head.click()
    await bar(page).getByText('20 selected').waitFor()
    await head.click()
    await bar(page).waitFor({ state: 'detached' })
    assert.equal(await page.locator('aside').count(), 0, 'selecting opens nothing')
    await page.context().close()
  })

  it('the head is the row above: sorting and widths without a mouse; a width is remembered, and can be dragged too', async () => {
    const page = await open(20)
    await press(page, 'ArrowUp', 'ArrowRight')
    assert.equal(await focusedCell(page), 'expires')
    await press(page, 'Enter')
    await page.locator('[aria-sort=ascending].expires').waitFor()
    const before = await widthOf(page, 'expires')
    await press(page, 'Alt+ArrowDown', 'w', 'Enter', 'Enter')
    assert.equal(await widthOf(page, 'expires'), before + 48)
    await press(page, 'Escape')
    assert.equal(await focusedCell(page), 'expires')
    await press(page, 'ArrowDown')
    assert.equal(await page.evaluate(`document.activeElement.closest('[data-row]').dataset.row`), '0')
    const edge = await page.locator('.head .status .edge').boundingBox()
    assert.ok(edge)
    const [status, y] = [await widthOf(page, 'status'), edge.y + 5]
    await page.mouse.move(edge.x + 8, y)
    await page.mouse.down()
    await page.mouse.move(edge.x + 38, y, { steps: 4 })
    await page.mouse.up()
    assert.equal(await widthOf(page, 'status'), status + 30)
    assert.deepEqual(await page.evaluate(`JSON.parse(localStorage.getItem('postern-preferences'))`), {
      'keys.order': 'expires',
      'keys.widths': `expires:${before + 48} status:${status + 30}`,
    })
    await page.context().close()
  })

  it('what was chosen before is there again: order, filter, density and widths; the search is not', async () => {
    const preferences = {
      'keys.order': '-name',
      'keys.chip': 'unused',
      density: 'compact',
      'keys.widths': 'status:200',
    }
    const page = await open(20, { preferences })
    await page.locator('[aria-sort=descending].name').waitFor()
    await page.locator('.chip[aria-pressed=true]', { hasText: 'Never used' }).waitFor()
    assert.equal(await widthOf(page, 'status'), 200)
    assert.equal((await page.locator('[data-row="0"]').boundingBox())?.height, 32)
    assert.equal(await page.inputValue('input[type=search]'), '')
    await page.context().close()
  })

  it('the rows are 32, 44 or 56 pixels high, one below the other, and the focused one is never hidden', async () => {
    const page = await open(200)
    for (const [name, height] of [
      ['Compact rows', 32],
      ['Comfortable rows', 56],
      ['Normal rows', 44],
    ] as const) {
      await page.getByRole('button', { name }).click()
      await page.focus('[data-row="0"] [data-column="1"]')
      const [first, second] = [
        await page.locator('[data-row="0"]').boundingBox(),
        await page.locator('[data-row="1"]').boundingBox(),
      ]
      assert.deepEqual([first?.height, (second?.y ?? 0) - (first?.y ?? 0)], [height, height], name)
      const isSeen = `(() => {
        const [row, box, head] = [document.activeElement, document.querySelector('.scroller'), document.querySelector('.head')]
          .map((each) => each.getBoundingClientRect())
        return row.top >= head.bottom - 1 && row.bottom <= box.bottom + 1
      })()`
      for (const way of ['PageDown', 'PageDown', 'PageDown', 'PageDown', 'ArrowDown', 'PageUp', 'PageUp', 'ArrowUp']) {
        await press(page, way)
        await page.waitForFunction(isSeen, undefined, { timeout: 3_000 })
      }
      await press(page, 'Control+Home')
    }
    await page.context().close()
  })

  it('when it is narrow the bars go, then Last used, then the date stands under the name; arrows pass over them', async () => {
    const columnsAt = async (width: number): Promise<string[]> => {
      await page.setViewportSize({ width, height: 800 })
      await page.waitForTimeout(0)
      return page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
        done([...document.querySelectorAll('.head [role=columnheader]')].map((each) => each.className)))))`)
    }
    const page = await open(20)
    const few = ['select', 'name', 'expires', 'status', 'actions']
    assert.deepEqual(await columnsAt(1_080), ['select', 'name', 'expires', 'used', 'status', 'usage', 'actions'])
    assert.deepEqual(await columnsAt(1_079), ['select', 'name', 'expires', 'used', 'status', 'actions'])
    assert.deepEqual(await columnsAt(859), few)
    assert.deepEqual(await columnsAt(720), few)
    await page.focus('[data-row="0"] [data-column="2"]')
    await press(page, 'ArrowRight')
    assert.equal(await focusedCell(page), 'status')
    assert.deepEqual(await columnsAt(320), ['select', 'name', 'status', 'actions'])
    assert.match(await page.locator('[data-row="0"] .name').innerText(), /\d{4}/)
    await page.context().close()
  })

  it('what a search has found is marked without a change to the document', async () => {
    const page = await open(30)
    const marks = `CSS.highlights.get('found')?.size ?? 0`
    assert.equal(await page.evaluate(marks), 0)
    await page.fill('input[type=search]', 'robot 12')
    await page.waitForFunction(`(${marks}) === 2`)
    assert.equal(await page.locator('[data-row="0"] [data-searched]').innerHTML(), 'Robot 12')
    await page.fill('input[type=search]', 'k0000012')
    await page.locator('.shown', { hasText: /^1 key$/ }).waitFor()
    await page.waitForFunction(`(${marks}) === 0`)
    await page.context().close()
  })

  it('calls by day are asked for the rows in sight alone, once scrolling has come to rest, and said in words', async () => {
    const asked: string[][] = []
    const page = await open(500, {
      answers: {
        'GET /v1/usage/daily': (url) => {
          const ids = (url.searchParams.get('keys') ?? '').split(',')
          asked.push(ids)
          const none = Array.from({ length: 13 }, () => 0)
          return { days: [], data: ids.map((key) => ({ key, allowed: [...none, 261], refused: [...none, 5] })) }
        },
      },
    })
    await page.getByRole('img', { name: '266 calls in 14 days, 5 refused' }).first().waitFor()
    await page.evaluate(`document.querySelector('.scroller').scrollTop = 15000`)
    await page.locator('[data-row="345"]').getByRole('img').waitFor()
    assert.ok(asked.length >= 2 && asked.every((ids) => ids.length <= 60))
    const all = asked.flat()
    assert.equal(new Set(all).size, all.length, 'what is known is not asked for again')
    assert.ok(all.length < 130, `${all.length} of 500`)
    await page.context().close()
  })
})
