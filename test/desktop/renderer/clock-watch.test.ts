/** A clock that went back is noticed; sleep and time that passes are not taken for that. */
import assert from 'node:assert/strict'
import type { StatusView } from '@postern/shared'
import type { Bridge, Push } from '../../../desktop/src/bridge.ts'
import { jumped, wentBackMs } from '../../../desktop/src/renderer/clock-watch.ts'
import { createModel } from '../../../desktop/src/renderer/model.ts'
import { fakeStatus } from '../../support/fake-console.ts'

const hourMs = 3_600_000

describe('console: clocks', () => {
  for (const [what, clockMs, steadyMs, backMs] of [
    ['time that passes', 5_000, 5_000, 0],
    ['sleep that the steady clock does not count', hourMs, 10, 0],
    ['a clock put on', 2 * hourMs, 1_000, 0],
    ['a clock put back', -2 * hourMs, 1_000, 2 * hourMs + 1_000],
  ] as const)
    it(`${what}: ${backMs} ms back`, () =>
      assert.equal(wentBackMs({ clockMs: 0, steadyMs: 0 }, { clockMs, steadyMs }), backMs))

  it('a clock that was set either way, or that slept, has jumped', () => {
    const before = { clockMs: 1_000, steadyMs: 0 }
    assert.equal(jumped(before, { clockMs: 1_500, steadyMs: 500 }), false)
    assert.equal(jumped(before, { clockMs: -hourMs, steadyMs: 500 }), true)
    assert.equal(jumped(before, { clockMs: hourMs, steadyMs: 500 }), true)
  })

  it('the model tells by how much the gateway’s went back, until it is right again or taken for right', async () => {
    const gateway = { nowMs: Date.parse('2026-11-21T12:00:00Z') }
    const steady = { nowMs: 0 }
    const pass = (ms: number): void => void ((gateway.nowMs += ms), (steady.nowMs += ms))
    let tell: (push: Push) => void = () => undefined
    const status = (): StatusView => ({ ...fakeStatus(), state: 'locked', now: new Date(gateway.nowMs).toISOString() })
    const bridge = {
      call: () => Promise.resolve(status()),
      onChange: (listener: typeof tell) => {
        tell = listener
        return () => undefined
      },
    } as unknown as Bridge
    const model = createModel(bridge, { here: () => gateway.nowMs, steady: () => steady.nowMs })
    try {
      tell({ kind: 'up' })
      await model.refresh()
      pass(10_000)
      await model.refresh()
      assert.equal(model.get().clockBackMs, 0)
      gateway.nowMs -= 2 * hourMs
      await model.refresh()
      assert.equal(model.get().clockBackMs, 2 * hourMs)
      pass(60_000)
      await model.refresh()
      assert.equal(model.get().clockBackMs, 2 * hourMs)
      gateway.nowMs += 2 * hourMs
      await model.refresh()
      assert.equal(model.get().clockBackMs, 0)
      gateway.nowMs -= hourMs
      await model.refresh()
      model.acceptClock()
      await model.refresh()
      assert.equal(model.get().clockBackMs, 0)
    } finally {
      model.close()
    }
  })
})
