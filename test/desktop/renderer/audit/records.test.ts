/** Pages of a trail that is written while it is read: no hole, and no record twice. */
import assert from 'node:assert/strict'
import type { AuditView } from '@postern/shared'
import { perPage, withNewest, withOlder, type Records } from '../../../../desktop/src/renderer/audit/records.ts'

const record = (seq: number): AuditView => ({ seq }) as AuditView

/** A page as the daemon answers it, of a trail of so many records. */
const pageOf = (all: number, page: number): Records => {
  const seqs = Array.from({ length: all }, (_, at) => all - at).slice((page - 1) * perPage, page * perPage)
  return { data: seqs.map(record), count: all }
}
const seqs = ({ data }: Records): number[] => data.map(({ seq }) => seq)
const downFrom = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from - at)

describe('console: records of the trail', () => {
  it('older pages follow without a hole, whatever was written since the first', () => {
    for (const written of [0, 1, 7, perPage - 1]) {
      let all = 1_000
      let records = withNewest(null, pageOf(all, 1))
      for (let round = 0; round < 12; round++) {
        all += written
        records = withOlder(records, pageOf(all, Math.floor(records.data.length / perPage) + 1))
        records = withNewest(records, pageOf(all, 1))
        assert.deepEqual(seqs(records), downFrom(all, records.data.length), `${written} at a time`)
      }
      assert.ok(records.data.length >= 12 * perPage)
    }
  })

  it('after more than a page of news what was shown begins anew', () => {
    const records = withNewest(withNewest(null, pageOf(100, 1)), pageOf(400, 1))
    assert.deepEqual(seqs(records), downFrom(400, perPage))
  })

  it('a record that is told differently later is shown as told last', () => {
    const before = withNewest(null, { data: [{ ...record(1), came_true: true }], count: 1 })
    const after = withNewest(before, { data: [record(2), { ...record(1), came_true: false }], count: 2 })
    assert.deepEqual(
      after.data.map(({ came_true: cameTrue }) => cameTrue),
      [undefined, false],
    )
  })
})
