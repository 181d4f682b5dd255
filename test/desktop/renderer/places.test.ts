/** Going back never asks again what was asked once, and nobody outside of the pages begins anything. */
import assert from 'node:assert/strict'
import {
  mayBeAskedFromOutside,
  placeOf,
  startWalk,
  walkBy,
  walkOn,
  walkTo,
  withPlace,
  type Place,
} from '../../../desktop/src/renderer/places.ts'

const start: readonly Place[] = [{ page: 'keys', asked: null, visit: 0 }]

describe('console: places', () => {
  it('what opened a dialog is forgotten when one leaves; what is looked at stays', () => {
    const all = ['remove:k0000001', 'why:k0000001', 'kit:k0000001', 'view:k0000001', 'add', 'do:prove', 'soon'].reduce(
      (places, asked) => withPlace(places, 'keys', asked),
      start,
    )
    assert.deepEqual(
      withPlace(all, 'status', null).map(({ asked }) => asked),
      [null, null, null, null, 'view:k0000001', null, null, 'soon', null],
    )
  })

  it('what is asked twice is another visit; going where one is changes nothing', () => {
    const twice = withPlace(withPlace(start, 'keys', 'add'), 'keys', 'add')
    assert.deepEqual(
      twice.map(({ visit }) => visit),
      [0, 1, 2],
    )
    assert.equal(withPlace(start, 'keys', null), start)
  })

  it('back and on again lead through the same places, and asking once is not repeated in either direction', () => {
    const walk = walkOn(walkOn(walkOn(startWalk, 'status', null), 'keys', 'add'), 'audit', null)
    const back = walkBy(walkBy(walk, -1), -1)
    assert.equal(placeOf(back).page, 'status')
    assert.deepEqual(placeOf(walkBy(back, 1)), { page: 'keys', asked: null, visit: 2 })
    const asking = walkOn(back, 'keys', 'remove:k0000001')
    assert.equal(placeOf(walkBy(walkBy(asking, -1), 1)).asked, null)
    assert.deepEqual([walkBy(startWalk, -1), walkBy(walk, 1)], [startWalk, walk])
  })

  it('going somewhere gives up what was ahead; a place is found again by its visit and its page', () => {
    const walk = walkOn(walkBy(walkOn(walkOn(startWalk, 'status', null), 'audit', null), -1), 'usage', null)
    assert.deepEqual(
      walk.places.map(({ page }) => page),
      ['keys', 'status', 'usage'],
    )
    assert.equal(placeOf(walkTo(walk, { page: 'status', visit: 1 }) ?? startWalk).page, 'status')
    assert.equal(walkTo(walk, { page: 'audit', visit: 2 }), null)
  })

  for (const [asked, may] of [
    [null, true],
    ['soon', true],
    ['view:k0000001', true],
    ['why:k0000001', true],
    ['why:a1b2c3-4', true],
    ['why:a b', false],
    ['add', false],
    ['remove:k0000001', false],
    ['disable:k0000001', false],
    ['view:k1 k2', false],
  ] as const)
    it(`from outside, ${asked} is ${may ? 'shown' : 'refused'}`, () => assert.equal(mayBeAskedFromOutside(asked), may))
})
