/** The page asks no more often than its door allows, whatever is asked for, and nobody waits without need. */
import assert from 'node:assert/strict'
import { createGate } from '../../../desktop/src/web/gate.ts'

/** A clock that goes on when somebody waits. */
const bed = () => {
  let nowMs = 0
  const clock = { nowMs: () => nowMs, wait: (ms: number) => Promise.resolve(void (nowMs += ms)) }
  const gate = createGate({ count: 10, perMs: 1_050 }, { count: 8, perMs: 10_200 }, clock)
  return { gate, clock, pass: (ms: number) => (nowMs += ms) }
}

/** How many came too many, counted as the door does: windows of fixed length, each beginning with the first after another. */
const refusedOf = (times: readonly number[]): number => {
  let [windowMs, inWindow, longMs, inLong, refused] = [-Infinity, 0, -Infinity, 0, 0]
  for (const atMs of times) {
    if (atMs - windowMs >= 1_000) [windowMs, inWindow] = [atMs, 0]
    inWindow += 1
    if (inWindow <= 10) continue
    if (atMs - longMs >= 10_000) [longMs, inLong] = [atMs, 0]
    inLong += 1
    if (inLong > 10) refused += 1
  }
  return refused
}

describe('console in a browser: the gate before its door', () => {
  it('lets eighteen through at once, and three hundred without one too many', async () => {
    const { gate, clock } = bed()
    const times: number[] = []
    for (let at = 0; at < 300; at++) {
      await gate.enter()
      times.push(clock.nowMs())
    }
    assert.equal(times.filter((atMs) => atMs === 0).length, 18)
    assert.equal(refusedOf(times), 0)
    assert.ok((times.at(-1) ?? Infinity) < 31_000, `it took ${times.at(-1)} ms`)
  })

  it('provokes no refusal either where crowds and quiet take turns, in whatever rhythm', async () => {
    for (const restMs of [150, 400, 700, 990, 1_500, 4_000]) {
      const { gate, clock, pass } = bed()
      const times: number[] = []
      for (let at = 0; at < 400; at++) {
        if (at % 17 === 0) pass(restMs)
        await gate.enter()
        times.push(clock.nowMs())
      }
      assert.equal(refusedOf(times), 0, `rests of ${restMs} ms`)
    }
    // Without a gate the same would be refused.
    assert.ok(refusedOf(Array.from({ length: 21 }, () => 0)) > 0)
  })

  it('keeps the order of asking', async () => {
    const { gate } = bed()
    const order: number[] = []
    await Promise.all(Array.from({ length: 40 }, (_, at) => gate.enter().then(() => order.push(at))))
    assert.deepEqual(
      order,
      Array.from({ length: 40 }, (_, at) => at),
    )
  })
})
