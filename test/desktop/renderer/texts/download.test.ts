/** The two lists of what is said when: together they are the catalogue. */
import assert from 'node:assert/strict'
import * as all from '../../../../desktop/src/renderer/texts/en.ts'
import * as first from '../../../../desktop/src/renderer/texts/english-first.ts'
import * as rest from '../../../../desktop/src/renderer/texts/english-later.ts'

describe('console: the texts of the downloads', () => {
  it('each section of the catalogue is in one of the two lists, and in one alone', () => {
    assert.deepEqual([...Object.keys(first), ...Object.keys(rest)].toSorted(), Object.keys(all).toSorted())
  })
})
