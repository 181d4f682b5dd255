/** Ticking what an admin token may do with a key. */
import assert from 'node:assert/strict'
import { withRight } from '../../../../desktop/src/renderer/rights/grants.ts'

describe('console: who may manage a key', () => {
  it('whoever may do something with it may see it', () => {
    assert.deepEqual(withRight([], 'a', 'manage', true), [{ token: 'a', rights: ['view', 'manage'] }])
    assert.deepEqual(withRight([], 'a', 'view', true), [{ token: 'a', rights: ['view'] }])
  })
  it('whoever may not see it may do nothing with it, and is named no more', () => {
    const others = [{ token: 'b', rights: ['view'] as const }]
    assert.deepEqual(withRight([{ token: 'a', rights: ['view', 'reveal'] }, ...others], 'a', 'view', false), others)
  })
  it('one right is taken and the others stay, in the place where the token stood', () => {
    const grants = [
      { token: 'a', rights: ['view', 'reveal', 'manage'] as const },
      { token: 'b', rights: ['view'] as const },
    ]
    assert.deepEqual(withRight(grants, 'a', 'reveal', false), [
      { token: 'a', rights: ['view', 'manage'] },
      { token: 'b', rights: ['view'] },
    ])
  })
})
