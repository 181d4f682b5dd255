/** What can be done with one key and what is suggested of all of them, in every state. */
import type { Page } from 'playwright-core'
import { fakeKey } from '../fake-console.ts'
import { agoText, answers, entry, evidence, hourMs, toDetails } from './keys-details.ts'
import type { States } from './state.ts'

const listOf = (keys: readonly object[]) => ({ data: keys, count: keys.length, page: 1, per_page: 500 })
const removed = [
  fakeKey(50, 300, { state: 'removed', removed_at: agoText(2 * hourMs), purged_at: agoText(-166 * hourMs) }),
  fakeKey(51, 10, {
    name: 'A key with a name as long as names may be, which does not fit into its column at all, not even here',
    state: 'removed',
    removed_at: agoText(150 * hourMs),
    purged_at: agoText(-18 * hourMs),
  }),
]
const withRemoved = (keys: readonly object[]) => ({
  'GET /v1/keys': (url: URL) => listOf(url.searchParams.has('state') ? keys : [fakeKey(1, 100)]),
  'GET /v1/audit': {
    data: [entry(41, 'key.remove', { object: { kind: 'key', id: 'k0000050' } })],
    count: 1,
  },
})
const toDeleted = (page: Page): Promise<void> => page.getByRole('button', { name: 'Recently deleted' }).click()
const endpoint = (id: string, method: string, path: string, host: string | null = null) => ({
  id,
  method,
  path,
  host,
  enabled: true,
  collection: { id: 'co_1', name: 'ERP' },
})
const withTry = (result: object) => ({
  ...answers,
  'GET /v1/endpoints': listOf([
    endpoint('ep_1', 'GET', '/orders/{id}'),
    endpoint('ep_2', 'ANY', '/erp/{rest*}', 'erp.example'),
  ]),
  'GET /v1/clients/*': { id: 'cl_000000000000', collections: null },
  'POST /v1/keys/*/try': result,
})
const toTry = async (page: Page): Promise<void> => {
  await toDetails(page)
  await page.getByRole('button', { name: 'Try this key…' }).click()
}
const tryWith = async (page: Page, path: string): Promise<void> => {
  await toTry(page)
  await page.getByRole('option', { name: 'GET /orders/{id}' }).waitFor({ state: 'attached' })
  await page.getByLabel('Path', { exact: true }).fill(path)
  await page.getByRole('button', { name: 'Try', exact: true }).click()
}
export const withReach = {
  'GET /v1/settings': { reveal_default: 'always', socket_requests_per_second: 200, etag: '"1"' },
  'GET /v1/clients': listOf([
    { id: 'cl_000000000000', name: 'default', collections: null },
    { id: 'cl_2', name: 'Payroll office', collections: [] },
  ]),
  'GET /v1/collections': listOf(
    ['Orders', 'Warehouse', 'Human resources', 'Invoices of all the years before'].map((name, at) => ({
      id: `co_${at}`,
      name,
    })),
  ),
  'GET /v1/endpoints': listOf([
    endpoint('ep_1', 'GET', '/orders/{id}'),
    endpoint('ep_2', 'ANY', '/erp/{rest*}', 'erp.example'),
  ]),
}
const toMore = async (page: Page): Promise<void> => {
  await page.click('[data-action=add]')
  await page.getByText('More', { exact: true }).click()
  await page.getByText('What it may do', { exact: true }).click()
  await page.getByText('Only what is ticked').waitFor()
}

export const keysCareStates: States = {
  'keys, suggestions': {
    scenario: {},
    says: 'Nobody is known who could be asked before it expires.',
    go: (page) => page.getByRole('button', { name: 'Suggestions (' }).click(),
  },
  'keys, set an owner': {
    scenario: {},
    says: 'Name a person or a team.',
    go: async (page) => {
      await page.getByRole('button', { name: 'Suggestions (' }).click()
      await page.getByRole('button', { name: 'Set owner… of' }).first().click()
      await page.keyboard.press('Enter')
    },
  },
  'keys, recently deleted': {
    scenario: { answers: withRemoved(removed) },
    says: 'by ben',
    go: toDeleted,
  },
  'keys, recently deleted, none': {
    scenario: { answers: withRemoved([]) },
    says: 'No key was deleted in the last 7 days.',
    go: toDeleted,
  },
  'keys, try': { scenario: { answers: withTry({}) }, says: 'The call counts as use', go: toTry },
  'keys, try, path not whole': {
    scenario: { answers: withTry({}) },
    says: 'Begin with / and put real values in place of what stands in { }.',
    go: (page) => tryWith(page, '/orders/{id}'),
  },
  'keys, try, passes': {
    scenario: { answers: withTry({ passed: true, status: 200, code: null, duration_ms: 12 }) },
    says: 'It passes. The service behind answered 200 after 12 ms.',
    go: (page) => tryWith(page, '/orders/7'),
  },
  'keys, try, refused': {
    scenario: { answers: withTry({ passed: false, status: 401, code: 'credential_expired', duration_ms: 3 }) },
    says: 'The key has expired.',
    go: (page) => tryWith(page, '/orders/7'),
  },
  'keys, try, service unreachable': {
    scenario: { answers: withTry({ passed: true, status: 502, code: 'upstream_unreachable', duration_ms: 9 }) },
    says: 'The service behind the endpoint could not be reached.',
    go: (page) => tryWith(page, '/orders/7'),
  },
  'keys, try, may change something': {
    scenario: { answers: withTry({}) },
    says: 'Tick this first: the call is carried out for real.',
    go: async (page) => {
      await toTry(page)
      await page.getByLabel('Endpoint').selectOption({ label: 'ANY erp.example/erp/{rest*}' })
      await page.getByLabel('Method').selectOption('POST')
      await page.getByRole('button', { name: 'Try', exact: true }).click()
    },
  },
  'keys, try, unexpected': {
    scenario: { answers: { ...withTry({}), 'POST /v1/keys/*/try': 500 } },
    says: 'The disk is full.',
    go: (page) => tryWith(page, '/orders/7'),
  },
  'keys, add, more': { scenario: { answers: withReach }, says: 'Only what is ticked', go: toMore },
  'keys, add, collections': {
    scenario: { answers: withReach },
    says: 'Human resources',
    go: async (page) => {
      await toMore(page)
      await page.getByLabel('Only what is ticked').check()
      await page.getByLabel('Warehouse').check()
    },
  },
  'keys, add, nothing ticked': {
    scenario: { answers: withReach },
    says: 'Tick at least one.',
    go: async (page) => {
      await toMore(page)
      await page.getByLabel('Name').fill('A new one')
      await page.getByLabel('Only what is ticked').check()
      await page.getByRole('button', { name: 'Create key' }).click()
    },
  },
  'keys, add, never expires': {
    scenario: {},
    says: 'If it is lost or stolen it works until somebody disables or deletes it.',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.getByLabel('Never', { exact: true }).check()
    },
  },
  'keys, add, in days': {
    scenario: {},
    says: 'Give a whole number of days, 1 to 1,825.',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.getByLabel('In days…').check()
      await page.getByLabel('Days (1 to 1,825)').fill('0')
    },
  },
  'keys, edit, value no longer kept': {
    scenario: { answers: withReach },
    says: 'The kept value is forgotten when you save.',
    go: async (page) => {
      await page.click('[data-row="1"] .name')
      await page.getByRole('button', { name: 'Edit…' }).click()
      await page.getByText('More', { exact: true }).click()
      await page.getByLabel('Shown once, not kept').check()
    },
  },
  'keys, disabled with evidence': {
    scenario: {
      answers: { 'POST /v1/keys/*/disable': { ...fakeKey(2, 100, { state: 'disabled' }), evidence: evidence() } },
    },
    says: '266 calls in 30 days from 2 addresses',
    go: async (page) => {
      await toDetails(page)
      await page.getByRole('button', { name: 'Disable', exact: true }).click()
    },
  },
}
