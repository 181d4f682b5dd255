/** Policies, in every state. */
import type { Page } from 'playwright-core'
import type { PolicyView } from '@postern/shared'
import { fakeKey, type Scenario } from '../fake-console.ts'
import { noRecords, recordAnswers, someClients } from './records.ts'
import { damaged, locked, lost, toPage, type State, type States } from './state.ts'

const toPolicies = async (page: Page): Promise<void> => {
  await toPage('Policies')(page)
  await page.getByRole('heading', { level: 1, name: 'Policies' }).waitFor()
}

const policy = (at: number, name: string, more: Partial<PolicyView> = {}): PolicyView => ({
  id: `po_${String(at).padStart(12, '0')}`,
  name,
  description: '',
  windows: [],
  concurrent: null,
  keys_count: 0,
  clients_count: 0,
  created_at: '2026-02-01T08:00:00.000Z',
  updated_at: '2026-10-05T09:30:00.000Z',
  enabled: true,
  etag: '"3"',
  ...more,
})

const partners = policy(1, 'Partners', {
  description: 'What the contracts with partners allow.',
  windows: [
    { per: 'minute', calls: 5 },
    { per: 'day', calls: 1_000 },
  ],
  concurrent: 4,
  keys_count: 3,
  clients_count: 1,
})
const all = [
  partners,
  policy(2, 'Trial', { windows: [{ per: 'month', calls: 10_000 }] }),
  policy(3, 'Nightly import', { concurrent: 2, keys_count: 1, enabled: false }),
  policy(4, 'A policy with a name as long as names may be, which does not fit into its column, not even here', {
    description:
      'And a description of which one line is shown, however much there is to be said about it and whom to ask.',
    windows: [
      { per: 'second', calls: 50 },
      { per: 'minute', calls: 1_000 },
      { per: 'hour', calls: 20_000 },
      { per: 'day', calls: 100_000 },
      { per: 'month', calls: 1_000_000_000 },
    ],
    concurrent: 10_000,
    clients_count: 12,
  }),
]

const pageOf = (data: readonly object[]) => ({ data, count: data.length, page: 1, per_page: 500 })
const held = [{ id: partners.id, name: partners.name }]
export const policyAnswers = {
  'GET /v1/policies': pageOf(all),
  'GET /v1/clients': pageOf(someClients.map((each, at) => (at === 1 ? { ...each, policies: held } : each))),
} as const

const keys = [fakeKey(1, 200, { policies: held }), fakeKey(2, 90, { policies: held }), fakeKey(3, 30)]

const state = (says: string, go: State['go'] = toPolicies, answers: Scenario['answers'] = {}): State => ({
  scenario: { keys, answers: { ...recordAnswers, ...policyAnswers, ...answers } },
  says,
  go,
})

const menuOf = async (page: Page, name: string): Promise<void> => {
  await toPolicies(page)
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
}

const pick =
  (name: string, item: string) =>
  async (page: Page): Promise<void> => {
    await menuOf(page, name)
    await page.getByRole('menuitem', { name: item }).click()
  }

const add = async (page: Page): Promise<void> => {
  await toPolicies(page)
  await page.click('[data-action=add]')
}

export const policiesStates: States = {
  policies: state('5 calls a minute, 1,000 calls a day, 4 at once'),
  'policies, menu': state('Edit…', (page) => menuOf(page, 'Partners')),
  'policies, add': state('Add another limit', add),
  'policies, add, said in words': state(
    'Callers may make 5 calls a minute, 100 calls an hour, 2 at once.',
    async (page) => {
      await add(page)
      await page.getByLabel('Calls a minute').fill('5')
      await page.getByRole('button', { name: 'Add another limit' }).click()
      await page.getByLabel('Calls an hour').fill('100')
      await page.getByLabel('At once').fill('2')
    },
  ),
  'policies, add with faults': state('or remove this limit.', async (page) => {
    await add(page)
    await page.getByLabel('Calls a minute').fill('none')
    await page.getByLabel('At once').fill('0')
    await page.keyboard.press('Enter')
  }),
  'policies, add, nothing limited': state('Nothing is limited yet.', async (page) => {
    await add(page)
    await page.keyboard.type('Nothing')
    await page.getByRole('button', { name: 'Remove the limit a minute' }).click()
    await page.getByRole('button', { name: 'Create policy' }).click()
  }),
  'policies, add refused': state(
    'The disk is full.',
    async (page) => {
      await add(page)
      await page.keyboard.type('A new one')
      await page.getByLabel('Calls a minute').fill('5')
      await page.keyboard.press('Enter')
    },
    { 'POST /v1/policies': 500 },
  ),
  'policies, added': state(
    '“Trial” is created.',
    async (page) => {
      await add(page)
      await page.keyboard.type('Trial')
      await page.getByLabel('Calls a minute').fill('5')
      await page.keyboard.press('Enter')
    },
    { 'POST /v1/policies': all[1] ?? {} },
  ),
  'policies, edit': state('Edit “Partners”', pick('Partners', 'Edit')),
  'policies, disabled': state('“Partners” is disabled: its limits hold no more.', pick('Partners', 'Disable'), {
    'POST /v1/policies/*/disable': { ...partners, enabled: false },
  }),
  'policies, delete': state('Delete “Trial”?', pick('Trial', 'Delete')),
  'policies, cannot be deleted': state('It limits 3 keys and 1 client.', pick('Partners', 'Delete')),
  'policies, loading': state('Loading policies', toPolicies, { 'GET /v1/policies': null }),
  'policies, empty': state('No policies yet.', toPolicies, { 'GET /v1/policies': noRecords }),
  'policies, no match': state('No policy matches ‘nothing-like-it’.', async (page) => {
    await toPolicies(page)
    await page.fill('input[type=search]', 'nothing-like-it')
  }),
  'policies, looked at only': state(
    'Edit…',
    async (page) => {
      await menuOf(page, 'Partners')
      await page.getByTitle('This needs the role operator; you are here as viewer.').first().waitFor()
    },
    { 'GET /v1/me': { name: 'Reports', role: 'viewer', token: { id: 'at_1', expires_at: null } } },
  ),
  'policies, forbidden': state('Your account may not do this.', toPolicies, { 'GET /v1/policies': 403 }),
  'policies, unexpected': state('Something failed: store_unavailable.', toPolicies, { 'GET /v1/policies': 500 }),
  'policies, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toPolicies },
  'policies, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toPolicies },
  'policies, not answering': { scenario: lost, says: 'Connecting…', go: toPolicies },
}
