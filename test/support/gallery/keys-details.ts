/** The details of a key, and what can be done with one, in every state. */
import type { Page } from 'playwright-core'
import type { AuditView, KeyCall, KeyEvidence } from '@postern/shared'
import { fakeKey } from '../fake-console.ts'
import type { States } from './state.ts'

export const hourMs = 3_600_000
export const agoText = (ms: number): string => new Date(Date.now() - ms).toISOString()
const hourAgo = (hours: number): string =>
  new Date(Math.floor(Date.now() / hourMs) * hourMs - hours * hourMs).toISOString()

export const toDetails = (page: Page): Promise<void> => page.click('[data-row="1"] .name')

export const evidence = (more: Partial<KeyEvidence> = {}): KeyEvidence => ({
  days: 30,
  calls: 266,
  callers_count: 2,
  callers: [
    { address: '10.0.3.7', calls: 12_200, last_hour: hourAgo(4) },
    { address: '2001:db8:85a3::8a2e:370:7334', calls: 66, last_hour: hourAgo(30) },
  ],
  endpoints: [],
  last_used_at: agoText(4 * hourMs),
  rotation: null,
  ...more,
})

const rotating = [fakeKey(1, -1), fakeKey(2, 200, { old_secret_valid_until: agoText(-100 * hourMs) })]
const moving = {
  rotated_at: agoText(30 * hourMs),
  callers: 3,
  moved: 2,
  last_old_call_hour: hourAgo(2),
  still_old: [{ address: '10.0.3.7', last_hour: hourAgo(2) }],
  on_new: [
    { address: '10.0.3.8', last_hour: hourAgo(0) },
    { address: '2001:db8:85a3::8a2e:370:7334', last_hour: hourAgo(1) },
  ],
}
const moved = {
  ...moving,
  moved: 3,
  last_old_call_hour: hourAgo(26),
  still_old: [],
  on_new: [...moving.on_new, { address: '10.0.3.7', last_hour: hourAgo(0) }],
}

export const entry = (seq: number, action: string, more: Partial<AuditView> = {}): AuditView => ({
  seq,
  ts: agoText((60 - seq) * 7 * hourMs),
  actor: { kind: 'local', name: seq % 2 === 0 ? 'anna' : 'ben', proof: 'file' },
  action,
  object: { kind: 'key', id: 'k0000002' },
  outcome: 'intent',
  came_true: true,
  generation: seq,
  request_id: null,
  ...more,
})
const trail = [
  entry(40, 'call.refused', { count: 7, actor: { kind: 'caller', name: '10.0.3.9', proof: 'none' } }),
  entry(39, 'key.reveal'),
  entry(38, 'key.edit', { fields: ['name', 'owner', 'expires'] }),
  entry(37, 'key.enable'),
  entry(36, 'key.disable'),
  entry(20, 'key.rotate', { fields: ['secret'] }),
  entry(4, 'key.of_a_later_version'),
  entry(2, 'key.issue'),
]

const made = (at: number, more: Partial<KeyCall> = {}): KeyCall => ({
  at: agoText(at * 40_000),
  request_id: `r-${at}`,
  address: '10.0.3.7',
  asked_by_proxy: false,
  method: 'GET',
  endpoint: { id: 'ep_1', pattern: '/erp/orders/{id}' },
  path: null,
  outcome: 'allow',
  secret: 'current',
  ...more,
})
const refused = (at: number, outcome: KeyCall['outcome'], more: Partial<KeyCall> = {}): KeyCall =>
  made(at, { outcome, endpoint: null, path: '/erp/orders/17', secret: null, ...more })
const calls = [
  made(0, { method: 'DELETE' }),
  made(1, { secret: 'old', address: '2001:db8:85a3::8a2e:370:7334' }),
  refused(2, 'no_endpoint', { path: `/a/path/that/${'goes/on/'.repeat(20)}…` }),
  made(3, { asked_by_proxy: true, address: '10.0.0.2', endpoint: { id: 'ep_2', pattern: null } }),
  refused(4, 'insufficient_scope', { address: '2001:db8:85a3::8a2e:370:7334' }),
  refused(5, 'credential_disabled'),
  refused(6, 'credential_expired'),
  refused(7, 'forbidden', { address: '203.0.113.250' }),
  refused(8, 'credential_invalid'),
  made(9),
]

const usage = (url: URL): object => {
  const from = url.searchParams.get('from')
  if (from === null) return { data: [{ group: { id: '' }, allowed: 1_234, refused: 5 }] }
  const data = Array.from({ length: 30 }, (_, at) => ({
    group: { id: new Date(Date.parse(from) + at * 86_400_000).toISOString().slice(0, 10) },
    allowed: at % 7 === 5 ? 0 : (at * 37) % 90,
    refused: at % 5 === 0 ? (at * 3) % 17 : 0,
  }))
  return { data }
}

export const answers = {
  'GET /v1/audit': { data: trail, count: trail.length },
  'GET /v1/usage': usage,
  'GET /v1/keys/*/evidence': evidence(),
  'GET /v1/keys/*/calls': { since: agoText(30 * hourMs), data: calls },
}
const withRotation = (rotation: KeyEvidence['rotation']) => ({
  keys: rotating,
  answers: { ...answers, 'GET /v1/keys/*/evidence': evidence({ rotation }) },
})

export const keysDetailsStates: States = {
  'key details, full': {
    scenario: { answers },
    says: 'anna changed the name, the owner, and the expiry.',
    go: toDetails,
  },
  'key details, 30 days as a table': {
    scenario: { answers },
    says: 'View as chart',
    go: async (page) => {
      await toDetails(page)
      await page.getByRole('button', { name: '30 days' }).click()
      await page.getByRole('button', { name: 'View as table' }).click()
    },
  },
  'key details, unused and nothing known': {
    scenario: {
      answers: {
        'GET /v1/audit': 500,
        'GET /v1/usage': 500,
        'GET /v1/keys/*/evidence': 500,
        'GET /v1/keys/*/calls': 500,
      },
    },
    says: 'Who uses it could not be found out.',
    go: toDetails,
  },
  'key details, no calls': {
    scenario: {
      answers: {
        ...answers,
        'GET /v1/usage': { data: [] },
        'GET /v1/keys/*/evidence': evidence({ calls: 0, callers: [] }),
      },
    },
    says: 'No calls in these days.',
    go: toDetails,
  },
  'key details, last calls': {
    scenario: { answers },
    says: 'No such endpoint, or it is disabled',
    go: async (page) => {
      await toDetails(page)
      await page.getByRole('heading', { name: 'Last calls' }).scrollIntoViewIfNeeded()
    },
  },
  'key details, few last calls': {
    scenario: {
      answers: { ...answers, 'GET /v1/keys/*/calls': { since: agoText(hourMs), data: calls.slice(0, 2) } },
    },
    says: 'they are remembered only while the service runs.',
    go: toDetails,
  },
  'key details, no last calls': {
    scenario: { answers: { ...answers, 'GET /v1/keys/*/calls': { since: agoText(hourMs), data: [] } } },
    says: 'None since',
    go: toDetails,
  },
  'key details, rotation under way': {
    scenario: withRotation(moving),
    says: 'Stop the old value now…',
    go: toDetails,
  },
  'key details, old value can go': {
    scenario: withRotation(moved),
    says: 'Retire old: unused for 24 h',
    go: toDetails,
  },
  'key details, stop the old value': {
    scenario: withRotation(moving),
    says: 'Still calling with it: 10.0.3.7.',
    go: async (page) => {
      await toDetails(page)
      await page.getByRole('button', { name: 'Stop the old value now…' }).click()
    },
  },
}
