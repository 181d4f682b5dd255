/** Usage, in every state. */
import type { Page } from 'playwright-core'
import { damaged, locked, lost, toPage, type States } from './state.ts'

const toUsage = toPage('Usage')

const row = (id: string, name: string, allowed: number, outcomes: Readonly<Record<string, number>>) => {
  const refused = Object.values(outcomes).reduce((sum, calls) => sum + calls, 0)
  const [first, last] = ['2026-11-01T08:00:00.000Z', '2026-11-21T08:00:00.000Z']
  const counted = { calls: allowed + refused, allowed, refused, callers: 1 + (allowed % 7) }
  return { group: { id, name }, ...counted, outcomes: { allow: allowed, ...outcomes }, first, last }
}

const hourMs = 3_600_000

/** The time that the page asks for, in the bars it asks for; each group once. */
export const usageAnswer = (url: URL): object => {
  const by = url.searchParams.get('group_by') ?? 'key'
  const from = url.searchParams.get('from') ?? ''
  const stepMs = by === 'hour' ? hourMs : 24 * hourMs
  const startMs = Date.parse(from.length === 10 ? `${from}T00:00:00Z` : from)
  const times = Array.from({ length: Math.ceil((Date.now() - startMs) / stepMs) }, (_, at) => {
    const start = new Date(startMs + at * stepMs).toISOString()
    const calls = Math.round(900 + 800 * Math.sin(at / 3))
    const wrong = at % 5 === 0 ? { credential_expired: 240, credential_invalid: 12 } : { credential_expired: 8 }
    return row(by === 'hour' ? start : start.slice(0, by === 'day' ? 10 : 7), start, calls, wrong)
  })
  const months = times.filter(({ group }, at) => times.findIndex((each) => each.group.id === group.id) === at)
  const groups: Readonly<Record<string, object[]>> = {
    key: [
      row('k0000001', 'Robot 1', 18_240, { credential_expired: 2 }),
      row('k0000002', 'A key with a name as long as names may be, which does not fit', 4_100, {}),
      row('k0000003', '=HYPERLINK("https://example.com")', 12, { insufficient_scope: 3 }),
      row('', 'no key', 0, { credential_missing: 77 }),
    ],
    endpoint: [row('ep_1', 'ANY /erp/{rest*}', 22_352, {}), row('*', 'several', 9, {})],
  }
  const data = ['hour', 'day', 'month'].includes(by) ? months : (groups[by] ?? groups['key'] ?? [])
  return { from: new Date(startMs).toISOString(), to: new Date().toISOString(), group_by: by, calls: 22_443, data }
}

const none = (url: URL): object => ({ ...usageAnswer(url), calls: 0, data: [] })
const usage = { answers: { 'GET /v1/usage': usageAnswer } }
const kept = (preferences: Readonly<Record<string, string>>) => ({ ...usage, preferences })

const narrow = async (page: Page): Promise<void> => {
  await toUsage(page)
  await page.getByRole('button', { name: 'Robot 1' }).click()
}
const dates = async (page: Page): Promise<void> => {
  await toUsage(page)
  await page.getByRole('button', { name: 'Dates…' }).click()
}

export const usageStates: States = {
  usage: { scenario: usage, says: 'Why calls were refused', go: toUsage },
  'usage, 30 days': { scenario: kept({ 'usage-range': '30d' }), says: 'They begin at', go: toUsage },
  'usage, 12 months': { scenario: kept({ 'usage-range': '12m' }), says: 'Months are shown whole', go: toUsage },
  'usage, as a table': { scenario: kept({ 'usage-bars': 'table' }), says: 'Hour from', go: toUsage },
  'usage, by endpoint': {
    scenario: kept({ 'usage-group': 'endpoint' }),
    says: 'Several, counted together',
    go: toUsage,
  },
  'usage, one key': { scenario: usage, says: 'Show all calls', go: narrow },
  'usage, dates': { scenario: usage, says: 'From', go: dates },
  'usage, wrong dates': {
    scenario: usage,
    says: 'Choose a first day',
    go: async (page) => {
      await dates(page)
      await page.getByLabel('From').fill('2030-01-01')
    },
  },
  'usage, a name that is none': {
    scenario: usage,
    says: 'No key has this name.',
    go: async (page) => {
      await toUsage(page)
      await page.getByLabel('Calls of').selectOption('One key')
      await page.getByLabel('Name of the key').fill('Nobody')
    },
  },
  'usage, loading': { scenario: { answers: { 'GET /v1/usage': null } }, says: 'Loading usage', go: toUsage },
  'usage, empty': { scenario: { answers: { 'GET /v1/usage': none } }, says: 'No calls in this time.', go: toUsage },
  'usage, no match': {
    scenario: {
      answers: { 'GET /v1/usage': (url) => (url.searchParams.has('key') ? none(url) : usageAnswer(url)) },
    },
    says: 'No calls of “Robot 1” in this time.',
    go: narrow,
  },
  'usage, forbidden': {
    scenario: { answers: { 'GET /v1/usage': 403 } },
    says: 'Your account may not do this.',
    go: toUsage,
  },
  'usage, unexpected': { scenario: { answers: { 'GET /v1/usage': 500 } }, says: 'The disk is full.', go: toUsage },
  'usage, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toUsage },
  'usage, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toUsage },
  'usage, not answering': { scenario: lost, says: 'The Postern service is not running', go: toUsage },
}
