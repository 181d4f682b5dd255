/** Key slots in every state: kits made and tried, and each of their dialogs. The backups below them are backups.ts. */
import type { Page } from 'playwright-core'
import type { SlotView } from '@postern/shared'
import { damaged, locked, toPage, type State, type States } from './state.ts'

const toRecovery = toPage('Backup & recovery')

const slot = (id: string, more: Partial<SlotView> = {}): SlotView => ({
  id,
  kind: 'recovery',
  created_at: '2026-05-01T08:00:00.000Z',
  this_machine: false,
  health: 'ok',
  confirmed_at: null,
  ...more,
})
const own = slot('1111111111111111', { kind: 'machine', this_machine: true })
const slots = [
  own,
  slot('2222222222222222', { confirmed_at: '2026-11-01T08:00:00.000Z' }),
  slot('3333333333333333'),
  slot('4444444444444444', { kind: 'machine', health: 'damaged' }),
]
const listOf = (data: readonly unknown[]) => ({ data, count: data.length, page: 1, per_page: 500 })

const answers = {
  'GET /v1/slots': listOf(slots),
  'POST /v1/slots': {
    slot_id: '5555555555555555',
    store_id: '0f3c9a7e5b1d4826',
    code: Array.from({ length: 14 }, (_, at) => `A${at % 10}B7`).join('-'),
  },
  'POST /v1/slots/confirm': { slot_id: '3333333333333333', confirmed_at: '2026-11-21T08:00:00.000Z' },
}

const press = (name: string) => async (page: Page) => {
  await toRecovery(page)
  await page.getByRole('button', { name, exact: true }).click()
}
const remove = (id: string) => async (page: Page) => {
  await toRecovery(page)
  await page.getByRole('button', { name: `Actions for slot ${id}` }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
}
const makeKit = async (page: Page): Promise<void> => {
  await press('New recovery kit')(page)
  await page.getByRole('button', { name: 'Make kit' }).click()
}
const tryCode = async (page: Page): Promise<void> => {
  await press('Try a kit')(page)
  await page.getByLabel('Recovery code').fill('ABCD')
  await page.keyboard.press('Enter')
}
const state = (
  says: string,
  go: State['go'] = toRecovery,
  more: Record<string, object | number | null> = {},
): State => ({
  scenario: { answers: { ...answers, ...more } },
  says,
  go,
})

export const recoveryStates: States = {
  recovery: state('Never tried'),
  'recovery, menu': state('Try…', async (page) => {
    await toRecovery(page)
    await page.getByRole('button', { name: 'Actions for slot 2222222222222222' }).click()
  }),
  'recovery, no slots': state('No key slot is known.', toRecovery, { 'GET /v1/slots': listOf([]) }),
  'recovery, loading': state('Loading key slots', toRecovery, { 'GET /v1/slots': null, 'GET /v1/backups': null }),
  'recovery, refused': state('Your account may not do this.', toRecovery, { 'GET /v1/slots': 403 }),
  'recovery, unexpected': state('The disk is full.', toRecovery, { 'GET /v1/slots': 500 }),
  'recovery, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toRecovery },
  'recovery, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toRecovery },
  'recovery, not answering': {
    scenario: { answers: { ...answers, 'GET /v1/changes': 503 } },
    says: 'The Postern service is not running',
    go: toRecovery,
  },
  'recovery, make a kit': state('Make a new recovery kit?', press('New recovery kit')),
  'recovery, kit': state('Postern recovery kit', makeKit),
  'recovery, leaving a kit': state('The code is not shown again.', async (page) => {
    await makeKit(page)
    await page.getByText('Postern recovery kit').waitFor()
    await page.keyboard.press('Escape')
  }),
  'recovery, try': state('14 groups of 4 characters', press('Try a kit')),
  'recovery, right': state('The code opens this key store (slot 3333333333333333).', tryCode),
  'recovery, wrong': state('Type the code.', async (page) => {
    await press('Try a kit')(page)
    await page.keyboard.press('Enter')
  }),
  'recovery, change the root key': state('Every recovery kit stays valid', press('Change the root key…')),
  'recovery, remove a kit': state('Backups made before stay openable with it.', remove('3333333333333333')),
  'recovery, remove the only tried kit': state('No other kit has ever been tried.', remove('2222222222222222')),
  'recovery, remove another machine': state('The machine that has this slot', remove('4444444444444444')),
  'recovery, this machine stays': state('Postern would be locked', remove('1111111111111111')),
  'recovery, the last kit stays': state('This is the last recovery slot.', remove('2222222222222222'), {
    'GET /v1/slots': listOf(slots.slice(0, 2)),
  }),
}
