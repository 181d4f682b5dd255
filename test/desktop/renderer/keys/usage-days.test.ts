/** The days of the chart: each once, in order, whatever the report left out. */
import assert from 'node:assert/strict'
import { firstDay, usageDays } from '../../../../desktop/src/renderer/keys/usage-days.ts'

describe('console: calls by day', () => {
  it('begins so many days back, today counted, in UTC', () => {
    assert.equal(firstDay(Date.parse('2026-03-01T00:00:00.000Z'), 14), '2026-02-16')
    assert.equal(firstDay(Date.parse('2026-03-01T23:59:59.999Z'), 1), '2026-03-01')
  })
  it('has a row for each day, also for those without calls, and none from before', () => {
    const row = (id: string, allowed: number, refused: number) => ({ group: { id, name: id }, allowed, refused })
    const report = [row('2026-03-01', 3, 1), row('2026-02-27', 7, 0), row('2026-02-01', 9, 9)]
    assert.deepEqual(usageDays(report, '2026-02-27', 3), [
      { date: '2026-02-27', allowed: 7, refused: 0 },
      { date: '2026-02-28', allowed: 0, refused: 0 },
      { date: '2026-03-01', allowed: 3, refused: 1 },
    ])
  })
})
