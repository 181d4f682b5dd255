/** Status, in every state. */
import { fakeBackups } from '../fake-console.ts'
import { damaged, locked, stopped, toPage, type States } from './state.ts'

const recoverySlot = {
  id: 'sl_2',
  kind: 'recovery',
  created_at: '2026-01-01T00:00:00.000Z',
  this_machine: false,
  health: 'ok',
  confirmed_at: null,
}

const lostNotice = {
  id: 'backup:1',
  kind: 'backup',
  severity: 'warning',
  at: '2026-11-20T08:00:00.000Z',
  subject: { kind: 'backup', id: 'backup', name: 'the backup' },
  text: 'Postern knows of no backup of its data folder.',
  receipts: [
    {
      channel: 'mail',
      state: 'given_up',
      attempts: 7,
      at: '2026-11-20T09:00:00.000Z',
      note: '550 no such mailbox',
      next_at: null,
    },
  ],
}

const toStatus = toPage('Status')

export const statusStates: States = {
  status: { scenario: {}, says: 'Postern is working. 3 keys need attention.', go: toStatus },
  'status, loading': { scenario: { answers: { 'GET /v1/status': null } }, says: 'Loading status', go: toStatus },
  'status, fine and empty': { scenario: { keys: [] }, says: 'No key expires.', go: toStatus },
  'status, locked': { scenario: { status: locked }, says: 'Postern is locked. Callers are refused.', go: toStatus },
  'status, damaged': { scenario: { status: damaged }, says: 'Postern cannot read its key store.', go: toStatus },
  'status, no backup': {
    scenario: { answers: { 'GET /v1/backups': fakeBackups({ last: null, proven: null }) } },
    says: 'postern backup create DIR',
    go: toStatus,
  },
  'status, restore proven': { scenario: {}, says: 'Restore proven 3 days ago', go: toStatus },
  'status, no restore proven': {
    scenario: { answers: { 'GET /v1/backups': fakeBackups({ proven: null }) } },
    says: 'No restore has been proven yet',
    go: toStatus,
  },
  'status, a proof failed': {
    scenario: {
      answers: {
        'GET /v1/backups': fakeBackups({
          drill_failed: {
            at: new Date().toISOString(),
            path: '/mnt/a',
            problem: 'gen/00000040.pks: its hash differs.',
          },
        }),
      },
    },
    says: 'The last proof of a restore failed: gen/00000040.pks: its hash differs.',
    go: toStatus,
  },
  'status, backups without a schedule': {
    scenario: {
      answers: {
        'GET /v1/backups': fakeBackups({ last: { at: new Date().toISOString(), path: '/mnt/a/b', generation: 40 } }),
      },
    },
    says: 'Set a schedule…',
    go: toStatus,
  },
  'status, clock': {
    scenario: { status: { now: new Date(Date.now() + 7_200_000).toISOString() } },
    says: 'Expiry is judged by the gateway.',
    go: toStatus,
  },
  'status, stopped': {
    scenario: stopped,
    says: 'Copy the command to start it',
    go: async (page) => {
      await toStatus(page)
      await page.getByText('The Postern service is not running').waitFor({ timeout: 15_000 })
    },
  },
  'status, certificate': {
    scenario: {
      status: {
        certificate: {
          source: 'file',
          subject: 'CN=x',
          not_after: new Date(Date.now() + 5 * 86_400_000).toISOString(),
          fingerprint256: 'AA',
          ca_file: null,
        },
      },
    },
    says: 'Callers refuse the gateway when its certificate has ended.',
    go: toStatus,
  },
  'status, kit never tried': {
    scenario: { answers: { 'GET /v1/slots': { data: [recoverySlot], count: 1, page: 1, per_page: 50 } } },
    says: 'Never tried',
    go: toStatus,
  },
  'status, no kit': {
    scenario: { answers: { 'GET /v1/slots': { data: [], count: 0, page: 1, per_page: 50 } } },
    says: 'There is no recovery kit',
    go: toStatus,
  },
  'status, notice not delivered': {
    scenario: { answers: { 'GET /v1/notices': { data: [lostNotice], count: 1, page: 1, per_page: 50 } } },
    says: 'This was not delivered by mail:',
    go: toStatus,
  },
  'status, alarms': {
    scenario: {
      status: {
        alarms: [
          { kind: 'slot_copy_damaged', at: '2026-11-20T08:00:00.000Z', message: 'One copy of a key slot is bad.' },
        ],
      },
    },
    says: 'One copy of a key slot is bad.',
    go: toStatus,
  },
  'status, parts unanswered': {
    scenario: { answers: { 'GET /v1/slots': 500, 'GET /v1/notices': 500, 'GET /v1/backups': 500 } },
    says: 'The disk is full.',
    go: toStatus,
  },
}
