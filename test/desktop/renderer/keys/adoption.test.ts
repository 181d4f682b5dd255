/** When the old value of a rotation can go: never while a call of the last 24 hours may have used it. */
import assert from 'node:assert/strict'
import { isQuiet, quietFromMs, type Rotation } from '../../../../desktop/src/renderer/keys/adoption.ts'

const rotation = (lastOld: string | null): Rotation => ({
  rotated_at: '2026-11-20T10:17:00.000Z',
  callers: 1,
  moved: 0,
  last_old_call_hour: lastOld,
  still_old: [],
  on_new: [],
})

describe('console: the old value of a rotation', () => {
  it('can go 24 hours after the end of the hour of its last call, to the millisecond', () => {
    const used = rotation('2026-11-20T12:00:00.000Z')
    const fromMs = Date.parse('2026-11-21T13:00:00.000Z')
    assert.equal(quietFromMs(used), fromMs)
    assert.deepEqual([isQuiet(used, fromMs - 1), isQuiet(used, fromMs)], [false, true])
  })
  it('can go 24 hours after the rotation where nobody has called with it since', () => {
    assert.equal(quietFromMs(rotation(null)), Date.parse('2026-11-21T10:17:00.000Z'))
  })
})
