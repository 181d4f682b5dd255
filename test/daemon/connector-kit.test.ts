/** What is in a connector kit, where it says that callers go, and when there is none. */
import assert from 'node:assert/strict'
import { collectionDocument, connectorKit, type Reach } from '../../daemon/src/connector-kit.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import { Problem } from '../../daemon/src/problem.ts'
import { makeClient, makeCollection, makeDocument, makeEndpoint } from '../support/access-document.ts'

const at = '2026-01-01T00:00:00.000Z'
const reach: Reach = { urls: ['http://127.0.0.1:8080', 'https://0.0.0.0:8443'], hostName: 'gw', caFile: '/srv/ca.crt' }
const document = makeDocument({
  clients: [
    makeClient({ description: 'a note of ours' }),
    makeClient({ id: 'cl_nintex', name: 'Nintex', collections: ['co_crm'], accepts: ['oidc'] }),
    makeClient({ id: 'cl_off', name: 'Off', disabledAt: at }),
    makeClient({ id: 'cl_none', name: 'Nobody', collections: [] }),
  ],
  collections: [
    makeCollection({ version: '1.10.0' }),
    makeCollection({ id: 'co_crm', name: 'CRM', version: '1.9.3' }),
    makeCollection({ id: 'co_off', name: 'Gone', version: '9.0.0', disabledAt: at }),
    makeCollection({ id: 'co_empty', name: 'Empty', version: '8.0.0' }),
  ],
  endpoints: [
    makeEndpoint('GET', '/erp/{id}', { id: 'ep_get', upstream: 'http://inside.example:9/secret-place' }),
    makeEndpoint('POST', '/erp', { id: 'ep_post' }),
    makeEndpoint('GET', '/erp/off', { disabledAt: at }),
    makeEndpoint('GET', '/erp/asked', { upstream: null }),
    makeEndpoint('GET', '/crm', { id: 'ep_crm', collectionId: 'co_crm' }),
    makeEndpoint('GET', '/gone', { collectionId: 'co_off' }),
    makeEndpoint('GET', '/empty', { collectionId: 'co_empty', upstream: null }),
  ],
})
const withUrl = (publicUrl: string | null): Document => ({ ...document, settings: { ...document.settings, publicUrl } })
const pathsIn = (text: string | undefined): string[] =>
  Object.keys((JSON.parse(text ?? '{"paths":{}}') as { paths: object }).paths)

describe('connector kit', () => {
  it('of a collection holds what answers calls, and nothing that is disabled or only asked about', () => {
    const kit = connectorKit(document, reach, { collection: 'ERP', format: 'openapi' })
    assert.deepEqual(pathsIn(kit.files[0]?.content), ['/erp/{id}', '/erp'])
    assert.deepEqual([kit.title, kit.version, kit.files.length], ['ERP', '1.10.0', 1])
    assert.deepEqual(kit.document_urls, [
      { collection: { id: 'co_erp', name: 'ERP' }, url: 'https://gw:8443/.postern/apis/co_erp/openapi.json' },
    ])
  })

  it('where keys by themselves are not taken there is no file that would present one', () => {
    const kit = connectorKit(document, reach, { client: 'nintex' })
    assert.deepEqual(
      kit.files.map(({ name }) => name),
      ['openapi.json'],
    )
    const curl = () => connectorKit(document, reach, { client: 'nintex', format: 'curl' })
    assert.throws(curl, { code: 'conflict', message: /takes no keys by themselves/ })
  })

  it('of a client holds what it reaches, in the newest of the versions; one without end reaches everything', () => {
    const nintex = connectorKit(document, reach, { client: 'nintex', format: 'openapi' })
    assert.deepEqual([pathsIn(nintex.files[0]?.content), nintex.version], [['/crm'], '1.9.3'])
    assert.match(nintex.files[0]?.content ?? '', /issuedToken/)
    const all = connectorKit(document, reach, { client: 'default' })
    assert.deepEqual(
      [all.version, all.document_urls.map(({ collection }) => collection.name)],
      ['1.10.0', ['ERP', 'CRM']],
    )
    assert.deepEqual(
      all.files.map(({ name }) => name),
      [
        'openapi.json',
        'swagger.json',
        'apiDefinition.swagger.json',
        'apiProperties.json',
        'postman_collection.json',
        'postman_environment.json',
        'calls.sh',
        'calls.ps1',
        'calls.mjs',
      ],
    )
    for (const { name, content } of all.files) assert.doesNotMatch(content, /inside\.example|a note of ours/, name)
  })

  for (const [urls, publicUrl, base, guessed] of [
    [reach.urls, null, 'https://gw:8443', true],
    [['https://[::]:8443'], null, 'https://gw:8443', true],
    [['https://10.0.0.1:8443'], null, 'https://10.0.0.1:8443', true],
    [['http://127.0.0.1:8080'], null, 'http://127.0.0.1:8080', true],
    [reach.urls, 'https://gateway.example.com', 'https://gateway.example.com', false],
  ] as const)
    it(`callers go to ${base} when the setting says ${publicUrl} and it listens on ${urls.join(' and ')}`, () => {
      const kit = connectorKit(withUrl(publicUrl), { ...reach, urls }, { collection: 'ERP', format: 'postman' })
      assert.deepEqual([kit.base_url, kit.base_url_guessed], [base, guessed])
      assert.ok(kit.files.every(({ content }) => content.includes(`"${base}"`)))
    })

  for (const [asked, code, detail] of [
    [{}, 'field_invalid', /either a client or a collection/],
    [{ client: 'default', collection: 'ERP' }, 'field_invalid', /either/],
    [{ collection: 'nowhere' }, 'not_found', /no collection/],
    [{ client: 'nowhere' }, 'not_found', /no client/],
    [{ collection: 'Gone' }, 'conflict', /"Gone" is disabled/],
    [{ client: 'Off' }, 'conflict', /"Off" is disabled/],
    [{ collection: 'Empty' }, 'conflict', /reaches no enabled endpoint with an upstream/],
    [{ client: 'Nobody' }, 'conflict', /reaches no enabled endpoint/],
  ] as const)
    it(`there is none for ${JSON.stringify(asked)}, and it says why`, () =>
      assert.throws(
        () => connectorKit(document, reach, asked),
        (error) => error instanceof Problem && error.code === code && detail.test(error.message),
      ))

  it('the document of a collection holds what one key may call of it, and is none for anything else', () => {
    const of = (collectionId: string, ids: string[], methods: ReadonlySet<string> | null = null) => {
      const asked = { collectionId, format: 'openapi', endpointIds: new Set(ids), methods } as const
      return collectionDocument(document, reach, asked)
    }
    assert.deepEqual(pathsIn(of('co_erp', ['ep_post', 'ep_crm']) ?? undefined), ['/erp'])
    assert.deepEqual(pathsIn(of('co_erp', ['ep_post', 'ep_get'], new Set(['GET'])) ?? undefined), ['/erp/{id}'])
    // Answers are kept; none is given for another question.
    for (let last = 0; last < 40; last++) {
      const elsewhere = { ...reach, urls: [`https://10.0.0.${last}`] }
      const asked = { collectionId: 'co_erp', format: 'swagger', methods: null } as const
      for (const id of ['ep_get', 'ep_post', 'ep_get']) {
        const text = collectionDocument(document, elsewhere, { ...asked, endpointIds: new Set([id]) }) ?? ''
        assert.deepEqual(pathsIn(text), [id === 'ep_get' ? '/erp/{id}' : '/erp'])
        assert.ok(text.includes(`"host": "10.0.0.${last}"`))
      }
    }
    for (const [id, ids] of [
      ['co_off', []],
      ['co_none', []],
      ['co_erp', ['ep_crm']],
      ['constructor', []],
    ] as const)
      assert.equal(of(id, [...ids]), null)
  })
})
