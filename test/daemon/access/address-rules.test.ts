/** What narrows a key: addresses, endpoints, methods; and values that were brought from elsewhere. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { VerdictRule } from '@postern/shared'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import { decide, type Caller, type Verdict } from '../../../daemon/src/access/decide.ts'
import type { Document, KeyRecord } from '../../../daemon/src/document/document.ts'
import { importedVerifier } from '../../../daemon/src/verifiers/imported.ts'
import { makeClient, makeCollection, makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'

const nowMs = Date.UTC(2026, 5, 1)
const orders = makeEndpoint('ANY', '/orders', { id: 'ep_orders' })
const invoices = makeEndpoint('ANY', '/invoices', { id: 'ep_invoices' })

const judge = (
  parts: Partial<KeyRecord>,
  call: { method?: string; path?: string; address?: string | null },
  client = makeClient(),
): Verdict => {
  const key = makeKey(parts)
  const document = makeDocument({
    keys: [key],
    clients: [client],
    endpoints: [orders, invoices],
    collections: [makeCollection()],
  })
  const { method = 'GET', path = '/orders', address = '203.0.113.7' } = call
  const caller: Caller = { credential: { kind: 'value', value: key.value }, nowMs, address }
  return decide(buildIndex(document, 1), caller, { method, host: '', path })
}
const said = (verdict: Verdict): string => (verdict.allow ? 'allow' : `${verdict.reason} by ${verdict.rule}`)

describe('what a key is narrowed to', () => {
  it('an allow list lets in its own, a deny list refuses whatever is allowed, and nobody knows where an unknown caller is', () => {
    const addresses = { allow: ['203.0.113.0/24'], deny: ['203.0.113.128/25'] }
    assert.equal(said(judge({ addresses }, { address: '203.0.113.7' })), 'allow')
    assert.equal(said(judge({ addresses }, { address: '::ffff:203.0.113.7' })), 'allow')
    assert.equal(said(judge({ addresses }, { address: '203.0.113.200' })), 'forbidden by key_addresses')
    assert.equal(said(judge({ addresses }, { address: '198.51.100.1' })), 'forbidden by key_addresses')
    assert.equal(said(judge({ addresses }, { address: null })), 'forbidden by key_addresses')
    assert.equal(
      said(judge({ addresses: { allow: null, deny: ['203.0.113.7'] } }, { address: null })),
      'forbidden by key_addresses',
    )
    assert.equal(said(judge({}, { address: null })), 'allow')
  })

  it('its client’s list holds besides its own', () => {
    const client = makeClient({ addresses: { allow: ['203.0.113.0/24'], deny: [] } })
    const addresses = { allow: ['203.0.113.7', '198.51.100.1'], deny: [] }
    assert.equal(said(judge({ addresses }, { address: '203.0.113.7' }, client)), 'allow')
    assert.equal(said(judge({ addresses }, { address: '198.51.100.1' }, client)), 'forbidden by client_addresses')
    assert.equal(said(judge({ addresses }, { address: '203.0.113.8' }, client)), 'forbidden by key_addresses')
  })

  it('methods: GET covers HEAD and nothing else does; endpoints: those and no others', () => {
    assert.equal(said(judge({ methods: ['GET'] }, { method: 'GET' })), 'allow')
    assert.equal(said(judge({ methods: ['GET'] }, { method: 'HEAD' })), 'allow')
    assert.equal(said(judge({ methods: ['GET'] }, { method: 'POST' })), 'insufficient_scope by key_method')
    assert.equal(said(judge({ methods: ['HEAD'] }, { method: 'GET' })), 'insufficient_scope by key_method')
    assert.equal(said(judge({ endpoints: ['ep_orders'] }, { path: '/orders' })), 'allow')
    assert.equal(said(judge({ endpoints: ['ep_orders'] }, { path: '/invoices' })), 'insufficient_scope by key_endpoint')
    assert.equal(said(judge({ endpoints: ['ep_gone'] }, { path: '/orders' })), 'insufficient_scope by key_endpoint')
    assert.equal(
      said(judge({ collections: ['co_else'], endpoints: ['ep_orders'] }, {})),
      'insufficient_scope by collection',
    )
  })

  it('a trace hears each question once, in order, up to the one that refuses', () => {
    const key = makeKey({ methods: ['POST'] })
    const index = buildIndex(makeDocument({ keys: [key], endpoints: [orders] }), 1)
    const heard: [VerdictRule, boolean][] = []
    decide(
      index,
      { credential: { kind: 'known', keyId: key.record.id }, nowMs, address: null },
      { method: 'GET', host: '', path: '/orders' },
      (rule, passed) => heard.push([rule, passed]),
    )
    assert.deepEqual(heard, [
      ['keystore', true],
      ['credential_form', true],
      ['credential_given', true],
      ['credential_known', true],
      ['key_enabled', true],
      ['key_current', true],
      ['address_blocked', true],
      ['client_addresses', true],
      ['key_addresses', true],
      ['endpoint', true],
      ['collection', true],
      ['key_endpoint', true],
      ['key_method', false],
    ])
  })
})

describe('a value from elsewhere', () => {
  const pepper = randomBytes(32)
  const value = 'their-own-key_0123456789!'
  const sha256 = createHash('sha256').update(value).digest()
  const documentWith = (changes: { validUntil?: string | null; expiresAt?: string | null } = {}): Document => {
    const { record } = makeKey()
    const secret = {
      version: 1,
      origin: 'imported' as const,
      verifier: importedVerifier(pepper, sha256).toString('base64url'),
      last4: '789!',
      sealed: null,
      createdAt: '2026-01-01T00:00:00.000Z',
      validUntil: changes.validUntil ?? null,
    }
    const document = makeDocument({
      keys: [{ ...record, secrets: [secret], expiresAt: changes.expiresAt ?? null }],
      endpoints: [orders],
    })
    return { ...document, settings: { ...document.settings, importPepper: pepper.toString('base64url') } }
  }
  const judgeValue = (document: Document, presented: string): string =>
    said(
      decide(
        buildIndex(document, 1),
        { credential: { kind: 'value', value: presented }, nowMs, address: null },
        { method: 'GET', host: '', path: '/orders' },
      ),
    )

  it('opens what its key opens, whole and by itself alone', () => {
    assert.equal(judgeValue(documentWith(), value), 'allow')
    for (const other of [value.slice(1), `${value}x`, value.toUpperCase(), sha256.toString('hex'), ''])
      assert.equal(judgeValue(documentWith(), other), 'credential_invalid by credential_known')
  })

  it('ends with its key, with its overlap, and with the store’s pepper', () => {
    assert.equal(
      judgeValue(documentWith({ expiresAt: '2026-05-31T00:00:00.000Z' }), value),
      'credential_expired by key_current',
    )
    assert.equal(
      judgeValue(documentWith({ validUntil: '2026-05-31T00:00:00.000Z' }), value),
      'credential_invalid by credential_known',
    )
    const peppered = documentWith()
    for (const importPepper of [null, randomBytes(32).toString('base64url')])
      assert.equal(
        judgeValue({ ...peppered, settings: { ...peppered.settings, importPepper } }, value),
        'credential_invalid by credential_known',
      )
  })
})
