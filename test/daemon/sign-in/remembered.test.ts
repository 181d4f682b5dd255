/** What was verified is known for a while, never past its end, and never more of it than there is room for. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createRemembered, rememberedMs, type Verified } from '../../../daemon/src/sign-in/remembered.ts'

const rules = {} as Verified['rules']
const until = (expiresAtMs: number): Verified => ({ rules, profile: null, subject: null, expiresAtMs })

describe('verified tokens', () => {
  it('are known until they end, and at most ten minutes without being verified again', () => {
    const remembered = createRemembered()
    remembered.put('short', until(1_000), 0)
    remembered.put('long', until(1e12), 0)
    assert.equal(remembered.get('short', 999)?.expiresAtMs, 1_000)
    assert.equal(remembered.get('short', 1_000), null)
    assert.equal(remembered.get('short', 999), null)
    assert.notEqual(remembered.get('long', rememberedMs - 1), null)
    assert.equal(remembered.get('long', rememberedMs), null)
    assert.equal(remembered.size, 0)
  })

  it('the one that was not used for the longest gives way, and another token is another', () => {
    const remembered = createRemembered(2)
    remembered.put('a', until(10), 0)
    remembered.put('b', until(10), 0)
    remembered.get('a', 1)
    remembered.put('c', until(10), 1)
    assert.deepEqual(
      ['a', 'b', 'c', 'A', ''].map((token) => remembered.get(token, 2) !== null),
      [true, false, true, false, false],
    )
    remembered.forget('a')
    assert.equal(remembered.get('a', 2), null)
  })

  it('whatever is put and asked, there is never too much, and never anything that has ended', () => {
    const token = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const act = fc.record({
      token,
      put: fc.boolean(),
      forMs: fc.nat({ max: 2_000_000 }),
      stepMs: fc.nat({ max: 400_000 }),
    })
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        const remembered = createRemembered(3)
        let nowMs = 0
        for (const { token: text, put, forMs, stepMs } of acts) {
          nowMs += stepMs
          if (put) remembered.put(text, until(nowMs + forMs), nowMs)
          const found = remembered.get(text, nowMs)
          assert.ok(found === null || found.expiresAtMs > nowMs)
          assert.ok(remembered.size <= 3)
        }
      }),
    )
  })
})
