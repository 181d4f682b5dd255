/** The bars of usage: those that the daemon has rows for, each call in exactly one of them. */
import assert from 'node:assert/strict'
import {
  periodOf,
  ranges,
  unitsOf,
  type Dated,
  type Range,
  type Unit,
} from '../../../../desktop/src/renderer/usage/periods.ts'
import { addDays, dateIn } from '../../../../desktop/src/renderer/dates.ts'

const nowMs = Date.UTC(2026, 10, 21, 12, 34)
const [hourMs, dayMs] = [3_600_000, 86_400_000]
const none: Dated = { from: '', to: '' }
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia']

describe('console: the time a chart of usage shows', () => {
  const here = (zone: string) => ({ nowMs, zone })

  it('24 hours end with the present hour; days and months end with today', () => {
    const hours = periodOf('24h', 'hour', none, here('Asia/Kolkata'))
    assert.deepEqual(
      [hours.bars.length, hours.bars[0], hours.bars.at(-1), hours.query],
      [24, '2026-11-20T13:00:00.000Z', '2026-11-21T12:00:00.000Z', { from: '2026-11-20T13:00:00.000Z' }],
    )
    const week = periodOf('7d', 'day', none, here('UTC'))
    assert.deepEqual([week.bars.length, week.bars[0], week.bars.at(-1)], [7, '2026-11-15', '2026-11-21'])
    const year = periodOf('12m', 'month', none, here('UTC'))
    assert.deepEqual(
      [year.bars.length, year.bars[0], year.bars.at(-1), year.query],
      [12, '2025-12', '2026-11', { from: '2025-12-01' }],
    )
    assert.equal(periodOf('30d', 'day', none, here('UTC')).bars.length, 30)
  })

  it('every bar is asked for, and there is a bar for everything that is asked for', () => {
    for (const zone of zones)
      for (const range of ranges)
        for (let back = 0; back < 420; back += 23) {
          const to = addDays(dateIn(nowMs, zone), -back)
          const dated = { from: addDays(to, -3), to }
          for (const unit of unitsOf(range, dated, here(zone))) {
            const { bars, query } = periodOf(range, unit, dated, here(zone))
            assert.equal(
              bars[0]?.slice(0, 10),
              query.from.slice(0, unit === 'month' ? 7 : 10),
              `${zone} ${range} ${unit}`,
            )
            const untilMs =
              query.to === undefined ? nowMs : query.to.length > 10 ? Date.parse(query.to) - 1 : Date.parse(query.to)
            assert.equal(bars.at(-1), idOf(unit, untilMs), `${zone} ${range} ${unit} ${to}`)
            assert.equal(new Set(bars).size, bars.length)
          }
        }
  })

  const idOf = (unit: Unit, ms: number): string => {
    const text = new Date(Math.floor(ms / hourMs) * hourMs).toISOString()
    return unit === 'hour' ? text : text.slice(0, unit === 'day' ? 10 : 7)
  }

  it('hours are offered for as long as they are kept, months alone where days are gone', () => {
    const offered = (from: string, zone = 'UTC'): readonly Unit[] =>
      unitsOf('custom', { from, to: '2026-11-21' }, { nowMs, zone })
    assert.deepEqual(offered('2026-11-19'), ['hour', 'day'])
    assert.deepEqual(offered('2026-11-18'), ['day', 'month'])
    // In Berlin the 19th begins an hour before the first hour that is kept.
    assert.deepEqual(offered('2026-11-19', 'Europe/Berlin'), ['day', 'month'])
    assert.deepEqual(offered('2026-06-01'), ['month', 'day'])
    assert.deepEqual(offered(new Date(nowMs - 401 * dayMs).toISOString().slice(0, 10)), ['month'])
  })

  it('dates with hours begin and end where the gateway’s days do', () => {
    const dated = { from: '2026-11-20', to: '2026-11-20' }
    assert.deepEqual(periodOf('custom', 'hour', dated, here('Europe/Berlin')).query, {
      from: '2026-11-19T23:00:00.000Z',
      to: '2026-11-20T23:00:00.000Z',
    })
    const months = periodOf('custom', 'month', { from: '2026-01-15', to: '2026-02-03' }, here('UTC'))
    assert.deepEqual(months, { query: { from: '2026-01-01', to: '2026-02-28' }, bars: ['2026-01', '2026-02'] })
  })

  it('no choice of range is without bars', () => {
    const each = (range: Range) => unitsOf(range, { from: '2026-11-01', to: '2026-11-02' }, here('UTC'))
    for (const range of ranges) assert.ok(each(range).length > 0)
  })
})
