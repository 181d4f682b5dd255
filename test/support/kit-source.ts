/** What connector kits are made from in tests. */
import type { KitEndpoint, KitSource } from '../../daemon/src/kit/source.ts'

export const kitEndpoint = (
  method: KitEndpoint['method'],
  path: string,
  more: Partial<KitEndpoint> = {},
): KitEndpoint => ({
  method,
  path,
  description: '',
  host: null,
  queryParameter: null,
  deprecation: null,
  collection: 'Orders',
  ...more,
})

export const kitSource = (endpoints: readonly KitEndpoint[], more: Partial<KitSource> = {}): KitSource => ({
  title: 'Orders',
  version: '1.2.0',
  description: '',
  baseUrl: 'https://gateway.example:8443',
  caFile: null,
  accepts: ['key', 'oauth2'],
  methods: null,
  endpoints,
  ...more,
})

/** Of every kind that a document has to bend for. */
export const manyEndpoints: readonly KitEndpoint[] = [
  kitEndpoint('GET', '/orders/{id}', { description: 'Read an order\nwith its lines' }),
  kitEndpoint('ANY', '/files/{rest*}', { description: 'Files', queryParameter: 'api key' }),
  kitEndpoint('POST', '/orders/{number}', {
    deprecation: { since: '2026-01-01T00:00:00.000Z', sunset: '2027-01-01T00:00:00.000Z', link: 'https://x.example/' },
  }),
  kitEndpoint('GET', '/files/{id}', { host: 'files.example' }),
  kitEndpoint('PUT', '/v1/:batch/'),
  kitEndpoint('HEAD', '/'),
  kitEndpoint('OPTIONS', '/orders-all'),
  kitEndpoint('GET', '/orders/all'),
  kitEndpoint('GET', '/orders-all', { host: 'erp.example' }),
]
