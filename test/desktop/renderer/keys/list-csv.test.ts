/** The list as CSV is a table, is harmless in a spreadsheet, and holds no part of a value. */
import assert from 'node:assert/strict'
import { keyListCsv } from '../../../../desktop/src/renderer/keys/list-csv.ts'
import { dayMs, fakeKey } from '../../../support/fake-console.ts'

const nowMs = Date.now()

describe('console: list of keys as CSV', () => {
  it('a line for each key, instants as they are, what stands between commas in quotes', () => {
    const key = fakeKey(1, 2, { name: 'Pay, "roll"', description: 'one\ntwo', owner: null })
    const [head, ...lines] = keyListCsv([key], nowMs).split('\r\n')
    assert.equal(head, '\uFEFFid,name,description,owner,client,state,created_at,expires_at,last_used_at')
    assert.deepEqual(lines, [
      `k0000001,"Pay, ""roll""","one\ntwo",,default,active,2026-01-01T00:00:00.000Z,${key.expires_at},${key.last_used_at}`,
      '',
    ])
  })

  it('what a spreadsheet would take for a formula is text', () => {
    for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])
      for (const field of ['name', 'description', 'owner'] as const) {
        const csv = keyListCsv([fakeKey(2, 400, { [field]: evil })], nowMs)
        assert.ok(csv.includes(`'${evil}`), `${field} ${JSON.stringify(evil)}`)
        assert.ok(!csv.includes(`,${evil}`) && !csv.includes(`,"${evil}`))
      }
  })

  it('says how a key stands now, and nothing of its value', () => {
    const keys = [
      fakeKey(1, -1),
      fakeKey(2, 200, { state: 'disabled' }),
      fakeKey(3, null),
      fakeKey(4, 2, { expires_at: new Date(nowMs + dayMs).toISOString() }),
    ]
    const csv = keyListCsv(keys, nowMs)
    assert.deepEqual(
      csv
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[5]),
      ['expired', 'disabled', 'active', 'active'],
    )
    assert.ok(!csv.includes('postern_') && !csv.includes('abcd'))
  })
})
