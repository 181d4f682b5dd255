/** Going back never asks again what was asked once, and nobody outside of the pages begins anything. */
import assert from 'node:assert/strict'
import { mayBeAskedFromOutside, withPlace, type Place } from '../../../desktop/src/renderer/places.ts'

const start: readonly Place[] = [{ page: 'keys', asked: null, visit: 0 }]

describe('console: places', () => {
  it('what opened a dialog is forgotten when one leaves; what is looked at stays', () => {
    const all = ['remove:k0000001', 'view:k0000001', 'add', 'soon'].reduce(
      (places, asked) => withPlace(places, 'keys', asked),
      start,
    )
    assert.deepEqual(
      withPlace(all, 'status', null).map(({ asked }) => asked),
      [null, null, 'view:k0000001', null, 'soon', null],
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

  for (const [asked, may] of [
    [null, true],
    ['soon', true],
    ['view:k0000001', true],
    ['add', false],
    ['remove:k0000001', false],
    ['disable:k0000001', false],
    ['view:k1 k2', false],
  ] as const)
    it(`from outside, ${asked} is ${may ? 'shown' : 'refused'}`, () => assert.equal(mayBeAskedFromOutside(asked), may))
})
