/** The details of a key, and what can be done with one, in every state. */
import type { Page } from 'playwright-core'
import type { AuditView, KeyEvidence } from '@postern/shared'
import { fakeKey } from '../fake-console.ts'
import type { States } from './state.ts'

const hourMs = 3_600_000
const agoText = (ms: number): string => new Date(Date.now() - ms).toISOString()
const hourAgo = (hours: number): string =>
  new Date(Math.floor(Date.now() / hourMs) * hourMs - hours * hourMs).toISOString()

const toDetails = (page: Page): Promise<void> => page.click('[data-row="1"] .name')

const evidence = (more: Partial<KeyEvidence> = {}): KeyEvidence => ({
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

const entry = (seq: number, action: string, more: Partial<AuditView> = {}): AuditView => ({
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

const answers = {
  'GET /v1/audit': { data: trail, count: trail.length },
  'GET /v1/usage': usage,
  'GET /v1/keys/*/evidence': evidence(),
}
const listOf = (keys: readonly object[]) => ({ data: keys, count: keys.length, page: 1, per_page: 500 })
const removed = [
  fakeKey(50, 300, { state: 'removed', removed_at: agoText(2 * hourMs), purged_at: agoText(-166 * hourMs) }),
  fakeKey(51, 10, {
    name: 'A key with a name as long as names may be, which does not fit into its column at all, not even here',
    state: 'removed',
    removed_at: agoText(150 * hourMs),
    purged_at: agoText(-18 * hourMs),
  }),
]
const withRemoved = (keys: readonly object[]) => ({
  'GET /v1/keys': (url: URL) => listOf(url.searchParams.has('state') ? keys : [fakeKey(1, 100)]),
  'GET /v1/audit': {
    data: [entry(41, 'key.remove', { object: { kind: 'key', id: 'k0000050' } })],
    count: 1,
  },
})
const toDeleted = (page: Page): Promise<void> => page.getByRole('button', { name: 'Recently deleted' }).click()
const endpoint = (id: string, method: string, path: string, host: string | null = null) => ({
  id,
  method,
  path,
  host,
  enabled: true,
  collection: { id: 'co_1', name: 'ERP' },
})
const withTry = (result: object) => ({
  ...answers,
  'GET /v1/endpoints': listOf([
    endpoint('ep_1', 'GET', '/orders/{id}'),
    endpoint('ep_2', 'ANY', '/erp/{rest*}', 'erp.example'),
  ]),
  'GET /v1/clients/*': { id: 'cl_000000000000', collections: null },
  'POST /v1/keys/*/try': result,
})
const toTry = async (page: Page): Promise<void> => {
  await toDetails(page)
  await page.getByRole('button', { name: 'Try this key…' }).click()
}
const tryWith = async (page: Page, path: string): Promise<void> => {
  await toTry(page)
  await page.getByRole('option', { name: 'GET /orders/{id}' }).waitFor({ state: 'attached' })
  await page.getByLabel('Path').fill(path)
  await page.getByRole('button', { name: 'Try', exact: true }).click()
}
const withReach = {
  'GET /v1/settings': { reveal_default: 'always', socket_requests_per_second: 200, etag: '"1"' },
  'GET /v1/clients': listOf([
    { id: 'cl_000000000000', name: 'default', collections: null },
    { id: 'cl_2', name: 'Payroll office', collections: [] },
  ]),
  'GET /v1/collections': listOf(
    ['Orders', 'Warehouse', 'Human resources', 'Invoices of all the years before'].map((name, at) => ({
      id: `co_${at}`,
      name,
    })),
  ),
}
const toMore = async (page: Page): Promise<void> => {
  await page.click('[data-action=add]')
  await page.getByText('More', { exact: true }).click()
  await page.getByText('Only what is ticked').waitFor()
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
      answers: { 'GET /v1/audit': 500, 'GET /v1/usage': 500, 'GET /v1/keys/*/evidence': 500 },
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
  'keys, suggestions': {
    scenario: {},
    says: 'Nobody is known who could be asked before it expires.',
    go: (page) => page.getByRole('button', { name: 'Suggestions (' }).click(),
  },
  'keys, set an owner': {
    scenario: {},
    says: 'Name a person or a team.',
    go: async (page) => {
      await page.getByRole('button', { name: 'Suggestions (' }).click()
      await page.getByRole('button', { name: 'Set the owner of' }).first().click()
      await page.keyboard.press('Enter')
    },
  },
  'keys, recently deleted': {
    scenario: { answers: withRemoved(removed) },
    says: 'by ben',
    go: toDeleted,
  },
  'keys, recently deleted, none': {
    scenario: { answers: withRemoved([]) },
    says: 'No key was deleted in the last 7 days.',
    go: toDeleted,
  },
  'keys, try': { scenario: { answers: withTry({}) }, says: 'The call counts as use', go: toTry },
  'keys, try, path not whole': {
    scenario: { answers: withTry({}) },
    says: 'Begin with / and put real values in place of what stands in { }.',
    go: (page) => tryWith(page, '/orders/{id}'),
  },
  'keys, try, passes': {
    scenario: { answers: withTry({ passed: true, status: 200, code: null, duration_ms: 12 }) },
    says: 'It passes. The service behind answered 200 after 12 ms.',
    go: (page) => tryWith(page, '/orders/7'),
  },
  'keys, try, refused': {
    scenario: { answers: withTry({ passed: false, status: 401, code: 'credential_expired', duration_ms: 3 }) },
    says: 'The key has expired.',
    go: (page) => tryWith(page, '/orders/7'),
  },
  'keys, try, service unreachable': {
    scenario: { answers: withTry({ passed: true, status: 502, code: 'upstream_unreachable', duration_ms: 9 }) },
    says: 'The service behind the endpoint could not be reached.',
    go: (page) => tryWith(page, '/orders/7'),
  },
  'keys, try, may change something': {
    scenario: { answers: withTry({}) },
    says: 'Tick this first: the call is carried out for real.',
    go: async (page) => {
      await toTry(page)
      await page.getByLabel('Endpoint').selectOption({ label: 'ANY erp.example/erp/{rest*}' })
      await page.getByLabel('Method').selectOption('POST')
      await page.getByRole('button', { name: 'Try', exact: true }).click()
    },
  },
  'keys, try, unexpected': {
    scenario: { answers: { ...withTry({}), 'POST /v1/keys/*/try': 500 } },
    says: 'The disk is full.',
    go: (page) => tryWith(page, '/orders/7'),
  },
  'keys, add, more': { scenario: { answers: withReach }, says: 'Only what is ticked', go: toMore },
  'keys, add, collections': {
    scenario: { answers: withReach },
    says: 'Human resources',
    go: async (page) => {
      await toMore(page)
      await page.getByLabel('Only what is ticked').check()
      await page.getByLabel('Warehouse').check()
    },
  },
  'keys, add, nothing ticked': {
    scenario: { answers: withReach },
    says: 'Tick at least one.',
    go: async (page) => {
      await toMore(page)
      await page.getByLabel('Name').fill('A new one')
      await page.getByLabel('Only what is ticked').check()
      await page.getByRole('button', { name: 'Create key' }).click()
    },
  },
  'keys, add, never expires': {
    scenario: {},
    says: 'If it is lost or stolen it works until somebody disables or deletes it.',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.getByLabel('Never', { exact: true }).check()
    },
  },
  'keys, add, in days': {
    scenario: {},
    says: 'Give a whole number of days, 1 to 1,825.',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.getByLabel('In days…').check()
      await page.getByLabel('Days (1 to 1,825)').fill('0')
    },
  },
  'keys, edit, value no longer kept': {
    scenario: { answers: withReach },
    says: 'The kept value is forgotten when you save.',
    go: async (page) => {
      await page.click('[data-row="1"] .name')
      await page.getByRole('button', { name: 'Edit…' }).click()
      await page.getByText('More', { exact: true }).click()
      await page.getByLabel('Shown once, not kept').check()
    },
  },
  'keys, disabled with evidence': {
    scenario: {
      answers: { 'POST /v1/keys/*/disable': { ...fakeKey(2, 100, { state: 'disabled' }), evidence: evidence() } },
    },
    says: '266 calls in 30 days from 2 addresses',
    go: async (page) => {
      await toDetails(page)
      await page.getByRole('button', { name: 'Disable', exact: true }).click()
    },
  },
}
