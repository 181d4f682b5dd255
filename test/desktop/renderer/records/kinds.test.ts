/** What of a record has been changed in its form. */
import assert from 'node:assert/strict'
import { changesOf, orNull } from '../../../../desktop/src/renderer/records/kinds.ts'

describe('console: changes of a record', () => {
  it('only what is another than it was is sent; grants in another order are the same', () => {
    const was = { name: 'A', collections: ['co_1', 'co_2'], email: null }
    assert.deepEqual(changesOf(was, { name: 'A', collections: ['co_2', 'co_1'], email: null }), {})
    assert.deepEqual(changesOf(was, { name: 'B', collections: ['co_1'], email: null }), {
      name: 'B',
      collections: ['co_1'],
    })
  })

  it('every collection is another thing than none, and both than some', () => {
    const was: { collections: string[] | null } = { collections: [] }
    assert.deepEqual(changesOf(was, { collections: null }), { collections: null })
    assert.deepEqual(changesOf({ collections: null as string[] | null }, { collections: [] }), { collections: [] })
  })

  it('blanks alone are nothing', () => assert.deepEqual([orNull('  '), orNull(' a ')], [null, 'a']))
})
