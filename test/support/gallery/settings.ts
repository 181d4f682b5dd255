/** Settings, in every state. */
import { damaged, locked, toPage, type State, type States } from './state.ts'

const toSettings = toPage('Settings')

const settings = {
  reveal_default: 'always',
  socket_requests_per_second: 200,
  admin_requests_per_second: 10,
  wrong_credentials_per_minute: 60,
  credential_header: null,
  public_url: null,
  etag: '"1"',
}
const answers = {
  'GET /v1/settings': settings,
  'PATCH /v1/settings': { ...settings, reveal_default: 'once', etag: '"2"' },
}

const state = (
  says: string,
  go: State['go'] = toSettings,
  more: Record<string, object | number | null> = {},
): State => ({
  scenario: { answers: { ...answers, ...more } },
  says,
  go,
})

export const settingsStates: States = {
  settings: state('Admin requests a second'),
  'settings, changed': state('Changed, not saved yet.', async (page) => {
    await toSettings(page)
    await page.getByLabel('Once, when made').check()
  }),
  'settings, with a fault': state('Use a whole number from 1 to 10,000.', async (page) => {
    await toSettings(page)
    await page.getByLabel('Admin requests a second').fill('0')
    await page.keyboard.press('Enter')
  }),
  'settings, two changed': state('Changed, not saved yet.', async (page) => {
    await toSettings(page)
    await page.getByLabel('Another header for keys').fill('Ocp-Apim-Subscription-Key')
    await page.getByLabel('Wrong credentials a minute').fill('20')
  }),
  'settings, looked at only': state(
    'Changed, not saved yet.',
    async (page) => {
      await toSettings(page)
      await page.getByLabel('Wrong credentials a minute').fill('20')
      await page.getByTitle('This needs the role administrator; you are here as operator.').waitFor()
    },
    { 'GET /v1/me': { name: 'Deployment', role: 'operator', token: null } },
  ),
  'settings, saved': state('The settings are saved.', async (page) => {
    await toSettings(page)
    await page.getByLabel('Once, when made').check()
    await page.getByRole('button', { name: 'Save' }).click()
  }),
  'settings, not saved': state(
    'The disk is full.',
    async (page) => {
      await toSettings(page)
      await page.getByLabel('Once, when made').check()
      await page.getByRole('button', { name: 'Save' }).click()
    },
    { 'PATCH /v1/settings': 500 },
  ),
  'settings, dark and in UTC': {
    scenario: { answers, preferences: { theme: 'dark', zone: 'utc', density: 'compact', clipboard: '120' } },
    says: 'Keys end on days of the gateway (Europe/Berlin)',
    go: toSettings,
  },
  'settings, settled by the organisation': {
    scenario: {
      answers,
      preferences: { theme: 'dark', clipboard: '120' },
      status: { console: { clipboard_seconds: 15, lock_after_idle_minutes: 5, density: 'compact' } },
    },
    says: 'Set by your organisation.',
    go: toSettings,
  },
  'settings, loading': state('Loading settings', toSettings, { 'GET /v1/settings': null }),
  'settings, refused': state('Your account may not do this.', toSettings, { 'GET /v1/settings': 403 }),
  'settings, unexpected': state('The disk is full.', toSettings, { 'GET /v1/settings': 500 }),
  'settings, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toSettings },
  'settings, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toSettings },
  'settings, not answering': {
    scenario: { answers: { ...answers, 'GET /v1/changes': 503 } },
    says: 'The Postern service is not running',
    go: toSettings,
  },
}
