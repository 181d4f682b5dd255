/** Whom the system's notifications tell of which key, and when: once for each threshold, at a civil hour. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { KeyView } from '@postern/shared'
import type { Told } from '../../../desktop/src/main/kept-preferences.ts'
import { chipOf, isPaused, pauseUntil, planWarnings, type Watched } from '../../../desktop/src/main/key-warnings.ts'
import { dayMs, fakeKey } from '../../support/fake-console.ts'

const zone = 'Europe/Berlin'
/** A Wednesday in winter: 10:00 in Berlin. */
const tenMs = Date.parse('2027-01-13T09:00:00Z')
const hourMs = 3_600_000
const nothing: Told = { keys: {}, day: null }

const key = (at: number, daysLeft: number, more: Partial<KeyView> = {}): KeyView =>
  fakeKey(at, null, {
    expires_at: new Date(tenMs + daysLeft * dayMs).toISOString(),
    last_used_at: null,
    name: `Robot ${at}`,
    ...more,
  })

const plan = (keys: readonly KeyView[], more: Partial<Watched> = {}) =>
  planWarnings({
    keys,
    nowMs: tenMs,
    zone,
    told: nothing,
    pausedUntil: null,
    isVisible: false,
    isLookedAt: false,
    ...more,
  })

const usedBefore = (daysLeft: number, days: number): Partial<KeyView> => ({
  last_used_at: new Date(tenMs + (daysLeft - days) * dayMs).toISOString(),
})

describe('console window: whom notifications tell of what', () => {
  it('all of a day are told together, the most pressing first', () => {
    const { say, told } = plan([key(1, 10), key(2, 2), key(3, 0.5), key(4, -1), key(5, 2.5), key(6, 100)])
    assert.deepEqual(say, {
      atOnce: false,
      groups: [
        { threshold: 'expired', names: ['Robot 4'] },
        { threshold: 'day', names: ['Robot 3'] },
        { threshold: 'urgent', names: ['Robot 2', 'Robot 5'] },
        { threshold: 'soon', names: ['Robot 1'] },
      ],
    })
    assert.equal(told.day, '2027-01-13')
    assert.equal(say === null ? '' : chipOf(say), 'expired')
  })

  it('nobody is told before 09:00 by the gateway’s clock, nor twice a day', () => {
    const keys = [key(1, 2)]
    assert.equal(plan(keys, { nowMs: Date.parse('2027-01-13T07:59:59.999Z') }).say, null)
    const { say, told } = plan(keys, { nowMs: Date.parse('2027-01-13T08:00:00Z') })
    assert.equal(say?.groups.length, 1)
    assert.equal(plan([...keys, key(2, 2)], { told }).say, null, 'the second of the day waits')
    const next = plan([...keys, key(2, 2)], { told, nowMs: tenMs + dayMs })
    assert.deepEqual(next.say?.groups, [{ threshold: 'day', names: ['Robot 1', 'Robot 2'] }])
  })

  it('no key is told of twice for one threshold, and each threshold is told', () => {
    let told = nothing
    const heard: string[] = []
    const one = [key(1, 15, usedBefore(15, 1))]
    for (let hour = 0; hour < 20 * 24; hour++) {
      const result = plan(one, { told, nowMs: tenMs + hour * hourMs })
      told = JSON.parse(JSON.stringify(result.told)) as Told
      heard.push(...(result.say?.groups.map(({ threshold }) => threshold) ?? []))
    }
    assert.deepEqual(heard, ['soon', 'urgent', 'day', 'expired'])
  })

  it('a key whose date was moved is told of anew', () => {
    const { told } = plan([key(1, 2)])
    const nextDay = { told, nowMs: tenMs + dayMs }
    assert.equal(plan([key(1, 3.5)], nextDay).say?.groups[0]?.threshold, 'urgent')
    assert.equal(plan([key(1, 200)], nextDay).told.keys['k0000001'], undefined, 'and what is over is forgotten')
  })

  it('a key in use that has expired is told of at once, day or night, others in the morning', () => {
    const night = Date.parse('2027-01-13T01:00:00Z')
    const left = (night - tenMs) / dayMs - 0.001
    const keys = [key(1, left, usedBefore(left, 29)), key(2, left, usedBefore(left, 31)), key(3, left)]
    const { say, told } = plan(keys, { nowMs: night })
    assert.deepEqual(say, { atOnce: true, groups: [{ threshold: 'expired', names: ['Robot 1'] }] })
    assert.equal(plan(keys, { nowMs: night + 1, told }).say, null)
    assert.deepEqual(plan(keys, { told }).say?.groups[0]?.names, ['Robot 2', 'Robot 3'])
  })

  it('what is disabled or removed is told of to nobody', () => {
    const keys = [key(1, -1, { state: 'disabled' }), key(2, -1, { removed_at: '2027-01-01T00:00:00.000Z' })]
    assert.equal(plan(keys).say, null)
  })

  it('while the window can be seen it is silent: told where somebody looks at it, waiting where nobody does', () => {
    const looked = plan([key(1, 2)], { isVisible: true, isLookedAt: true })
    assert.equal(looked.say, null)
    assert.equal(plan([key(1, 2)], { told: looked.told }).say, null)
    const unseen = plan([key(1, 2)], { isVisible: true })
    assert.equal(unseen.say, null)
    assert.equal(plan([key(1, 2)], { told: unseen.told }).say?.groups.length, 1)
  })

  it('a pause lasts until 09:00 of its day, and what fell into it is told then', () => {
    const until = pauseUntil('tomorrow', tenMs, zone)
    assert.equal(until, '2027-01-14')
    const used = [key(1, -0.1, usedBefore(-0.1, 1))]
    assert.equal(plan(used, { pausedUntil: until }).say, null)
    assert.equal(isPaused(until, Date.parse('2027-01-14T07:59:59.999Z'), zone), true)
    const morning = Date.parse('2027-01-14T08:00:00Z')
    assert.equal(isPaused(until, morning, zone), false)
    assert.equal(plan(used, { pausedUntil: until, nowMs: morning }).say?.groups.length, 1)
  })

  it('a pause until Monday ends on the next Monday, never today', () => {
    for (const [day, monday] of [
      ['2027-01-11', '2027-01-18'],
      ['2027-01-12', '2027-01-18'],
      ['2027-01-16', '2027-01-18'],
      ['2027-01-17', '2027-01-18'],
    ] as const)
      assert.equal(pauseUntil('monday', Date.parse(`${day}T12:00:00Z`), zone), monday, day)
  })

  it('however time runs and whatever happens between, no threshold of an expiry is told twice', () => {
    const step = fc.record({
      hours: fc.integer({ min: -30, max: 60 }),
      isVisible: fc.boolean(),
      isLookedAt: fc.boolean(),
      paused: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let [told, nowMs] = [nothing, tenMs]
        const heard = new Set<string>()
        const keys = [key(1, 4, usedBefore(4, 1)), key(2, 16), key(3, -2)]
        for (const { hours, paused, ...seen } of steps) {
          // Clocks are set back too, but not so far that a key would be well again.
          nowMs = Math.max(tenMs + 2 * dayMs, nowMs + hours * hourMs)
          const result = plan(keys, { told, nowMs, pausedUntil: paused ? '2099-01-01' : null, ...seen })
          told = result.told
          for (const { threshold, names } of result.say?.groups ?? [])
            for (const name of names) {
              assert.ok(!heard.has(`${name} ${threshold}`), `${name} ${threshold} again`)
              heard.add(`${name} ${threshold}`)
            }
        }
      }),
    )
  })
})
