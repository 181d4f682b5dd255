/** Calls per day are those of the day, of the key, and no others. */
import assert from 'node:assert/strict'
import { dailyUsage } from '../../../daemon/src/usage/daily.ts'
import type { UsageRow } from '../../../daemon/src/usage/usage-row.ts'

const row = (more: Partial<UsageRow> = {}): UsageRow => ({
  start: '2026-11-21T10:00:00.000Z',
  span: 'hour',
  keyId: 'AAAAAAAA',
  endpointId: 'ep_1',
  address: '192.0.2.1',
  outcome: 'allow',
  secret: 'current',
  version: 1,
  calls: 1,
  ...more,
})

describe('usage by day', () => {
  it('hours and days add up under their date, refused ones apart; other keys, other days and months do not count', () => {
    const rows = [
      row({ calls: 3 }),
      row({ calls: 4, start: '2026-11-21T23:00:00.000Z', address: '*' }),
      row({ calls: 2, outcome: 'expired' }),
      row({ calls: 5, start: '2026-11-19T00:00:00.000Z', span: 'day' }),
      row({ calls: 7, start: '2026-11-18T23:00:00.000Z' }),
      row({ calls: 8, start: '2026-11-20T00:00:00.000Z', span: 'month' }),
      row({ calls: 9, keyId: 'CCCCCCCC' }),
      row({ calls: 1, keyId: '' }),
    ]
    assert.deepEqual(dailyUsage(rows, ['BBBBBBBB', 'AAAAAAAA'], ['2026-11-19', '2026-11-20', '2026-11-21']), [
      { key: 'BBBBBBBB', allowed: [0, 0, 0], refused: [0, 0, 0] },
      { key: 'AAAAAAAA', allowed: [5, 0, 7], refused: [0, 0, 2] },
    ])
  })
})
