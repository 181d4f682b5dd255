/** What comes by the clock comes once, also after a time off and after steps of the clock, in the gateway's zone. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { assertCron, dueAt, isDue, nextRun } from '../../../daemon/src/backup/cron.ts'

const at = (text: string): number => Date.parse(text)
const zone = 'Europe/Berlin'
const night = { cron: '0 2 * * *', at: '2026-11-20T01:00:00.000Z', problem: null }

describe('cron expressions', () => {
  it('mean an instant in the gateway’s zone, once on days whose hour is missing or comes twice', () => {
    assert.equal(nextRun('0 2 * * *', zone, at('2026-11-20T01:00:00Z')), at('2026-11-21T01:00:00Z'))
    assert.equal(nextRun('30 2 * * *', zone, at('2026-03-28T12:00:00Z')), at('2026-03-29T01:00:00Z'))
    assert.equal(nextRun('30 2 * * *', zone, at('2026-10-25T00:30:00Z')), at('2026-10-26T01:30:00Z'))
  })

  for (const cron of [
    '',
    '0 2 * *',
    '0 2 * * * *',
    '61 2 * * *',
    '0 0 30 2 *',
    '@daily',
    '* * * * 8',
    'a b c d e',
    '0 0 1- * *',
  ])
    it(`refused, with its field: ${JSON.stringify(cron)}`, () => {
      assert.throws(() => assertCron(cron, 'UTC', 0), { code: 'field_invalid', message: /^cron: / })
    })

  it('any text is an expression or is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 6 }), { minLength: 5, maxLength: 5 }), (fields) => {
        try {
          const next = nextRun(fields.join(' '), 'UTC', 0)
          assert.ok(next === null || next > 0)
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'field_invalid')
        }
      }),
    )
  })

  it('a job is due at its time and not before; one that was missed for days is due once', () => {
    assert.equal(isDue(night, zone, at('2026-11-21T00:59:59Z')), false)
    assert.equal(isDue(night, zone, at('2026-11-21T01:00:00Z')), true)
    assert.equal(isDue(night, zone, at('2026-11-29T12:00:00Z')), true)
    assert.equal(isDue({ ...night, at: '2026-11-29T12:00:00.000Z' }, zone, at('2026-11-29T12:00:30Z')), false)
  })

  it('one that failed is due again after 15 minutes', () => {
    const failed = { ...night, problem: 'no room' }
    assert.equal(dueAt(failed, zone, at(night.at)), at('2026-11-20T01:15:00Z'))
  })

  it('a clock that went back a year does not stop it for a year', () => {
    const tried = { ...night, at: '2027-11-20T01:00:00.000Z' }
    assert.equal(dueAt(tried, zone, at('2026-11-20T12:00:00Z')), at('2026-11-21T01:00:00Z'))
  })
})
