/** Backups on the page Backup & recovery, in every state: made, checked, proven, scheduled, restored, and what fails of it. */
import type { Page } from 'playwright-core'
import type { BackupReport, BackupsView, RestorePreview } from '@postern/shared'
import { fakeBackups, type Answer } from '../fake-console.ts'
import { locked, toPage, type State, type States } from './state.ts'

const toRecovery = toPage('Backup & recovery')

const dir = '/mnt/backups'
const path = `${dir}/postern-2026-11-19T08-00-00`
const last = { at: '2026-11-19T08:00:00.000Z', path, generation: 1_240 }
const failed = { at: '2026-11-20T02:00:00.000Z', problem: `${dir} cannot be written (ENOSPC)` }
const schedule = { cron: '0 2 * * *', next_at: '2026-11-22T01:00:00.000Z', failed: null, dir, keep: 14 }
const drills = { cron: '0 4 * * 0', next_at: '2026-11-22T03:00:00.000Z', failed: null }
const full: Partial<BackupsView> = { last, schedule, drill_schedule: drills }

const report: BackupReport = {
  ok: true,
  path,
  kind: 'folder',
  store_id: '0f3c9a7e5b1d4826',
  generation: 1_240,
  created_at: '2026-11-19T08:00:00.000Z',
  files: 42,
  bytes: 7_654_321,
  listed: 41,
  opened_with: 'machine key',
  records: { keys: 36, clients: 4, collections: 3, endpoints: 12 },
  secrets: 40,
  trail: 5_120,
  faults: [],
}
const faulty: BackupReport = {
  ...report,
  ok: false,
  records: null,
  secrets: null,
  trail: null,
  opened_with: null,
  faults: [
    { file: 'gen/00001240.pks', problem: 'its hash is not the one in SHA256SUMS' },
    { file: null, problem: 'no generation in it can be opened' },
  ],
}

const named = (kind: RestorePreview['adds'][number]['kind'], id: string, name: string) => ({ kind, id, name })
const preview: RestorePreview = {
  path,
  store_id: '0f3c9a7e5b1d4826',
  generation: 1_240,
  created_at: '2026-11-19T08:00:00.000Z',
  adds: [
    { ...named('key', 'k0000091', 'Payroll'), waits: true },
    { ...named('endpoint', 'ep_1', 'GET /erp/orders/{id}'), waits: false },
    { ...named('collection', 'co_1', 'ERP'), waits: false },
  ],
  replaces: [],
  differs: [{ ...named('key', 'k0000004', 'Robot 4'), fields: ['description', 'expiresAt'] }],
  keeps: 41,
  stays: [
    { ...named('key', 'k0000005', 'Robot 5'), state: 'disabled' },
    { ...named('key', 'k0000092', 'A key with a name as long as names may be, which does not fit'), state: 'removed' },
    { ...named('key', 'k0000007', 'Robot 7'), state: 'rotated' },
    { ...named('key', 'k0000008', 'Robot 8'), state: 'expires earlier' },
  ],
  skips: [{ ...named('endpoint', 'ep_2', 'ANY /crm'), why: 'ep_3 has its place: change or remove that one first' }],
  hash: 'a',
}
const replacing: RestorePreview = {
  ...preview,
  replaces: preview.differs,
  differs: [],
  keeps: 40,
  hash: 'b',
}
const nothing: RestorePreview = { ...preview, adds: [], differs: [], stays: [], skips: [] }
const many: RestorePreview = {
  ...preview,
  adds: Array.from({ length: 1_204 }, (_, at) => ({ ...named('key', `k${at}`, `Robot ${at}`), waits: true })),
}

const answers: Readonly<Record<string, Answer | readonly Answer[]>> = {
  'GET /v1/backups': fakeBackups(full),
  'POST /v1/backups': { ...last, files: 42, bytes: 7_654_321 },
  'POST /v1/backups/verify': report,
  'POST /v1/backups/drill': report,
  'POST /v1/backups/schedule': fakeBackups(full),
  'POST /v1/backups/drill/schedule': fakeBackups(full),
  'POST /v1/backups/preview': [preview, replacing],
  'POST /v1/backups/restore': preview,
}

const press = (name: string) => async (page: Page) => {
  await toRecovery(page)
  await page.getByRole('button', { name, exact: true }).click()
}
const pressed = (name: string, submit: string) => async (page: Page) => {
  await press(name)(page)
  await page.getByRole('dialog').getByRole('button', { name: submit, exact: true }).click()
}
const looked = pressed('Restore…', 'Show what it would do')
const lookedToReplace = async (page: Page): Promise<void> => {
  await looked(page)
  await page.getByLabel('Also put back records that have changed since').click()
  await page.getByText('Adds 3, replaces 1, keeps 40.').waitFor()
}
const restored = async (page: Page): Promise<void> => {
  await lookedToReplace(page)
  await page.getByLabel('Type 1 to confirm').fill('1')
  await page.getByRole('button', { name: 'Restore 4 records' }).click()
}
const state = (
  says: string,
  go: State['go'] = toRecovery,
  more: Readonly<Record<string, Answer | readonly Answer[]>> = {},
): State => ({ scenario: { answers: { ...answers, ...more } }, says, go })
const known = (says: string, more: Partial<BackupsView>): State =>
  state(says, toRecovery, { 'GET /v1/backups': fakeBackups({ ...full, ...more }) })
const running = (what: NonNullable<BackupsView['running']>['what'], total: number | null) => ({
  running: { what, bytes_done: 12_300_000, bytes_total: total },
})

export const backupsStates: States = {
  backups: state('Every night at 02:00, into /mnt/backups. 14 stay.'),
  'backups, none': known('No backup is known.', { last: null, proven: null, schedule: null, drill_schedule: null }),
  'backups, of another program': known('Copied by another program', { last: { ...last, path: null }, schedule: null }),
  'backups, nothing proven': known('No restore has been proven yet', { proven: null }),
  'backups, a proof failed': known('The last proof of a restore failed', {
    drill_failed: { ...failed, path, problem: 'keystore.bin: its hash is not the one in SHA256SUMS.' },
  }),
  'backups, a scheduled one failed': known('The scheduled backup failed', {
    schedule: { ...schedule, failed, next_at: null },
  }),
  'backups, a scheduled proof failed': known('The scheduled proof of a restore failed', {
    drill_schedule: { ...drills, cron: '*/30 2-4 * * 1-5', failed },
  }),
  'backups, one is being made': known('Making a backup: 12.3 MB of 45 MB', running('create', 45_000_000)),
  'backups, something begins': known('Checking a backup…', running('verify', null)),
  'backups, loading': state('Loading backups', toRecovery, { 'GET /v1/backups': null }),
  'backups, refused': state('Your account may not do this.', toRecovery, { 'GET /v1/backups': 403 }),
  'backups, unexpected': state('The disk is full.', toRecovery, { 'GET /v1/backups': 500 }),
  'backups, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toRecovery },
  'backups, off while locked': {
    scenario: { status: locked },
    says: 'Off while the key store is locked.',
    go: async (page) => {
      await toRecovery(page)
      await page.getByRole('button', { name: 'Restore…', exact: true }).click({ force: true })
    },
  },

  'backups, back up': state('The whole path', press('Back up now')),
  'backups, back up into a file': state('Its name ends in .tar.', async (page) => {
    await press('Back up now')(page)
    await page.getByLabel('As', { exact: true }).selectOption('file')
  }),
  'backups, backed up': state('7.7 MB', pressed('Back up now', 'Back up')),
  'backups, back up refused': state('The disk is full.', pressed('Back up now', 'Back up'), {
    'POST /v1/backups': 500,
  }),
  'backups, backing up': state('Making a backup: 12.3 MB of 45 MB', pressed('Back up now', 'Back up'), {
    'POST /v1/backups': null,
    'GET /v1/backups': [fakeBackups(full), fakeBackups({ ...full, ...running('create', 45_000_000) })],
  }),
  'backups, waiting for another': state(
    'First something else comes to its end. Proving a restore',
    pressed('Back up now', 'Back up'),
    {
      'POST /v1/backups': null,
      'GET /v1/backups': [fakeBackups(full), fakeBackups({ ...full, ...running('drill', null) })],
    },
  ),
  'backups, note': state('Has the folder just been copied?', press('Another program has just copied the folder')),

  'backups, check': state('Also open it with this machine’s key', press('Check…')),
  'backups, checked': state('The backup is good', pressed('Check…', 'Check')),
  'backups, checked by hash': state('Not opened: by its checksums alone', pressed('Check…', 'Check'), {
    'POST /v1/backups/verify': {
      ...report,
      records: null,
      secrets: null,
      trail: null,
      opened_with: null,
      listed: null,
      kind: 'archive',
    },
  }),
  'backups, faults found': state('The backup has faults', pressed('Check…', 'Check'), {
    'POST /v1/backups/verify': faulty,
  }),
  'backups, check of nothing': state('Type the path of a backup.', async (page) => {
    await press('Check…')(page)
    await page.getByLabel('Backup', { exact: true }).fill('')
    await page.keyboard.press('Enter')
  }),
  'backups, prove': state('The last known: /mnt/backups', press('Prove a restore…')),
  'backups, prove another': state('a folder, or a file that ends in .tar.', async (page) => {
    await press('Prove a restore…')(page)
    await page.getByLabel('Which').selectOption('other')
  }),
  'backups, proven': state('All of it was opened in memory.', pressed('Prove a restore…', 'Prove')),
  'backups, not proven': state('This backup cannot be restored', pressed('Prove a restore…', 'Prove'), {
    'POST /v1/backups/drill': faulty,
  }),

  'backups, no schedule': known('Postern makes none by itself.', { schedule: null, drill_schedule: null }),
  'backups, schedule': state('How many stay', press('Change… Backups')),
  'backups, own schedule': state('Five fields: minute', async (page) => {
    await press('Change… Backups')(page)
    await page.getByLabel('When').selectOption('own')
  }),
  'backups, schedule wrong': state('A whole number from 1 to 1,000.', async (page) => {
    await press('Change… Backups')(page)
    await page.getByLabel('How many stay').fill('0')
    await page.keyboard.press('Enter')
  }),
  'backups, schedule of proofs': state('Schedule of proofs', async (page) => {
    await press('Change… Proofs of a restore')(page)
    await page.getByLabel('When').selectOption('0 4 1 * *')
  }),
  'backups, turned off': state('Postern makes no more backups by itself.', press('Turn off Backups')),

  'backups, restore': state('Nothing is changed before you have seen it.', press('Restore…')),
  'backups, restore seen': state('Adds 3, replaces 0, keeps 41.', looked),
  'backups, restore replaces': state('Type 1 to confirm', lookedToReplace),
  'backups, restore not confirmed': state('Type 1.', async (page) => {
    await lookedToReplace(page)
    await page.getByRole('button', { name: 'Restore 4 records' }).click()
  }),
  'backups, restore of many': state('and 1,154 more', looked, { 'POST /v1/backups/preview': many }),
  'backups, nothing to restore': state('There is nothing to restore', looked, { 'POST /v1/backups/preview': nothing }),
  'backups, no preview': state('The disk is full.', looked, { 'POST /v1/backups/preview': 500 }),
  'backups, restored': state('1 key has come back disabled', restored, {
    'POST /v1/backups/restore': replacing,
  }),
  'backups, restore not allowed': state('The disk is full.', restored, { 'POST /v1/backups/restore': 403 }),
  'backups, changed since the preview': state('Something has changed meanwhile', restored, {
    'POST /v1/backups/restore': 412,
  }),
}
