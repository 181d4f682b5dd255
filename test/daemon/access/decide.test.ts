/** The order of a verdict, the matching of endpoints, and that what may not pass does not. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { defaultClientId, formatKeyValue, parsePathPattern, patternShape, type EndpointMethod } from '@postern/shared'
import { matchEndpoint, segmentValues, type AccessIndex } from '../../../daemon/src/access/access-index.ts'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import { decide, type Credential, type Verdict } from '../../../daemon/src/access/decide.ts'
import { identify } from '../../../daemon/src/access/identify.ts'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import type { Step, StepContext } from '../../../daemon/src/document/step.ts'
import { createClient, disableClient } from '../../../daemon/src/keys/client-steps.ts'
import { createCollection, disableCollection } from '../../../daemon/src/keys/collection-steps.ts'
import { createEndpoint, disableEndpoint } from '../../../daemon/src/keys/endpoint-steps.ts'
import { disableKey, editKey, issueKey, removeKey, rotateKey } from '../../../daemon/src/keys/key-steps.ts'
import { drawKeyMaterial, drawSecret } from '../../../daemon/src/keys/material.ts'

const nowMs = Date.UTC(2026, 0, 1)
const context: StepContext = { nowMs, zone: 'UTC', sealSecret: () => 'sealed' }
const apply = <R>(document: Document, step: Step<R>): Document => step(document, context).document
const material = drawKeyMaterial()
const value = formatKeyValue(material)
const good: Credential = { kind: 'value', value }
const target = { method: 'GET', host: 'gw', path: '/orders/7' }

const base = (): Document => {
  let document = apply(firstDocument(nowMs), createCollection({ name: 'Orders' }, 'co_1'))
  document = apply(
    document,
    createEndpoint({ collection: 'Orders', path: '/orders/{id}', upstream: 'http://u/{id}' }, 'ep_1'),
  )
  return apply(document, issueKey({ name: 'Robot' }, material))
}
const reason = (verdict: Verdict): string => (verdict.allow ? `allow ${verdict.endpoint.id}` : verdict.reason)
const judge = (document: Document, credential: Credential = good, asked = target, at = nowMs): string =>
  reason(decide(buildIndex(document, 1), { credential, nowMs: at, address: null }, asked))

describe('decide', () => {
  it('a good key on an endpoint it reaches passes, in both forms of a credential', () => {
    assert.equal(judge(base()), 'allow ep_1')
    assert.equal(judge(base(), { kind: 'pair', keyId: material.keyId, secret: value.slice(-49) }), 'allow ep_1')
  })

  it('judges in the order of the contract: each reason hides those behind it', () => {
    const wrong: Credential = { kind: 'value', value: formatKeyValue({ keyId: material.keyId, secret: drawSecret() }) }
    const nowhere = { ...target, path: '/nowhere' }
    const narrowed = apply(
      apply(base(), createCollection({ name: 'Other' }, 'co_2')),
      editKey('Robot', '*', { collections: ['Other'] }),
    )
    const expired = apply(narrowed, editKey('Robot', '*', { expires: { at: 'now' } }))
    const disabled = apply(expired, disableKey('Robot'))
    const malformed = { credential: { kind: 'malformed' as const, why: '' }, nowMs, address: null }
    assert.equal(reason(decide(null, malformed, nowhere)), 'keystore_locked')
    assert.equal(reason(decide('store_unavailable', malformed, nowhere)), 'store_unavailable')
    assert.equal(judge(disabled, { kind: 'malformed', why: '' }, nowhere), 'credential_malformed')
    assert.equal(judge(disabled, { kind: 'none' }, nowhere), 'credential_missing')
    assert.equal(judge(disabled, wrong, nowhere), 'credential_invalid')
    assert.equal(judge(disabled, good, nowhere), 'credential_disabled')
    assert.equal(judge(expired, good, nowhere), 'credential_expired')
    assert.equal(judge(narrowed, good, nowhere), 'no_endpoint')
    assert.equal(judge(narrowed), 'insufficient_scope')
  })

  it('unknown, wrong, mistyped and removed keys are all the same', () => {
    const shapes: Credential[] = [
      { kind: 'value', value: formatKeyValue(drawKeyMaterial()) },
      { kind: 'value', value: `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}` },
      { kind: 'value', value: 'abc' },
      { kind: 'value', value: '' },
      { kind: 'pair', keyId: material.keyId, secret: value.slice(-48) },
      { kind: 'pair', keyId: 'nobody', secret: '' },
    ]
    for (const shape of shapes)
      assert.deepEqual(decide(buildIndex(base(), 1), { credential: shape, nowMs, address: null }, target), {
        allow: false,
        reason: 'credential_invalid',
        rule: 'credential_known',
        key: null,
      })
    assert.deepEqual(
      decide(buildIndex(apply(base(), removeKey('Robot')), 1), { credential: good, nowMs, address: null }, target),
      {
        allow: false,
        reason: 'credential_invalid',
        rule: 'credential_known',
        key: null,
      },
    )
  })

  it('where a client takes nothing but tokens a key by itself is none, and can be exchanged for one', () => {
    const document = base()
    const [client] = Object.values(document.clients)
    assert.ok(client !== undefined)
    const tokensOnly = { ...document, clients: { [client.id]: { ...client, accepts: ['oauth2' as const] } } }
    assert.equal(judge(tokensOnly), 'credential_invalid')
    const caller = { credential: good, nowMs, address: null, exchanges: true }
    assert.equal(reason(decide(buildIndex(tokensOnly, 1), caller, target)), 'allow ep_1')
  })

  it('valid strictly before the instant of expiry; a date that cannot be read refuses', () => {
    const document = apply(base(), editKey('Robot', '*', { expires: { days: 1 } }))
    assert.equal(judge(document, good, target, nowMs + 86_399_999), 'allow ep_1')
    assert.equal(judge(document, good, target, nowMs + 86_400_000), 'credential_expired')
    const key = document.keys[material.keyId]
    assert.ok(key !== undefined)
    assert.equal(judge({ ...document, keys: { [key.id]: { ...key, expiresAt: 'someday' } } }), 'credential_expired')
  })

  it('what a client was not granted none of its keys reaches, whatever the key says', () => {
    let document = apply(
      apply(base(), createClient({ name: 'Sales', collections: ['Orders'] }, 'cl_1')),
      createCollection({ name: 'Other' }, 'co_2'),
    )
    document = apply(document, createEndpoint({ collection: 'Other', path: '/other', upstream: 'http://u/' }, 'ep_2'))
    const own = drawKeyMaterial()
    document = apply(document, issueKey({ name: 'Sales robot', client: 'Sales' }, own))
    const credential: Credential = { kind: 'value', value: formatKeyValue(own) }
    assert.equal(judge(document, credential), 'allow ep_1')
    assert.equal(judge(document, credential, { ...target, path: '/other' }), 'insufficient_scope')
    assert.equal(judge(apply(document, disableClient('Sales')), credential), 'credential_disabled')
    const client = document.clients['cl_1']
    assert.ok(client !== undefined)
    const revoked = { ...document, clients: { ...document.clients, cl_1: { ...client, collections: [] } } }
    assert.equal(judge(revoked, credential), 'insufficient_scope')
    const { cl_1: _gone, ...clients } = document.clients
    assert.equal(judge({ ...document, clients }, credential), 'credential_invalid')
  })

  it('disabled endpoints and collections do not exist for callers', () => {
    assert.equal(judge(apply(base(), disableEndpoint('ep_1'))), 'no_endpoint')
    assert.equal(judge(apply(base(), disableCollection('Orders'))), 'no_endpoint')
    const { co_1: _gone, ...collections } = base().collections
    assert.equal(judge({ ...base(), collections }), 'no_endpoint')
  })

  it('during an overlap both secrets are told apart, and the old one ends at its instant', () => {
    const secret = drawSecret()
    const index = buildIndex(apply(base(), rotateKey('Robot', { overlap_seconds: 10 }, secret)), 1)
    const fresh = { kind: 'value', value: formatKeyValue({ keyId: material.keyId, secret }) } as const
    assert.equal(identify(index, fresh, nowMs)?.secret, 'current')
    assert.equal(identify(index, { kind: 'value', value }, nowMs + 9_999)?.secret, 'old')
    assert.equal(identify(index, { kind: 'value', value }, nowMs + 10_000), null)
  })

  it('an index holds no secret', () => {
    const text = JSON.stringify([...buildIndex(base(), 1).keys.values()])
    assert.ok(!text.includes(material.secret))
    assert.ok(!text.includes('sealed'))
  })

  it('a record is translated once: an unchanged key is the same object in the next index', () => {
    const document = base()
    const before = buildIndex(document, 1).keys.get(material.keyId)
    const after = buildIndex(apply(document, createCollection({ name: 'More' }, 'co_9')), 2).keys.get(material.keyId)
    assert.equal(before, after)
    assert.equal(before?.clientId, defaultClientId)
  })
})

interface Rule {
  id: string
  method: EndpointMethod
  host: string | null
  path: string
}

const indexOf = (rules: readonly Rule[]): AccessIndex => {
  let document = apply(firstDocument(nowMs), createCollection({ name: 'All' }, 'co_1'))
  for (const { id, method, host, path } of rules)
    document = apply(document, createEndpoint({ collection: 'All', method, host, path, upstream: 'http://u/' }, id))
  return buildIndex(document, 1)
}

describe('matching endpoints', () => {
  const rules: Rule[] = [
    { id: 'literal', method: 'GET', host: null, path: '/a/b' },
    { id: 'named', method: 'GET', host: null, path: '/a/{x}' },
    { id: 'rest', method: 'GET', host: null, path: '/a/{rest*}' },
    { id: 'any', method: 'ANY', host: null, path: '/a/{x}' },
    { id: 'post-literal', method: 'POST', host: null, path: '/a/c' },
    { id: 'slash', method: 'GET', host: null, path: '/a/b/' },
    { id: 'hosted', method: 'GET', host: 'h.example', path: '/a/{x}' },
    { id: 'options', method: 'OPTIONS', host: null, path: '/o' },
    { id: 'root', method: 'GET', host: null, path: '/' },
  ]
  const index = indexOf(rules)
  const find = (method: string, path: string, host = 'x'): string | undefined =>
    matchEndpoint(index, { method, host, path })?.id

  for (const [method, path, expected, host] of [
    ['GET', '/a/b', 'literal'],
    ['HEAD', '/a/b', 'literal'],
    ['GET', '/a/z', 'named'],
    ['PUT', '/a/b', 'any'],
    ['POST', '/a/c', 'post-literal'],
    ['GET', '/a/c', 'named'],
    ['GET', '/a/b/', 'slash'],
    ['GET', '/a/b/c', 'rest'],
    ['GET', '/a/', 'rest'],
    ['GET', '/a', undefined],
    ['GET', '/A/b', undefined],
    ['GET', '/a/b', 'hosted', 'h.example'],
    ['PUT', '/a/b', 'any', 'h.example'],
    ['OPTIONS', '/o', 'options'],
    ['OPTIONS', '/a/z', undefined],
    ['GET', '/', 'root'],
    ['PROPFIND', '/a/z', 'any'],
    ['GET', '/a/%62', 'named'],
  ] as const)
    it(`${method} ${host ?? ''}${path} -> ${expected ?? 'none'}`, () =>
      assert.equal(find(method, path, host), expected))

  it('agrees with a plain model on random rules and paths', () => {
    const segment = fc.constantFrom('a', 'b', '{x}', '{y}')
    const pattern = fc.tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean()).map(([parts, rest]) => {
      const unique = parts.map((part, at) => (part.startsWith('{') ? `{n${at}}` : part))
      return `/${[...unique, ...(rest ? ['{rest*}'] : [])].join('/')}`
    })
    const rule = fc.record({ method: fc.constantFrom<EndpointMethod>('GET', 'POST', 'ANY'), path: pattern })
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 4 })
      .map((parts) => `/${parts.join('/')}`)
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 6 }),
        path,
        fc.constantFrom('GET', 'POST', 'HEAD', 'PUT'),
        (drawn, asked, method) => {
          const distinct = new Map(drawn.map((each) => [`${each.method} ${patternShape(each.path)}`, each]))
          const made: Rule[] = [...distinct.values()].map((each, at) => ({ ...each, host: null, id: `ep_${at}` }))
          assert.equal(
            matchEndpoint(indexOf(made), { method, host: '', path: asked })?.id,
            modelMatch(made, method, asked),
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  it('gives the raw text of named segments and of the rest', () => {
    const [endpoint] = indexOf([{ id: 'e', method: 'GET', host: null, path: '/f/{a}/x/{rest*}' }]).endpoints
    assert.ok(endpoint !== undefined)
    assert.deepEqual(
      [...segmentValues(endpoint, '/f/1%20/x/2/3')],
      [
        ['a', '1%20'],
        ['rest', '2/3'],
      ],
    )
  })
})

/** Every rule that fits, then the best by kind segment by segment, then by method. Slow and obvious. */
const modelMatch = (rules: readonly Rule[], method: string, path: string): string | undefined => {
  const texts = path.slice(1).split('/')
  const rank = { literal: 0, named: 1, rest: 2 } as const
  const methodRank = (rule: Rule): number => {
    if (rule.method === method) return 0
    if (rule.method === 'GET' && method === 'HEAD') return 1
    return rule.method === 'ANY' ? 2 : 9
  }
  const fitting = rules.flatMap((rule) => {
    const segments = parsePathPattern(rule.path)
    assert.ok(typeof segments !== 'string')
    const rest = segments.at(-1)?.kind === 'rest'
    const fits =
      methodRank(rule) < 9 &&
      (rest ? texts.length >= segments.length : texts.length === segments.length) &&
      segments.every(
        (each, at) => each.kind === 'rest' || (each.kind === 'named' ? texts[at] !== '' : texts[at] === each.text),
      )
    return fits ? [{ rule, key: [...segments.map(({ kind }) => rank[kind]), methodRank(rule)] }] : []
  })
  const better = (a: number[], b: number[]): number => {
    for (let at = 0; at < Math.max(a.length, b.length); at++)
      if ((a[at] ?? 0) !== (b[at] ?? 0)) return (a[at] ?? 0) - (b[at] ?? 0)
    return 0
  }
  return fitting.toSorted((a, b) => better(a.key, b.key))[0]?.rule.id
}
