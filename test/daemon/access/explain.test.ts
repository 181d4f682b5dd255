/** Explaining a verdict: it is the verdict, every question of it is answered in order, and each names what it looked at. */
import assert from 'node:assert/strict'
import { refusalReasons, verdictRules, type RefusalReason, type VerdictRule } from '@postern/shared'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import { explain, type AskedCall, type Explained } from '../../../daemon/src/access/explain.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import { wordsOf } from '../../../daemon/src/store-words.ts'
import { makeClient, makeCollection, makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'

const nowMs = Date.parse('2026-06-01T00:00:00.000Z')
const at = '2026-05-29T00:00:00.000Z'
const orders = makeEndpoint('GET', '/orders/{id}', { id: 'ep_orders' })
const put = makeEndpoint('PUT', '/orders/{id}', { id: 'ep_put' })
const base = {
  collections: [makeCollection(), makeCollection({ id: 'co_b', name: 'Billing' })],
  endpoints: [orders, put, makeEndpoint('GET', '/bills', { id: 'ep_bills', collectionId: 'co_b' })],
}
const target = { method: 'GET', host: '', path: '/orders/1' }

const asked = (document: Document, more: Partial<AskedCall> & { address?: string | null; keyId?: string } = {}) => {
  const { address = '203.0.113.9', keyId = 'KEY00001', ...rest } = more
  return explain({
    judging: buildIndex(document, 1),
    caller: { credential: { kind: 'known', keyId }, nowMs, address },
    target,
    words: wordsOf(document),
    limitsAt: () => ({ passed: true, said: 'the first of 5 in this minute' }),
    ...rest,
  })
}
const withKey = (parts: Parameters<typeof makeKey>[0] = {}, more: Parameters<typeof makeDocument>[0] = {}): Document =>
  makeDocument({ ...base, keys: [makeKey({ id: 'KEY00001', name: 'Robot', ...parts })], ...more })

interface Case {
  readonly ask: () => Explained
  readonly reason: RefusalReason
  readonly status: number
  readonly said: RegExp
}

/** A rule without a row here does not compile. */
const cases: Readonly<Record<VerdictRule, Case>> = {
  request: {
    ask: () => asked(withKey(), { target: { code: 'target_too_long', detail: 'at most 8192 characters' } }),
    reason: 'request_malformed',
    status: 414,
    said: /^at most 8192 characters$/,
  },
  keystore: {
    ask: () => asked(withKey(), { judging: 'store_unavailable' }),
    reason: 'store_unavailable',
    status: 503,
    said: /disk and its reserve are full/,
  },
  credential_form: {
    ask: () =>
      asked(withKey(), {
        caller: { credential: { kind: 'malformed', why: 'present one credential, once' }, nowMs, address: null },
      }),
    reason: 'credential_malformed',
    status: 400,
    said: /^present one credential, once$/,
  },
  credential_given: {
    ask: () => asked(withKey(), { caller: { credential: { kind: 'none' }, nowMs, address: null } }),
    reason: 'credential_missing',
    status: 401,
    said: /^no credential is presented$/,
  },
  credential_known: {
    ask: () => asked(withKey({ removedAt: at })),
    reason: 'credential_invalid',
    status: 401,
    said: /^the key "Robot" was removed at 2026-05-29T00:00:00.000Z$/,
  },
  key_enabled: {
    ask: () => asked(withKey({ disabledAt: at })),
    reason: 'credential_disabled',
    status: 403,
    said: /^the key is disabled since 2026-05-29T00:00:00.000Z$/,
  },
  key_current: {
    ask: () => asked(withKey({ expiresAt: at })),
    reason: 'credential_expired',
    status: 401,
    said: /^expired at 2026-05-29T00:00:00.000Z, 3 days before$/,
  },
  address_blocked: {
    ask: () => {
      const until = '2026-06-02T00:00:00.000Z'
      const block = { id: '203.0.113.9', keyId: 'x', createdAt: at, until }
      return asked({ ...withKey(), blocks: { [block.id]: block } })
    },
    reason: 'forbidden',
    status: 403,
    said: /^203\.0\.113\.9 is blocked until 2026-06-02T00:00:00\.000Z, because a honey key came from there$/,
  },
  client_addresses: {
    ask: () =>
      asked(
        withKey({}, { clients: [makeClient({ addresses: { allow: null, deny: ['203.0.113.0/24', '192.0.2.1'] } })] }),
      ),
    reason: 'forbidden',
    status: 403,
    said: /^203\.0\.113\.9 is in the deny list of the client: 203\.0\.113\.0\/24, 192\.0\.2\.1$/,
  },
  key_addresses: {
    ask: () => asked(withKey({ addresses: { allow: ['10.0.0.0/24', '10.1.0.0/16'], deny: [] } })),
    reason: 'forbidden',
    status: 403,
    said: /^203\.0\.113\.9 is not in the allow list of the key: 10\.0\.0\.0\/24, 10\.1\.0\.0\/16$/,
  },
  endpoint: {
    ask: () => asked(withKey(), { target: { ...target, method: 'POST' } }),
    reason: 'no_endpoint',
    status: 404,
    said: /^no endpoint answers POST \/orders\/1; GET, PUT are there$/,
  },
  collection: {
    ask: () => asked(withKey({ collections: ['co_b'] })),
    reason: 'insufficient_scope',
    status: 403,
    said: /^the collection ERP is not among those the key reaches: Billing$/,
  },
  key_endpoint: {
    ask: () => asked(withKey({ endpoints: ['ep_put'] })),
    reason: 'insufficient_scope',
    status: 403,
    said: /^GET \/orders\/\{id\} is not among the endpoints of the key: PUT \/orders\/\{id\}$/,
  },
  key_method: {
    ask: () => asked(withKey({ methods: ['POST', 'PUT'] })),
    reason: 'insufficient_scope',
    status: 403,
    said: /^GET is not among the methods of the key: POST, PUT$/,
  },
  limits: {
    ask: () =>
      asked(withKey(), {
        limitsAt: () => ({ passed: false, said: '5 of 5 calls in this minute are used', reason: 'quota_exceeded' }),
      }),
    reason: 'quota_exceeded',
    status: 429,
    said: /^5 of 5 calls in this minute are used$/,
  },
}

describe('explaining a verdict', () => {
  for (const rule of verdictRules)
    it(`${rule}: what it refuses is told by it, after every question that passed and before none that was asked`, () => {
      const { ask, reason, status, said } = cases[rule]
      const told = ask()
      assert.deepEqual([told.verdict, told.reason, told.status], ['refuse', reason, status])
      assert.deepEqual(
        told.rules.map((each) => each.rule),
        [...verdictRules],
      )
      const position = verdictRules.indexOf(rule)
      assert.deepEqual(
        told.rules.map(({ outcome }) => outcome),
        verdictRules.map((_, each) => (each < position ? 'pass' : each === position ? 'refuse' : 'not_asked')),
      )
      assert.match(told.rules[position]?.said ?? '', said)
    })

  it('every reason but the locked keystore, and the one beside it, is the reason of some rule', () => {
    const reached = new Set(verdictRules.map((rule) => cases[rule].reason))
    assert.deepEqual(
      refusalReasons.filter((reason) => !reached.has(reason)),
      ['keystore_locked', 'rate_limited'],
    )
    assert.equal(asked(withKey(), { judging: 'keystore_locked' }).reason, 'keystore_locked')
    assert.equal(asked(withKey(), { limitsAt: () => ({ passed: false, said: '' }) }).reason, 'rate_limited')
  })

  it('what passes says what it was compared with, and to which endpoint it goes', () => {
    const document = withKey(
      {
        methods: ['GET'],
        collections: ['co_erp'],
        endpoints: ['ep_orders'],
        expiresAt: '2026-06-03T12:00:00.000Z',
        addresses: { allow: ['203.0.113.0/24'], deny: ['203.0.113.1'] },
      },
      { clients: [makeClient({ addresses: { allow: null, deny: ['192.0.2.0/24'] } })] },
    )
    const told = asked(document)
    assert.deepEqual([told.verdict, told.reason, told.status, told.endpoint?.id], ['allow', null, null, 'ep_orders'])
    assert.deepEqual(
      told.rules.map(({ outcome, said }) => [outcome, said]),
      [
        'GET /orders/1 can be read',
        'the keystore is open',
        'there is at most one credential, and it can be read',
        'a credential is presented',
        'it is the key "Robot"',
        'the key and its client are enabled',
        'expires at 2026-06-03T12:00:00.000Z, 2 days later',
        '203.0.113.9 is not blocked',
        '203.0.113.9 is not in the deny list of the client: 192.0.2.0/24',
        '203.0.113.9 is in the allow list of the key: 203.0.113.0/24',
        'GET /orders/1 is answered by GET /orders/{id}',
        'the collection ERP is among those the key reaches: ERP',
        'GET /orders/{id} is among the endpoints of the key: GET /orders/{id}',
        'GET is among the methods of the key: GET, HEAD',
        'the first of 5 in this minute',
      ].map((said) => ['pass', said]),
    )
  })

  it('what cannot be known is said to be unknown, and an unknown address is nowhere where a list asks for one', () => {
    const { rules, verdict } = asked(withKey(), { limitsAt: undefined })
    assert.equal(verdict, 'allow')
    assert.deepEqual(
      rules.filter(({ outcome }) => outcome !== 'pass').map(({ rule, outcome }) => [rule, outcome]),
      [['limits', 'unknown']],
    )
    const block = { id: '192.0.2.1', keyId: 'x', createdAt: at, until: '2026-06-02T00:00:00.000Z' }
    const blocking = { ...withKey({ addresses: { allow: null, deny: ['10.0.0.1'] } }), blocks: { [block.id]: block } }
    const nowhere = asked(blocking, { address: null })
    assert.deepEqual(
      nowhere.rules.slice(7, 10).map(({ outcome, said }) => [outcome, said]),
      [
        ['unknown', 'no address is given; 1 are blocked at present'],
        ['pass', 'the client has no address lists'],
        ['refuse', 'the address of the caller is not known; the deny list of the key is 10.0.0.1'],
      ],
    )
    const byProxy = asked(blocking, { address: null, target: { ...target, forwardAuth: true } })
    assert.deepEqual(byProxy.rules[7]?.outcome, 'pass', 'a proxy’s caller is not asked for its address')
  })

  it('other reasons for the same refusals are told apart: client disabled, waiting, honey, purged, forward-auth alone', () => {
    const said = (told: Explained): string => told.rules.find(({ outcome }) => outcome === 'refuse')?.said ?? ''
    const byClient = withKey({}, { clients: [makeClient({ disabledAt: at })] })
    assert.equal(said(asked(byClient)), `the client "default" of the key is disabled since ${at}`)
    const waiting = withKey({ disabledAt: at, quarantinedAt: at })
    assert.equal(said(asked(waiting)), `the key waits since ${at} for somebody to say that it may live again`)
    const honey = withKey({ honey: { blockSeconds: 0 } })
    assert.equal(said(asked(honey)), '"Robot" is a honey key, which opens nothing')
    assert.equal(said(asked(withKey(), { keyId: 'NOSUCHID' })), 'it is the secret of no key')
    const alone = withKey({}, { endpoints: [{ ...orders, upstream: null }] })
    assert.match(said(asked(alone)), /^GET \/orders\/\{id\} is there for proxies that ask alone/)
    assert.equal(asked(alone, { target: { ...target, forwardAuth: true } }).verdict, 'allow')
  })

  it('a list of any length is cut, and says how much of it', () => {
    const allow = Array.from({ length: 500 }, (_, each) => `10.0.${each >> 8}.${each & 255}`)
    const { said = '' } = asked(withKey({ addresses: { allow, deny: [] } })).rules[9] ?? {}
    assert.match(said, /10\.0\.0\.7 and 492 more$/)
    assert.ok(said.length < 400)
  })
})
