/** The table of keys with its columns, its densities, and many keys at once. */
import type { Page } from 'playwright-core'
import { someKeys } from '../fake-console.ts'
import type { States } from './state.ts'

/** The first three and the sixth. */
const select = async (page: Page): Promise<void> => {
  await page.focus('[data-row="0"] [data-column="1"]')
  for (const pressed of ['Space', 'Shift+ArrowDown', 'Shift+ArrowDown']) await page.keyboard.press(pressed)
  await page.click('[data-row="5"] .select')
}

const ask =
  (button: string) =>
  async (page: Page): Promise<void> => {
    await select(page)
    await page.locator('.bulk-bar').getByRole('button', { name: button }).click()
  }

const disabled = Object.fromEntries(
  someKeys()
    .slice(1)
    .map((key) => [`POST /v1/keys/${key.id}/disable`, { ...key, state: 'disabled', evidence: { calls: 0, days: 30 } }]),
)

export const keysGridStates: States = {
  'keys, some selected': { scenario: {}, says: '4 selected', go: select },
  'keys, some of the selected hidden': {
    scenario: {},
    says: '3 of them not in this list',
    go: async (page) => {
      await select(page)
      await page.locator('.chip', { hasText: 'Expired' }).click()
    },
  },
  'keys, extend some': { scenario: {}, says: '4 keys get this date.', go: ask('Extend') },
  'keys, extend none': {
    scenario: {},
    says: 'None of the selected keys ends earlier than this.',
    go: async (page) => {
      await page.fill('input[type=search]', 'Robot 36')
      await page.locator('.shown', { hasText: '1 key' }).waitFor()
      await page.click('[data-row="0"] .select')
      await page.locator('.bulk-bar').getByRole('button', { name: 'Extend' }).click()
      await page.getByLabel('30 days').check()
      await page.getByRole('dialog').getByRole('button', { name: 'Extend' }).click()
    },
  },
  'keys, owner of some': { scenario: {}, says: 'Empty: no owner.', go: ask('Set owner') },
  'keys, delete some': { scenario: {}, says: 'Type the number of keys, 4, to confirm', go: ask('Delete') },
  'keys, change under way': {
    scenario: { answers: { 'POST /v1/keys/*/disable': null } },
    says: 'Disabling: 0 of 4 keys',
    go: ask('Disable'),
  },
  'keys, change failed for some': {
    scenario: { answers: { ...disabled, 'POST /v1/keys/*/disable': 503 } },
    says: '3 of 4 keys disabled. 1 failed.',
    go: ask('Disable'),
  },
  'keys, change left while it goes on': {
    scenario: { answers: { ...disabled, 'POST /v1/keys/*/disable': 503 } },
    says: 'Retry the one',
    go: async (page) => {
      await ask('Disable')(page)
      await page.getByText('Retry the one').waitFor()
      await page.locator('nav button', { hasText: 'Status' }).click()
      await page.locator('nav button', { hasText: 'API keys' }).click()
    },
  },
  'keys, compact': { scenario: { preferences: { density: 'compact' } }, says: 'Robot 15' },
  'keys, comfortable': {
    scenario: { preferences: { density: 'comfortable' } },
    says: 'Used by the nightly import',
  },
  'keys, column menu': {
    scenario: {},
    says: 'Usual width',
    go: (page) => page.locator('.head .expires').click({ button: 'right' }),
  },
  'keys, columns of chosen widths': {
    scenario: { preferences: { 'keys.widths': 'name:300 usage:220' } },
    says: 'Robot 9',
  },
  'keys, found': {
    scenario: { preferences: { density: 'comfortable' } },
    says: '4 keys',
    go: (page) => page.fill('input[type=search]', 'nightly 1'),
  },
  'keys, calls not to be had': { scenario: { answers: { 'GET /v1/usage/daily': 403 } }, says: 'Robot 9' },
}
