/**
 * When keys and the certificate expire, as an iCalendar feed (RFC 5545) that calendar programs subscribe to. Promises: one
 * event for each, whose id stays the same when its date moves; alarms when notices are sent too. Never: a key that is
 * disabled, removed or a trap.
 */
import ical, { ICalAlarmType, ICalCalendarMethod } from 'ical-generator'
import { noticeThresholds, type KeyFacts } from '@postern/shared'

export interface CalendarKey extends KeyFacts {
  readonly id: string
  readonly name: string
  readonly owner: string | null
  readonly revision: number
  readonly honey: object | null
}

interface Ending {
  readonly id: string
  /** Grows with each change, so that calendars take the newer one. */
  readonly sequence: number
  readonly endMs: number
  readonly summary: string
  readonly description: string
}

const dayMs = 86_400_000
const backDays = 30
const aheadDays = 400
/** The nearest; a calendar with more helps nobody. */
const eventsMax = 1_000

export const expiryCalendar = (
  {
    keys,
    certificateNotAfter,
    site,
    storeId,
  }: {
    keys: Iterable<CalendarKey>
    certificateNotAfter: string | null
    /** The machine as its calendar is called. */
    site: string
    storeId: string
  },
  nowMs: number,
): string => {
  const calendar = ical({
    name: `API keys of ${site}`,
    prodId: { company: 'Postern', product: 'Postern', language: 'EN' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 3600,
  })
  const events: Parameters<typeof calendar.createEvent>[0][] = []
  const add = ({ id, sequence, endMs, summary, description }: Ending): void => {
    if (!(endMs > nowMs - backDays * dayMs && endMs < nowMs + aheadDays * dayMs)) return
    events.push({
      id: `${id}@${storeId}`,
      sequence,
      stamp: new Date(nowMs),
      start: new Date(endMs),
      end: new Date(endMs + 15 * 60_000),
      summary,
      description,
      alarms: noticeThresholds
        .filter(({ beforeMs }) => beforeMs > 0)
        .map(({ beforeMs }) => ({ type: ICalAlarmType.display, triggerBefore: beforeMs / 1000, description: summary })),
    })
  }
  for (const key of keys) {
    if (key.expiresAt === null || key.disabledAt !== null || key.removedAt !== null || key.honey !== null) continue
    const owner = key.owner === null ? '' : ` Owner: ${key.owner}.`
    add({
      id: `key-${key.id}`,
      sequence: key.revision,
      endMs: Date.parse(key.expiresAt),
      summary: `API key "${key.name}" expires`,
      description: `Key ${key.id}; from then on calls with it are refused.${owner}`,
    })
  }
  if (certificateNotAfter !== null)
    add({
      id: 'certificate',
      sequence: 0,
      endMs: Date.parse(certificateNotAfter),
      summary: 'The certificate of the gateway ends',
      description: `The connector listener of ${site}.`,
    })
  const nearest = events.toSorted((a, b) => startOf(a) - startOf(b)).slice(0, eventsMax)
  for (const event of nearest) calendar.createEvent(event)
  // RFC 5545 §3.1: every line ends, the last one too.
  return `${calendar.toString().trimEnd()}\r\n`
}

const startOf = ({ start }: { start: unknown }): number => (start as Date).getTime()
