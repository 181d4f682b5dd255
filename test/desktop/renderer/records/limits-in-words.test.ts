/** Limits as people say them. */
import assert from 'node:assert/strict'
import { limitsInWords } from '../../../../desktop/src/renderer/records/limits-in-words.ts'
import * as english from '../../../../desktop/src/renderer/texts/en.ts'

describe('limits in words', () => {
  it('says windows from the shortest to the longest, whatever their order, and then how many calls at once', () => {
    const windows = [
      { per: 'month', calls: 2_000_000 },
      { per: 'second', calls: 1 },
      { per: 'day', calls: 1_000 },
    ] as const
    assert.equal(
      limitsInWords({ windows: [...windows], concurrent: 3 }, english),
      '1 call a second, 1,000 calls a day, 2,000,000 calls a month, 3 at once',
    )
    assert.equal(
      limitsInWords({ windows: [{ per: 'minute', calls: 5 }], concurrent: null }, english),
      '5 calls a minute',
    )
    assert.equal(limitsInWords({ windows: [{ per: 'hour', calls: 0 }], concurrent: null }, english), '0 calls an hour')
  })

  it('says of a policy without limits that nothing is limited, which is not the same as nothing being allowed', () => {
    assert.equal(limitsInWords({ windows: [], concurrent: null }, english), 'no limit')
  })
})
