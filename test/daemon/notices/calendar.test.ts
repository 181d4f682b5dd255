/** The calendar of expiries: one event a key, under an id that stays, in a form that calendar programs read. */
import assert from 'node:assert/strict'
import { expiryCalendar, type CalendarKey } from '../../../daemon/src/notices/calendar.ts'

const nowMs = Date.UTC(2026, 10, 21)
const dayMs = 86_400_000
const key = (more: Partial<CalendarKey> = {}): CalendarKey => ({
  id: 'AAAAAAAA',
  name: 'Robot',
  owner: null,
  revision: 3,
  honey: null,
  expiresAt: new Date(nowMs + 40 * dayMs).toISOString(),
  disabledAt: null,
  removedAt: null,
  ...more,
})
const drawn = (keys: readonly CalendarKey[], certificateNotAfter: string | null = null): string =>
  expiryCalendar({ keys, certificateNotAfter, site: 'gw', storeId: 'the-store' }, nowMs)
/** Content lines as RFC 5545 §3.1 unfolds them. */
const lines = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n')

describe('calendar of expiries', () => {
  it('an event has its instant in UTC, an id of its own that stays, and an alarm for each notice', () => {
    const text = lines(drawn([key({ owner: 'Zoë' })]))
    for (const line of [
      'BEGIN:VCALENDAR',
      'UID:key-AAAAAAAA@the-store',
      'SEQUENCE:3',
      'DTSTART:20261231T000000Z',
      'SUMMARY:API key "Robot" expires',
    ])
      assert.ok(text.includes(line), `${line} in\n${text.join('\n')}`)
    assert.deepEqual(
      text.filter((line) => line.startsWith('TRIGGER')),
      ['TRIGGER:-P14D', 'TRIGGER:-P3D', 'TRIGGER:-P1D'],
    )
    assert.ok(text.some((line) => line.includes('Owner: Zoë.')))
  })

  it('lines are folded within 75 octets, and no name breaks out of its place', () => {
    const text = drawn([key({ name: `${'ß'.repeat(90)}, ; \\ \nEND:VCALENDAR` })])
    for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
    assert.equal(text.split(/^END:VCALENDAR$/m).length, 2)
  })

  it('what nobody waits for is not in it: disabled, removed, endless, long past and far away, and traps', () => {
    const then = new Date(nowMs).toISOString()
    for (const more of [
      { disabledAt: then },
      { removedAt: then },
      { expiresAt: null },
      { honey: {} },
      { expiresAt: new Date(nowMs - 31 * dayMs).toISOString() },
      { expiresAt: new Date(nowMs + 401 * dayMs).toISOString() },
    ])
      assert.doesNotMatch(drawn([key(more)]), /VEVENT/)
    assert.match(drawn([], key().expiresAt), /UID:certificate@the-store/)
  })

  it('with very many keys the nearest thousand are told', () => {
    const many = Array.from({ length: 1_500 }, (_, at) =>
      key({ id: `k${at}`, expiresAt: new Date(nowMs + (1_500 - at) * 60_000).toISOString() }),
    )
    const ids = lines(drawn(many)).filter((line) => line.startsWith('UID:'))
    assert.deepEqual([ids.length, ids[0], ids.at(-1)], [1_000, 'UID:key-k1499@the-store', 'UID:key-k500@the-store'])
  })
})
