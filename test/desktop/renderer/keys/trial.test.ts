/** What a key can be tried on, and the call as a script that means the same in each language. */
import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import type { EndpointView } from '@postern/shared'
import { snippetFor } from '@postern/shared'
import { isWholePath, methodsOf, pathOf, reachableBy, someCall } from '../../../../desktop/src/renderer/keys/trial.ts'

const endpoint = (id: string, collection: string, enabled = true): EndpointView => ({
  id,
  enabled,
  collection: { id: collection, name: collection },
  created_at: '',
  updated_at: '',
  etag: '',
  description: '',
  method: 'ANY',
  path: '/x',
  host: null,
  upstream: null,
  upstream_ca: null,
  query_parameter: null,
  principal: false,
  deprecation: null,
  body_bytes_max: 1,
  connect_timeout_ms: 1,
  answer_timeout_ms: 1,
  idle_timeout_ms: 1,
})
const of = (...ids: string[]) => ids.map((id) => ({ id, name: id }))

describe('console: what a key can be tried on', () => {
  it('is what both the key and its client may reach, and answers', () => {
    const all = [endpoint('1', 'a'), endpoint('2', 'b'), endpoint('3', 'c'), endpoint('4', 'a', false)]
    const ids = (
      key: ReturnType<typeof of> | null,
      client: ReturnType<typeof of> | null,
      named: ReturnType<typeof of> | null = null,
    ): string =>
      reachableBy({ collections: key, endpoints: named }, { collections: client }, all)
        .map(({ id }) => id)
        .join('')
    assert.deepEqual(
      [ids(null, null), ids(of('a', 'b'), null), ids(null, of('c')), ids(of('a', 'b'), of('b', 'c')), ids([], null)],
      ['123', '12', '3', '2', ''],
    )
    assert.deepEqual([ids(null, null, of('2', '4')), ids(of('a'), null, of('2'))], ['2', ''])
  })
  it('a path begins with what is known of it, and is whole once nothing is left to fill in', () => {
    assert.deepEqual(['/files/{rest*}', '/orders/{id}/lines', '/{all*}'].map(pathOf), [
      '/files/',
      '/orders/{id}/lines',
      '/',
    ])
    assert.deepEqual(['/files/', '/orders/{id}', 'orders', '/a b', '/ü', '/a?b=c%20d', ''].map(isWholePath), [
      true,
      false,
      false,
      false,
      false,
      true,
      false,
    ])
  })
  it('a call to show is one that reads and is whole, where there is one; of no host in particular', () => {
    const at = (method: EndpointView['method'], path: string, host: string | null = null): EndpointView => ({
      ...endpoint('1', 'a'),
      method,
      path,
      host,
    })
    assert.equal(someCall([]), undefined)
    assert.equal(someCall([at('GET', '/x', 'erp.example')]), undefined)
    assert.deepEqual(someCall([at('POST', '/x')]), { method: 'POST', path: '/x' })
    assert.deepEqual(someCall([at('POST', '/x'), at('GET', '/o/{id}'), at('ANY', '/erp/{rest*}')]), {
      method: 'GET',
      path: '/erp/',
    })
    assert.deepEqual(someCall([at('POST', '/x'), at('GET', '/o/{id}')]), { method: 'GET', path: '/o/{id}' })
  })

  it('methods are those the endpoint answers', () => {
    assert.deepEqual(methodsOf({ method: 'POST' }), ['POST'])
    assert.deepEqual(methodsOf({ method: 'OPTIONS' }), [])
    assert.equal(methodsOf({ method: 'ANY' })[0], 'GET')
  })
})

describe('console: a call as a script', () => {
  const plain = { url: 'https://g', caFile: null }
  const path = `/it's/a\\b?x='1'`
  it('says the method where it is another than GET', () => {
    const call = { method: 'DELETE', path: '/x' }
    assert.match(snippetFor('curl', plain, call), /^curl -X DELETE 'https:\/\/g\/x' /)
    assert.match(snippetFor('powershell', plain, call), /' -Method DELETE -Headers/)
    assert.match(snippetFor('node', plain, call), /\{ method: 'DELETE', headers:/)
    assert.match(snippetFor('curl', plain, { method: 'HEAD', path: '/x' }), /^curl --head '/)
  })
  it('quotes in a path end no text of the script', () => {
    const call = { method: 'GET', path }
    assert.ok(snippetFor('curl', plain, call).includes(`'https://g/it'\\''s/a\\b?x='\\''1'\\'''`))
    assert.ok(snippetFor('powershell', plain, call).includes(`'https://g/it''s/a\\b?x=''1'''`))
    const [, literal = ''] = /fetch\(('.*'), \{/.exec(snippetFor('node', plain, call)) ?? []
    assert.equal(runInNewContext(literal), `https://g${path}`)
  })
})
