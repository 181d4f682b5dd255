/** Counters agree with a naive model over time, month ends and restarts; a call is taken from all windows or from none. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { LimitUnit } from '@postern/shared'
import { limitsOf, type LimitAccess } from '../../../daemon/src/access/limit-access.ts'
import type { KeptCounter } from '../../../daemon/src/limits/counters.ts'
import { createLimits, type KeptLimits } from '../../../daemon/src/limits/limits.ts'

const startMs = Date.parse('2026-01-30T23:59:58.500Z')
type Window = { per: LimitUnit; calls: number }
const policy = (id: string, windows: Window[], concurrent: number | null = null) => ({
  id,
  name: `policy ${id}`,
  windows,
  concurrent,
})
const keyUnder = (...limits: LimitAccess[][]) => ({ limits: limits.flat() })

/** What happened, and nothing worked out: the model counts anew each time it is asked. */
class Naive {
  taken = new Map<string, number[]>()
  underWay = new Map<string, number>()

  used({ counter, per }: LimitAccess, nowMs: number): number {
    if (per === 'concurrent') return this.underWay.get(counter) ?? 0
    const times = this.taken.get(counter) ?? []
    if (per === 'day' || per === 'month') {
      const length = per === 'day' ? 10 : 7
      const now = new Date(nowMs).toISOString().slice(0, length)
      return times.filter((at) => new Date(at).toISOString().slice(0, length) === now).length
    }
    const lengthMs = { second: 1_000, minute: 60_000, hour: 3_600_000 }[per]
    let [began, used] = [-Infinity, 0]
    for (const at of times) {
      if (at >= began + lengthMs) [began, used] = [at, 0]
      used += 1
    }
    return nowMs < began + lengthMs ? used : 0
  }

  restart(): void {
    this.underWay.clear()
    for (const counter of this.taken.keys()) if (!/(?:day|month)$/.test(counter)) this.taken.delete(counter)
  }
}

type Command =
  | { do: 'call'; key: 0 | 1; occupies: boolean; takenBefore: boolean }
  | { do: 'wait'; ms: number }
  | { do: 'release'; which: number }
  | { do: 'restart' }
  | { do: 'prune' }

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      key: fc.constantFrom(0 as const, 1 as const),
      occupies: fc.boolean(),
      takenBefore: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 499, 999, 1_000, 30_000, 59_999, 60_000, 3_600_000, 43_200_000, 86_400_000, 1_209_600_000),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'prune' as const }) },
)

const windows = fc.uniqueArray(
  fc.record({
    per: fc.constantFrom<LimitUnit>('second', 'minute', 'hour', 'day', 'month'),
    calls: fc.integer({ min: 1, max: 6 }),
  }),
  { selector: ({ per }) => per, maxLength: 5 },
)

describe('limits', () => {
  it('agree with a naive model, whatever is called, however time goes on, over restarts', () =>
    fc.assert(
      fc.property(
        windows,
        windows,
        fc.option(fc.integer({ min: 1, max: 3 })),
        fc.array(command, { maxLength: 60 }),
        (ofClient, ofKeys, concurrent, commands) => {
          const shared = limitsOf(policy('po_1', ofClient, concurrent), 'client', 'cl_1')
          const keys = ['key00000', 'key00001'].map((id) =>
            keyUnder(shared, limitsOf(policy('po_2', ofKeys), 'key', id), limitsOf(policy('po_1', ofKeys), 'key', id)),
          )
          const naive = new Naive()
          let limits: KeptLimits = createLimits()
          let nowMs = startMs
          let held: { release: () => void; counters: string[]; done: boolean }[] = []
          for (const each of commands) {
            if (each.do === 'wait') nowMs += each.ms
            else if (each.do === 'prune') limits.prune(nowMs, () => true)
            else if (each.do === 'restart') {
              limits = createLimits(JSON.parse(JSON.stringify(limits.kept(nowMs))) as KeptCounter[])
              naive.restart()
              held = []
            } else if (each.do === 'release') {
              const one = held[each.which % Math.max(1, held.length)]
              one?.release()
              if (one === undefined || one.done) continue
              one.done = true
              for (const counter of one.counters) naive.underWay.set(counter, (naive.underWay.get(counter) ?? 0) - 1)
            } else {
              const key = keys[each.key] ?? assert.fail()
              const asked = key.limits.filter(({ per }) => each.occupies || per !== 'concurrent')
              const full = asked.filter(
                (limit) => naive.used(limit, nowMs) >= limit.limit && !(each.takenBefore && limit.per !== 'concurrent'),
              )
              const answer = limits.take({ key, nowMs, occupies: each.occupies, takenBefore: each.takenBefore })
              assert.equal(answer.allow, full.length === 0)
              if (answer.allow) {
                const places = asked.filter(({ per }) => per === 'concurrent').map(({ counter }) => counter)
                for (const counter of places) naive.underWay.set(counter, (naive.underWay.get(counter) ?? 0) + 1)
                if (!each.takenBefore)
                  for (const { counter, per } of asked)
                    if (per !== 'concurrent') naive.taken.set(counter, [...(naive.taken.get(counter) ?? []), nowMs])
                assert.equal(answer.release === null, places.length === 0)
                if (answer.release !== null) held.push({ release: answer.release, counters: places, done: false })
              } else {
                assert.deepEqual(
                  answer.violated.map(({ limit }) => limit),
                  full,
                )
                const quota = full.some(({ per }) => per === 'day' || per === 'month')
                assert.equal(answer.reason, quota ? 'quota_exceeded' : 'rate_limited')
              }
              for (const { limit, remaining } of answer.states)
                assert.equal(remaining, limit.limit - naive.used(limit, nowMs), limit.counter)
            }
            for (const key of keys)
              for (const { limit, remaining, wholeAtMs } of limits.standing(key, nowMs) ?? assert.fail()) {
                const used = naive.used(limit, nowMs)
                assert.equal(remaining, Math.max(0, limit.limit - used), limit.counter)
                if (limit.per !== 'concurrent') assert.equal(wholeAtMs === null, used === 0)
                assert.ok(wholeAtMs === null || wholeAtMs > nowMs)
              }
          }
        },
      ),
      { numRuns: 300 },
    ))

  it('a day ends at midnight UTC and a month on its last day, leap years and December too', () => {
    for (const [per, at, whole] of [
      ['day', '2026-03-29T00:59:59.999Z', '2026-03-30T00:00:00.000Z'],
      ['month', '2028-02-28T12:00:00.000Z', '2028-03-01T00:00:00.000Z'],
      ['month', '2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00.000Z'],
      ['month', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
    ] as const) {
      const limits = createLimits()
      const key = keyUnder(limitsOf(policy('po_1', [{ per, calls: 1 }]), 'key', 'k'))
      const take = (nowMs: number) => limits.take({ key, nowMs, occupies: true })
      const nowMs = Date.parse(at)
      const [state] = take(nowMs).states
      assert.equal(new Date(state?.wholeAtMs ?? 0).toISOString(), whole)
      assert.equal(take(Date.parse(whole) - 1).allow, false)
      assert.equal(take(Date.parse(whole)).allow, true)
    }
  })

  it('a clock that goes back gives nothing back, and nobody waits for longer than a whole window', () => {
    for (const per of ['second', 'minute', 'hour', 'day', 'month'] as const) {
      const limits = createLimits()
      const key = keyUnder(limitsOf(policy('po_1', [{ per, calls: 2 }]), 'key', 'k'))
      const take = (nowMs: number) => limits.take({ key, nowMs, occupies: false })
      assert.ok(take(startMs).allow)
      assert.ok(take(startMs).allow)
      const backMs = startMs - 400 * 86_400_000
      const refused = take(backMs)
      assert.ok(!refused.allow, per)
      const whole = refused.violated[0]?.wholeAtMs ?? 0
      const longest = { second: 1e3, minute: 6e4, hour: 36e5, day: 864e5, month: 31 * 864e5 }[per]
      assert.ok(whole > backMs && whole <= backMs + longest, per)
      assert.ok(take(whole).allow, per)
    }
  })

  it('a limit that was lowered below what is used refuses, and says that nothing is left', () => {
    const limits = createLimits()
    const under = (calls: number) => keyUnder(limitsOf(policy('po_1', [{ per: 'day', calls }]), 'key', 'k'))
    for (let call = 0; call < 4; call++) limits.take({ key: under(5), nowMs: startMs, occupies: true })
    const answer = limits.take({ key: under(2), nowMs: startMs, occupies: true })
    assert.deepEqual([answer.allow, answer.states[0]?.remaining], [false, 0])
    assert.equal(limits.take({ key: under(5), nowMs: startMs, occupies: true }).allow, true)
  })

  it('a key under a policy that is not there is refused, and a key under none is not counted', () => {
    const limits = createLimits()
    const refused = limits.take({ key: { limits: null }, nowMs: startMs, occupies: true })
    assert.deepEqual([refused.allow, 'reason' in refused && refused.reason], [false, 'rate_limited'])
    assert.equal(limits.standing({ limits: null }, startMs), null)
    assert.equal(limits.take({ key: { limits: [] }, nowMs: startMs, occupies: true }).allow, true)
    assert.equal(limits.size, 0)
  })

  it('memory is bounded: what has ended goes, and so do the counters of holders and policies that are no more', () => {
    const limits = createLimits()
    const all = (['second', 'minute', 'hour', 'day', 'month'] as const).map((per) => ({ per, calls: 9 }))
    for (let each = 0; each < 100; each++)
      limits.take({
        key: keyUnder(limitsOf(policy(`po_${each % 2}`, all), 'key', `k${each}`)),
        nowMs: startMs,
        occupies: true,
      })
    assert.equal(limits.size, 500)
    limits.prune(startMs + 3_600_000, () => true)
    assert.equal(limits.size, 100, 'the day has ended, the month has not')
    limits.prune(startMs + 3_600_000, (holderId, policyId) => holderId === 'k1' || policyId === 'po_0')
    assert.equal(limits.size, 51)
    limits.prune(startMs + 40 * 86_400_000, () => true)
    assert.equal(limits.size, 0)
  })
})
