/** The frame, in every state: what opens over a page, and what is wrong with all of Postern. */
import type { Page } from 'playwright-core'
import { fakeKey, fakeStatus } from '../fake-console.ts'
import { evidence } from './keys-details.ts'
import { locked, stopped, type States } from './state.ts'

const openPalette = async (page: Page): Promise<void> => {
  await page.getByText('Service running').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').waitFor()
}

const search = async (page: Page, text: string): Promise<void> => {
  await openPalette(page)
  await page.getByRole('combobox').fill(text)
}

const clockGoingBack = [fakeStatus(), { ...fakeStatus(), now: new Date(Date.now() - 7_200_000).toISOString() }]

const tryToUnlock = async (page: Page): Promise<void> => {
  await page.getByLabel('Recovery code').fill('AAAA-BBBB')
  await page.getByRole('button', { name: 'Unlock', exact: true }).click()
}

export const frameStates: States = {
  palette: { scenario: {}, says: 'Go to Status', go: openPalette },
  'palette, one key': { scenario: {}, says: "postern keys disable 'Robot 12'", go: (page) => search(page, 'robot 12') },
  'palette, many keys': { scenario: {}, says: 'Disable key “Robot 12”', go: (page) => search(page, 'dis robot') },
  'palette, nothing': { scenario: {}, says: 'No command matches ‘zzz’.', go: (page) => search(page, 'zzz') },
  'palette, locked': {
    scenario: { status: locked },
    says: 'Off while the key store is locked.',
    go: (page) => search(page, 'add'),
  },
  help: {
    scenario: {},
    says: 'Find any page, key or command',
    go: async (page) => {
      await page.getByText('Service running').waitFor()
      await page.keyboard.press('F1')
    },
  },
  'notes, empty': {
    scenario: {},
    says: 'No messages yet.',
    go: (page) => page.getByRole('button', { name: 'Notes' }).click(),
  },
  notes: {
    scenario: {
      answers: { 'POST /v1/keys/*/disable': { ...fakeKey(2, 1.5, { state: 'disabled' }), evidence: evidence() } },
    },
    says: 'Undo the last change',
    go: async (page) => {
      await search(page, 'disable robot 2')
      await page.keyboard.press('Enter')
      await page.getByText('is disabled: calls').waitFor()
      await page.getByRole('button', { name: 'Notes' }).click()
    },
  },
  stopped: { scenario: stopped, says: 'systemctl start postern' },
  'stopped, how to come back': { scenario: stopped, says: 'this page needs a new link' },
  'stopped, of another folder': {
    scenario: { ...stopped, status: { data_dir: "/srv/Anna's keys" } },
    says: String.raw`postern run --data '/srv/Anna'\''s keys'`,
  },
  'never answered': { scenario: { answers: { 'GET /v1/changes': 503, 'GET /v1/status': 503 } }, says: 'not running' },
  'another version': { scenario: { status: { version: '1.2.3' } }, says: 'Load this page again, by a new link:' },
  'clock went back': {
    scenario: { answers: { 'GET /v1/status': clockGoingBack } },
    says: 'The gateway’s clock moved back 2 hours.',
    go: async (page) => {
      await page.getByText('Service running').waitFor()
      await page.keyboard.press('F5')
    },
  },
  'unlock, wrong code': {
    scenario: { status: locked, answers: { 'POST /v1/unlock': 500 } },
    says: 'The disk is full.',
    go: tryToUnlock,
  },
  'unlock, an older folder': {
    scenario: {
      status: {
        ...locked,
        problem: { code: 'keystore_rolled_back', detail: 'This folder is older than it should be.' },
      },
    },
    says: 'Accept the older folder.',
  },
}
