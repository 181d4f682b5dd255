/** Calls per day are those of the day, of the key, and no others; days that are over are read once. */
import assert from 'node:assert/strict'
import { createDailyUsage } from '../../../daemon/src/usage/daily.ts'
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
const dayMs = 86_400_000
const nowMs = Date.parse('2026-11-21T12:00:00Z')

const bed = (rows: UsageRow[]) => {
  const readFrom: string[] = []
  const daily = createDailyUsage((fromMs, toMs) => {
    readFrom.push(new Date(fromMs).toISOString().slice(0, 10))
    const isIn = ({ start }: UsageRow): boolean => Date.parse(start) >= fromMs && Date.parse(start) < toMs
    return Promise.resolve(rows.filter(isIn))
  })
  return { daily, readFrom }
}
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)

describe('usage by day', () => {
  it('hours and days add up under their date, refused ones apart; other keys, other days and months do not count', async () => {
    const { daily } = bed([
      row({ calls: 3 }),
      row({ calls: 4, start: '2026-11-21T23:00:00.000Z', address: '*' }),
      row({ calls: 2, outcome: 'expired' }),
      row({ calls: 5, start: '2026-11-19T00:00:00.000Z', span: 'day' }),
      row({ calls: 7, start: '2026-11-07T23:00:00.000Z' }),
      row({ calls: 6, start: '2026-11-08T00:00:00.000Z' }),
      row({ calls: 8, start: '2026-11-20T00:00:00.000Z', span: 'month' }),
      row({ calls: 9, keyId: 'CCCCCCCC' }),
      row({ calls: 1, keyId: '' }),
    ])
    const { days, data } = await daily.of(['BBBBBBBB', 'AAAAAAAA'], nowMs)
    assert.deepEqual([days.length, days[0], days.at(-1)], [14, '2026-11-08', '2026-11-21'])
    assert.deepEqual(data, [
      { key: 'BBBBBBBB', allowed: zeros(14), refused: zeros(14) },
      { key: 'AAAAAAAA', allowed: [6, ...zeros(10), 5, 0, 7], refused: [...zeros(13), 2] },
    ])
  })

  it('days before yesterday are read once; what is counted since is there, also for other keys and on the next day', async () => {
    const rows = [row({ start: '2026-11-10T00:00:00.000Z', keyId: 'BBBBBBBB', calls: 4 }), row()]
    const { daily, readFrom } = bed(rows)
    await daily.of(['AAAAAAAA'], nowMs)
    rows.push(row({ calls: 10 }), row({ calls: 20, start: '2026-11-20T23:00:00.000Z' }))
    const second = await daily.of(['AAAAAAAA', 'BBBBBBBB'], nowMs)
    assert.deepEqual(second.data[0]?.allowed.slice(-2), [20, 11])
    assert.equal(second.data[1]?.allowed[2], 4)
    const third = await daily.of(['AAAAAAAA', 'BBBBBBBB'], nowMs + dayMs)
    assert.deepEqual(third.data[0]?.allowed.slice(-3), [20, 11, 0])
    assert.equal(third.data[1]?.allowed[1], 4)
    assert.deepEqual(readFrom, ['2026-11-08', '2026-11-20', '2026-11-20'])
    await daily.of(['AAAAAAAA'], nowMs + 40 * dayMs)
    assert.equal(readFrom.at(-1), '2026-12-18', 'after a long while all is read anew')
  })
})
