/**
 * Ends of keys as an iCalendar file (RFC 5545). Promises: an event has the same id as in the calendar that Postern offers to
 * subscribe to, so that a calendar that gets both has it once; two alarms, when notices are sent too. Never: a key's value.
 */
import { noticeThresholds } from '@postern/shared'

export interface Ending {
  readonly id: string
  /** Grows with each change, so that calendars take the newer one. */
  readonly sequence: number
  readonly endMs: number
  readonly summary: string
  readonly description: string
}

export interface CalendarAbout {
  readonly storeId: string
  readonly name: string
  readonly nowMs: number
}

const lineOctets = 75
const alarmsAt = ['14d', '3d']
const eventMs = 15 * 60_000

/** TEXT of RFC 5545 §3.3.11. */
export const escapeText = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll(';', '\\;')
    .replaceAll(',', '\\,')
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    // No other control character may stand in a text.
    .replaceAll(/[^\P{Cc}\t]/gu, '')

const encoder = new TextEncoder()

/** At most 75 octets to a line, none of them in the middle of a character; what goes on begins with a blank. */
export const foldLine = (line: string): string => {
  const lines: string[] = []
  let [text, octets] = ['', 0]
  for (const character of line) {
    const more = encoder.encode(character).length
    if (octets + more > lineOctets) {
      lines.push(text)
      text = ' '
      octets = 1
    }
    text += character
    octets += more
  }
  return [...lines, text].join('\r\n')
}

/** In UTC, to the second. */
const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

const alarms = (summary: string): string[] =>
  noticeThresholds
    .filter(({ name }) => alarmsAt.includes(name))
    .flatMap(({ beforeMs }) => [
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `TRIGGER:-P${beforeMs / 86_400_000}D`,
      `DESCRIPTION:${escapeText(summary)}`,
      'END:VALARM',
    ])

const eventOf = (
  { id, sequence, endMs, summary, description }: Ending,
  { storeId, nowMs }: CalendarAbout,
): string[] => [
  'BEGIN:VEVENT',
  `UID:${id}@${storeId}`,
  `SEQUENCE:${sequence}`,
  `DTSTAMP:${stamp(nowMs)}`,
  `DTSTART:${stamp(endMs)}`,
  `DTEND:${stamp(endMs + eventMs)}`,
  `SUMMARY:${escapeText(summary)}`,
  `DESCRIPTION:${escapeText(description)}`,
  // The hour is nobody's to be kept free.
  'TRANSP:TRANSPARENT',
  ...alarms(summary),
  'END:VEVENT',
]

export const icsOf = (endings: readonly Ending[], about: CalendarAbout): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Postern//Postern console//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escapeText(about.name)}`,
    ...endings.flatMap((ending) => eventOf(ending, about)),
    'END:VCALENDAR',
  ]
    .map((line) => `${foldLine(line)}\r\n`)
    .join('')
