/** Who would be hit, and who has moved to the new secret. */
import assert from 'node:assert/strict'
import { evidenceOf, reachOf } from '../../../daemon/src/usage/evidence.ts'
import type { UsageRow } from '../../../daemon/src/usage/usage-row.ts'

const row = (address: string, more: Partial<UsageRow> = {}): UsageRow => ({
  start: '2026-11-21T10:00:00.000Z',
  span: 'hour',
  keyId: 'AAAAAAAA',
  endpointId: 'ep_1',
  address,
  outcome: 'allow',
  secret: 'current',
  version: 1,
  calls: 2,
  ...more,
})

describe('evidence', () => {
  it('counts what passed with this key, by caller', () => {
    const rows = [row('a'), row('b', { calls: 5 }), row('c', { outcome: 'forbidden' }), row('d', { keyId: 'BBBBBBBB' })]
    const evidence = evidenceOf('AAAAAAAA', rows, { lastUsedAt: null, rotated: null })
    assert.deepEqual(
      [evidence.calls, evidence.callers_count, evidence.callers.map(({ address }) => address), evidence.endpoints],
      [7, 2, ['b', 'a'], ['ep_1']],
    )
    assert.equal(evidence.rotation, null)
  })

  it('a caller has moved once it presents the new secret; calls from before the rotation say nothing, in its hour too', () => {
    const old = { secret: 'old', version: 1 } as const
    const fresh = { version: 2 }
    const rows = [
      ...['one', 'two', 'three', 'four', 'before only'].map((name) => row(name)),
      row('one', fresh),
      row('two', old),
      row('two', fresh),
      row('three', { ...old, start: '2026-11-21T12:00:00.000Z' }),
      row('four', fresh),
    ]
    const rotated = { at: '2026-11-21T10:30:00.000Z', version: 2 }
    const { rotation } = evidenceOf('AAAAAAAA', rows, { lastUsedAt: null, rotated })
    assert.deepEqual(rotation, {
      rotated_at: rotated.at,
      callers: 4,
      moved: 3,
      last_old_call_hour: '2026-11-21T12:00:00.000Z',
      // Whoever has presented both in one hour may have gone back to the old one: an hour is all that is known.
      still_old: [
        { address: 'two', last_hour: '2026-11-21T10:00:00.000Z' },
        { address: 'three', last_hour: '2026-11-21T12:00:00.000Z' },
      ],
      on_new: ['two', 'four', 'one'].map((address) => ({ address, last_hour: '2026-11-21T10:00:00.000Z' })),
    })
  })

  it('of what keys share, the calls that passed are counted by caller and key, whatever was refused', () => {
    const rows = [row('one'), row('one', { keyId: 'BBBBBBBB' }), row('two', { start: '2026-11-21T13:00:00.000Z' })]
    const refused = row('three', { outcome: 'no_endpoint' })
    const reach = reachOf([...rows, refused], () => true)
    const calls = rows.reduce((sum, each) => sum + each.calls, 0)
    assert.deepEqual(
      [reach.calls, reach.keys_count, reach.callers_count, reach.last_hour, reach.callers[0]?.address],
      [calls, 2, 2, '2026-11-21T13:00:00.000Z', 'one'],
    )
    assert.deepEqual(
      reachOf(rows, () => false),
      {
        days: 30,
        calls: 0,
        keys_count: 0,
        callers_count: 0,
        callers: [],
        last_hour: null,
      },
    )
  })
})
