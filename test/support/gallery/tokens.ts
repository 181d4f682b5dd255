/** Admin tokens, in every state. */
import type { Page } from 'playwright-core'
import type { TokenView } from '@postern/shared'
import { dayMs, type Scenario } from '../fake-console.ts'
import { noRecords } from './records.ts'
import { damaged, locked, lost, toPage, type State, type States } from './state.ts'

const toTokens = async (page: Page): Promise<void> => {
  await toPage('Admin tokens')(page)
  await page.getByRole('heading', { level: 1, name: 'Admin tokens' }).waitFor()
}

const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString()

const token = (at: number, name: string, days: number | null, more: Partial<TokenView> = {}): TokenView => ({
  id: `at_${String(at).padStart(12, '0')}`,
  name,
  description: '',
  role: 'viewer',
  masked: `posternadm_${String(at).padStart(12, '0')}_…abcd`,
  state: 'active',
  expires_at: days === null ? null : inDays(days),
  last_used_at: null,
  keys_count: 0,
  created_at: '2026-02-01T08:00:00.000Z',
  updated_at: '2026-10-05T09:30:00.000Z',
  enabled: true,
  etag: '"3"',
  ...more,
})

const deploy = token(1, 'Deployment', 60, {
  description: 'Makes a key for each new environment.',
  role: 'operator',
  last_used_at: new Date(Date.now() - 300_000).toISOString(),
  keys_count: 4,
})
const all = [
  deploy,
  token(2, 'Nightly report', 9),
  token(3, 'Anna', 1.5, { role: 'administrator' }),
  token(4, 'Former partner', -3, { state: 'expired' }),
  token(5, 'Spare', 200, { enabled: false, state: 'disabled', role: 'administrator' }),
  token(6, 'A token with a name as long as names may be, which does not fit into its column, not even here', null),
]

const pageOf = (data: readonly object[]) => ({ data, count: data.length, page: 1, per_page: 500 })

const state = (says: string, go: State['go'] = toTokens, answers: Scenario['answers'] = {}): State => ({
  scenario: { answers: { 'GET /v1/tokens': pageOf(all), ...answers } },
  says,
  go,
})

const menuOf = async (page: Page, name: string): Promise<void> => {
  await toTokens(page)
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
}

const pick =
  (name: string, item: string) =>
  async (page: Page): Promise<void> => {
    await menuOf(page, name)
    await page.getByRole('menuitem', { name: item }).click()
  }

const add = async (page: Page): Promise<void> => {
  await toTokens(page)
  await page.click('[data-action=add]')
}

/** Nobody's: the answer of no daemon. */
const value = `posternadm_000000000001_${'x'.repeat(49)}`
const issued = { 'POST /v1/tokens': { ...deploy, value } }

const create = async (page: Page): Promise<void> => {
  await add(page)
  await page.keyboard.type('Deployment')
  await page.keyboard.press('Enter')
}

export const tokensStates: States = {
  tokens: state('Deployment'),
  'tokens, menu': state('Edit…', (page) => menuOf(page, 'Deployment')),
  'tokens, add': state('Reads everything but secrets', add),
  'tokens, add with a date': state('Date (up to one year ahead)', async (page) => {
    await add(page)
    await page.getByLabel('Date', { exact: true }).check()
  }),
  'tokens, add for good': state('Nobody is reminded to replace it.', async (page) => {
    await add(page)
    await page.getByLabel('Never').check()
  }),
  'tokens, add with faults': state('Use at least 3 characters.', async (page) => {
    await add(page)
    await page.getByLabel('Date', { exact: true }).check()
    await page.getByLabel('Date (up to').fill('')
    await page.keyboard.press('Enter')
  }),
  'tokens, add refused': state('The disk is full.', create, { 'POST /v1/tokens': 500 }),
  'tokens, issued': state('This is the only time it can be seen.', create, issued),
  'tokens, issued and shown': state(
    value,
    async (page) => {
      await create(page)
      await page.getByRole('button', { name: 'Show' }).click()
    },
    issued,
  ),
  'tokens, edit': state('Leave as it is', pick('Deployment', 'Edit')),
  'tokens, disabled': state('requests with it are refused.', pick('Deployment', 'Disable'), {
    'POST /v1/tokens/*/disable': { ...deploy, enabled: false, state: 'disabled' },
  }),
  'tokens, delete': state('4 keys name it and lose that.', pick('Deployment', 'Delete')),
  'tokens, loading': state('Loading admin tokens', toTokens, { 'GET /v1/tokens': null }),
  'tokens, empty': state('No admin tokens yet.', toTokens, { 'GET /v1/tokens': noRecords }),
  'tokens, no match': state('No admin token matches ‘nothing-like-it’.', async (page) => {
    await toTokens(page)
    await page.fill('input[type=search]', 'nothing-like-it')
  }),
  'tokens, as an operator': state('You are here as Deployment, with the role Operator.', toTokens, {
    'GET /v1/me': { name: 'Deployment', role: 'operator', token: { id: deploy.id, expires_at: deploy.expires_at } },
  }),
  'tokens, forbidden': state('This needs the role Administrator.', toTokens, {
    'GET /v1/tokens': 403,
    'GET /v1/me': 404,
  }),
  'tokens, unexpected': state('Something failed: store_unavailable.', toTokens, { 'GET /v1/tokens': 500 }),
  'tokens, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toTokens },
  'tokens, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toTokens },
  'tokens, not answering': { scenario: lost, says: 'Connecting…', go: toTokens },
}
