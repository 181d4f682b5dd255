/** Reports add up, keep one order, and say what is not known. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { usageGroups } from '@postern/shared'
import { usageReport, type UsageNames } from '../../../daemon/src/usage/report.ts'
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
const names: UsageNames = {
  key: (id) => (id === 'AAAAAAAA' ? { name: 'Robot', clientId: 'cl_1', owner: 'ann' } : undefined),
  client: (id) => (id === 'cl_1' ? 'Sales' : undefined),
  endpoint: (id) => (id === 'ep_1' ? 'GET /orders' : undefined),
}

describe('usage report', () => {
  it('sums by group, busiest first, with names where there are any', () => {
    const rows = [
      row({ calls: 3 }),
      row({ calls: 2, outcome: 'insufficient_scope', address: '192.0.2.2', start: '2026-11-21T11:00:00.000Z' }),
      row({ keyId: 'GONEGONE', calls: 9 }),
      row({ keyId: '', endpointId: '', outcome: 'credential_invalid' }),
    ]
    const by = (groupBy: (typeof usageGroups)[number]) =>
      usageReport(rows, { groupBy }, names).map(({ group, calls }) => [group.name, calls])
    assert.deepEqual(by('key'), [
      ['GONEGONE', 9],
      ['Robot', 5],
      ['no key', 1],
    ])
    assert.deepEqual(by('client'), [
      ['no client', 10],
      ['Sales', 5],
    ])
    assert.deepEqual(by('owner'), [
      ['no owner', 10],
      ['ann', 5],
    ])
    assert.deepEqual(by('endpoint'), [
      ['GET /orders', 14],
      ['no endpoint', 1],
    ])
    assert.deepEqual(by('caller'), [
      ['192.0.2.1', 13],
      ['192.0.2.2', 2],
    ])
    assert.deepEqual(by('month'), [['2026-11', 15]])
    const [robot] = usageReport(rows, { groupBy: 'key', keyId: 'AAAAAAAA' }, names)
    assert.deepEqual(robot, {
      group: { id: 'AAAAAAAA', name: 'Robot' },
      calls: 5,
      allowed: 3,
      refused: 2,
      callers: 2,
      outcomes: { allow: 3, insufficient_scope: 2 },
      first: '2026-11-21T10:00:00.000Z',
      last: '2026-11-21T11:00:00.000Z',
    })
    assert.equal(usageReport(rows, { groupBy: 'day', clientId: 'cl_1', endpointId: 'ep_1' }, names)[0]?.calls, 5)
  })

  it('every grouping has the same total, whatever the rows and their order', () => {
    const rows = fc.array(
      fc.record({
        keyId: fc.constantFrom('AAAAAAAA', 'GONEGONE', ''),
        address: fc.constantFrom('a', 'b', '*'),
        outcome: fc.constantFrom('allow', 'forbidden'),
        endpointId: fc.constantFrom('ep_1', 'ep_2', '', '*'),
        calls: fc.integer({ min: 1, max: 9 }),
      }),
    )
    fc.assert(
      fc.property(rows, fc.constantFrom(...usageGroups), (drawn, groupBy) => {
        const report = usageReport(drawn.map(row), { groupBy }, names)
        assert.equal(
          report.reduce((sum, { calls }) => sum + calls, 0),
          drawn.reduce((sum, { calls }) => sum + calls, 0),
        )
        assert.deepEqual(usageReport(drawn.toReversed().map(row), { groupBy }, names), report)
      }),
    )
  })
})
