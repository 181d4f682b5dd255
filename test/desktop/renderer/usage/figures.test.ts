/** Figures of usage: nothing is lost between a report and what is shown of it. */
import assert from 'node:assert/strict'
import type { UsageReportRow } from '@postern/shared'
import {
  axisOf,
  barsOf,
  labelEvery,
  reasonsOf,
  sumOf,
  usageCsv,
} from '../../../../desktop/src/renderer/usage/figures.ts'

const row = (id: string, name: string, outcomes: Record<string, number>): UsageReportRow => {
  const calls = Object.values(outcomes).reduce((sum, each) => sum + each, 0)
  const allowed = outcomes['allow'] ?? 0
  const [first, last] = ['2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z']
  return { group: { id, name }, calls, allowed, refused: calls - allowed, callers: 2, outcomes, first, last }
}

const rows = [
  row('2026-11-20', '2026-11-20', { allow: 10, credential_expired: 2 }),
  row('2026-11-21', '2026-11-21', { credential_expired: 1, credential_missing: 7 }),
]

describe('console: figures of usage', () => {
  it('there is a bar where nobody called, and the bars have all the calls', () => {
    const bars = barsOf(['2026-11-19', '2026-11-20', '2026-11-21'], rows)
    assert.deepEqual(
      bars.map(({ allowed, refused }) => [allowed, refused]),
      [
        [0, 0],
        [10, 2],
        [0, 8],
      ],
    )
    assert.deepEqual(sumOf(bars), { allowed: 10, refused: 10 })
  })

  it('reasons are summed, the most frequent first, and passing is none', () => {
    assert.deepEqual(reasonsOf(rows), [
      { code: 'credential_missing', calls: 7 },
      { code: 'credential_expired', calls: 3 },
    ])
  })

  it('a file has each figure, a column for each reason, and no formula', () => {
    assert.equal(
      usageCsv([row('k1', '=1+1', { allow: 3, credential_expired: 2 }), row('', 'no key', { credential_missing: 1 })]),
      'id,name,calls,allowed,refused,callers,first,last,credential_expired,credential_missing\r\n' +
        "k1,'=1+1,5,3,2,2,2026-11-20T00:00:00.000Z,2026-11-21T00:00:00.000Z,2,0\r\n" +
        ',no key,1,0,1,2,2026-11-20T00:00:00.000Z,2026-11-21T00:00:00.000Z,0,1\r\n',
    )
  })

  it('an axis begins with 0, reaches the highest bar, and has few and whole marks', () => {
    for (const highest of [0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 24, 99, 100, 101, 1_234, 50_000, 999_999_999]) {
      const marks = axisOf(highest)
      assert.equal(marks[0], 0)
      assert.ok((marks.at(-1) ?? 0) >= highest && (marks.at(-1) ?? 0) > 0, String(highest))
      assert.ok(marks.length >= 2 && marks.length <= 6, `${highest}: ${marks.join(' ')}`)
      assert.ok(marks.every(Number.isInteger), `${highest}: ${marks.join(' ')}`)
    }
  })

  it('at most so many bars are named', () => {
    for (const bars of [1, 12, 13, 24, 365]) assert.ok(Math.ceil(bars / labelEvery(bars, 12)) <= 12)
  })
})
