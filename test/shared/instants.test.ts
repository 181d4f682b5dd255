/** Instants and dates as people write them into filters. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readInstant } from '@postern/shared'

describe('instants', () => {
  it('an instant is itself, a date its first instant and what was asked for beyond', () => {
    assert.equal(readInstant('2026-11-30T12:00:00+02:00', 7), Date.UTC(2026, 10, 30, 10))
    assert.equal(readInstant('2026-11-30T12:00Z', 7), Date.UTC(2026, 10, 30, 12))
    assert.equal(readInstant('2026-11-30', 7), Date.UTC(2026, 10, 30) + 7)
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
        (at) => {
          assert.equal(readInstant(at.toISOString(), 1), at.getTime())
        },
      ),
    )
  })

  it('anything else is none, days that no calendar has included', () => {
    for (const text of [
      '',
      'now',
      '2026-11-31',
      '2026-02-29',
      '2026-1-1',
      '2026-11-30 12:00',
      '2026-11-30T25:00:00Z',
      '2026-11-30T12:00:00',
    ])
      assert.ok(Number.isNaN(readInstant(text, 0)), text)
  })
})
