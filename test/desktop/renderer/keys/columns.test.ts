/** When it gets narrow columns go in the order the specification says; widths keep their limits and are remembered. */
import assert from 'node:assert/strict'
import {
  columnsFor,
  readWidths,
  templateOf,
  widthsText,
  within,
} from '../../../../desktop/src/renderer/keys/columns.ts'
import { rowHeightOf } from '../../../../desktop/src/renderer/keys/density.ts'
import { stepOf } from '../../../../desktop/src/renderer/keys/grid-steps.ts'

const goneAt = (windowPx: number, tablePx = windowPx - 200): string =>
  ['usage', 'used', 'expires', 'status', 'name']
    .filter((column) => !(columnsFor(windowPx, tablePx) as readonly string[]).includes(column))
    .join(' ')

describe('console: columns', () => {
  it('below 1080 pixels the bars go, below 860 Last used; Expires and Status stay down to the size of a telephone', () => {
    assert.equal(goneAt(1080), '')
    assert.equal(goneAt(1079), 'usage')
    assert.equal(goneAt(860), 'usage')
    assert.equal(goneAt(859), 'usage used')
    assert.equal(goneAt(720, 720), 'usage used')
    assert.equal(goneAt(536, 536), 'usage used')
    assert.equal(goneAt(320, 320), 'usage used expires')
  })

  it('details beside the table make it narrow too', () => assert.equal(goneAt(1280, 650), 'usage used'))

  it('all of them fit where they are shown, as long as nobody has made them wider', () => {
    for (const [windowPx, tablePx] of [
      [1080, 880],
      [860, 660],
      [761, 561],
      [536, 536],
      [535, 535],
      [320, 320],
    ] as const) {
      const { leastPx } = templateOf(columnsFor(windowPx, tablePx), {})
      assert.ok(leastPx <= tablePx, `${leastPx} of ${tablePx}`)
    }
  })

  it('the name takes what room is left, until it has a width of its own', () => {
    const shown = columnsFor(700, 700)
    assert.match(templateOf(shown, {}).template, /^40px minmax\(128px, 1fr\) 136px 150px 76px$/)
    assert.match(templateOf(shown, { name: 300 }).template, /^40px 300px 136px 150px minmax\(76px, 1fr\)$/)
  })

  it('widths are remembered, within limits; what is not understood is as if it had never been chosen', () => {
    assert.deepEqual(readWidths(widthsText({ name: 300, status: 160 })), { name: 300, status: 160 })
    assert.deepEqual(readWidths('status:1 name:9999 actions:50 select:9 expires:x toString:200 used'), {
      status: within('status', 1),
      name: 800,
    })
    assert.deepEqual(readWidths(undefined), {})
    assert.ok(within('expires', 1) >= 110, 'a date is never cut off')
  })

  it('rows are as high as was chosen; with the date under the name they have room for two lines', () => {
    assert.deepEqual(
      (['compact', 'normal', 'comfortable'] as const).map((each) => rowHeightOf(each, false)),
      [32, 44, 56],
    )
    assert.equal(rowHeightOf('compact', true), 44)
  })

  it('arrows pass over columns that are not there, and the head is the row above the first', () => {
    const shown = columnsFor(700, 700)
    const press = (key: string, row: number, column: number, control = false) => {
      const to = stepOf({ key, ctrlKey: control, metaKey: false }, { row, column }, 50, shown)
      return to === null ? null : [to.row, to.column]
    }
    assert.deepEqual(press('ArrowRight', 3, 2), [3, 4])
    assert.deepEqual(press('ArrowLeft', 3, 4), [3, 2])
    assert.deepEqual(press('ArrowRight', 3, 6), [3, 6])
    assert.deepEqual(press('ArrowUp', 0, 1), [-1, 1])
    assert.deepEqual(press('PageUp', 4, 1), [0, 1])
    assert.deepEqual(press('Home', 4, 4), [4, 0])
    assert.deepEqual(press('End', 4, 1, true), [49, 6])
    assert.equal(press('x', 4, 1), null)
  })
})
