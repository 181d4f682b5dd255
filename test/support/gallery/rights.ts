/** What keys, clients and endpoints may do: in their forms, and in words. */
import type { Page } from 'playwright-core'
import type { LimitStanding, PolicyView, TokenView } from '@postern/shared'
import { fakeKey } from '../fake-console.ts'
import { answers, agoText, toDetails } from './keys-details.ts'
import { recordAnswers, someClients, someCollections, someEndpoints } from './records.ts'
import { toPage, type States } from './state.ts'

const dated = { created_at: '2026-02-01T08:00:00.000Z', updated_at: '2026-10-05T09:30:00.000Z', etag: '"3"' }
const policy = (at: number, name: string, more: Partial<PolicyView>): PolicyView => ({
  ...dated,
  id: `po_${at}`,
  name,
  description: '',
  windows: [],
  concurrent: null,
  keys_count: at,
  clients_count: 0,
  enabled: true,
  ...more,
})
const policies = [
  policy(1, 'Partners', {
    windows: [
      { per: 'second', calls: 10 },
      { per: 'day', calls: 20_000 },
    ],
    concurrent: 4,
  }),
  policy(2, '60 calls a minute', { windows: [{ per: 'minute', calls: 60 }] }),
  policy(3, 'Trial', { windows: [{ per: 'month', calls: 500 }], enabled: false }),
]
const token = (at: number, name: string, role: TokenView['role']): TokenView => ({
  ...dated,
  id: `at_${at}`,
  name,
  description: '',
  role,
  masked: 'postern_admin_…',
  state: 'active',
  expires_at: null,
  last_used_at: null,
  keys_count: 1,
  enabled: true,
})
const tokens = [
  token(1, 'Ticket system', 'operator'),
  token(2, 'A dashboard with a name as long as names may be, which does not fit', 'viewer'),
  token(3, 'Anna', 'administrator'),
]
const listOf = (data: readonly object[]) => ({ data, count: data.length, page: 1, per_page: 500 })

const withRights = {
  ...recordAnswers,
  'GET /v1/settings': { reveal_default: 'always', socket_requests_per_second: 200, etag: '"1"' },
  'GET /v1/policies': listOf(policies),
  'GET /v1/tokens': listOf(tokens),
}

const [erp] = someCollections
const [orders] = someEndpoints
const narrowed = fakeKey(2, 200, {
  collections: [{ id: erp?.id ?? '', name: 'ERP' }],
  endpoints: [{ id: orders?.id ?? '', name: 'GET /erp/orders' }],
  methods: ['GET', 'HEAD'],
  addresses: { allow: ['10.0.3.0/24', '2001:db8:85a3::/48'], deny: ['10.0.3.99'] },
  policies: [{ id: 'po_2', name: '60 calls a minute' }],
  subject: 'anna@example.com',
  grants: [{ token: { id: 'at_1', name: 'Ticket system' }, rights: ['view', 'manage'] }],
})
const standing = (more: Partial<LimitStanding>): LimitStanding => ({
  policy: { id: 'po_2', name: '60 calls a minute' },
  held_by: 'key',
  per: 'minute',
  limit: 60,
  remaining: 12,
  resets_at: agoText(-20_000),
  ...more,
})
const partners = { policy: { id: 'po_1', name: 'Partners' }, held_by: 'client' } as const
const left = {
  data: [
    standing({}),
    standing({ ...partners, per: 'day', limit: 20_000, remaining: 17_345, resets_at: agoText(-9 * 3_600_000) }),
    standing({ ...partners, per: 'concurrent', limit: 4, remaining: 4, resets_at: null }),
  ],
}
const withNarrowed = {
  keys: [fakeKey(1, -1), narrowed],
  answers: { ...answers, ...withRights, 'GET /v1/keys/*/limits': left },
}

const open = async (page: Page): Promise<void> => {
  await page.click('[data-action=add]')
  await page.getByText('What it may do', { exact: true }).click()
  await page.getByLabel('Only what is ticked').waitFor()
}
const edit = async (page: Page): Promise<void> => {
  await toDetails(page)
  await page.getByRole('button', { name: 'Edit…' }).click()
}
const editClient = async (page: Page, name: string): Promise<void> => {
  await toPage('Clients')(page)
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
}
const limitedClient = (at: number) =>
  listOf(
    someClients.map((client, index) =>
      index === at
        ? {
            ...client,
            addresses: { allow: ['10.0.0.0/8'], deny: [] },
            policies: [{ id: 'po_1', name: 'Partners' }],
          }
        : client,
    ),
  )
const told = listOf(
  someEndpoints.map((endpoint, at) =>
    at === 0
      ? {
          ...endpoint,
          query_parameter: 'api_key',
          principal: true,
          deprecation: {
            since: '2026-09-01T00:00:00.000Z',
            sunset: '2027-03-01T00:00:00.000Z',
            link: 'https://example.com/orders-v2',
          },
        }
      : endpoint,
  ),
)
const viewOrders = async (page: Page): Promise<void> => {
  await toPage('Endpoints')(page)
  await page.getByRole('button', { name: '/erp/orders', exact: true }).first().click()
}

export const rightsStates: States = {
  'rights, add': {
    scenario: { answers: withRights },
    says: '10 calls a second, 20,000 calls a day, 4 at once',
    go: open,
  },
  'rights, narrowed': {
    scenario: { answers: withRights },
    says: 'At most so many calls',
    go: async (page) => {
      await open(page)
      await page.getByLabel('Only what is ticked').check()
      await page.getByLabel('ERP', { exact: true }).check()
      await page.getByLabel('Only these endpoints').check()
      await page.getByLabel('GET /erp/orders', { exact: true }).check()
      await page.getByLabel('Only these methods').check()
      await page.getByLabel('GET', { exact: true }).check()
      await page.getByLabel('Calls come from').fill('10.0.3.0/24')
      await page.getByRole('button', { name: 'New limit…' }).click()
      await page.keyboard.type('5')
    },
  },
  'rights, nothing ticked and no number': {
    scenario: { answers: withRights },
    says: 'Give a whole number of calls',
    go: async (page) => {
      await open(page)
      await page.getByLabel('Name').fill('A new one')
      await page.getByLabel('Only these methods').check()
      await page.getByLabel('Only these endpoints').check()
      await page.getByRole('button', { name: 'New limit…' }).click()
      await page.getByRole('button', { name: 'Create key' }).click()
    },
  },
  'rights, edit, folded': { scenario: withNarrowed, says: '1 collection, 1 endpoint, GET/HEAD, 3 networks', go: edit },
  'rights, details': { scenario: withNarrowed, says: '12 left', go: toDetails },
  'rights, details, limits not to be had': {
    scenario: { ...withNarrowed, answers: { ...withNarrowed.answers, 'GET /v1/keys/*/limits': 500 } },
    says: 'What is left of them could not be found out.',
    go: toDetails,
  },
  'rights, who may manage it': {
    scenario: withNarrowed,
    says: 'And administrators, always.',
    go: async (page) => {
      await edit(page)
      await page.getByText('More', { exact: true }).click()
    },
  },
  'rights, who may manage it, no administrator': {
    scenario: { answers: { ...withRights, 'GET /v1/tokens': 403 } },
    says: 'Only administrators are told, and decide, who may manage this key.',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.getByText('More', { exact: true }).click()
    },
  },
  'rights, not to be read': {
    scenario: { answers: { ...withRights, 'GET /v1/clients': 500, 'GET /v1/policies': 500, 'GET /v1/tokens': 500 } },
    says: 'The policies could not be read.',
    go: async (page) => {
      await page.click('[data-action=add]')
      await page.getByText('What it may do', { exact: true }).click()
      await page.getByText('More', { exact: true }).click()
    },
  },
  'rights of a client': {
    scenario: { answers: { ...withRights, 'GET /v1/clients': limitedClient(1) } },
    says: 'For all keys of this client together.',
    go: (page) => editClient(page, 'Nintex'),
  },
  'rights of a client, details': {
    scenario: { answers: { ...withRights, 'GET /v1/clients': limitedClient(1) } },
    says: 'Partners: 10 calls a second, 20,000 calls a day, 4 at once',
    go: async (page) => {
      await toPage('Clients')(page)
      await page.getByRole('button', { name: 'Nintex', exact: true }).click()
    },
  },
  'callers of an endpoint': {
    scenario: { answers: { ...withRights, 'GET /v1/endpoints': told } },
    says: 'URLs end up in the logs and histories of others',
    go: async (page) => {
      await toPage('Endpoints')(page)
      await page.getByRole('button', { name: 'Actions for GET /erp/orders', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Edit' }).click()
    },
  },
  'callers of an endpoint, since when': {
    scenario: { answers: withRights },
    says: 'Say since when.',
    go: async (page) => {
      await toPage('Endpoints')(page)
      await page.getByRole('button', { name: 'Actions for GET /erp/orders', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Edit' }).click()
      await page.getByText('Keys in URLs, signed word, deprecation').click()
      await page.getByLabel('Deprecated: callers are told').check()
      await page.getByRole('button', { name: 'Save' }).click()
    },
  },
  'callers of an endpoint, details': {
    scenario: { answers: { ...withRights, 'GET /v1/endpoints': told } },
    says: 'In headers, and in the query parameter api_key',
    go: viewOrders,
  },
}
