/** Ranges go both ways, shrink, and take away nothing that was selected before. */
import assert from 'node:assert/strict'
import {
  allOf,
  extendedTo,
  nothingSelected,
  rangeTo,
  released,
  toggled,
  type Selection,
} from '../../../../desktop/src/renderer/keys/selection.ts'

const order = 'abcdefgh'.split('')
const of = ({ ids }: Selection): string => [...ids].toSorted().join('')

describe('console: selection', () => {
  it('one is toggled, and toggled back', () => {
    const one = toggled(nothingSelected, 'c')
    assert.equal(of(one), 'c')
    assert.equal(of(toggled(one, 'c')), '')
    assert.equal(of(toggled(toggled(one, 'a'), 'c')), 'a')
  })

  it('a range with the arrows grows, shrinks past its beginning, and leaves what was selected before', () => {
    let now = toggled(nothingSelected, 'h')
    const steps = ['d', 'e', 'd', 'c', 'b', 'a']
    const seen: string[] = []
    let from = 'c'
    for (const to of steps) {
      now = extendedTo(now, order, from, to)
      seen.push(of(now))
      from = to
    }
    assert.deepEqual(seen, ['cdh', 'cdeh', 'cdh', 'ch', 'bch', 'abch'])
  })

  it('the arrows without Shift begin a new range where the focus is then; the one before stays', () => {
    const first = extendedTo(nothingSelected, order, 'a', 'b')
    assert.equal(of(extendedTo(released(first), order, 'e', 'f')), 'abef')
  })

  it('Shift and Space, or a click, take all from what was toggled last; again from there, not from the end', () => {
    const one = released(toggled(toggled(nothingSelected, 'a'), 'd'))
    assert.equal(of(rangeTo(one, order, 'f')), 'adef')
    assert.equal(of(rangeTo(rangeTo(one, order, 'f'), order, 'c')), 'acd')
    assert.equal(of(rangeTo(nothingSelected, order, 'f')), 'f')
  })

  it('what a filter hides stays selected; a range that began there begins where it is asked for', () => {
    const one = toggled(nothingSelected, 'c')
    const filtered = ['a', 'e', 'f']
    assert.equal(of(rangeTo(one, filtered, 'f')), 'cf')
    assert.equal(of(extendedTo(one, filtered, 'e', 'f')), 'cef')
    assert.equal(of(rangeTo(one, filtered, 'c')), 'c', 'what is not shown is not selected by a range')
  })

  it('all is what is shown', () => {
    assert.equal(of(allOf(['a', 'e'])), 'ae')
    assert.equal(of(extendedTo(allOf(['a', 'e']), order, 'f', 'g')), 'aefg')
  })
})
