/** The texts of the expiry calendar in English. */
import { many, numbers } from '../words.ts'

export const calendarTexts = {
  loading: 'Loading keys',
  summary: (count: number) =>
    count === 0
      ? 'No key expires in these 12 months.'
      : `${many(count, 'key expires', 'keys expire')} in these 12 months.`,
  fine: 'No day needs a look.',
  attention: (days: number) => `${many(days, 'day needs', 'days need')} a look.`,
  later: (count: number) => `${many(count, 'key expires', 'keys expire')} later.`,
  past: (count: number) => `${many(count, 'key', 'keys')} expired before this month.`,
  leftOut: 'Disabled keys and traps are left out.',
  zone: (zone: string) => `Days are those of ${zone}, the gateway’s zone.`,
  strip: 'Days on which keys expire',
  how: 'Arrow keys move by days and weeks, Page Up and Page Down by months.',
  monthCount: (count: number) => many(count, 'key', 'keys'),
  day: (day: string, count: number) =>
    count === 0 ? `${day}: no key expires` : `${day}: ${many(count, 'key expires', 'keys expire')}`,
  weekend: 'weekend',
  pileUp: 'many at once',
  today: 'today',
  legend: {
    expired: 'Expired, or within 3 days',
    soon: 'Within 14 days',
    active: 'Later',
    look: 'Weekend, or 5 and more on a day',
  },
  warnings: 'Days to look at',
  onWeekend: (day: string, count: number) => `${day}: ${many(count, 'key', 'keys')} on a weekend`,
  piledUp: (day: string, count: number) => `${day}: ${many(count, 'key', 'keys')} on one day`,
  both: (day: string, count: number) => `${day}: ${many(count, 'key', 'keys')} on one day, on a weekend`,
  moreWarnings: (count: number) => `And ${many(count, 'more day', 'more days')}, marked in the calendar.`,
  noneOn: 'No key expires on this day.',
  at: (time: string) => `at ${time}`,
  ownerless: 'No owner',
  move: (weekday: string) => `Move to ${weekday}`,
  moveWhich: (name: string, day: string) => `“${name}”, ${day}`,
  empty: 'No API keys yet. When there are, this shows when they expire.',
  noneExpires: 'No key has a date on which it expires.',
  addKeys: 'Go to API keys',
  export: 'Export .ics',
  exportHint: 'A file for a calendar program, as of now, with alarms 14 and 3 days before.',
  subscribe: 'A calendar that keeps itself up to date can be subscribed to. To make it:',
  subscribeCommand: 'postern notices calendar',
  file: 'API keys',
  event: (name: string) => `API key "${name}" expires`,
  eventAbout: (id: string) => `Key ${id}; from then on calls with it are refused.`,
  eventOwner: (owner: string) => `Owner: ${owner}.`,
  notSaved: 'The file was not saved. Try it once more.',
  moreKeys: (count: number) => `And ${numbers.format(count)} more.`,
} as const
