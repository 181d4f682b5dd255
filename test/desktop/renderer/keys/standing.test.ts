/** How a key stands, to the millisecond, by the shared rule; and when that will be different. */
import assert from 'node:assert/strict'
import { nextFlipMs, standingOf, timeLeft } from '../../../../desktop/src/renderer/keys/standing.ts'
import { fakeKey } from '../../../support/fake-console.ts'

const dayMs = 86_400_000
const endMs = Date.UTC(2027, 2, 28, 1)
const key = fakeKey(1, null, { expires_at: new Date(endMs).toISOString() })

describe('console: how a key stands', () => {
  for (const [leftMs, expected] of [
    [14 * dayMs + 1, 'active'],
    [14 * dayMs, 'soon'],
    [3 * dayMs + 1, 'soon'],
    [3 * dayMs, 'urgent'],
    [1, 'urgent'],
    [0, 'expired'],
    [-1, 'expired'],
  ] as const)
    it(`with ${leftMs} ms left it is ${expected}`, () => assert.equal(standingOf(key, endMs - leftMs), expected))

  it('disabled beats all, and a key without an end is active', () => {
    assert.equal(standingOf({ ...key, state: 'disabled' }, endMs), 'disabled')
    assert.equal(standingOf({ ...key, expires_at: null }, endMs), 'active')
  })

  it('at the next flip something stands otherwise, and not a millisecond before', () => {
    let atMs = endMs - 20 * dayMs
    const seen: string[] = [standingOf(key, atMs)]
    for (;;) {
      const flip = nextFlipMs([key, { ...key, expires_at: null }], atMs)
      if (flip === Infinity) break
      assert.equal(standingOf(key, flip - 1), seen.at(-1))
      seen.push(standingOf(key, flip))
      atMs = flip
    }
    assert.deepEqual(seen, ['active', 'soon', 'urgent', 'expired'])
  })

  for (const [leftMs, count, unit] of [
    [9 * dayMs, 9, 'days'],
    [9 * dayMs + 1, 10, 'days'],
    [2 * dayMs, 2, 'days'],
    [2 * dayMs - 1, 48, 'hours'],
    [3_600_001, 2, 'hours'],
    [3_600_000, 60, 'minutes'],
    [1, 1, 'minutes'],
  ] as const)
    it(`${leftMs} ms are ${count} ${unit}`, () => assert.deepEqual(timeLeft(leftMs), { count, unit }))
})
