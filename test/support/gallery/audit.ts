/** The audit trail, in every state. */
import type { Page } from 'playwright-core'
import type { AuditVerification, AuditView } from '@postern/shared'
import type { Scenario } from '../fake-console.ts'
import { damaged, locked, lost, toPage, type States } from './state.ts'

const toAudit = toPage('Audit trail')
const count = 1_284
const hash = 'a1b2c3d4'.repeat(8)

const kinds: readonly Partial<AuditView>[] = [
  { action: 'key.edit', fields: ['name', 'expires'] },
  {
    action: 'call.refused',
    actor: { kind: 'caller', name: '10.0.3.7', proof: 'none' },
    object: { kind: 'address', id: '10.0.3.7' },
    outcome: 'refused',
    generation: null,
    request_id: null,
    count: 266,
    note: 'credential_expired, in the minute from 2026-11-20T08:00:00.000Z',
  },
  { action: 'key.issue', came_true: false, actor: { kind: 'local', name: 'bert', proof: 'claimed' } },
  {
    action: 'trail',
    actor: { kind: 'system', name: 'postern', proof: 'none' },
    object: { kind: 'trail', id: 'trail' },
    outcome: 'gap',
    missing: { from: 12, to: 14 },
    note: 'records 12 to 14 were written and are not there any more',
  },
  { action: 'key.reveal', outcome: 'done', generation: null },
]

const record = (seq: number): AuditView => ({
  seq,
  ts: new Date(Date.UTC(2026, 10, 20) - (count - seq) * 900_000).toISOString(),
  actor: { kind: 'local', name: 'anna', proof: 'file' },
  action: 'key.edit',
  object: { kind: 'key', id: `k${String(seq).padStart(7, '0')}`, name: `Robot ${seq}` },
  outcome: 'intent',
  came_true: true,
  generation: seq,
  request_id: '01JCX3T9Q0',
  boot: '1a2b3c4d',
  mono_ms: 90_000,
  prev: hash,
  ...(seq % 2 === 0 ? { sig: 'x'.repeat(86) } : {}),
  ...kinds[seq % kinds.length],
})

const page = (url: URL): object => {
  const [at, size] = [Number(url.searchParams.get('page')), Number(url.searchParams.get('per_page'))]
  const isNone = url.searchParams.get('object') === 'nothing'
  const data = Array.from({ length: isNone ? 0 : size }, (_, index) => record(count - (at - 1) * size - index))
  return { data, count: isNone ? 0 : count, page: at, per_page: size }
}

const whole: AuditVerification = {
  ok: true,
  entries: count,
  unchained: 0,
  first_seq: 1,
  last_seq: count,
  head: hash,
  gaps: [],
  bad: null,
}

const receiver = { receiver: null, sent_seq: null, last_seq: count, problem: null }

const base = { 'GET /v1/audit': page, 'GET /v1/audit/receiver': receiver }
const audit = (more: Scenario['answers'] = {}): Scenario => ({ answers: { ...base, ...more } })
const verify = async (shown: Page): Promise<void> => {
  await toAudit(shown)
  await shown.getByRole('button', { name: 'Verify' }).click()
}
const found = (more: Partial<AuditVerification>): Scenario =>
  audit({ 'GET /v1/audit/verification': { ...whole, ...more } })

export const auditStates: States = {
  audit: { scenario: audit(), says: '50 of 1,284 records', go: toAudit },
  'audit, older': {
    scenario: audit(),
    says: '100 of 1,284 records',
    go: async (shown) => {
      await toAudit(shown)
      await shown.getByRole('button', { name: 'Show older records' }).click()
    },
  },
  'audit, details': {
    scenario: audit(),
    says: 'SHA-256 of the record before',
    go: async (shown) => {
      await toAudit(shown)
      await shown.getByRole('button', { name: 'Record 1,280: details' }).click()
    },
  },
  'audit, verified': { scenario: found({}), says: 'Verified 1,284 entries, no gaps.', go: verify },
  'audit, gaps': {
    scenario: found({ gaps: [{ seq: 15, from: 12, to: 14 }], unchained: 3 }),
    says: 'Records 12 to 14 are missing.',
    go: verify,
  },
  'audit, bad': {
    scenario: found({ ok: false, entries: 56, bad: { seq: 57, reason: 'the seal of the record is not genuine' } }),
    says: 'From record 57 on the trail cannot be relied on',
    go: verify,
  },
  'audit, verifying': {
    scenario: audit({ 'GET /v1/audit/verification': null }),
    says: 'Reading the whole trail…',
    go: verify,
  },
  'audit, sent': {
    scenario: audit({
      'GET /v1/audit/receiver': {
        receiver: { host: 'logs.example.com', port: 6514 },
        sent_seq: 1_200,
        last_seq: count,
        problem: 'connect ECONNREFUSED',
      },
    }),
    says: '1,200 of 1,284 records are there.',
    go: toAudit,
  },
  'audit, loading': { scenario: audit({ 'GET /v1/audit': null }), says: 'Loading the audit trail', go: toAudit },
  'audit, empty': {
    scenario: audit({ 'GET /v1/audit': { data: [], count: 0, page: 1, per_page: 50 } }),
    says: 'Nothing is recorded yet.',
    go: toAudit,
  },
  'audit, no match': {
    scenario: audit(),
    says: 'No record matches this filter.',
    go: async (shown) => {
      await toAudit(shown)
      await shown.getByLabel('Object', { exact: true }).fill('nothing')
    },
  },
  'audit, forbidden': { scenario: audit({ 'GET /v1/audit': 403 }), says: 'Your account may not do this.', go: toAudit },
  'audit, unexpected': { scenario: audit({ 'GET /v1/audit': 500 }), says: 'The disk is full.', go: toAudit },
  'audit, verify refused': {
    scenario: audit({ 'GET /v1/audit/verification': 500 }),
    says: 'The disk is full.',
    go: verify,
  },
  'audit, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toAudit },
  'audit, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toAudit },
  'audit, not answering': { scenario: lost, says: 'The Postern service is not running', go: toAudit },
}
