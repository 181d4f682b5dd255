/** A policy that is being written: one limit to a unit, numbers that can be limits, and only what has changed is sent. */
import assert from 'node:assert/strict'
import { accessLimits, limitUnits, newPolicy, policyEdit, type PolicyView } from '@postern/shared'
import {
  bodyOf,
  bodyOfDraft,
  callsOf,
  changedOf,
  concurrentOf,
  draftOf,
  unitsFor,
  withRow,
  type DraftRow,
} from '../../../../desktop/src/renderer/policies/policy-draft.ts'

const policy: PolicyView = {
  id: 'po_1',
  name: 'Partners',
  description: '',
  windows: [
    { per: 'minute', calls: 5 },
    { per: 'day', calls: 1_000 },
  ],
  concurrent: 4,
  keys_count: 0,
  clients_count: 0,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  enabled: true,
  etag: '"1"',
}
const row = (calls: string): DraftRow => ({ row: 0, per: 'minute', calls })

describe('console: a policy that is being written', () => {
  it('rows are added until each unit has one, the longer ones first', () => {
    let rows: readonly DraftRow[] = draftOf(null).rows
    const units = () => rows.map(({ per }) => per)
    rows = withRow(rows)
    assert.deepEqual(units(), ['minute', 'hour'])
    for (let more = 0; more < 10; more++) rows = withRow(rows)
    assert.deepEqual(units(), ['minute', 'hour', 'day', 'month', 'second'])
    assert.equal(new Set(rows.map((each) => each.row)).size, limitUnits.length)
  })

  it('a row may have its own unit or one that no other has', () => {
    assert.deepEqual(unitsFor(draftOf(policy).rows, 'day'), ['second', 'hour', 'day', 'month'])
    assert.deepEqual(unitsFor(draftOf(policy).rows, null), ['second', 'hour', 'month'])
  })

  for (const [text, calls] of [
    ['5', 5],
    [' 12 ', 12],
    [String(accessLimits.limitCallsMax), accessLimits.limitCallsMax],
    [String(accessLimits.limitCallsMax + 1), null],
    ['0', null],
    ['1.5', null],
    ['1e3', null],
    ['-1', null],
    ['', null],
  ] as const)
    it(`“${text}” is ${calls === null ? 'no number of calls' : `${calls} calls`}`, () =>
      assert.equal(callsOf(row(text)), calls))

  it('an empty number at once is no limit; one that cannot be is neither', () => {
    const at = (concurrent: string) => concurrentOf({ ...draftOf(null), concurrent })
    assert.deepEqual([at(''), at('3'), at('0'), at('many'), at('10001')], [null, 3, undefined, undefined, undefined])
  })

  it('what has not been touched is not sent, in whatever order it stands', () => {
    const draft = draftOf(policy)
    assert.deepEqual(changedOf(bodyOf(policy), bodyOfDraft(draft)), {})
    assert.deepEqual(changedOf(bodyOf(policy), bodyOfDraft({ ...draft, rows: draft.rows.toReversed() })), {})
    const changed = changedOf(bodyOf(policy), bodyOfDraft({ ...draft, name: ' Friends ', concurrent: '' }))
    assert.deepEqual(changed, { name: 'Friends', concurrent: null })
    policyEdit.parse(changed)
  })

  it('limits are sent as they stand in the form, so that a refused one is found by its place', () => {
    const draft = { ...draftOf(policy), rows: draftOf(policy).rows.toReversed() }
    assert.deepEqual(
      newPolicy.parse(bodyOfDraft(draft)).windows?.map(({ per }) => per),
      ['day', 'minute'],
    )
  })
})
