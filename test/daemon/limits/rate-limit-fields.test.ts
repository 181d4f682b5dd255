/** The RateLimit headers are read by a strict parser, whatever a policy is called, and their times agree with Retry-After. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { accessLimits, limitUnits } from '@postern/shared'
import { limitsOf } from '../../../daemon/src/access/limit-access.ts'
import { createLimits } from '../../../daemon/src/limits/limits.ts'
import { rateLimitFields, retryAfterOf, shownMax } from '../../../daemon/src/limits/rate-limit-fields.ts'
import { parseStringList } from '../../support/structured-fields.ts'

const nowMs = Date.parse('2026-02-21T12:00:00.250Z')

const read = (fields: readonly string[]) => {
  const [policyName, policy = '', limitName, limit = ''] = fields
  assert.deepEqual([policyName, limitName, fields.length], ['RateLimit-Policy', 'RateLimit', 4])
  return { policy: parseStringList(policy), limit: parseStringList(limit) }
}

describe('RateLimit headers', () => {
  it('say the quota, its window, what is left and when it is whole', () => {
    const policy = {
      id: 'po_1',
      name: 'Small',
      windows: limitUnits.map((per, at) => ({ per, calls: at + 2 })),
      concurrent: 4,
    }
    const key = { limits: limitsOf(policy, 'key', 'k') }
    const { states } = createLimits().take({ key, nowMs, occupies: true })
    assert.deepEqual(rateLimitFields(states, nowMs), [
      'RateLimit-Policy',
      '"Small/second";q=2;w=1, "Small/minute";q=3;w=60, "Small/hour";q=4;w=3600, "Small/day";q=5;w=86400, ' +
        '"Small/month";q=6;w=2419200, "Small/concurrent";q=4;qu="concurrent-requests"',
      'RateLimit',
      '"Small/second";r=1;t=1, "Small/minute";r=2;t=60, "Small/hour";r=3;t=3600, "Small/day";r=4;t=43200, ' +
        '"Small/month";r=5;t=648000, "Small/concurrent";r=3',
    ])
    assert.deepEqual(rateLimitFields([], nowMs), [])
  })

  it('are structured fields of bounded size whatever a policy is called; names are unique', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: accessLimits.nameMax }), {
          minLength: 1,
          maxLength: accessLimits.policiesMax,
        }),
        fc.nat(100_000_000),
        (names, laterMs) => {
          const limitsHeld = (heldBy: 'client' | 'key') =>
            names.flatMap((name, at) =>
              limitsOf(
                {
                  id: `po_00000000000${at}`,
                  name,
                  windows: limitUnits.map((per) => ({ per, calls: accessLimits.limitCallsMax })),
                  concurrent: 1,
                },
                heldBy,
                heldBy,
              ),
            )
          const key = { limits: [...limitsHeld('client'), ...limitsHeld('key')] }
          const limits = createLimits()
          limits.take({ key, nowMs, occupies: true })
          const refused = limits.take({ key, nowMs: nowMs + laterMs, occupies: true })
          assert.ok(!refused.allow)
          const fields = rateLimitFields(refused.states, nowMs + laterMs)
          assert.ok(fields.join('').length < 3_000, 'a caller takes 16 KiB of headers')
          const { policy, limit } = read(fields)
          assert.ok(policy.length <= shownMax)
          assert.equal(new Set(policy.map(({ value }) => value)).size, policy.length)
          assert.deepEqual(
            policy.map(({ value }) => value),
            limit.map(({ value }) => value),
          )
          const shown = new Set(limit.map(({ value }) => value))
          const violated = refused.violated.map((each) => each.limit.wireName)
          assert.ok(
            violated.slice(0, shownMax).every((name) => shown.has(name)),
            'what is used up is shown first',
          )
          const retryAfter = retryAfterOf(refused.violated, nowMs + laterMs)
          for (const { value, parameters } of limit)
            if (violated.includes(value) && parameters['t'] !== undefined)
              assert.ok(retryAfter >= Number(parameters['t']))
        },
      ),
      { numRuns: 50 },
    ))

  it('Retry-After is the seconds until the last violated window is whole, rounded up', () => {
    const windows = [
      { per: 'minute' as const, calls: 1 },
      { per: 'day' as const, calls: 1 },
    ]
    const key = { limits: limitsOf({ id: 'po_1', name: 'x', windows, concurrent: 1 }, 'key', 'k') }
    const limits = createLimits()
    const { states } = limits.take({ key, nowMs, occupies: true })
    assert.equal(retryAfterOf(states, nowMs), 43_200)
    assert.equal(retryAfterOf(states.slice(0, 1), nowMs + 59_001), 1)
    assert.equal(retryAfterOf(states.slice(0, 1), nowMs + 58_999), 2)
    assert.equal(retryAfterOf(states.slice(2), nowMs), 1)
  })
})
