/** What is copied for a ticket says how Postern is, and nothing of any key but how many there are. */
import assert from 'node:assert/strict'
import { healthReport } from '../../../desktop/src/renderer/health-report.ts'
import { fakeKey, fakeStatus } from '../../support/fake-console.ts'

describe('console: the health report', () => {
  it('holds the status and the clocks, and no name, owner, id or value of a key', () => {
    const key = fakeKey(7, 30, { name: 'Payroll of the board', owner: 'Anna Bauer', description: 'a description' })
    const report = healthReport({
      link: { kind: 'up' },
      status: fakeStatus(),
      me: null,
      skewMs: 7_200_000,
      clockBackMs: 0,
      keys: [key],
      keysLoaded: true,
      keysExpected: null,
      asOfMs: 0,
      slowedSeconds: null,
      fault: null,
    })
    const read = JSON.parse(report) as { console: Record<string, unknown>; status: Record<string, unknown> }
    assert.deepEqual([read.console['keys_listed'], read.console['clock_differs_by_seconds']], [1, 7_200])
    assert.equal(read.status['state'], 'open')
    for (const secret of [key.name, 'Anna', key.id, key.masked, key.description]) assert.ok(!report.includes(secret))
  })
})
