/** Suggestions name the keys that lie unused or belong to nobody, and leave alone what is meant to be so. */
import assert from 'node:assert/strict'
import type { KeyView } from '@postern/shared'
import { suggestionsOf } from '../../../../desktop/src/renderer/keys/suggestions.ts'
import { dayMs, fakeKey } from '../../../support/fake-console.ts'

const nowMs = Date.now()
const ago = (days: number, ms = 0): string => new Date(nowMs - days * dayMs + ms).toISOString()
const key = (at: number, more: Partial<KeyView> = {}): KeyView =>
  fakeKey(at, 300, { owner: 'Anna', created_at: ago(400), last_used_at: ago(1), ...more })
const ids = (keys: readonly KeyView[]): string => keys.map(({ id }) => id.slice(-1)).join('')

describe('console: suggestions', () => {
  it('a key is unused once 90 days have passed since it was made and since its last call, to the millisecond', () => {
    const found = suggestionsOf(
      [
        key(1, { last_used_at: ago(90) }),
        key(2, { last_used_at: ago(90, 1) }),
        key(3, { last_used_at: null, created_at: ago(90) }),
        key(4, { last_used_at: null, created_at: ago(90, 1) }),
        key(5, { last_used_at: null, created_at: ago(200) }),
      ],
      nowMs,
    )
    assert.equal(ids(found.unused), '513')
    assert.equal(found.count, 3)
  })
  it('keys without an owner are named, and a key is counted once', () => {
    const found = suggestionsOf([key(1, { owner: null, last_used_at: null }), key(2, { owner: null }), key(3)], nowMs)
    assert.deepEqual([ids(found.unused), ids(found.noOwner), found.count], ['1', '12', 2])
  })
  it('disabled and expired keys and traps are left alone', () => {
    const quiet = { owner: null, last_used_at: null }
    const found = suggestionsOf(
      [
        key(1, { ...quiet, state: 'disabled' }),
        key(2, { ...quiet, expires_at: ago(1) }),
        key(3, { ...quiet, honey: { block_seconds: 0 } }),
      ],
      nowMs,
    )
    assert.deepEqual(found, { unused: [], noOwner: [], count: 0 })
  })
})
