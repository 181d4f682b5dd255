/** Date and time on the wall of some zone, and back. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { instantOf, wallOf } from '../../../../desktop/src/renderer/why/wall-time.ts'

describe('console: an instant as it is typed', () => {
  const iso = (wall: string, zone: string): string | null => {
    const ms = instantOf(wall, zone)
    return ms === null ? null : new Date(ms).toISOString()
  }
  it('is the one at which the wall shows it', () => {
    assert.equal(iso('2026-11-21T17:05', 'Europe/Berlin'), '2026-11-21T16:05:00.000Z')
    assert.equal(iso('2026-07-21T17:05:09', 'Europe/Berlin'), '2026-07-21T15:05:09.000Z')
    assert.equal(iso('2026-11-21T17:05', 'UTC'), '2026-11-21T17:05:00.000Z')
  })
  it('of an hour that comes twice is the first, and in one that is left out is as much later', () => {
    assert.equal(iso('2026-10-25T02:30', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z')
    assert.equal(iso('2026-03-29T02:30', 'Europe/Berlin'), '2026-03-29T01:30:00.000Z')
  })
  it('is none where nothing, or no date and time, is typed', () => {
    for (const typed of ['', '2026-11-21', '17:05', '2026-13-01T00:00', 'now']) assert.equal(iso(typed, 'UTC'), null)
  })
  it('shown and read back it is the same second, in any zone, but for an hour that comes twice', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia')
    fc.assert(
      fc.property(fc.integer({ min: 1_700_000_000, max: 2_000_000_000 }), zones, (seconds, zone) => {
        const wall = wallOf(seconds * 1000, zone)
        const read = instantOf(wall, zone)
        assert.ok(read !== null)
        assert.equal(wallOf(read, zone), wall)
        assert.ok(read === seconds * 1000 || seconds * 1000 - read === 3_600_000)
      }),
    )
  })
})
