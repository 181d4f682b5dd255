/** The window comes back where it was, and never where nobody can take hold of it. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { leastSize, placeWindow, zoomAfter, type Rectangle } from '../../../desktop/src/main/window-place.ts'

const screen: Rectangle = { x: 0, y: 0, width: 1920, height: 1040 }
const left: Rectangle = { x: -1280, y: 100, width: 1280, height: 984 }

const shared = (a: Rectangle, b: Rectangle): number => Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)

describe('console window: its place', () => {
  it('is kept where its title can be taken hold of', () => {
    for (const kept of [
      { x: 100, y: 50, width: 1000, height: 700 },
      { x: -1200, y: 150, width: 800, height: 600 },
      { x: -600, y: 0, width: 1000, height: 700 },
    ])
      assert.deepEqual(placeWindow(kept, [screen, left]), kept)
  })

  it('is in the middle of the main screen where the one it was on is gone', () => {
    const kept = { x: -1200, y: 150, width: 800, height: 600 }
    assert.deepEqual(placeWindow(kept, [screen]), { x: 560, y: 220, width: 800, height: 600 })
    assert.deepEqual(placeWindow(null, [screen]), { x: 370, y: 130, width: 1180, height: 780 })
  })

  it('is never smaller than the pages need, nor larger than its screen', () => {
    const tiny = placeWindow({ x: 10, y: 10, width: 100, height: 50 }, [screen])
    assert.deepEqual({ width: tiny.width, height: tiny.height }, leastSize)
    assert.deepEqual(placeWindow({ x: 0, y: 0, width: 5_000, height: 4_000 }, [screen]), screen)
  })

  it('can always be reached, wherever it was left and whatever screens there are', () => {
    const rectangle = fc.record({
      x: fc.integer({ min: -10_000, max: 10_000 }),
      y: fc.integer({ min: -10_000, max: 10_000 }),
      width: fc.integer({ min: 1, max: 10_000 }),
      height: fc.integer({ min: 1, max: 10_000 }),
    })
    const real = rectangle.map((each) => ({ ...each, width: each.width + 720, height: each.height + 480 }))
    fc.assert(
      fc.property(fc.option(rectangle), fc.array(real, { minLength: 1, maxLength: 3 }), (kept, screens) => {
        const placed = placeWindow(kept, screens)
        assert.ok(placed.width >= leastSize.width && placed.height >= leastSize.height)
        assert.ok(
          screens.some((each) => shared(placed, each) >= 120 && placed.y >= each.y && placed.y < each.y + each.height),
          JSON.stringify(placed),
        )
      }),
    )
  })

  it('the zoom follows the usual keys between its ends', () => {
    const press = (level: number, key: string, control = true, alt = false): number | undefined =>
      zoomAfter(level, { key, control, alt })
    assert.equal(press(0, '+'), 1)
    assert.equal(press(0, '='), 1)
    assert.equal(press(1, '-'), 0)
    assert.equal(press(3, '0'), 0)
    assert.equal(press(5, '+'), 5)
    assert.equal(press(-3, '-'), -3)
    assert.equal(press(0, '+', false), undefined)
    assert.equal(press(0, '-', true, true), undefined)
    assert.equal(press(0, 'n'), undefined)
  })
})
