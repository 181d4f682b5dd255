/** The expiry calendar, in every state. */
import type { KeyView } from '@postern/shared'
import { dayMs, fakeKey, someKeys } from '../fake-console.ts'
import { damaged, locked, lost, toPage, type States } from './state.ts'

const toCalendar = toPage('Expiry calendar')

/** So many days from now, at noon of the day of the week that is wanted; 6 is Saturday. */
const daysTo = (weekday: number, after: number): number => {
  const noon = new Date(Date.now() + after * dayMs)
  noon.setUTCHours(12, 0, 0, 0)
  const ahead = (weekday - noon.getUTCDay() + 7) % 7
  return (noon.getTime() + ahead * dayMs - Date.now()) / dayMs
}

const planned = (): KeyView[] => [
  ...someKeys(),
  fakeKey(90, daysTo(6, 20), { name: 'Ends on a Saturday' }),
  fakeKey(91, daysTo(6, 20), {
    name: 'With a name as long as names may be, which does not fit beside what can be done',
  }),
  ...Array.from({ length: 7 }, (_, at) => fakeKey(100 + at, daysTo(3, 40), { name: `Piled up ${at + 1}` })),
]

export const calendarStates: States = {
  calendar: { scenario: { keys: planned() }, says: 'Days to look at', go: toCalendar },
  'calendar, a pile-up': {
    scenario: { keys: planned() },
    says: 'Piled up 7',
    go: async (page) => {
      await toCalendar(page)
      await page.getByRole('button', { name: '7 keys on one day' }).click()
    },
  },
  'calendar, a quiet day': {
    scenario: { keys: planned() },
    says: 'No key expires on this day.',
    go: async (page) => {
      await toCalendar(page)
      await page.locator('.day:not(.marked)').last().click()
    },
  },
  'calendar, no day to look at': {
    scenario: { keys: [fakeKey(1, daysTo(3, 60))] },
    says: 'No day needs a look.',
    go: toCalendar,
  },
  'calendar, loading': { scenario: { answers: { 'GET /v1/keys': null } }, says: 'Loading keys', go: toCalendar },
  'calendar, empty': { scenario: { keys: [] }, says: 'No API keys yet.', go: toCalendar },
  'calendar, nothing expires': {
    scenario: { keys: [fakeKey(1, null)] },
    says: 'No key has a date on which it expires.',
    go: toCalendar,
  },
  'calendar, move refused': {
    scenario: { keys: planned(), answers: { 'PATCH /v1/keys/*': 500 } },
    says: 'Your change was not saved.',
    go: async (page) => {
      await toCalendar(page)
      await page.getByRole('button', { name: /^Move to .*“Ends on a Saturday”/ }).click()
    },
  },
  'calendar, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toCalendar },
  'calendar, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toCalendar },
  'calendar, not answering': {
    scenario: { ...lost, keys: planned() },
    says: 'The Postern service is not running',
    go: toCalendar,
  },
  'calendar, unexpected': { scenario: { answers: { 'GET /v1/keys': 500 } }, says: 'The disk is full.', go: toCalendar },
}
