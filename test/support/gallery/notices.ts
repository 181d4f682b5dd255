/** Notices, in every state: what was told, channels, blocked addresses, and each of their dialogs. */
import type { Page } from 'playwright-core'
import type { NoticeView, ReceiptView } from '@postern/shared'
import { damaged, locked, toPage, type State, type States } from './state.ts'

const toNotices = toPage('Notices')

const receipt = (channel: ReceiptView['channel'], more: Partial<ReceiptView> = {}): ReceiptView => ({
  channel,
  state: 'accepted',
  attempts: 1,
  at: '2026-11-20T08:00:05.000Z',
  note: 'written to the log',
  next_at: null,
  ...more,
})

const notice = (at: number, more: Partial<NoticeView> = {}): NoticeView => ({
  id: `key:k000000${at}:14d`,
  kind: 'key_expiry',
  severity: 'warning',
  at: '2026-11-20T08:00:00.000Z',
  due_at: '2026-11-20T08:00:00.000Z',
  subject: { kind: 'key', id: `k000000${at}`, name: `Robot ${at}` },
  text: `The key "Robot ${at}" (k000000${at}), owned by Anna, expires on 2036-12-04 at 22:59 UTC.`,
  receipts: [receipt('log'), receipt('mail', { note: '250 2.0.0 queued as 4F1B' })],
  ...more,
})

const missed = {
  state: 'owed',
  attempts: 3,
  note: 'the receiver answered 503',
  next_at: '2026-11-21T09:00:00.000Z',
} as const

const notices: readonly NoticeView[] = [
  notice(1, {
    kind: 'honey_key',
    severity: 'urgent',
    text: 'Somebody at 203.0.113.7 has presented the honey key "Robot 1" (k0000001), which nobody should have. It was refused. Wherever that key was put, somebody has been reading.',
    receipts: [receipt('log'), receipt('mail', { note: '250 queued' }), receipt('webhook', missed)],
  }),
  notice(2, { expires_at: '2036-12-04T22:59:59.999Z' }),
  notice(3, {
    kind: 'recovery_kit',
    severity: 'warning',
    subject: { kind: 'recovery_kit', id: 'x', name: 'the recovery kit' },
    text: 'No recovery kit of this keystore has ever been tried.',
    receipts: [
      receipt('log'),
      receipt('mail', { state: 'owed', attempts: 0, at: null, note: null, next_at: '2026-11-21T08:00:00.000Z' }),
    ],
  }),
  notice(4, {
    kind: 'alarm',
    severity: 'info',
    subject: { kind: 'alarm', id: 'x', name: 'x' },
    text: 'The certificate has been renewed.',
    receipts: [
      receipt('log'),
      receipt('syslog', { state: 'given_up', attempts: 40, note: 'connect ECONNREFUSED 10.0.0.9:6514' }),
    ],
  }),
]

const channels = {
  mail: {
    host: 'mail.example.com',
    port: 587,
    security: 'starttls',
    user: 'postern',
    from: 'Postern <postern@example.com>',
    to: ['ops@example.com', 'security@example.com'],
  },
  webhook: { url: 'https://hooks.example.com/postern' },
  syslog: null,
  system: { name: 'postern' },
}
const none = { mail: null, webhook: null, syslog: null, system: null }
const blocks = [
  {
    network: '203.0.113.7',
    key: { id: 'k0000001', name: 'Backup robot' },
    created_at: '2026-11-20T08:00:00.000Z',
    until: '2026-11-21T08:00:00.000Z',
  },
]
const listOf = (data: readonly unknown[], count = data.length) => ({ data, count, page: 1, per_page: 200 })

const answers = {
  'GET /v1/notices': listOf(notices),
  'GET /v1/channels': channels,
  'GET /v1/calendar': { created_at: '2026-11-01T08:00:00.000Z', path: '/.postern/calendar.ics' },
  'GET /v1/blocks': listOf(blocks),
  'POST /v1/notices/test': {
    receipts: [
      receipt('log'),
      receipt('mail', { note: '250 2.0.0 queued as 4F1B' }),
      receipt('webhook', { state: 'owed', note: 'the receiver answered 503' }),
    ],
  },
  'POST /v1/channels/webhook': { ...channels, secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
  'POST /v1/channels/mail': 500,
  'POST /v1/calendar': {
    created_at: '2026-11-21T08:00:00.000Z',
    path: '/.postern/calendar.ics',
    token: 'A'.repeat(43),
  },
}

const tab = (name: string) => async (page: Page) => {
  await toNotices(page)
  await page.getByRole('tab', { name }).click()
}
const channelsTab = tab('Where they go')
const press =
  (name: string, before: (page: Page) => Promise<void> = channelsTab) =>
  async (page: Page) => {
    await before(page)
    await page.getByRole('button', { name }).click()
  }
const state = (
  says: string,
  go: State['go'] = toNotices,
  more: Record<string, object | number | null> = {},
): State => ({
  scenario: { answers: { ...answers, ...more } },
  says,
  go,
})

export const noticesStates: States = {
  notices: state('Somebody at 203.0.113.7'),
  'notices, receipts': state('written to the log', async (page) => {
    await toNotices(page)
    await page.locator('summary').first().click()
  }),
  'notices, more than a page': state('1 to 200 of 450', toNotices, { 'GET /v1/notices': listOf(notices, 450) }),
  'notices, no match': state('No notice matches ‘nothing-like-it’ in Urgent.', async (page) => {
    await toNotices(page)
    await page.getByRole('button', { name: 'Urgent' }).click()
    await page.fill('input[type=search]', 'nothing-like-it')
  }),
  'notices, empty': state('Nothing has been told yet.', toNotices, { 'GET /v1/notices': listOf([]) }),
  'notices, loading': state('Loading notices', toNotices, { 'GET /v1/notices': null }),
  'notices, refused': state('Your account may not do this.', toNotices, { 'GET /v1/notices': 403 }),
  'notices, unexpected': state('The disk is full.', toNotices, { 'GET /v1/notices': 500 }),
  'notices, locked': { scenario: { status: locked }, says: 'postern unlock --recovery', go: toNotices },
  'notices, damaged': { scenario: { status: damaged }, says: 'checksum, entry 12', go: toNotices },
  'notices, not answering': {
    scenario: { answers: { ...answers, 'GET /v1/changes': 503 } },
    says: 'The Postern service is not running',
    go: toNotices,
  },
  'notices, test': state('the receiver answered 503', press('Send a test notice', toNotices)),
  'notices, test refused': state('The disk is full.', press('Send a test notice', toNotices), {
    'POST /v1/notices/test': 500,
  }),
  'notices, channels': state('https://hooks.example.com/postern', channelsTab),
  'notices, no channels': state('Not set up', channelsTab, {
    'GET /v1/channels': none,
    'GET /v1/calendar': { created_at: null, path: '/.postern/calendar.ics' },
  }),
  'notices, channels loading': state('Loading channels', channelsTab, { 'GET /v1/channels': null }),
  'notices, channels refused': state('Your account may not do this.', channelsTab, { 'GET /v1/channels': 403 }),
  'notices, mail': state('One address to a line', press('Change… Mail')),
  'notices, mail refused': state('The disk is full.', async (page) => {
    await press('Change… Mail')(page)
    await page.getByRole('button', { name: 'Save' }).click()
  }),
  'notices, mail with faults': state('Use a whole number from 1 to 65535.', async (page) => {
    await press('Change… Mail')(page)
    await page.getByLabel('Server').fill('')
    await page.getByLabel('Port').fill('x')
    await page.keyboard.press('Enter')
  }),
  'notices, webhook': state('a new one is drawn and shown once', press('Change… Webhook')),
  'notices, webhook secret': state('This is the only time it can be seen.', async (page) => {
    await press('Change… Webhook')(page)
    await page.keyboard.press('Enter')
  }),
  'notices, syslog': state('TCP and UDP are not encrypted.', press('Set up… Syslog')),
  'notices, system log': state('1 to 32 letters', press('Change… System log')),
  'notices, remove a channel': state('Remove Mail?', press('Remove… Mail')),
  'notices, new calendar': state('Make a new address?', press('New address…')),
  'notices, calendar made': state('Whoever has it can read names', async (page) => {
    await press('New address…')(page)
    await page.getByRole('button', { name: 'Make new address' }).click()
  }),
  'notices, blocked': state('203.0.113.7', tab('Blocked addresses')),
  'notices, none blocked': state('No address is blocked.', tab('Blocked addresses'), { 'GET /v1/blocks': listOf([]) }),
  'notices, blocked loading': state('Loading blocked addresses', tab('Blocked addresses'), { 'GET /v1/blocks': null }),
  'notices, blocked refused': state('Your account may not do this.', tab('Blocked addresses'), {
    'GET /v1/blocks': 403,
  }),
  'notices, let in': state('Let 203.0.113.7 in again?', press('Let in… 203.0.113.7', tab('Blocked addresses'))),
}
