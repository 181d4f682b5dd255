/** The documentation of the admin API, in every state; the document is the daemon's own. */
import { openApiDocument } from '../../../daemon/src/admin/openapi.ts'
import type { Page } from 'playwright-core'
import type { Scenario } from '../fake-console.ts'
import { damaged, locked, lost, type State, type States } from './state.ts'

/** The page is a download of its own: what is above it may be there sooner. */
const toApi = async (page: Page): Promise<void> => {
  await page.locator('nav').getByText('API', { exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'API' }).waitFor()
}
const document = { 'GET /v1/openapi.json': openApiDocument('0.1.0', 'pages') }

const opened =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await toApi(page)
    await page.locator(`[data-call="${name}"] summary`).click()
  }

const state = (says: string, go: NonNullable<State['go']>, answers: Scenario['answers'] = document): State => ({
  scenario: { answers },
  says,
  go,
})

export const apiStates: States = {
  api: state('Keys in order of creation', toApi),
  'api, a call with a body': state('postern keys add NAME', opened('keys.create')),
  'api, a call with a secret': state('The body carries a secret', opened('keystore.unlock')),
  'api, an edit': state("-H 'If-Match: *'", opened('clients.edit')),
  'api, no match': state('No call matches ‘nothing-like-it’.', async (page) => {
    await toApi(page)
    await page.fill('input[type=search]', 'nothing-like-it')
  }),
  'api, empty': state('This service documents no calls.', toApi, { 'GET /v1/openapi.json': { paths: {} } }),
  'api, loading': state('Loading the documentation', toApi, { 'GET /v1/openapi.json': null }),
  'api, forbidden': state('Your account may not do this.', toApi, { 'GET /v1/openapi.json': 403 }),
  'api, unexpected': state('Something failed: store_unavailable.', toApi, { 'GET /v1/openapi.json': 500 }),
  'api, locked': { scenario: { status: locked, answers: document }, says: 'Keys in order of creation', go: toApi },
  'api, damaged': { scenario: { status: damaged, answers: document }, says: 'checksum, entry 12', go: toApi },
  'api, not answering': { scenario: lost, says: 'Connecting…', go: toApi },
}
