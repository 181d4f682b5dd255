/** Clients, in every state. */
import type { Page } from 'playwright-core'
import type { Scenario } from '../fake-console.ts'
import { noRecords, recordAnswers, unused } from './records.ts'
import { damaged, locked, lost, toPage, type State, type States } from './state.ts'

/** The page is a download of its own: what is above it may be there sooner. */
const toClients = async (page: Page): Promise<void> => {
  await toPage('Clients')(page)
  await page.getByRole('heading', { level: 1, name: 'Clients' }).waitFor()
}

const menuOf = async (page: Page, name: string): Promise<void> => {
  await toClients(page)
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
}

const pick =
  (name: string, item: string) =>
  async (page: Page): Promise<void> => {
    await menuOf(page, name)
    await page.getByRole('menuitem', { name: item }).click()
  }

const state = (says: string, go: State['go'] = toClients, answers: Scenario['answers'] = {}): State => ({
  scenario: { answers: { ...recordAnswers, ...answers } },
  says,
  go,
})

export const clientsStates: States = {
  clients: state('Warehouse scanners'),
  'clients, menu': state('Show its keys', (page) => menuOf(page, 'Nintex')),
  'clients, one project': state('2 clients', async (page) => {
    await toClients(page)
    await page.getByLabel('Project', { exact: true }).selectOption('Logistics')
    await page.getByLabel('Project', { exact: true }).selectOption('Finance')
    await page.getByText('1 client').first().waitFor()
    await page.getByLabel('Project', { exact: true }).selectOption('Without a project')
    await page.getByRole('searchbox').fill('partner 1')
  }),
  'clients, details': state('1,266 calls in 30 days', async (page) => {
    await toClients(page)
    await page.getByRole('button', { name: 'default', exact: true }).click()
  }),
  'clients, add': state('With none chosen, its keys reach nothing.', async (page) => {
    await toClients(page)
    await page.click('[data-action=add]')
  }),
  'clients, add with faults': state('Use at least 3 characters.', async (page) => {
    await toClients(page)
    await page.click('[data-action=add]')
    await page.keyboard.press('Enter')
  }),
  'clients, add refused': state(
    'The disk is full.',
    async (page) => {
      await toClients(page)
      await page.click('[data-action=add]')
      await page.keyboard.type('A new one')
      await page.keyboard.press('Enter')
    },
    { 'POST /v1/clients': 500 },
  ),
  'clients, edit': state('1 collection chosen.', pick('Nintex', 'Edit')),
  'clients, edit the default': state('The client “default” keeps its name.', pick('default', 'Edit')),
  'clients, delete': state('Delete “Warehouse scanners”?', pick('Warehouse scanners', 'Delete'), {
    'GET /v1/clients/*/evidence': unused,
  }),
  'clients, has keys': state('It owns 3 keys.', pick('Nintex', 'Delete')),
  'clients, cannot be deleted': state('The client “default” is always there.', pick('default', 'Delete')),
  'clients, loading': state('Loading clients', toClients, { 'GET /v1/clients': null }),
  'clients, empty': state('No clients yet.', toClients, { 'GET /v1/clients': noRecords }),
  'clients, no match': state('No client matches ‘nothing-like-it’.', async (page) => {
    await toClients(page)
    await page.fill('input[type=search]', 'nothing-like-it')
  }),
  'clients, forbidden': state('Your account may not do this.', toClients, { 'GET /v1/clients': 403 }),
  'clients, unexpected': state('Something failed: store_unavailable.', toClients, { 'GET /v1/clients': 500 }),
  'clients, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toClients },
  'clients, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toClients },
  'clients, not answering': { scenario: lost, says: 'Connecting…', go: toClients },
}
