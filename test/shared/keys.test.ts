/** The rule for red, orange and green, to the millisecond. */
import assert from 'node:assert/strict'
import { inEffect, stateOf, statusOf } from '@postern/shared'

const now = Date.UTC(2026, 0, 1)
const dayMs = 86_400_000
const key = (expiresAt: string | null, more: object = {}) => ({ expiresAt, disabledAt: null, removedAt: null, ...more })
const inMs = (ms: number): string => new Date(now + ms).toISOString()

describe('the status of a key', () => {
  for (const [leftMs, status, state] of [
    [-1, 'red', 'expired'],
    [0, 'red', 'expired'],
    [1, 'red', 'active'],
    [3 * dayMs, 'red', 'active'],
    [3 * dayMs + 1, 'orange', 'active'],
    [14 * dayMs, 'orange', 'active'],
    [14 * dayMs + 1, 'green', 'active'],
  ] as const)
    it(`with ${leftMs} ms to go it is ${status} and ${state}`, () => {
      assert.deepEqual([statusOf(key(inMs(leftMs)), now), stateOf(key(inMs(leftMs)), now)], [status, state])
    })

  it('never ends: green; disabled or removed: grey; a date that cannot be read: red and expired', () => {
    assert.equal(statusOf(key(null), now), 'green')
    assert.equal(statusOf(key(null, { disabledAt: inMs(0) }), now), 'grey')
    assert.equal(statusOf(key(inMs(-1), { removedAt: inMs(0) }), now), 'grey')
    assert.equal(stateOf(key(inMs(-1), { removedAt: inMs(0), disabledAt: inMs(0) }), now), 'removed')
    assert.deepEqual([statusOf(key('soon'), now), stateOf(key('soon'), now)], ['red', 'expired'])
  })

  it('a key whose client is disabled is disabled since then; its own switch comes first', () => {
    const plain = key(null)
    const off = { disabledAt: '2026-01-01T00:00:00.000Z' }
    assert.equal(statusOf(inEffect(plain, off), 0), 'grey')
    assert.equal(stateOf(inEffect(plain, off), 0), 'disabled')
    assert.equal(inEffect(plain, { disabledAt: null }), plain)
    assert.equal(inEffect(plain, undefined), plain)
    const own = { ...plain, disabledAt: '2025-01-01T00:00:00.000Z' }
    assert.equal(inEffect(own, off), own)
  })
})
