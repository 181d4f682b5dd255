/** The preview of an endpoint says what is called and where that goes. */
import assert from 'node:assert/strict'
import { gatewayOf, previewOf } from '../../../../desktop/src/renderer/records/endpoint-preview.ts'

const at = 'https://gateway:8443'
const endpoint = { method: 'GET', host: null, path: '/erp/orders', upstream: 'http://10.0.0.5/orders' } as const

describe('console: preview of an endpoint', () => {
  it('a plain path is its own example', () =>
    assert.deepEqual(previewOf(endpoint, at, 'Any'), {
      from: 'GET https://gateway:8443/erp/orders',
      to: 'http://10.0.0.5/orders',
      example: null,
    }))

  it('named segments and a rest are filled in on both sides, and ANY is shown by a GET', () => {
    const path = '/a/{id}/{rest*}'
    const { from, example } = previewOf(
      { ...endpoint, method: 'ANY', path, upstream: 'http://u/{rest}/x/{id}' },
      at,
      'Any',
    )
    assert.equal(from, 'Any https://gateway:8443/a/{id}/{rest*}')
    assert.deepEqual(example, { from: 'GET https://gateway:8443/a/42/a/b', to: 'http://u/a/b/x/42' })
  })

  it('a name that the path does not have stays as it is written', () =>
    assert.equal(
      previewOf({ ...endpoint, path: '/{id}', upstream: 'http://u/{nr}' }, at, 'Any').example?.to,
      'http://u/{nr}',
    ))

  it('without an upstream it goes nowhere; a path that cannot be read has no example', () => {
    assert.deepEqual(previewOf({ ...endpoint, path: '/{id}', upstream: null }, at, 'Any').example, {
      from: 'GET https://gateway:8443/42',
      to: null,
    })
    assert.equal(previewOf({ ...endpoint, path: '/a{' }, at, 'Any').example, null)
  })

  it('the gateway is its https listener, under the host of the endpoint', () => {
    const listeners = [{ url: 'http://127.0.0.1:8080' }, { url: 'https://[::1]:8443' }]
    assert.equal(gatewayOf(listeners, null), 'https://[::1]:8443')
    assert.equal(gatewayOf(listeners, 'api.example.com'), 'https://api.example.com:8443')
    assert.equal(gatewayOf([], null), 'https://gateway')
  })
})
