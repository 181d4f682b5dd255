/** Clients, collections and endpoints like those of a daemon, for the states of their pages. */
import type { ClientView, CollectionView, EndpointView } from '@postern/shared'

const dated = {
  created_at: '2026-02-01T08:00:00.000Z',
  updated_at: '2026-10-05T09:30:00.000Z',
  enabled: true,
  etag: '"3"',
}

const client = (at: number, name: string, more: Partial<ClientView> = {}): ClientView => ({
  ...dated,
  id: `cl_${String(at).padStart(12, '0')}`,
  name,
  description: '',
  project: null,
  email: null,
  collections: null,
  addresses: { allow: null, deny: [] },
  policies: [],
  accepts: ['key', 'oauth2'],
  sign_in: null,
  administrator: false,
  active_keys_count: 0,
  total_keys_count: 0,
  ...more,
})

const collection = (at: number, name: string, count: number, more: Partial<CollectionView> = {}): CollectionView => ({
  ...dated,
  id: `co_${String(at).padStart(12, '0')}`,
  name,
  description: '',
  project: null,
  version: '1.0.0',
  endpoints_count: count,
  ...more,
})

export const someCollections: readonly CollectionView[] = [
  collection(1, 'ERP', 4, { project: 'Finance', description: 'Orders and invoices of the ERP.' }),
  collection(2, 'Warehouse', 2, { enabled: false }),
  collection(3, 'Documents', 0, { project: 'Archive' }),
]
const [erp, warehouse] = someCollections

export const someClients: readonly ClientView[] = [
  client(0, 'default', { active_keys_count: 35, total_keys_count: 36 }),
  client(1, 'Nintex', {
    project: 'Finance',
    email: 'workflows@example.com',
    description: 'Workflows of the finance department.',
    collections: erp === undefined ? [] : [{ id: erp.id, name: erp.name }],
    active_keys_count: 2,
    total_keys_count: 3,
  }),
  client(2, 'Warehouse scanners', { project: 'Logistics', email: 'dock@example.com', enabled: false }),
  client(3, 'A client with a name as long as names may be, which does not fit into its column, not even here', {
    project: 'A project with quite a long name of its own',
    email: 'somebody.with.a.long.name@department.subsidiary.example.com',
    collections: [],
  }),
  ...Array.from({ length: 12 }, (_, at) =>
    client(at + 10, `Partner ${at + 1}`, { project: at % 2 === 0 ? 'Partners' : null, total_keys_count: at }),
  ),
]

/** `target`: "METHOD /path". */
const endpoint = (
  at: number,
  target: string,
  upstream: string | null,
  more: Partial<EndpointView> = {},
): EndpointView => ({
  ...dated,
  id: `ep_${String(at).padStart(12, '0')}`,
  collection: { id: erp?.id ?? '', name: erp?.name ?? '' },
  description: '',
  method: target.split(' ')[0] as EndpointView['method'],
  path: target.split(' ')[1] ?? '',
  host: null,
  upstream,
  upstream_ca: null,
  query_parameter: null,
  principal: false,
  deprecation: null,
  body_bytes_max: 10_485_760,
  connect_timeout_ms: 5_000,
  answer_timeout_ms: 30_000,
  idle_timeout_ms: 30_000,
  ...more,
})

export const someEndpoints: readonly EndpointView[] = [
  endpoint(1, 'GET /erp/orders', 'http://10.0.0.5/orders'),
  endpoint(2, 'GET /erp/orders/{id}', 'http://10.0.0.5/orders/{id}', { description: 'One order with its lines.' }),
  endpoint(3, 'POST /erp/orders', 'http://10.0.0.5/orders', { enabled: false }),
  endpoint(4, 'ANY /erp/files/{rest*}', 'https://files.erp.example.internal:8443/api/v2/files/{rest*}', {
    host: 'erp.example.com',
  }),
  endpoint(5, 'GET /stock', null, { collection: { id: warehouse?.id ?? '', name: 'Warehouse' } }),
  endpoint(6, 'PUT /stock/{article}', 'http://10.0.0.9/stock/{article}', {
    collection: { id: warehouse?.id ?? '', name: 'Warehouse' },
  }),
]

const pageOf = (data: readonly object[]) => ({ data, count: data.length, page: 1, per_page: 500 })

const reach = {
  days: 30,
  calls: 1_266,
  keys_count: 2,
  callers_count: 2,
  callers: [
    { address: '10.0.3.7', calls: 1_200, last_hour: '2026-11-20T08:00:00.000Z' },
    { address: '10.0.3.9', calls: 66, last_hour: '2026-11-19T14:00:00.000Z' },
  ],
  last_hour: '2026-11-20T08:00:00.000Z',
}
export const unused = { days: 30, calls: 0, keys_count: 0, callers_count: 0, callers: [], last_hour: null }

export const recordAnswers = {
  'GET /v1/clients': pageOf(someClients),
  'GET /v1/collections': pageOf(someCollections),
  'GET /v1/endpoints': pageOf(someEndpoints),
  'GET /v1/clients/*/evidence': reach,
  'GET /v1/collections/*/evidence': reach,
  'GET /v1/endpoints/*/evidence': reach,
}

export const noRecords = pageOf([])
