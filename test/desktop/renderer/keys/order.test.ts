/** The order of the table is always the same one, whatever order the keys came in. */
import assert from 'node:assert/strict'
import { defaultOrder, inOrder, type Column } from '../../../../desktop/src/renderer/keys/order.ts'
import { fakeKey } from '../../../support/fake-console.ts'

const nowMs = Date.now()
const keys = [
  fakeKey(1, 300, { name: 'Robot 10', last_used_at: null }),
  fakeKey(2, 300, { name: 'robot 9', last_used_at: '2026-01-02T00:00:00.000Z', expires_at: null }),
  fakeKey(3, -2, { name: 'Zeta', last_used_at: '2026-01-03T00:00:00.000Z' }),
  fakeKey(4, 1, { name: 'Alpha', last_used_at: '2026-01-01T00:00:00.000Z' }),
  fakeKey(5, 10, { name: 'Beta', state: 'disabled', last_used_at: null }),
]
const order = (column: Column, descending = false): string =>
  inOrder(keys, { column, descending }, nowMs)
    .map(({ id }) => id.slice(-1))
    .join('')

describe('console: the order of the table', () => {
  it('begins with what is most pressing', () => {
    assert.deepEqual(defaultOrder, { column: 'status', descending: false })
    assert.equal(order('status'), '34125')
  })
  it('sorts names as people count, dates with "never" last, and uses with "never" first', () => {
    assert.equal(order('name'), '45213')
    assert.equal(order('expires'), '34512')
    assert.equal(order('used'), '15423')
    assert.equal(order('used', true), '32415')
  })
  it('does not depend on the order they came in', () => {
    for (const column of ['name', 'expires', 'used', 'status'] as const) {
      const other = inOrder(keys.toReversed(), { column, descending: true }, nowMs).map(({ id }) => id.slice(-1))
      assert.equal(other.join(''), order(column, true), column)
    }
  })
})
