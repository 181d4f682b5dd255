/** Counting: every call once, in the right place, and in no more places than there are. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { boundsMs, createCallCounts, outcomes, upstreamCodes } from '../../../daemon/src/metrics/call-counts.ts'

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, each) => total + each, 0)

describe('call counts', () => {
  it('are the calls made, by endpoint and outcome', () => {
    const call = fc.record({
      endpointId: fc.constantFrom(null, 'ep_a', 'ep_b'),
      outcome: fc.constantFrom(...outcomes),
    })
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        const counts = createCallCounts()
        for (const each of calls) counts.count(each)
        for (const endpoint of ['none', 'ep_a', 'ep_b'])
          for (const [at, outcome] of outcomes.entries())
            assert.equal(
              counts.requests.get(endpoint)?.[at] ?? 0,
              calls.filter((each) => (each.endpointId ?? 'none') === endpoint && each.outcome === outcome).length,
            )
      }),
    )
  })

  it('a duration falls below the first bound that it does not pass, and into exactly one place', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100_000, noNaN: true })), (tookMs) => {
        const { ended, durations } = createCallCounts()
        for (const each of tookMs) ended(true, each)
        for (const [at, bound] of boundsMs.entries())
          assert.equal(
            sum(durations.allow.counts.slice(0, at + 1)),
            tookMs.filter((each) => each <= bound).length,
            `up to ${bound}`,
          )
        assert.equal(sum(durations.allow.counts), tookMs.length)
        assert.ok(Math.abs(durations.allow.sumMs - sum(tookMs)) <= 1e-6 * (1 + sum(tookMs)))
        assert.equal(sum(durations.refused.counts), 0)
      }),
    )
  })

  it('bounds grow', () =>
    assert.deepEqual(
      boundsMs.toSorted((a, b) => a - b),
      [...boundsMs],
    ))

  it('an upstream is blamed for what is its own, and for nothing else', () => {
    const { failed, upstreamErrors } = createCallCounts()
    for (const code of [...upstreamCodes, 'upstream_timeout', 'body_too_large', 'request_timeout', 'internal'] as const)
      failed('ep_a', code)
    assert.deepEqual([...upstreamErrors], [['ep_a', Float64Array.of(1, 2)]])
  })

  it('an endpoint that is gone takes its numbers with it, and leaves those of calls that reached none', () => {
    const counts = createCallCounts()
    for (const endpointId of ['ep_a', 'ep_b', null]) counts.count({ endpointId, outcome: 'allow' })
    for (const endpointId of ['ep_a', 'ep_b']) counts.failed(endpointId, 'upstream_timeout')
    counts.keepEndpoints((id) => id === 'ep_b')
    assert.deepEqual([...counts.requests.keys()], ['none', 'ep_b'])
    assert.deepEqual([...counts.upstreamErrors.keys()], ['ep_b'])
    assert.equal(counts.requests.get('none')?.[0], 1)
  })
})
