/** Work that is asked for too often: fresh for everyone, shared, and a small part of the time. */
import assert from 'node:assert/strict'
import { paced } from '../../../daemon/src/metrics/paced.ts'

describe('paced work', () => {
  let nowMs = 0
  let rests: number[]
  let begun: number
  let workMs: number
  const pace = {
    nowMs: () => nowMs,
    rest: async (ms: number) => {
      rests.push(ms)
      nowMs += ms
    },
  }
  const work = async (): Promise<number> => {
    begun += 1
    const mine = begun
    await Promise.resolve()
    nowMs += workMs
    return mine
  }
  beforeEach(() => {
    ;[rests, begun, workMs] = [[], 0, 10]
  })

  it('those who ask before it begins share it', async () => {
    const ask = paced(work, pace)
    assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1])
  })

  it('what is given was begun after it was asked for: who asks while it runs gets the next', async () => {
    let late: Promise<number> | undefined
    const ask: () => Promise<number> = paced(async () => {
      late ??= ask()
      return work()
    }, pace)
    assert.equal(await ask(), 1)
    assert.equal(await late, 2)
  })

  it('takes at most a twentieth of the time, and rests for no longer than two seconds', async () => {
    const ask = paced(work, pace)
    for (let asked = 0; asked < 5; asked++) await ask()
    assert.deepEqual(rests, [190, 190, 190, 190])
    workMs = 1_000
    await ask()
    await ask()
    assert.deepEqual(rests.slice(4), [190, 2_000])
  })

  it('does not rest when it was not asked for in the meantime', async () => {
    const ask = paced(work, pace)
    await ask()
    nowMs += 190
    await ask()
    assert.deepEqual(rests, [])
  })

  it('goes on after work that failed', async () => {
    let fails = true
    const ask = paced(async () => {
      if (fails) throw new Error('once')
      return 'well'
    }, pace)
    await assert.rejects(ask(), /once/)
    fails = false
    assert.equal(await ask(), 'well')
  })
})
