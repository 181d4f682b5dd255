/** While the keystore is locked the log says so, and speaks of what can be seen from outside. */
import assert from 'node:assert/strict'
import { createLockedWatch } from '../../daemon/src/watch-locked.ts'

describe('watch while locked', () => {
  it('the lock is said once an hour, disk and clock once a day', async () => {
    let nowMs = Date.UTC(2026, 10, 21, 8)
    let free = 1e10
    const said: string[] = []
    const watch = createLockedWatch({
      now: () => nowMs,
      diskFreeBytes: async () => free,
      say: ({ id }) => said.push(id),
    })
    for (let quarter = 0; quarter < 8; quarter++, nowMs += 15 * 60_000) await watch.look()
    assert.deepEqual(said.splice(0), ['locked:2026-11-21T08', 'locked:2026-11-21T09'])
    free = 1e8
    nowMs -= 3_600_000
    await watch.look()
    await watch.look()
    assert.deepEqual(said, ['disk:2026-11-21', 'clock:2026-11-21'])
  })
})
