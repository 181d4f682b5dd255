/** Endpoints and their collections, in every state. */
import type { Page } from 'playwright-core'
import type { Scenario } from '../fake-console.ts'
import { noRecords, recordAnswers, unused } from './records.ts'
import { damaged, locked, lost, toPage, type State, type States } from './state.ts'

/** The page is a download of its own: what is above it may be there sooner. */
const toEndpoints = async (page: Page): Promise<void> => {
  await toPage('Endpoints')(page)
  await page.getByRole('heading', { level: 1, name: 'Endpoints' }).waitFor()
}

const pick =
  (name: string, item: string) =>
  async (page: Page): Promise<void> => {
    await toEndpoints(page)
    await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }

const view =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await toEndpoints(page)
    await page.getByRole('button', { name, exact: true }).first().click()
  }

const adding = async (page: Page): Promise<void> => {
  await toEndpoints(page)
  await page.getByText('/erp/orders', { exact: true }).first().waitFor()
  await page.click('[data-action=add]')
}

const state = (says: string, go: State['go'] = toEndpoints, answers: Scenario['answers'] = {}): State => ({
  scenario: { answers: { ...recordAnswers, ...answers } },
  says,
  go,
})

export const endpointsStates: States = {
  endpoints: state('Answers 404'),
  'endpoints, menu of a collection': state('Add endpoint…', async (page) => {
    await toEndpoints(page)
    await page.getByRole('button', { name: 'Actions for ERP', exact: true }).click()
  }),
  'endpoints, folded': state('6 endpoints', async (page) => {
    await toEndpoints(page)
    await page.getByRole('button', { name: 'Endpoints of ERP' }).click()
    await page.getByText('/erp/files/{rest*}').waitFor({ state: 'detached' })
  }),
  'endpoints, details': state('1,266 calls in 30 days', view('/erp/files/{rest*}')),
  'endpoints, details of a collection': state('Clients with access', view('ERP')),
  'endpoints, add': state('Where it goes', adding),
  'endpoints, preview': state('GET https://127.0.0.1:8443/shop/orders/42', async (page) => {
    await adding(page)
    await page.getByLabel('Path on the gateway').fill('/shop/orders/{id}')
    await page.getByLabel('URL of the service').fill('http://10.0.0.5/orders/{id}')
  }),
  'endpoints, add with faults': state('Enter where the calls go', async (page) => {
    await adding(page)
    await page.getByLabel('Path on the gateway').fill('/a/{b')
    await page.getByText('Host, limits and certificates').click()
    await page.getByLabel('Largest body in bytes').fill('much')
    await page.getByText('Host, limits and certificates').click()
    await page.getByRole('button', { name: 'Create endpoint' }).click()
    await page.getByText('A whole number from 0 to').waitFor()
  }),
  'endpoints, add with a new collection': state(
    'Name of the new collection',
    async (page) => {
      await toEndpoints(page)
      await page.getByText('No endpoints yet.').waitFor()
      await page.click('[data-action=add]')
    },
    { 'GET /v1/collections': noRecords, 'GET /v1/endpoints': noRecords },
  ),
  'endpoints, forward-auth': state('Postern only says whether the key may.', pick('GET /stock', 'Edit')),
  'endpoints, edit': state('Only calls for this host name.', pick('ANY /erp/files/{rest*}', 'Edit')),
  'endpoints, add collection': state('Groups what belongs together.', async (page) => {
    await toEndpoints(page)
    await page.getByRole('button', { name: 'Add collection' }).click()
  }),
  'endpoints, edit collection': state('Edit “ERP”', pick('ERP', 'Edit')),
  'endpoints, delete in use': state('Type the path to confirm', pick('GET /erp/orders', 'Delete')),
  'endpoints, delete unused': state('Nobody has called it in the last 30 days.', pick('POST /erp/orders', 'Delete'), {
    'GET /v1/endpoints/*/evidence': unused,
  }),
  'endpoints, delete collection': state('It holds no endpoints', pick('Documents', 'Delete')),
  'endpoints, collection holds some': state('It holds 4 endpoints.', pick('ERP', 'Delete')),
  'endpoints, loading': state('Loading endpoints', toEndpoints, { 'GET /v1/endpoints': null }),
  'endpoints, empty': state('No endpoints yet.', toEndpoints, {
    'GET /v1/collections': noRecords,
    'GET /v1/endpoints': noRecords,
  }),
  'endpoints, no match': state('No endpoint matches ‘nothing-like-it’.', async (page) => {
    await toEndpoints(page)
    await page.fill('input[type=search]', 'nothing-like-it')
  }),
  'endpoints, forbidden': state('Your account may not do this.', toEndpoints, { 'GET /v1/endpoints': 403 }),
  'endpoints, unexpected': state('Something failed: store_unavailable.', toEndpoints, { 'GET /v1/collections': 500 }),
  'endpoints, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toEndpoints },
  'endpoints, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toEndpoints },
  'endpoints, not answering': { scenario: lost, says: 'Connecting…', go: toEndpoints },
}
