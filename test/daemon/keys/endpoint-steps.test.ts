/** Clients, collections and endpoints as pure steps: their rules, and what removing them does to others. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parsePathPattern, patternShape, type NewEndpoint } from '@postern/shared'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import {
  createClient,
  disableClient,
  editClient,
  enableClient,
  removeClient,
} from '../../../daemon/src/keys/client-steps.ts'
import {
  createCollection,
  disableCollection,
  editCollection,
  enableCollection,
  removeCollection,
} from '../../../daemon/src/keys/collection-steps.ts'
import {
  createEndpoint,
  disableEndpoint,
  editEndpoint,
  enableEndpoint,
  removeEndpoint,
} from '../../../daemon/src/keys/endpoint-steps.ts'
import { findEndpoint } from '../../../daemon/src/keys/find.ts'
import { issueKey, removeKey } from '../../../daemon/src/keys/key-steps.ts'
import { drawId, drawKeyMaterial } from '../../../daemon/src/keys/material.ts'
import { editSettings } from '../../../daemon/src/keys/settings-steps.ts'
import { issueThrowaway } from '../../../daemon/src/tls/certificate.ts'

const nowMs = Date.UTC(2026, 0, 1)

class Store {
  document: Document = firstDocument(nowMs)
  apply<R>(step: Step<R>) {
    const stepped = step(this.document, { nowMs, zone: 'UTC', sealSecret: () => 'sealed' })
    this.document = stepped.document
    return stepped
  }
}
const ready = (): Store => {
  const store = new Store()
  store.apply(createCollection({ name: 'Orders' }, 'co_1'))
  return store
}
const add = (store: Store, fields: Omit<NewEndpoint, 'collection'>) =>
  store.apply(createEndpoint({ collection: 'Orders', ...fields }, drawId('ep_'))).result
const invalid = (message: RegExp) => ({ code: 'field_invalid', message })

describe('endpoints', () => {
  it('start with safe limits, and take what is said', () => {
    const store = ready()
    const endpoint = add(store, { path: '/a', upstream: 'http://10.0.0.5:9000' })
    assert.deepEqual(
      [
        endpoint.method,
        endpoint.bodyBytesMax,
        endpoint.connectTimeoutMs,
        endpoint.answerTimeoutMs,
        endpoint.idleTimeoutMs,
      ],
      ['GET', 10_485_760, 5_000, 30_000, 30_000],
    )
    const edited = store.apply(
      editEndpoint(endpoint.id, '"1"', {
        method: 'POST',
        host: 'API.Example.com',
        description: 'd',
        body_bytes_max: 0,
        connect_timeout_ms: 100,
        answer_timeout_ms: 3_600_000,
        idle_timeout_ms: 100,
        upstream: null,
        path: '/b',
        collection: 'co_1',
      }),
    ).result
    assert.deepEqual(
      [edited.method, edited.host, edited.bodyBytesMax, edited.upstream, edited.path, edited.revision],
      ['POST', 'api.example.com', 0, null, '/b', 2],
    )
    assert.equal(store.apply(editEndpoint(endpoint.id, '*', {})).entry, null)
    assert.throws(() => store.apply(editEndpoint(endpoint.id, '"1"', { path: '/c' })), { code: 'precondition_failed' })
  })

  it('a pattern or limit that cannot be is refused with the rule', () => {
    const store = ready()
    for (const [fields, message] of [
      [{ path: 'a' }, /starts with/],
      [{ path: '/a/../b' }, /"\.\." are not allowed/],
      [{ path: '/a b' }, /%20/],
      [{ path: '/é' }, /ASCII/],
      [{ path: '/{id' }, /braces/],
      [{ path: '/a?x=1' }, /no query/],
      [{ path: '/livez' }, /answered by Postern itself/],
      [{ path: '/.postern/{rest*}' }, /answered by Postern itself/],
      [{ path: '/authz' }, /answered by Postern itself/],
      [{ path: '/a//b' }, /empty/],
      [{ path: '/{a}/{a}' }, /twice/],
      [{ path: '/{rest*}/a' }, /last/],
      [{ path: '/{1a}' }, /segment name/],
      [{ path: '/a%2fb' }, /wire/],
      [{ path: `/${'a/'.repeat(64)}` }, /64/],
      [{ path: `/${'a'.repeat(2_001)}` }, /2000/],
      [{ path: '/a', host: 'a:80' }, /without port/],
      [{ path: '/a', host: 'a_b' }, /host name/],
      [{ path: '/a', host: '::1' }, /host name/],
      [{ path: '/a', host: '[127.0.0.1]' }, /host name/],
      [{ path: '/a', host: '[fe80::1%eth0]' }, /host name/],
      [{ path: '/a', body_bytes_max: -1 }, /whole number/],
      [{ path: '/a', body_bytes_max: 10 * 1024 ** 3 + 1 }, /whole number/],
      [{ path: '/a', connect_timeout_ms: 3_600_001 }, /3600000/],
      [{ path: '/a', answer_timeout_ms: 99 }, /100/],
      [{ path: '/a', idle_timeout_ms: 1.5 }, /whole/],
      [{ path: '/a', upstream_ca: 'x' }, /PEM/],
      [{ path: '/a', upstream_ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, /cannot be read/],
      [{ path: '/a', upstream_ca: 'x'.repeat(65_537) }, /64 KiB/],
    ] as const)
      assert.throws(() => add(store, fields), invalid(message), JSON.stringify(fields).slice(0, 80))
  })

  it('an upstream is an http URL without user, query or fragment, and uses what the path names, in its path alone', () => {
    const store = ready()
    for (const upstream of [
      'ftp://a/',
      'a',
      '//a',
      'http://',
      'http://u:p@a/',
      'http://a/?q',
      'http://a/#f',
      'http://a/{none}',
      'http://{id}/',
      'http://a:{id}/',
      'http://a/../b',
      'http://a\\b/',
      'http://a b/',
      `http://a/${'x'.repeat(2_000)}`,
      'http://a:99999/',
    ])
      assert.throws(() => add(store, { path: '/x/{id}', upstream }), invalid(/upstream/), upstream)
    for (const upstream of ['http://a', 'https://a:8443/b/{id}/c', 'http://[::1]:9/{id}', 'http://10.0.0.1/{id}{id}']) {
      const { id } = add(store, { path: '/x/{id}', upstream })
      store.apply(removeEndpoint(id))
    }
    for (const upstream of ['http://a/..{rest*}', 'http://a/.{rest*}', 'http://a/{rest*}/b'])
      assert.throws(() => add(store, { path: '/f/{rest*}', upstream }), invalid(/upstream/), upstream)
    add(store, { path: '/f/{rest*}', upstream: 'http://a/{rest*}', host: '[2001:db8::1]' })
  })

  it('two that take the same calls are refused with both named; another method or host is no conflict', () => {
    const store = ready()
    const first = add(store, { path: '/a/{x}' })
    assert.throws(() => add(store, { path: '/a/{y}' }), {
      code: 'conflict',
      message: new RegExp(`GET /a/\\{y\\}.*GET /a/\\{x\\}.*${first.id}`),
    })
    add(store, { path: '/a/{y}', method: 'ANY' })
    add(store, { path: '/a/{y}', host: 'h.example' })
    add(store, { path: '/a/{y*}' })
    const other = add(store, { path: '/b' })
    assert.throws(() => store.apply(editEndpoint(other.id, '*', { path: '/a/{z}' })), { code: 'conflict' })
    assert.throws(() => findEndpoint(store.document, 'GET /a/{y}') && findEndpoint(store.document, 'GET /none'), {
      code: 'not_found',
    })
    add(store, { path: '/b', host: 'h.example' })
    assert.throws(() => findEndpoint(store.document, 'GET /b'), { code: 'conflict' })
  })

  it('trust for an upstream is kept as its certificates alone, whatever stands around them', async () => {
    const store = ready()
    const [one, two] = [await issueThrowaway(['a'], nowMs), await issueThrowaway(['b'], nowMs)].map((each) =>
      each.certificate.trim().replaceAll('\r', ''),
    )
    const input = `# for tests\n${one}\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${two}`
    assert.equal(add(store, { path: '/a', upstream_ca: input }).upstreamCa, `${one}\n${two}\n`)
  })

  it('are switched off and on, and removed', () => {
    const store = ready()
    const { id } = add(store, { path: '/a' })
    assert.notEqual(store.apply(disableEndpoint('GET /a')).result.disabledAt, null)
    assert.equal(store.apply(disableEndpoint(id)).entry, null)
    assert.equal(store.apply(enableEndpoint(id)).result.disabledAt, null)
    store.apply(removeEndpoint(id))
    assert.deepEqual(store.document.endpoints, {})
  })

  it('the pattern reader takes any text without a throw, and accepts no segment that could mean another', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc
            .array(fc.constantFrom('/', '.', '..', '%2e', '{a}', '{b*}', 'x', '%41', '//'), { maxLength: 8 })
            .map((pieces) => `/${pieces.join('')}`),
        ),
        (text) => {
          const segments = parsePathPattern(text)
          if (typeof segments === 'string') return
          assert.ok(!/\/\.{1,2}(?:\/|$)/.test(text) && !text.includes('//') && !/%2[ef]|%5c/i.test(text))
          assert.equal(patternShape(patternShape(text)), patternShape(text))
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('clients and collections', () => {
  it('a client starts with nothing granted, and can be given everything', () => {
    const store = ready()
    const client = store.apply(createClient({ name: 'Sales', email: 'a@b', project: 'P' }, 'cl_1')).result
    assert.deepEqual([client.collections, client.email, client.project], [[], 'a@b', 'P'])
    const edited = store.apply(
      editClient('sales', '"1"', {
        name: 'Sales 2',
        collections: ['Orders'],
        email: null,
        project: '',
        description: 'x',
      }),
    ).result
    assert.deepEqual(
      [edited.name, edited.collections, edited.email, edited.project, edited.description],
      ['Sales 2', ['co_1'], null, null, 'x'],
    )
    assert.equal(store.apply(editClient('cl_1', '*', { collections: null })).result.collections, null)
    assert.equal(store.apply(editClient('cl_1', '*', {})).entry, null)
    for (const email of ['a', 'a@b c', 'a@b@c'])
      assert.throws(() => store.apply(editClient('cl_1', '*', { email })), invalid(/address/))
    assert.throws(() => store.apply(createClient({ name: 'SALES 2' }, 'cl_2')), { code: 'name_taken' })
    assert.notEqual(store.apply(disableClient('cl_1')).result.disabledAt, null)
    assert.equal(store.apply(enableClient('cl_1')).result.disabledAt, null)
  })

  it('the client "default" stays; a client that owns keys, removed ones too, is not removed', () => {
    const store = ready()
    assert.throws(() => store.apply(removeClient('default')), { code: 'conflict' })
    assert.throws(() => store.apply(editClient('default', '*', { name: 'Other' })), invalid(/keeps its name/))
    store.apply(createClient({ name: 'Sales' }, 'cl_1'))
    store.apply(issueKey({ name: 'Robot', client: 'Sales' }, drawKeyMaterial()))
    store.apply(removeKey('Robot'))
    assert.throws(() => store.apply(removeClient('Sales')), { code: 'in_use', message: /1 key \(1 of them removed/ })
    store.apply(createClient({ name: 'Empty' }, 'cl_2'))
    store.apply(removeClient('Empty'))
    assert.equal(store.document.clients['cl_2'], undefined)
  })

  it('a collection with endpoints is not removed; without, it leaves every grant, and a key narrowed to it reaches nothing', () => {
    const store = ready()
    const { id } = add(store, { path: '/a' })
    assert.throws(() => store.apply(removeCollection('Orders')), { code: 'in_use', message: /1 endpoints/ })
    store.apply(removeEndpoint(id))
    store.apply(createClient({ name: 'Sales', collections: ['Orders'] }, 'cl_1'))
    const { key } = store.apply(issueKey({ name: 'Robot', collections: ['Orders'] }, drawKeyMaterial())).result
    const untouched = store.apply(issueKey({ name: 'Other' }, drawKeyMaterial())).result.key
    store.apply(removeCollection('orders'))
    assert.deepEqual(store.document.clients['cl_1']?.collections, [])
    assert.deepEqual(store.document.keys[key.id]?.collections, [])
    assert.equal(store.document.keys[untouched.id], untouched)
  })

  it('a collection is edited, switched off and on', () => {
    const store = ready()
    assert.equal(
      store.apply(editCollection('Orders', '"1"', { name: 'Orders 2', description: 'd', project: 'p' })).result
        .revision,
      2,
    )
    assert.equal(store.apply(editCollection('co_1', '*', {})).entry, null)
    assert.notEqual(store.apply(disableCollection('co_1')).result.disabledAt, null)
    assert.equal(store.apply(enableCollection('co_1')).result.disabledAt, null)
    store.apply(createCollection({ name: 'Other' }, 'co_2'))
    assert.throws(() => store.apply(editCollection('co_2', '*', { name: 'orders 2' })), { code: 'name_taken' })
    assert.throws(() => store.apply(editCollection('none', '*', { name: 'x y z' })), { code: 'not_found' })
  })

  it('settings are edited within their limits', () => {
    const store = new Store()
    assert.equal(
      store.apply(editSettings('"1"', { reveal_default: 'once', socket_requests_per_second: 5 })).result.revision,
      2,
    )
    assert.equal(store.apply(issueKey({ name: 'Robot' }, drawKeyMaterial())).result.key.reveal, 'once')
    assert.equal(store.apply(editSettings('*', {})).entry, null)
    for (const rate of [0, 10_001, 1.5])
      assert.throws(() => store.apply(editSettings('*', { socket_requests_per_second: rate })), invalid(/10000/))
  })
})
