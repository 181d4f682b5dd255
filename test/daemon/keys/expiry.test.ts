/** When a key ends, to the millisecond: days, dates in zones with summer time, instants, and five years and no more. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ExpiryChoice } from '@postern/shared'
import { parseExpiry } from '../../../daemon/src/keys/expiry.ts'
import { isProblem } from '../../../daemon/src/problem.ts'

const now = '2026-01-01T12:00:00.000Z'
const read = (choice: ExpiryChoice | undefined, { zone = 'UTC', past = false, from = now } = {}): string | null =>
  parseExpiry(choice, { nowMs: Date.parse(from), zone, past })
const refused = (message: RegExp) => ({ code: 'field_invalid', message })

describe('expiry', () => {
  it('five calendar years to the millisecond, leap days and all, and not one more', () => {
    for (const [from, latest, beyond, days] of [
      [now, '2031-01-01T12:00:00.000Z', '2031-01-01T12:00:00.001Z', 1826],
      ['2028-02-29T00:00:00.000Z', '2033-02-28T00:00:00.000Z', '2033-02-28T00:00:00.001Z', 1826],
      ['2027-03-01T00:00:00.000Z', '2032-03-01T00:00:00.000Z', '2032-03-01T00:00:00.001Z', 1827],
    ] as const) {
      assert.equal(read({ at: latest }, { from }), latest)
      assert.throws(() => read({ at: beyond }, { from }), refused(/at most 5 years/))
      assert.equal(read({ days }, { from }), latest)
      assert.throws(() => read({ days: days + 1 }, { from }), refused(/at most 5 years/))
    }
    assert.throws(() => read({ days: Number.MAX_SAFE_INTEGER }), refused(/at most 5 years/))
    assert.throws(() => read({ days: Infinity }), refused(/whole number/))
  })

  it('a date lasts to its last millisecond where the gateway is', () => {
    for (const [date, zone, last] of [
      ['2026-06-30', 'UTC', '2026-06-30T23:59:59.999Z'],
      ['2026-06-30', 'Asia/Kolkata', '2026-06-30T18:29:59.999Z'],
      ['2026-06-30', 'America/New_York', '2026-07-01T03:59:59.999Z'],
      ['2026-06-30', 'Pacific/Kiritimati', '2026-06-30T09:59:59.999Z'],
      ['2026-06-30', 'Pacific/Pago_Pago', '2026-07-01T10:59:59.999Z'],
      ['2028-02-29', 'Asia/Kathmandu', '2028-02-29T18:14:59.999Z'],
      // The day the clock is put forward, the day it is put back, and the days before.
      ['2026-03-07', 'America/Havana', '2026-03-08T04:59:59.999Z'],
      ['2026-09-05', 'America/Santiago', '2026-09-06T03:59:59.999Z'],
      ['2026-03-28', 'Europe/Berlin', '2026-03-28T22:59:59.999Z'],
      ['2026-03-29', 'Europe/Berlin', '2026-03-29T21:59:59.999Z'],
      ['2026-10-24', 'Europe/Berlin', '2026-10-24T21:59:59.999Z'],
      ['2026-10-25', 'Europe/Berlin', '2026-10-25T22:59:59.999Z'],
      ['2026-03-07', 'America/New_York', '2026-03-08T04:59:59.999Z'],
      ['2026-03-08', 'America/New_York', '2026-03-09T03:59:59.999Z'],
      ['2026-11-01', 'America/New_York', '2026-11-02T04:59:59.999Z'],
      ['2026-10-04', 'Australia/Lord_Howe', '2026-10-04T12:59:59.999Z'],
      // Midnight itself is skipped in Cairo, and comes twice in Santiago.
      ['2026-04-23', 'Africa/Cairo', '2026-04-23T21:59:59.999Z'],
      ['2026-04-04', 'America/Santiago', '2026-04-05T03:59:59.999Z'],
    ] as const)
      assert.equal(read({ at: date }, { zone }), last, `${date} ${zone}`)
  })

  it('on any day of two years the last millisecond is still that date, and the next one is the next', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Sydney', 'Asia/Tokyo', 'Africa/Cairo']) {
      const dateOf = (ms: number): string =>
        new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(ms)
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 730 }), (days) => {
          const date = new Date(Date.parse(now) + days * 86_400_000).toISOString().slice(0, 10)
          const last = Date.parse(read({ at: date }, { zone }) ?? '')
          assert.equal(dateOf(last), date)
          assert.ok(dateOf(last + 1) > date)
        }),
        { numRuns: 40 },
      )
    }
  })

  it('an instant keeps its offset in mind and its milliseconds', () => {
    assert.equal(read({ at: '2026-07-01T00:00Z' }), '2026-07-01T00:00:00.000Z')
    assert.equal(read({ at: '2026-07-01T00:00:00.5-05:30' }), '2026-07-01T05:30:00.500Z')
    assert.equal(read({ at: '2026-07-01T00:00:00.123456789Z' }), '2026-07-01T00:00:00.123Z')
  })

  it('`now` is this instant; what is past is refused for a new key and ends one that is edited', () => {
    assert.equal(read({ at: 'now' }), now)
    assert.equal(read({ at: 'now' }, { past: true }), now)
    for (const at of ['2026-01-01T11:59:59.999Z', '2025-12-31'])
      assert.throws(() => read({ at }), refused(/in the past/))
    assert.equal(read({ at: '2025-12-31' }, { past: true }), '2025-12-31T23:59:59.999Z')
    assert.equal(read({ at: '2026-01-01' }), '2026-01-01T23:59:59.999Z')
  })

  it('never is never, and nothing said is one calendar year', () => {
    assert.equal(read({ never: true }), null)
    assert.equal(read(undefined), '2027-01-01T12:00:00.000Z')
    assert.equal(read(undefined, { from: '2028-02-29T00:00:00.000Z' }), '2029-02-28T00:00:00.000Z')
  })

  it('any text is an instant in the documented form or refused by its field', () => {
    const odd = fc.constantFrom(
      'Now',
      ' now',
      '2027-1-1',
      '2027-02-29',
      '2027-13-01',
      '2027-00-01',
      '2027-01-00',
      '2027-01-01 00:00Z',
      '2027-01-01T00:00',
      '2027-01-01T25:00Z',
      '+002027-01-01T00:00:00Z',
      '1 Jan 2027',
      '1798761600000',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          odd,
          fc.string().filter((text) => text !== 'now'),
        ),
        (at) => {
          assert.throws(
            () => read({ at }),
            (error) => isProblem(error, 'field_invalid') && error.errors?.[0]?.field === 'expires',
          )
        },
      ),
    )
  })
})
