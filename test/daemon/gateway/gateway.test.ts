/** Every refusal with its status, code and challenge, in the order of the table; and what the recorder hears. */
import assert from 'node:assert/strict'
import { formatKeyValue, problems, type ProblemCode } from '@postern/shared'
import { makeCollection, makeDocument, makeEndpoint, makeKey, randomText } from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startUpstream, type FakeUpstream } from '../../support/fake-upstream.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'
import { rawCaller } from '../../support/raw-caller.ts'

const past = '2026-05-01T00:00:00.000Z'
const good = makeKey()
const disabled = makeKey({ disabledAt: past })
const expired = makeKey({ expiresAt: past })
const narrow = makeKey({ collections: [] })
const removed = makeKey({ removedAt: past })
const wrong = formatKeyValue({ keyId: good.record.id, secret: randomText(43) })
const unknown = formatKeyValue({ keyId: randomText(8), secret: randomText(43) })
const mistyped = good.value.slice(0, -1) + (good.value.endsWith('A') ? 'B' : 'A')
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

describe('the gateway', () => {
  let upstream: FakeUpstream
  let bed: GatewayBed
  let trailFull = false
  let asked = 0

  const documentOf = () =>
    makeDocument({
      keys: [good, disabled, expired, narrow, removed],
      collections: [makeCollection(), makeCollection({ id: 'co_off', name: 'Off', disabledAt: past })],
      endpoints: [
        makeEndpoint('ANY', '/erp/{rest*}', { upstream: `${upstream.origin}/{rest*}` }),
        makeEndpoint('GET', '/asked', { upstream: null }),
        makeEndpoint('GET', '/off', { disabledAt: past }),
        makeEndpoint('GET', '/collection-off', { collectionId: 'co_off' }),
      ],
    })

  before(async () => {
    upstream = await startUpstream()
    const isTrailFull = (): boolean => {
      asked += 1
      return trailFull
    }
    bed = await startGatewayBed(documentOf(), { isTrailFull })
  })
  after(async () => {
    await bed.stop()
    await upstream.close()
  })
  beforeEach(() => {
    bed.publish(documentOf())
    bed.records.length = 0
    bed.faults.length = 0
    upstream.received.length = 0
    trailFull = false
    asked = 0
  })

  const cases: [string, string, Record<string, string>, ProblemCode, string | undefined][] = [
    ['no credential', '/erp/x', {}, 'credential_missing', 'Bearer realm="postern"'],
    ['no credential on an unknown path', '/nowhere', {}, 'credential_missing', 'Bearer realm="postern"'],
    [
      'two kinds of credential',
      '/erp/x',
      { ...bearer(good.value), 'x-api-key': good.value },
      'credential_malformed',
      'Bearer realm="postern", error="invalid_request"',
    ],
    [
      'a scheme that is not known',
      '/erp/x',
      { authorization: 'Digest abc' },
      'credential_malformed',
      'Bearer realm="postern", error="invalid_request"',
    ],
    [
      'an unknown key',
      '/erp/x',
      bearer(unknown),
      'credential_invalid',
      'Bearer realm="postern", error="invalid_token"',
    ],
    [
      'an unknown key on an unknown path',
      '/nowhere',
      bearer(unknown),
      'credential_invalid',
      'Bearer realm="postern", error="invalid_token"',
    ],
    ['a disabled key', '/erp/x', bearer(disabled.value), 'credential_disabled', undefined],
    ['a disabled key on an unknown path', '/nowhere', bearer(disabled.value), 'credential_disabled', undefined],
    [
      'an expired key',
      '/nowhere',
      bearer(expired.value),
      'credential_expired',
      'Bearer realm="postern", error="invalid_token", error_description="expired"',
    ],
    ['a path without endpoint', '/nowhere', bearer(narrow.value), 'no_endpoint', undefined],
    ['an endpoint that only proxies ask about', '/asked', bearer(narrow.value), 'no_endpoint', undefined],
    ['a disabled endpoint', '/off', bearer(good.value), 'no_endpoint', undefined],
    ['an endpoint of a disabled collection', '/collection-off', bearer(good.value), 'no_endpoint', undefined],
    [
      'a key that does not reach the collection',
      '/erp/x',
      bearer(narrow.value),
      'insufficient_scope',
      'Bearer realm="postern", error="insufficient_scope"',
    ],
    [
      'a path that is not canonical, whatever the key',
      '/erp//x',
      bearer(expired.value),
      'request_malformed',
      undefined,
    ],
  ]
  for (const [what, path, headers, code, challenge] of cases)
    it(`${what} is ${problems[code].status} ${code}`, async () => {
      const got = await call(bed.url + path, { headers })
      const body = got.problem()
      assert.deepEqual(
        [got.status, body.code, body.status, body.title],
        [problems[code].status, code, problems[code].status, problems[code].title],
      )
      assert.equal(got.headers['www-authenticate'], challenge)
      assert.equal(got.headers['content-type'], 'application/problem+json')
      assert.equal(got.headers['cache-control'], 'no-store')
      assert.equal(got.headers['x-request-id'], body.request_id)
      assert.equal(body['expired_at'], code === 'credential_expired' ? past : undefined)
      assert.deepEqual(
        bed.records.map(({ outcome }) => outcome),
        [code],
      )
      assert.equal(upstream.received.length, 0)
    })

  for (const [state, refusal, why] of [
    ['while locked', 'keystore_locked', 'keystore_locked'],
    ['while refusals cannot be recorded', 'store_unavailable', 'audit_unwritable'],
  ] as const)
    it(`${state} everything is 503 and no credential is looked at, but /livez`, async () => {
      if (refusal === 'keystore_locked') bed.publish(null)
      else trailFull = true
      for (const [path, headers] of [
        ['/erp/x', bearer(good.value)],
        ['/erp/x', {}],
        ['/erp/x', { authorization: 'nonsense' }],
        ['/.postern/self', bearer(good.value)],
        ['/oauth/token', {}],
        ['/authz/forward-auth', { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/erp/x' }],
      ] as const) {
        const got = await call(bed.url + path, { headers })
        assert.deepEqual([got.status, got.problem().code, got.headers['retry-after']], [503, refusal, '10'], path)
      }
      assert.deepEqual(new Set(bed.records.map(({ outcome }) => outcome)), new Set([refusal]))
      assert.equal(asked, 6, 'once for each call')
      assert.equal((await call(`${bed.url}/livez`)).status, 200)
      const ready = await call(`${bed.url}/readyz`)
      assert.deepEqual([ready.status, JSON.parse(ready.body)], [503, { status: 'unready', reasons: [why] }])
      assert.equal((await call(`${bed.url}/erp//x`)).status, 400)
    })

  for (const [what, headers] of [
    ['Bearer', bearer(good.value)],
    ['bEaReR', { authorization: `bEaReR ${good.value}` }],
    ['X-API-Key', { 'x-api-key': good.value }],
    ['Basic', { authorization: basic(`${good.record.id}:${good.pairSecret}`) }],
  ] as const)
    it(`a good key passes as ${what}, and the upstream does not see it`, async () => {
      const got = await call(`${bed.url}/erp/x?q=1`, { headers })
      assert.deepEqual([got.status, got.body], [200, 'upstream /x?q=1'])
      const [received] = upstream.received
      const text = JSON.stringify(received?.rawHeaders)
      assert.ok(!text.includes(good.pairSecret) && !/authorization|api-key/i.test(text))
      assert.equal(received?.headers['x-postern-key-id'], good.record.id)
    })

  it('unknown, wrong, mistyped and removed keys get the same bytes', async () => {
    const answers: string[] = []
    const credentials = [unknown, wrong, mistyped, removed.value, 'nokey'].map((value) => `Bearer ${value}`)
    for (const authorization of [...credentials, basic('a:b'), basic(`${good.record.id}:${mistyped.slice(17)}`)]) {
      const caller = rawCaller(bed.url)
      caller.send(`GET /erp/x HTTP/1.1\r\nHost: a\r\nX-Request-Id: same\r\nAuthorization: ${authorization}\r\n\r\n`)
      answers.push((await caller.until('the answer', (text) => text.endsWith('}'))).replace(/Date: [^\r]*/, ''))
      caller.destroy()
    }
    assert.match(answers[0] ?? '', /credential_invalid/)
    assert.deepEqual(new Set(answers).size, 1)
  })

  it('an expiry and a disabling hold from the very next call', async () => {
    const key = makeKey({ expiresAt: new Date(bed.clock.nowMs + 1_000).toISOString() })
    const endpoints = [makeEndpoint('GET', '/erp', { upstream: upstream.origin })]
    const status = async () => (await call(`${bed.url}/erp`, { headers: bearer(key.value) })).status
    bed.publish(makeDocument({ keys: [key], endpoints }))
    assert.equal(await status(), 200)
    bed.publish(makeDocument({ keys: [{ ...key.record, disabledAt: past }], endpoints }))
    assert.equal(await status(), 403)
    bed.publish(makeDocument({ keys: [key], endpoints }))
    bed.clock.nowMs += 1_000
    assert.equal(await status(), 401)
    bed.clock.nowMs -= 1_000
  })

  it('HEAD refusals have the head of GET and no body', async () => {
    const got = await call(`${bed.url}/nowhere`, { method: 'HEAD', headers: bearer(good.value) })
    assert.deepEqual([got.status, got.body, got.headers['content-type']], [404, '', 'application/problem+json'])
  })

  for (const [given, kept] of [
    ['abc.DEF_1-2', true],
    [`${'a'.repeat(39)}-${'b'.repeat(24)}`, true],
    [`${'a'.repeat(39)}-${'b'.repeat(25)}`, false],
    [good.pairSecret, false],
    ['a b', false],
    ['<script>', false],
  ] as const)
    it(`a request id ${given.slice(0, 12)}… of ${given.length} is ${kept ? 'kept' : 'replaced'}`, async () => {
      const got = await call(`${bed.url}/erp/x`, { headers: { ...bearer(good.value), 'x-request-id': given } })
      const id = got.headers['x-request-id']
      assert.equal(id === given, kept)
      assert.equal(upstream.received[0]?.headers['x-request-id'], id)
      assert.equal(bed.records[0]?.requestId, id)
    })

  it('the recorder hears once of each call: who, what and from where, never the query or the secret', async () => {
    await call(`${bed.url}/erp/x?secret=1`, { headers: bearer(good.value) })
    await call(`${bed.url}/nowhere?secret=1`, { headers: bearer(good.value) })
    const text = JSON.stringify(bed.records)
    assert.ok(!text.includes('secret=1') && !text.includes(good.pairSecret))
    assert.deepEqual(
      bed.records.map(({ outcome, keyId, secret, method, path, callerAddress }) => [
        outcome,
        keyId,
        secret,
        method,
        path,
        callerAddress,
      ]),
      [
        ['allow', good.record.id, 'current', 'GET', '/erp/x', '127.0.0.1'],
        ['no_endpoint', good.record.id, null, 'GET', '/nowhere', '127.0.0.1'],
      ],
    )
  })

  it('a recorder that fails is told of and breaks no call', async () => {
    const faults: unknown[] = []
    const fragile = await startGatewayBed(documentOf(), {
      record: () => {
        throw new Error('full')
      },
      onFault: (_, error) => {
        faults.push(error)
        throw new Error('full too')
      },
    })
    assert.equal((await call(`${fragile.url}/erp/x`, { headers: bearer(good.value) })).status, 200)
    assert.equal((await call(`${fragile.url}/nowhere`)).status, 401)
    assert.equal(faults.length, 2)
    await fragile.stop()
  })

  it('a bug is an opaque 500', async () => {
    const broken = await startGatewayBed(null, {
      index: () => {
        throw new Error('inner secret')
      },
    })
    const got = await call(`${broken.url}/erp/x`, { headers: bearer(good.value) })
    assert.deepEqual([got.status, got.problem().code], [500, 'internal'])
    assert.ok(!got.body.includes('inner'))
    assert.equal(broken.faults.length, 1)
    await broken.stop()
  })
})
