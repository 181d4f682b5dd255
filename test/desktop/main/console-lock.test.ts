/** The lock of the window goes on when nobody is there, and off only by somebody's hand. */
import assert from 'node:assert/strict'
import { createConsoleLock } from '../../../desktop/src/main/console-lock.ts'

const made = (minutes: number | null) => {
  const seen = { idleSeconds: 0, minutes, locked: 0 }
  const lock = createConsoleLock({
    idleSeconds: () => seen.idleSeconds,
    minutes: () => seen.minutes,
    onLock: () => (seen.locked += 1),
  })
  return { seen, lock }
}

describe('console window: the lock', () => {
  it('goes on after as long as was chosen and not before, once, whatever is looked at', () => {
    const { seen, lock } = made(5)
    seen.idleSeconds = 299
    lock.look()
    assert.equal(lock.isLocked(), false)
    seen.idleSeconds = 300
    lock.look()
    lock.look()
    assert.deepEqual([lock.isLocked(), seen.locked], [true, 1])
    seen.idleSeconds = 0
    lock.look()
    assert.equal(lock.isLocked(), true, 'somebody who moves the mouse has not opened it')
    lock.open()
    lock.look()
    assert.equal(lock.isLocked(), false)
  })

  it('never goes on by itself where that was chosen, and at once when the screen is locked', () => {
    const { seen, lock } = made(null)
    seen.idleSeconds = 1_000_000
    lock.look()
    assert.equal(seen.locked, 0)
    lock.lock()
    lock.lock()
    assert.deepEqual([lock.isLocked(), seen.locked], [true, 1])
  })

  it('a choice that is made meanwhile holds from the next look on', () => {
    const { seen, lock } = made(60)
    seen.idleSeconds = 600
    lock.look()
    assert.equal(lock.isLocked(), false)
    seen.minutes = 5
    lock.look()
    assert.equal(lock.isLocked(), true)
  })
})
