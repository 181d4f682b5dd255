/** The last calls of a key: the newest ten, of a bounded number of keys, and never a claim about what has been forgotten. */
import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { createRecentCalls, recentCallsLimits, type RecentCall } from '../../../daemon/src/usage/recent-calls.ts'

const { perKey, textMax } = recentCallsLimits

const made = (atMs: number, more: Partial<RecentCall> = {}): RecentCall => ({
  atMs,
  requestId: `r-${atMs}`,
  address: '192.0.2.1',
  askedByProxy: false,
  method: 'GET',
  endpointId: 'ep_1',
  path: null,
  outcome: 'allow',
  secret: 'current',
  ...more,
})

describe('recent calls', () => {
  it('the newest ten of a key, newest first, as they came; another key has its own', () => {
    const recent = createRecentCalls(5)
    assert.deepEqual(recent.of('A'), { sinceMs: 5, calls: [] })
    for (let at = 10; at < 33; at++) recent.note('A', made(at))
    recent.note('B', made(40, { outcome: 'credential_expired', secret: null }))
    recent.note('A', made(20, { requestId: 'after the clock was set back' }))
    assert.deepEqual(
      recent.of('A').calls.map(({ atMs }) => atMs),
      [20, 32, 31, 30, 29, 28, 27, 26, 25, 24],
    )
    assert.deepEqual(recent.of('B'), {
      sinceMs: 5,
      calls: [made(40, { outcome: 'credential_expired', secret: null })],
    })
  })

  it('past its keys the one called longest ago is forgotten, and is not said to have had no calls', () => {
    const recent = createRecentCalls(5, { keysMax: 2 })
    recent.note('A', made(10))
    recent.note('B', made(11))
    recent.note('A', made(12))
    recent.note('C', made(13))
    assert.deepEqual(recent.of('B'), { sinceMs: 12, calls: [] })
    assert.deepEqual(recent.of('A'), { sinceMs: 5, calls: [made(12), made(10)] })
    recent.note('B', made(14))
    assert.deepEqual(recent.of('B'), { sinceMs: 13, calls: [made(14)] }, 'what it had before is gone')
  })

  it('whatever is called in whatever order: what is kept is what was called, and nothing is missing since', () => {
    const keys = ['A', 'B', 'C', 'D', 'E']
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.constantFrom(...keys), { maxLength: 120 }),
        (keysMax, called) => {
          const recent = createRecentCalls(0, { keysMax })
          called.forEach((keyId, at) => recent.note(keyId, made(at + 1)))
          const held = keys.filter((keyId) => recent.of(keyId).calls.length > 0)
          const lastCalled = [...new Set(called.toReversed())].slice(0, keysMax)
          assert.deepEqual(held, lastCalled.toSorted())
          for (const keyId of keys) {
            const { sinceMs, calls } = recent.of(keyId)
            const all = called.flatMap((each, at) => (each === keyId ? [at + 1] : [])).toReversed()
            const known = all.filter((atMs) => atMs >= sinceMs)
            assert.deepEqual(
              calls.map(({ atMs }) => atMs),
              known.slice(0, perKey),
            )
          }
        },
      ),
    )
  })

  it('a long path is cut, and a piece of a text does not keep the whole text', () => {
    const recent = createRecentCalls(0, { keysMax: 50 })
    recent.note('A', made(1, { endpointId: null, path: `/${'x/'.repeat(4_000)}` }))
    assert.equal(recent.of('A').calls[0]?.path?.length, textMax + 1)
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    collect()
    const before = process.memoryUsage().heapUsed
    for (let at = 0; at < 50 * perKey; at++) {
      const whole = Buffer.alloc(100_000, `/orders/${at}/`).toString('latin1')
      recent.note(`K${at % 50}`, made(at, { endpointId: null, path: whole.slice(0, 100) }))
    }
    collect()
    const grownBy = process.memoryUsage().heapUsed - before
    assert.equal(recent.of('K7').calls[0]?.path?.length, 100)
    // 500 texts of 100 kB would be 50 MB.
    assert.ok(grownBy < 20_000_000, `${grownBy}`)
  })
})
