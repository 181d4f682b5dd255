/** Places in a call where callers put a key's value or its secret, the right one among them. `good`: headers of a good key. */
import { bearer, type Called } from './call.ts'
import { basicOf } from './planted-keys.ts'

const pairOf = (value: string): string => value.slice(-49)

export const misplaced: readonly ((value: string, good: Record<string, string>) => [path: string, sent?: Called])[] = [
  (value) => [`/erp/x?api_key=${value}`],
  (value, good) => [`/erp/x?api_key=${value}`, { headers: good }],
  (value) => [`/${value}`],
  (value, good) => [`/nowhere/${value}`, { headers: good }],
  (value, good) => [`/nowhere/${pairOf(value)}/more`, { headers: good }],
  (value, good) => [`/down/${value}?key=${value}`, { headers: good, method: 'POST', body: value }],
  (value) => [`/erp/${value}/..`],
  (value) => ['/erp/x', { headers: { 'user-agent': `curl ${value}`, cookie: `key=${value}` } }],
  (value) => ['/erp/x', { headers: { referer: `https://example.com/?key=${value}`, 'x-key': value } }],
  (value) => ['/erp/x', { headers: { 'x-request-id': pairOf(value) } }],
  (value, good) => ['/nowhere', { headers: { ...good, 'x-request-id': pairOf(value) } }],
  (value) => ['/erp/x', { headers: { authorization: value } }],
  (value) => ['/erp/x', { headers: { authorization: `Digest ${value}`, host: value } }],
  (value) => ['/erp/x', { headers: { ...bearer(value), 'x-api-key': value } }],
  (value) => ['/erp/x', { headers: { authorization: basicOf({ keyId: value.slice(8, 16), value, masked: '' }) } }],
  (value) => ['/erp/x', { headers: { authorization: `Basic ${Buffer.from(`${value}:`).toString('base64')}` } }],
  (value) => ['/oauth/token', { method: 'POST', body: `client_secret=${value}` }],
  (value) => [
    '/authz/forward-auth',
    { headers: { 'x-forwarded-method': 'GET', 'x-forwarded-uri': `/${value}?${value}` } },
  ],
  (value, good) => [
    '/authz/auth-request',
    { headers: { ...good, 'x-original-method': 'GET', 'x-original-uri': `/a/${value}` } },
  ],
]
