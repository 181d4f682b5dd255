/** The stable address of a collection's document: who reads it, what of it, and how it is recorded. */
import assert from 'node:assert/strict'
import { collectionDocumentPath } from '@postern/shared'
import { collectionDocument } from '../../../daemon/src/connector-kit.ts'
import {
  makeClient,
  makeCollection,
  makeDocument,
  makeEndpoint,
  makeKey,
  type MadeKey,
} from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'

const at = '2026-01-01T00:00:00.000Z'
const all = makeKey({ name: 'all' })
const keys = {
  all,
  other: makeKey({ name: 'other', collections: ['co_crm'] }),
  one: makeKey({ name: 'one', endpoints: ['ep_one'] }),
  elsewhere: makeKey({ name: 'elsewhere', endpoints: ['ep_crm'] }),
  reader: makeKey({ name: 'reader', methods: ['GET'] }),
  remover: makeKey({ name: 'remover', methods: ['DELETE'] }),
  disabled: makeKey({ name: 'disabled', disabledAt: at }),
  honey: makeKey({ name: 'honey', honey: { blockSeconds: 0 } }),
  near: makeKey({ name: 'near', addresses: { allow: ['10.0.0.0/8'], deny: [] } }),
}
const document = makeDocument({
  keys: Object.values(keys),
  clients: [makeClient()],
  collections: [
    makeCollection(),
    makeCollection({ id: 'co_crm', name: 'CRM' }),
    makeCollection({ id: 'co_off', name: 'Off', disabledAt: at }),
    makeCollection({ id: 'co_asked', name: 'Asked' }),
  ],
  endpoints: [
    makeEndpoint('GET', '/erp/one', { id: 'ep_one' }),
    makeEndpoint('POST', '/erp/two', { id: 'ep_two' }),
    makeEndpoint('GET', '/crm', { id: 'ep_crm', collectionId: 'co_crm' }),
    makeEndpoint('GET', '/off', { id: 'ep_off', collectionId: 'co_off' }),
    makeEndpoint('GET', '/asked', { id: 'ep_asked', collectionId: 'co_asked', upstream: null }),
  ],
})

describe('gateway: the document of a collection', () => {
  let bed: GatewayBed
  before(async () => {
    const reach = { urls: ['https://gw.example:8443'], hostName: 'gw', caFile: null }
    bed = await startGatewayBed(document, { documents: (asked) => collectionDocument(document, reach, asked) })
  })
  after(() => bed.stop())

  const ask = (key: MadeKey | null, path = collectionDocumentPath('co_erp', 'openapi'), more = {}, method = 'GET') =>
    call(bed.url + path, { method, headers: { ...(key === null ? {} : bearer(key.value)), ...more } })
  const pathsIn = (body: string): string[] => Object.keys((JSON.parse(body) as { paths: object }).paths)

  it('is read with any key that reaches the collection, in both formats, and recorded as a call', async () => {
    const { status, headers, body } = await ask(keys.all)
    assert.deepEqual(
      [status, headers['content-type'], pathsIn(body)],
      [200, 'application/json', ['/erp/one', '/erp/two']],
    )
    const { outcome, keyId, path } = bed.records.at(-1) ?? {}
    assert.deepEqual([outcome, keyId, path], ['allow', keys.all.record.id, '/.postern/apis/co_erp/openapi.json'])
    const swagger = await ask(keys.all, collectionDocumentPath('co_erp', 'swagger'))
    assert.match(swagger.body, /"x-ntx-host"/)
  })

  it('tells a key that is narrowed of nothing but what it may call', async () => {
    assert.deepEqual(pathsIn((await ask(keys.one)).body), ['/erp/one'])
    assert.deepEqual(pathsIn((await ask(keys.reader)).body), ['/erp/one'])
  })

  for (const [name, rule] of [
    ['other', 'collection'],
    ['elsewhere', 'key_endpoint'],
    ['remover', 'key_method'],
  ] as const)
    it(`is refused to the key "${name}", which reaches nothing of it`, async () => {
      const refused = await ask(keys[name])
      assert.deepEqual([refused.status, refused.problem().code], [403, 'insufficient_scope'])
      const record = bed.records.at(-1)
      assert.deepEqual(
        [record?.outcome, record?.rule, record?.keyId],
        ['insufficient_scope', rule, keys[name].record.id],
      )
    })

  for (const [who, key, code] of [
    ['nobody', null, 'credential_missing'],
    ['a disabled key', keys.disabled, 'credential_disabled'],
    ['a honey key', keys.honey, 'credential_invalid'],
    ['a key from a wrong address', keys.near, 'forbidden'],
  ] as const)
    it(`is refused to ${who}, before anything is said of the collection`, async () => {
      assert.equal((await ask(key)).problem().code, code)
      assert.equal((await ask(key, collectionDocumentPath('co_none', 'openapi'))).problem().code, code)
      assert.equal(bed.records.at(-1)?.outcome, code)
    })

  for (const path of [
    collectionDocumentPath('co_none', 'openapi'),
    collectionDocumentPath('co_off', 'openapi'),
    collectionDocumentPath('co_asked', 'swagger'),
    '/.postern/apis/co_erp/postman.json',
    '/.postern/apis/co_erp',
    '/.postern/apis/co_erp/openapi.json/',
    '/.postern/apis/ERP%20x/openapi.json',
  ])
    it(`there is none at ${path}`, async () => {
      const refused = await ask(keys.all, path)
      assert.deepEqual([refused.status, refused.problem().code], [404, 'no_endpoint'])
      assert.equal(bed.records.at(-1)?.outcome, 'no_endpoint')
    })

  it('has an entity tag, answers 304 to who has it, and is kept by nobody who shares it', async () => {
    const { headers } = await ask(keys.all)
    const etag = String(headers['etag'])
    assert.match(etag, /^"[\w-]{27}"$/)
    assert.deepEqual([headers['cache-control'], headers['vary']], ['private, no-cache', 'Authorization, X-API-Key'])
    for (const given of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await ask(keys.all, undefined, { 'if-none-match': given })
      assert.deepEqual([again.status, again.body, again.headers['etag']], [304, '', etag], given)
    }
    assert.equal((await ask(keys.all, undefined, { 'if-none-match': '"other"' })).status, 200)
    assert.notEqual((await ask(keys.one)).headers['etag'], etag)
  })

  it('answers HEAD with its head, and nothing else than questions', async () => {
    const head = await ask(keys.all, undefined, {}, 'HEAD')
    assert.deepEqual([head.status, head.body, Number(head.headers['content-length']) > 500], [200, '', true])
    const refused = await ask(keys.all, undefined, {}, 'POST')
    assert.deepEqual([refused.status, refused.headers['allow']], [405, 'GET, HEAD'])
  })

  it('is not there while the keystore is locked', async () => {
    bed.publish(null)
    assert.equal((await ask(keys.all)).problem().code, 'keystore_locked')
    bed.publish(document)
  })
})
