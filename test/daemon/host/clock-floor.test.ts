/** The time keys are judged by: it does not go back, and does not run away with a clock that was set. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  acceptWall,
  clockLimits,
  judgedBy,
  look,
  startFloor,
  type Clocks,
  type Floor,
} from '../../../daemon/src/host/clock-floor.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const begunMs = Date.UTC(2027, 0, 1)
const { slackMs, jumpMs, agreeMs } = clockLimits

/** Both clocks go on; the wall clock may be set as well. */
const after = (now: Clocks, ms: number, setMs = 0): Clocks => ({
  wallMs: now.wallMs + ms + setMs,
  steadyMs: now.steadyMs + ms,
})
const begun: Clocks = { wallMs: begunMs, steadyMs: 5_000 }

describe('the clock floor', () => {
  it('a clock that goes on is right, and keys are judged by it', () => {
    let [now, floor] = [begun, startFloor(undefined, begun)]
    for (let n = 0; n < 100; n += 1) {
      now = after(now, minuteMs)
      assert.equal(judgedBy(floor, now), now.wallMs)
      floor = look(floor, now)
      assert.deepEqual([floor.standing, floor.floorMs], ['right', now.wallMs])
    }
  })

  it('small corrections, however many, neither alarm nor add up', () => {
    let [now, floor] = [begun, startFloor(undefined, begun)]
    for (let n = 0; n < 10_000; n += 1) {
      now = after(now, minuteMs, n % 2 === 0 ? -1_500 : 1_000)
      floor = look(floor, now)
      assert.equal(floor.standing, 'right')
      assert.ok(judgedBy(floor, now) - now.wallMs < minuteMs)
    }
  })

  it('ten years back: time goes on from where it was, until the clock is right again', () => {
    let now = after(begun, minuteMs)
    let floor = look(startFloor(undefined, begun), now)
    const sureMs = now.wallMs
    now = after(now, 10_000, -3_650 * dayMs)
    // Also before anybody has looked.
    assert.equal(judgedBy(floor, now), sureMs + 10_000)
    for (let n = 1; n <= 600; n += 1) {
      now = after(now, minuteMs)
      floor = look(floor, now)
      assert.deepEqual([floor.standing, judgedBy(floor, now)], ['behind', sureMs + 10_000 + n * minuteMs])
    }
    now = after(now, minuteMs, 3_650 * dayMs)
    floor = look(floor, now)
    assert.deepEqual([floor.standing, judgedBy(floor, now)], ['right', now.wallMs])
  })

  it('what is kept over a stop holds: a start with an earlier clock judges by the later time', () => {
    const kept = { floorMs: begunMs + dayMs, agreedMs: 0, wallMs: begunMs + dayMs }
    const floor = startFloor(kept, begun)
    assert.deepEqual([floor.standing, judgedBy(floor, begun)], ['behind', begunMs + dayMs])
    assert.equal(judgedBy(floor, after(begun, hourMs)), begunMs + dayMs + hourMs)
  })

  it('48 hours ahead are believed, one millisecond more is not, at a start as while it runs', () => {
    for (const [moreMs, standing] of [
      [0, 'right'],
      [1, 'ahead'],
    ] as const) {
      const now = after(begun, minuteMs, jumpMs + moreMs)
      assert.equal(look(startFloor(undefined, begun), now).standing, standing)
      const kept = { floorMs: begunMs, agreedMs: 0, wallMs: begunMs }
      const started = { wallMs: begunMs + jumpMs + moreMs, steadyMs: 0 }
      assert.equal(startFloor(kept, started).standing, standing)
    }
  })

  it('far ahead: keys are judged by the clock, but the floor does not follow; set back, all is as before', () => {
    let now = after(begun, minuteMs, 3_650 * dayMs)
    let floor = look(startFloor(undefined, begun), now)
    assert.deepEqual([floor.standing, judgedBy(floor, now), floor.floorMs], ['ahead', now.wallMs, begunMs + minuteMs])
    now = after(now, minuteMs, -3_650 * dayMs)
    floor = look(floor, now)
    assert.deepEqual([floor.standing, judgedBy(floor, now)], ['right', now.wallMs])
  })

  it('far ahead is believed after 24 hours side by side with the steady clock, not before, and another jump begins anew', () => {
    let now = after(begun, minuteMs, 10 * dayMs)
    let floor = look(startFloor(undefined, begun), now)
    const goOn = (minutes: number): void => {
      for (let n = 0; n < minutes; n += 1) {
        now = after(now, minuteMs)
        floor = look(floor, now)
      }
    }
    goOn(12 * 60)
    now = after(now, minuteMs, 10 * dayMs)
    floor = look(floor, now)
    assert.equal(floor.agreedMs, 0)
    goOn(agreeMs / minuteMs - 1)
    assert.equal(floor.standing, 'ahead')
    // A stop in between counts for nothing and takes nothing away.
    floor = startFloor(floor, { wallMs: now.wallMs + hourMs, steadyMs: 1 })
    now = { wallMs: now.wallMs + hourMs, steadyMs: 1 }
    assert.deepEqual([floor.standing, floor.agreedMs], ['ahead', agreeMs - minuteMs])
    goOn(1)
    assert.deepEqual([floor.standing, floor.floorMs], ['right', now.wallMs])
  })

  it('a person’s word makes the clock right at once, back and ahead', () => {
    for (const setMs of [-40 * hourMs, 400 * dayMs]) {
      const now = after(begun, minuteMs, setMs)
      assert.notEqual(look(startFloor(undefined, begun), now).standing, 'right')
      const floor = acceptWall(now)
      assert.deepEqual([floor.standing, judgedBy(floor, now)], ['right', now.wallMs])
      assert.equal(look(floor, after(now, minuteMs)).standing, 'right')
    }
  })

  it('whatever the clock is set to and however often it is looked at and stopped, time never goes back below what was sure', () => {
    const step = fc.record({
      passMs: fc.integer({ min: 0, max: 3 * hourMs }),
      setMs: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        fc.integer({ min: -400 * dayMs, max: 400 * dayMs }),
        fc.integer({ min: -slackMs, max: slackMs }),
      ),
      stops: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = begun
        let floor: Floor = startFloor(undefined, begun)
        for (const { passMs, setMs, stops } of steps) {
          const [before, then] = [floor, now]
          now = after(now, passMs, setMs)
          const judged = judgedBy(before, now)
          assert.ok(judged >= before.floorMs && judged >= now.wallMs, 'not before the floor, not before the clock')
          floor = stops ? startFloor(floor, now) : look(floor, now)
          assert.ok(floor.floorMs >= before.floorMs, 'the floor never goes back by itself')
          assert.ok(judgedBy(floor, now) >= floor.floorMs)
          // It follows the wall clock at most two days a look, unless that was believed for a day.
          const passed = stops ? 0 : now.steadyMs - then.steadyMs
          const far = floor.floorMs > before.floorMs + passed + jumpMs
          assert.ok(!far || before.agreedMs + passed >= agreeMs, 'nobody has confirmed so far a jump')
          assert.equal(floor.standing === 'behind', now.wallMs < before.floorMs + passed - slackMs)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
