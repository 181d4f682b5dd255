/** The file for calendar programs is one after RFC 5545, and the same events as those of the calendar to subscribe to. */
import assert from 'node:assert/strict'
import { expiryCalendar } from '../../../../daemon/src/notices/calendar.ts'
import { escapeText, foldLine, icsOf, type Ending } from '../../../../desktop/src/renderer/calendar/ics.ts'

const nowMs = Date.UTC(2026, 10, 21, 12)
const about = { storeId: 'store-1', name: 'API keys', nowMs }
const ending = (more: Partial<Ending> = {}): Ending => ({
  id: 'key-ab12cd34',
  sequence: 3,
  endMs: Date.UTC(2026, 11, 31, 22, 59, 59, 999),
  summary: 'API key "Robot" expires',
  description: 'Key ab12cd34; from then on calls with it are refused.',
  ...more,
})
const unfolded = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n')
const valuesOf = (text: string, name: string): string[] =>
  unfolded(text)
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1))

describe('console: the calendar as a file', () => {
  it('every line ends with CR LF and has at most 75 octets, whatever the names', () => {
    const names = ['é'.repeat(100), '鍵'.repeat(90), '🔑'.repeat(60), 'x'.repeat(300), 'a;b,c\\d\ne'.repeat(20)]
    const text = icsOf(
      names.map((name) => ending({ summary: name, description: name })),
      about,
    )
    assert.ok(text.endsWith('END:VCALENDAR\r\n'))
    assert.doesNotMatch(text.replaceAll('\r\n', ''), /[\r\n]/)
    for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
    // Nothing is cut within a character, and nothing is lost.
    assert.deepEqual(
      valuesOf(text, 'SUMMARY'),
      names.map((name) => escapeText(name)),
    )
    assert.ok(!text.includes('\uFFFD'))
  })

  it('folds at 75 octets and not at 74', () => {
    assert.equal(foldLine('x'.repeat(75)), 'x'.repeat(75))
    assert.equal(foldLine('x'.repeat(76)), `${'x'.repeat(75)}\r\n x`)
    assert.equal(foldLine(`${'x'.repeat(74)}é`), `${'x'.repeat(74)}\r\n é`)
  })

  it('escapes what has a meaning of its own, so that a name adds no lines', () => {
    assert.equal(escapeText('a,b;c\\d\r\ne\nf\rg'), 'a\\,b\\;c\\\\d\\ne\\nf\\ng')
    assert.equal(escapeText('a\u0000b\u0007c\td'), 'abc\td')
    const text = icsOf([ending({ summary: 'x\r\nATTACH:http://example.com' })], about)
    assert.ok(!unfolded(text).some((line) => line.startsWith('ATTACH')))
  })

  it('an event is at the instant of the end, in UTC, with alarms 14 and 3 days before', () => {
    const text = icsOf([ending()], about)
    assert.deepEqual(valuesOf(text, 'DTSTART'), ['20261231T225959Z'])
    assert.deepEqual(valuesOf(text, 'DTSTAMP'), ['20261121T120000Z'])
    assert.deepEqual(valuesOf(text, 'TRIGGER'), ['-P14D', '-P3D'])
    assert.deepEqual(valuesOf(text, 'SEQUENCE'), ['3'])
    const opened = unfolded(text).filter((line) => line.startsWith('BEGIN:')).length
    assert.equal(unfolded(text).filter((line) => line.startsWith('END:')).length, opened)
  })

  it('ids stay the same when the date moves, and are those of the calendar to subscribe to', () => {
    const moved = icsOf([ending({ endMs: nowMs, sequence: 4 })], about)
    assert.deepEqual(valuesOf(moved, 'UID'), valuesOf(icsOf([ending()], about), 'UID'))
    const key = {
      id: 'ab12cd34',
      name: 'Robot',
      owner: null,
      revision: 3,
      honey: null,
      expiresAt: '2026-12-31T22:59:59.999Z',
      disabledAt: null,
      removedAt: null,
    }
    const subscribed = expiryCalendar({ keys: [key], certificateNotAfter: null, site: 'x', storeId: 'store-1' }, nowMs)
    assert.deepEqual(valuesOf(subscribed, 'UID'), valuesOf(moved, 'UID'))
    assert.deepEqual(valuesOf(subscribed, 'DTSTART'), valuesOf(icsOf([ending()], about), 'DTSTART'))
  })
})
