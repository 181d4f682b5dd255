/** Jobs run on time whatever is done to the clock, never twice at once, and at once after a step where that is wanted. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createTicker, type Job } from '../../daemon/src/jobs.ts'

const minuteMs = 60_000

describe('jobs', () => {
  const bed = (more: Partial<Job> = {}) => {
    const clocks = { wall: Date.UTC(2026, 10, 21), steady: 0 }
    const ran: number[] = []
    const faults: string[] = []
    const job: Job = { name: 'flush', everyMs: minuteMs, run: async () => void ran.push(clocks.steady), ...more }
    const tick = createTicker([job], { wallMs: () => clocks.wall, steadyMs: () => clocks.steady }, (name, error) =>
      faults.push(`${name}: ${String(error)}`),
    )
    const pass = async (seconds: number, wallStepMs = 0): Promise<void> => {
      clocks.wall += wallStepMs
      for (let second = 0; second < seconds; second++) {
        clocks.wall += 1_000
        clocks.steady += 1_000
        tick()
        await Promise.resolve()
      }
    }
    return { ran, faults, pass, clocks, tick }
  }

  it('a job runs once in its time, however far and often the time is set forward or back', async () => {
    const step = fc.oneof(fc.integer({ min: -10 * 365 * 86_400_000, max: 10 * 365 * 86_400_000 }), fc.constant(0))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
        const { ran, pass } = bed()
        for (const each of steps) await pass(60, each)
        assert.equal(ran.length, steps.length)
      }),
      { numRuns: 30 },
    )
  })

  it('what looks at dates runs at once after a step and after sleep, and then goes on as before', async () => {
    const { ran, pass } = bed({ afterStep: true, everyMs: 15 * minuteMs })
    await pass(60)
    assert.deepEqual(ran, [])
    await pass(1, 8 * 3_600_000)
    await pass(1, -3 * 86_400_000)
    assert.deepEqual(ran, [61_000, 62_000])
    await pass(15 * 60 - 1)
    assert.equal(ran.length, 2)
    await pass(1)
    assert.equal(ran.length, 3)
    await pass(2, 29_000)
    assert.equal(ran.length, 3, 'half a minute is no step')
  })

  it('it never overlaps itself, and one that fails is told of and runs again', async () => {
    let end: (error?: Error) => void = () => undefined
    let begun = 0
    const { pass, faults } = bed({
      run: () => {
        begun += 1
        return new Promise((resolve, reject) => {
          end = (error) => (error === undefined ? resolve() : reject(error))
        })
      },
    })
    await pass(300)
    assert.equal(begun, 1)
    end(new Error('full'))
    await new Promise((resolve) => setImmediate(resolve))
    await pass(61)
    assert.deepEqual([begun, faults], [2, ['flush: Error: full']])
  })

  it('after a long stop of the whole program a job runs once, not for each time it has missed', async () => {
    const { ran, clocks, tick } = bed()
    clocks.wall += 86_400_000
    clocks.steady += 86_400_000
    tick()
    tick()
    await Promise.resolve()
    assert.equal(ran.length, 1)
  })
})
