/** Dates end with their last millisecond in the gateway's zone, as the daemon has it; months know their length. */
import assert from 'node:assert/strict'
import { addDays, addMonths, createDates, dateIn, endOfDate } from '../../../desktop/src/renderer/dates.ts'
import { dateLimits, dateOf } from '../../../desktop/src/renderer/keys/expiry-choice.ts'
import { parseExpiry } from '../../../daemon/src/keys/expiry.ts'

describe('console: dates', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Pacific/Apia',
  ]

  it('a date ends when the daemon says so, in every zone and through the nights of clock changes', () => {
    const nowMs = Date.UTC(2026, 0, 1)
    for (const zone of zones)
      for (let day = 0; day < 800; day++) {
        const date = addDays('2026-01-02', day)
        assert.equal(
          new Date(endOfDate(date, zone)).toISOString(),
          parseExpiry({ at: date }, { nowMs, zone, past: true }),
          `${date} ${zone}`,
        )
      }
  })

  it('months end on their last day at the latest, and leap years are known', () => {
    assert.equal(addMonths('2028-02-29', 12), '2029-02-28')
    assert.equal(addMonths('2026-08-31', 6), '2027-02-28')
    assert.equal(addMonths('2026-11-21', 12), '2027-11-21')
    assert.equal(addDays('2028-02-28', 1), '2028-02-29')
  })

  it('every choice, and the last date of the custom one, is taken by the daemon at any hour in any zone', () => {
    for (const zone of zones)
      for (let hour = 0; hour < 48; hour++) {
        const nowMs = Date.UTC(2028, 1, 28, hour)
        const { min, max } = dateLimits(nowMs, zone)
        const dates = (['30d', '90d', '6m', '1y'] as const).map((choice) => dateOf(choice, nowMs, zone))
        for (const at of [min, max, ...dates])
          assert.ok(parseExpiry({ at }, { nowMs, zone, past: false }), `${at} ${zone}`)
      }
  })

  it('days are those of the zone', () => {
    const ms = Date.UTC(2026, 10, 21, 23, 30)
    assert.deepEqual([dateIn(ms, 'UTC'), dateIn(ms, 'Europe/Berlin')], ['2026-11-21', '2026-11-22'])
  })

  it('an end is a day of the gateway, whatever zone is shown, and says both where the clocks differ', () => {
    const end = '2027-06-30T14:59:59.999Z'
    const here = createDates('UTC', 'en-GB', 'Asia/Tokyo')
    assert.deepEqual([here.zone, here.shownZone], ['Asia/Tokyo', 'UTC'])
    assert.equal(here.endDay(end), '30 Jun 2027')
    assert.equal(createDates('Pacific/Auckland', 'en-GB', 'Asia/Tokyo').endDay(end), '30 Jun 2027')
    assert.equal(here.end(end), '30 Jun 2027, 14:59 (30 Jun 2027, 23:59, Asia/Tokyo)')
    assert.equal(createDates('Asia/Tokyo', 'en-GB').end(end), '30 Jun 2027, 23:59')
    assert.equal(createDates('Asia/Seoul', 'en-GB', 'Asia/Tokyo').end(end), '30 Jun 2027, 23:59')
  })

  it('what is left is rounded up, what has passed is not', () => {
    const dates = createDates('UTC', 'en')
    const nowMs = Date.UTC(2026, 10, 21)
    const said = (ms: number): string => dates.relative(nowMs + ms, nowMs)
    assert.deepEqual([said(9.2 * 86_400_000), said(-9.2 * 86_400_000)], ['in 10 days', '9 days ago'])
    assert.deepEqual(
      [said(30 * 3_600_000), said(-90_000), said(400 * 86_400_000)],
      ['in 30 hours', '1 minute ago', 'in 13 months'],
    )
  })
})
