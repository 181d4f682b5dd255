/** The calendar of expiries: each key on the day it works for the last time, and a better day that is one. */
import assert from 'node:assert/strict'
import type { KeyView } from '@postern/shared'
import { createDayNames, weekOf } from '../../../../desktop/src/renderer/calendar/day-names.ts'
import {
  betterDay,
  dayAfterPress,
  daysToLookAt,
  monthsShown,
  planOf,
  weekdayOf,
  type Plan,
  type Week,
} from '../../../../desktop/src/renderer/calendar/plan.ts'
import { endOfDate } from '../../../../desktop/src/renderer/dates.ts'
import { fakeKey } from '../../../support/fake-console.ts'

const western: Week = { firstDay: 1, weekend: [6, 7] }
const nowMs = Date.UTC(2026, 10, 21, 12)
let made = 0
const ending = (at: string | number, more: Partial<KeyView> = {}): KeyView =>
  fakeKey((made += 1), null, { expires_at: new Date(at).toISOString(), ...more })
const onDates = (...dates: string[]): KeyView[] => dates.map((date) => ending(endOfDate(date, 'Europe/Berlin')))
const plan = (keys: readonly KeyView[], week = western): Plan => planOf(keys, nowMs, 'Europe/Berlin', week)
const look = (keys: readonly KeyView[]): [string, number][] =>
  daysToLookAt(plan(keys)).map(({ date, keys: found }) => [date, found.length])

describe('console: the calendar of expiries', () => {
  it('has each day of twelve months once, from the first of this one, under its weekday', () => {
    const { months } = plan([])
    const dates = months.flatMap(({ days }) => days.map(({ date }) => date))
    assert.deepEqual(
      [months.length, dates.length, dates[0], dates.at(-1)],
      [monthsShown, 365, '2026-11-01', '2027-10-31'],
    )
    assert.equal(new Set(dates).size, dates.length)
    for (const { days, before } of months) assert.equal(before, weekdayOf(days[0]?.date ?? '') - 1)
    for (const { days, before } of plan([], { firstDay: 7, weekend: [6, 7] }).months)
      assert.equal(before, weekdayOf(days[0]?.date ?? '') % 7)
  })

  it('a key is on the day of the gateway’s zone on which it works for the last time, also where UTC has another', () => {
    const found = plan([...onDates('2026-12-31'), ending('2026-12-31T23:30:00Z')])
    assert.deepEqual(
      [...found.byDate].map(([date, keys]) => [date, keys.length]),
      [
        ['2026-12-31', 1],
        ['2027-01-01', 1],
      ],
    )
  })

  it('counts what is within, before and after, and leaves out what is disabled, a trap, or without an end', () => {
    const dates = onDates('2026-10-31', '2026-11-01', '2027-10-31', '2027-11-01')
    const others = [
      ending(nowMs, { state: 'disabled' }),
      ending(nowMs, { client_disabled: true }),
      ending(nowMs, { honey: { block_seconds: 0 } }),
      fakeKey(1_000, null),
    ]
    const { past, within, later, months } = plan([...dates, ...others])
    assert.deepEqual([past, within, later], [1, 2, 1])
    assert.equal(
      months.reduce((sum, { count }) => sum + count, 0),
      2,
    )
  })

  it('weekends and five on a day are to be looked at; four are not, nor what is past', () => {
    const five = Array.from({ length: 5 }, () => '2026-12-02')
    assert.deepEqual(look(onDates('2026-12-05', ...five)), [
      ['2026-12-02', 5],
      ['2026-12-05', 1],
    ])
    assert.deepEqual(look(onDates(...five.slice(1))), [])
    assert.deepEqual(look(onDates('2026-11-15')), [])
    assert.deepEqual(look(onDates('2026-11-21')), [['2026-11-21', 1]])
  })

  it('the better day is the next working day on which there is room', () => {
    const after = (date: string, ...taken: string[]): string => betterDay(date, plan(onDates(...taken)), western)
    assert.equal(after('2026-12-05'), '2026-12-07')
    assert.equal(after('2026-12-06'), '2026-12-07')
    assert.equal(after('2026-12-02'), '2026-12-03')
    const monday = Array.from({ length: 4 }, () => '2026-12-07')
    // A fifth would be a pile-up again: it is Tuesday.
    assert.equal(after('2026-12-05', ...monday), '2026-12-08')
    assert.equal(after('2026-12-05', ...monday.slice(1)), '2026-12-07')
    const friday: Week = { firstDay: 6, weekend: [5, 6] }
    assert.equal(betterDay('2026-12-04', plan([], friday), friday), '2026-12-06')
  })

  it('keys of the keyboard lead by days, weeks and months, and never out of what is shown', () => {
    const found = plan([])
    const after = (key: string, date: string): string | null => dayAfterPress(key, date, found)
    assert.equal(after('ArrowRight', '2026-11-30'), '2026-12-01')
    assert.equal(after('ArrowLeft', '2026-12-01'), '2026-11-30')
    assert.equal(after('ArrowDown', '2026-11-30'), '2026-12-07')
    assert.equal(after('ArrowUp', '2026-12-07'), '2026-11-30')
    assert.equal(after('PageDown', '2027-01-31'), '2027-02-28')
    assert.equal(after('PageUp', '2026-12-15'), '2026-11-15')
    assert.equal(after('Home', '2027-02-14'), '2027-02-01')
    assert.equal(after('End', '2027-02-14'), '2027-02-28')
    assert.equal(after('ArrowUp', '2026-11-03'), '2026-11-01')
    assert.equal(after('PageDown', '2027-10-31'), '2027-10-31')
    assert.equal(after('Enter', '2026-11-03'), null)
  })

  it('weekdays are named by what they are', () => {
    const names = createDayNames('en-GB')
    assert.equal(names.weekday('2026-12-08'), 'Tuesday')
    assert.equal(names.month('2026-12'), 'December 2026')
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 7].map((day) => names.column(day).long),
      ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
    )
    assert.equal(weekOf('de-DE').firstDay, 1)
    assert.deepEqual([...weekOf('he-IL').weekend], [5, 6])
  })
})
