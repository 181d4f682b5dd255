/** A page that nobody uses says so once, whatever becomes of the clocks. */
import assert from 'node:assert/strict'
import { createIdleWatch } from '../../../desktop/src/web/idle-watch.ts'

const minuteMs = 60_000

const made = (minutes: number | null) => {
  const at = { clock: 5_000_000, steady: 0 }
  const told: number[] = []
  const watch = createIdleWatch({
    clock: () => at.clock,
    steady: () => at.steady,
    minutes: () => minutes,
    onIdle: (after) => told.push(after),
  })
  const pass = (clockMs: number, steadyMs = clockMs): void => {
    at.clock += clockMs
    at.steady += steadyMs
    watch.look()
  }
  return { told, watch, pass }
}

describe('console in a browser: whether somebody is there', () => {
  it('is told at the chosen minute, once, and anew after somebody was there', () => {
    const { told, watch, pass } = made(5)
    pass(5 * minuteMs - 1)
    assert.deepEqual(told, [])
    pass(1)
    pass(minuteMs)
    assert.deepEqual(told, [5])
    watch.touch()
    pass(5 * minuteMs - 1)
    assert.deepEqual(told, [5])
    pass(1)
    assert.deepEqual(told, [5, 5])
  })

  it('use puts it off, and "never" is never', () => {
    const { told, watch, pass } = made(5)
    for (let at = 0; at < 10; at++) {
      pass(4 * minuteMs)
      watch.touch()
    }
    assert.deepEqual(told, [])
    const never = made(null)
    never.pass(1_000 * minuteMs)
    assert.deepEqual(never.told, [])
  })

  it('neither a clock that is set back nor one that stands still in sleep keeps a page open', () => {
    const back = made(5)
    back.pass(-60 * minuteMs, 5 * minuteMs)
    assert.deepEqual(back.told, [5])
    const slept = made(5)
    slept.pass(480 * minuteMs, 0)
    assert.deepEqual(slept.told, [5])
  })
})
