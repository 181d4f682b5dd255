/** A limit that is made where it is needed. */
import assert from 'node:assert/strict'
import { callsOf, freeName, noLimit, sameLimit } from '../../../../desktop/src/renderer/rights/new-limit.ts'

describe('console: a new limit', () => {
  it('is a whole number of calls from 1 to a thousand million', () => {
    const read = ['5', ' 60 ', '1000000000', '1000000001', '0', '', '1.5', '-3', '1e3', '5x'].map((calls) =>
      callsOf({ ...noLimit, calls }),
    )
    assert.deepEqual(read, [5, 60, 1_000_000_000, ...Array<null>(7).fill(null)])
  })

  const policy = (name: string, more: object = {}) => ({
    name,
    windows: [{ per: 'minute' as const, calls: 5 }],
    concurrent: null,
    enabled: true,
    ...more,
  })
  it('is not made where one limits exactly so; one that is disabled, or limits more than that, is another', () => {
    const others = [
      policy('disabled', { enabled: false }),
      policy('at once too', { concurrent: 3 }),
      policy('by the hour', { windows: [{ per: 'hour', calls: 5 }] }),
      policy('two windows', {
        windows: [
          { per: 'minute', calls: 5 },
          { per: 'day', calls: 5 },
        ],
      }),
    ]
    assert.equal(sameLimit(others, 5, 'minute'), undefined)
    assert.equal(sameLimit([...others, policy('same')], 5, 'minute')?.name, 'same')
  })
  it('gets a name that no other policy has, whatever its case', () => {
    assert.equal(freeName('5 calls a minute', []), '5 calls a minute')
    assert.equal(
      freeName('5 calls a minute', [policy('5 Calls a Minute'), policy('5 calls a minute (2)')]),
      '5 calls a minute (3)',
    )
  })
})
