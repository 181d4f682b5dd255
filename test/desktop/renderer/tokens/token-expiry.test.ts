/** When an admin token ends: never later than Postern lets it, and said as the instant it will be. */
import assert from 'node:assert/strict'
import {
  endMsOf,
  expiresOf,
  tokenDateLimits,
  type TokenExpiry,
} from '../../../../desktop/src/renderer/tokens/token-expiry.ts'

const dayMs = 86_400_000
const zone = 'Europe/Berlin'
const nowMs = Date.parse('2026-11-21T22:30:00Z')
const dated = (date: string): TokenExpiry => ({ choice: 'date', date })

describe('console: when an admin token ends', () => {
  it('a number of days is sent as such, never as never, and what is kept not at all', () => {
    const sent = (choice: TokenExpiry['choice']) => expiresOf({ choice, date: '' }, nowMs, zone)
    assert.deepEqual([sent('30'), sent('90'), sent('365')], [{ days: 30 }, { days: 90 }, { days: 365 }])
    assert.deepEqual([sent('never'), sent('keep')], [{ never: true }, undefined])
  })

  it('dates go from today in the gateway’s zone to the last one that ends within a year of any length', () => {
    for (const now of ['2026-11-21T22:30:00Z', '2027-03-01T00:00:00Z', '2028-02-29T23:59:59Z']) {
      const at = Date.parse(now)
      const { min, max } = tokenDateLimits(at, zone)
      assert.deepEqual([expiresOf(dated(min), at, zone), expiresOf(dated(max), at, zone)], [{ at: min }, { at: max }])
      const endMs = endMsOf(dated(max), at, zone) ?? Infinity
      assert.ok(endMs <= at + 365 * dayMs && endMs > at + 363 * dayMs)
    }
    assert.equal(tokenDateLimits(nowMs, zone).min, '2026-11-21')
    assert.equal(tokenDateLimits(Date.parse('2026-11-21T23:30:00Z'), zone).min, '2026-11-22')
  })

  for (const date of ['', '2026-11-20', '2027-11-21', '2027-1-1', 'soon'])
    it(`“${date}” is no date it can have`, () => {
      assert.equal(expiresOf(dated(date), nowMs, zone), null)
      assert.equal(endMsOf(dated(date), nowMs, zone), undefined)
    })

  it('its end is the last millisecond of the date, or so many days from now', () => {
    assert.equal(endMsOf(dated('2027-03-31'), nowMs, zone), Date.parse('2027-03-31T21:59:59.999Z'))
    assert.equal(endMsOf({ choice: '30', date: '' }, nowMs, zone), nowMs + 30 * dayMs)
    assert.equal(endMsOf({ choice: 'never', date: '' }, nowMs, zone), null)
  })
})
