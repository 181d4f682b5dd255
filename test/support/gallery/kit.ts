/** The connector kit, in every state. */
import type { Page } from 'playwright-core'
import type { KitFormat, KitView } from '@postern/shared'
import { recordAnswers, someCollections } from './records.ts'
import { toPage, type State, type States } from './state.ts'

const names: Readonly<Record<KitFormat, readonly string[]>> = {
  openapi: ['openapi.json'],
  swagger: ['swagger.json'],
  'power-platform': ['apiDefinition.swagger.json', 'apiProperties.json'],
  postman: ['postman_collection.json', 'postman_environment.json'],
  curl: ['calls.sh'],
  powershell: ['calls.ps1'],
  node: ['calls.mjs'],
}
const someKit: KitView = {
  title: 'Nintex',
  version: '1.2.0',
  base_url: 'https://gateway.example.com:8443',
  base_url_guessed: false,
  document_urls: someCollections.slice(0, 2).map(({ id, name }) => ({
    collection: { id, name },
    url: `https://gateway.example.com:8443/.postern/apis/${id}/openapi.json`,
  })),
  files: Object.entries(names).flatMap(([format, files]) =>
    files.map((name) => ({ format: format as KitFormat, name, media_type: 'application/json', content: '{}\n' })),
  ),
}
const guessed: KitView = { ...someKit, base_url: 'https://localhost:8443', base_url_guessed: true, document_urls: [] }

const ofClient = async (page: Page): Promise<void> => {
  await toPage('Clients')(page)
  await page.getByRole('button', { name: 'Actions for Nintex', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Connector kit' }).click()
}
const state = (says: string, go: State['go'] = ofClient, kit: object | number | null = someKit): State => ({
  scenario: { answers: { ...recordAnswers, 'GET /v1/kit': kit } },
  says,
  go,
})

export const kitStates: States = {
  kit: state('Nintex, version 1.2.0. No key is in any file.'),
  'kit, address guessed': state('Public address in Settings', ofClient, guessed),
  'kit of a collection': state('Addresses that stay the same', async (page) => {
    await toPage('Endpoints')(page)
    await page.getByRole('button', { name: 'Actions for ERP', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Connector kit' }).click()
  }),
  'kit of a key': state('postman_collection.json', async (page) => {
    await page.click('[data-row="2"] .actions button')
    await page.getByRole('menuitem', { name: 'Connector kit' }).click()
  }),
  'kit, of whom is chosen': state('For what is reached by', async (page) => {
    await page.getByText('Service running').waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('connector')
    await page.getByRole('option', { name: 'Connector kit…' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByLabel('For what is reached by').waitFor()
  }),
  'kit, loading': state('Making the files', ofClient, null),
  'kit, nothing to describe': state('conflict', ofClient, 409),
  'kit, forbidden': state('Your account may not do this.', ofClient, 403),
  'kit, unexpected': state('The disk is full.', ofClient, 500),
}
