/** API keys, in every state. */
import type { Page } from 'playwright-core'
import { fakeKey } from '../fake-console.ts'
import { damaged, locked, lost, type States } from './state.ts'

const pick = async (page: Page, item: string): Promise<void> => {
  await page.click('[data-row="3"] .actions button')
  await page.getByRole('menuitem', { name: item }).click()
}

const newValue = { ...fakeKey(99, 365), value: `postern_k0000099_${'x'.repeat(49)}` }
const endpoint = {
  id: 'ep_1',
  method: 'GET',
  path: '/erp/{rest*}',
  host: null,
  enabled: true,
  collection: { id: 'co_1' },
}
/** What the call beside a new value is made of. */
const reachable = {
  'GET /v1/endpoints': { data: [endpoint], count: 1, page: 1, per_page: 500 },
  'GET /v1/clients/*': { id: 'cl_000000000000', collections: null },
}

export const keysStates: States = {
  keys: { scenario: {}, says: 'Robot 9' },
  'keys, menu': { scenario: {}, says: 'Rotate…', go: (page) => page.click('[data-row="2"] .actions button') },
  'keys, details': { scenario: {}, says: '266 calls in 30 days', go: (page) => page.click('[data-row="1"] .name') },
  'keys, add': { scenario: {}, says: 'at 23:59 (Europe/Berlin', go: (page) => page.click('[data-action=add]') },
  'keys, add with faults': {
    scenario: {},
    says: 'Use at least 3 characters.',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.keyboard.press('Enter')
    },
  },
  'keys, custom date': {
    scenario: {},
    says: 'Date (up to five years ahead)',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.getByLabel('Custom date').check()
    },
  },
  'keys, edit': { scenario: {}, says: 'Leave as it is', go: (page) => pick(page, 'Edit') },
  'keys, rotate': { scenario: {}, says: 'Still in use: 266 calls', go: (page) => pick(page, 'Rotate') },
  'keys, delete': { scenario: {}, says: 'Type the key’s name to confirm', go: (page) => pick(page, 'Delete') },
  'keys, created': {
    scenario: { answers: { 'POST /v1/keys': newValue, ...reachable } },
    says: 'POSTERN_KEY',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.getByLabel('Name').fill('A new one')
      await page.keyboard.press('Enter')
    },
  },
  'keys, rotated': {
    scenario: {
      answers: {
        'POST /v1/keys/*/rotate': { ...newValue, old_secret_valid_until: '2026-12-01T08:00:00.000Z' },
        ...reachable,
      },
    },
    says: 'The old value works until',
    go: async (page) => {
      await pick(page, 'Rotate')
      await page.getByRole('button', { name: 'Rotate key' }).click()
    },
  },
  'keys, loading': { scenario: { answers: { 'GET /v1/keys': null } }, says: 'Loading keys' },
  'keys, empty': { scenario: { keys: [] }, says: 'No API keys yet. Connectors need one to call this gateway.' },
  'keys, no match': {
    scenario: {},
    says: 'No key matches ‘nothing-like-it’ in All.',
    go: (page) => page.fill('input[type=search]', 'nothing-like-it'),
  },
  'keys, not understood': {
    scenario: {},
    says: 'Not understood: is:purple',
    go: (page) => page.fill('input[type=search]', 'is:purple'),
  },
  'keys, locked': { scenario: { status: locked }, says: 'postern unlock --recovery' },
  'keys, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12' },
  'keys, not answering': { scenario: lost, says: 'Connecting…' },
  'keys, unexpected': { scenario: { answers: { 'GET /v1/keys': 500 } }, says: 'The disk is full.' },
}
