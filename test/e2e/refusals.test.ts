/**
 * Every reason there is to refuse a call, reached from outside: its status, its code, its challenge and what the trail says of
 * it afterwards. A reason without a case does not compile.
 */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { problems, refusalReasons, type AuditView, type RefusalReason } from '@postern/shared'
import { makeDocument } from '../support/access-document.ts'
import { bearer, call, sendRaw, type Answered } from '../support/call.ts'
import { startGatewayBed } from '../support/gateway-bed.ts'
import { startRawUpstream, type RawUpstream } from '../support/raw-upstream.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

interface Case {
  readonly ask: () => Promise<Answered>
  readonly challenge: string | null
  /** Whom the trail names; `none`: there is no trail to write to while this is the reason. */
  readonly trail: 'key' | 'address' | 'none'
}

const realm = 'Bearer realm="postern"'

describe('every reason to refuse a call', () => {
  let test: TestPostern
  let good: { id: string; value: string }
  const keys = new Map<string, { id: string; value: string }>()
  const ask = (path: string, value?: string): Promise<Answered> =>
    call(test.http + path, { headers: value === undefined ? {} : bearer(value) })
  const valueOf = (name: string): string => keys.get(name)?.value ?? ''

  const cases: Record<RefusalReason, Case> = {
    request_malformed: { ask: () => ask('/erp/%00/x', good.value), challenge: null, trail: 'address' },
    keystore_locked: { ask: async () => whileLocked(), challenge: null, trail: 'none' },
    store_unavailable: { ask: async () => whileTrailIsFull(), challenge: null, trail: 'none' },
    credential_malformed: {
      ask: () => call(`${test.http}/erp/x`, { headers: { authorization: 'Digest abc' } }),
      challenge: `${realm}, error="invalid_request"`,
      trail: 'address',
    },
    credential_missing: { ask: () => ask('/erp/x'), challenge: realm, trail: 'address' },
    credential_invalid: {
      ask: () => ask('/erp/x', 'postern_abcd1234_wrong'),
      challenge: `${realm}, error="invalid_token"`,
      trail: 'address',
    },
    credential_disabled: { ask: () => ask('/erp/x', valueOf('Disabled')), challenge: null, trail: 'key' },
    credential_expired: {
      ask: () => ask('/erp/x', valueOf('Expired')),
      challenge: `${realm}, error="invalid_token", error_description="expired"`,
      trail: 'key',
    },
    forbidden: { ask: () => ask('/erp/x', valueOf('Elsewhere')), challenge: null, trail: 'key' },
    no_endpoint: { ask: () => ask('/nowhere', good.value), challenge: null, trail: 'key' },
    insufficient_scope: {
      ask: () => ask('/erp/x', valueOf('Narrow')),
      challenge: `${realm}, error="insufficient_scope"`,
      trail: 'key',
    },
    rate_limited: { ask: () => secondOf('Hurried'), challenge: null, trail: 'key' },
    quota_exceeded: { ask: () => secondOf('Spent'), challenge: null, trail: 'key' },
  }
  /** The first one is all that the key's policy allows. */
  const secondOf = async (name: string): Promise<Answered> => {
    await ask('/erp/x', valueOf(name))
    return ask('/erp/x', valueOf(name))
  }

  before(async () => {
    test = await startTestPostern()
    good = await prepareKey(test.admin, 'http://127.0.0.1:1')
    await test.admin.call('collections.create', { body: { name: 'Other' } })
    for (const [name, per] of [
      ['One a minute', 'minute'],
      ['One a day', 'day'],
    ] as const)
      await test.admin.call('policies.create', { body: { name, windows: [{ per, calls: 1 }] } })
    for (const body of [
      { name: 'Hurried', policies: ['One a minute'] },
      { name: 'Spent', policies: ['One a day'] },
      { name: 'Disabled' },
      { name: 'Expired', expires: { at: 'now' } },
      { name: 'Narrow', collections: ['Other'] },
      { name: 'Elsewhere', addresses: { allow: ['198.51.100.0/24'] } },
    ]) {
      const { id, value } = await test.admin.call('keys.create', { body })
      keys.set(body.name, { id, value: value ?? '' })
    }
    await test.admin.call('keys.disable', { params: { key: 'Disabled' } })
  })
  after(() => test.stop())

  /** Without the machine key nothing opens the keystore. It comes last, for this daemon goes with it. */
  const whileLocked = async (): Promise<Answered> => {
    let locked = await startTestPostern()
    try {
      await rm(join(locked.settings.machineDir, 'machine.key'))
      locked = await locked.restart()
      return await call(`${locked.http}/erp/x`, { headers: bearer(good.value) })
    } finally {
      await locked.stop()
    }
  }
  /** The real full disk is in full-disk.test.ts; here the listener and the answer. */
  const whileTrailIsFull = async (): Promise<Answered> => {
    const bed = await startGatewayBed(makeDocument({}), { isTrailFull: () => true })
    const answer = await call(`${bed.url}/erp/x`, { headers: bearer(good.value) })
    assert.deepEqual(
      bed.records.map(({ outcome }) => outcome),
      ['store_unavailable'],
    )
    await bed.stop()
    return answer
  }

  for (const reason of refusalReasons) {
    const { ask: asked, challenge, trail } = cases[reason]
    it(`${reason}: ${problems[reason].status}${challenge === null ? '' : ', with its challenge'}`, async () => {
      const answer = await asked()
      const { status, title } = problems[reason]
      const problem = answer.problem()
      assert.deepEqual([answer.status, problem.status, problem.code, problem.title], [status, status, reason, title])
      assert.equal(answer.headers['content-type'], 'application/problem+json')
      assert.equal(answer.headers['www-authenticate'] ?? null, challenge)
      assert.equal(problem.request_id, answer.headers['x-request-id'])
      // RFC 9110 §15.5.2: no 401 without one. And nothing is said to be worth another try unless it is.
      if (status === 401) assert.notEqual(challenge, null)
      assert.equal(answer.headers['retry-after'] !== undefined, status === 503 || status === 429)
      assert.ok(!answer.body.includes(good.value.slice(-20)))
      if (trail === 'none') return
      const entry = await entryOf(reason)
      assert.equal(entry?.object.kind, trail)
      assert.deepEqual([entry.outcome, entry.action, entry.actor.kind], ['refused', 'call.refused', 'caller'])
    }).timeout(20_000)
  }

  /** Folded refusals are written when their minute is over. */
  const entryOf = async (reason: RefusalReason): Promise<AuditView | undefined> => {
    test = await test.restart()
    const { data } = await test.admin.call('audit.list', { query: { per_page: 500 } })
    return data.find(({ note }) => note?.startsWith(`${reason},`))
  }
})

describe('every other refusal of the connector listener', () => {
  let test: TestPostern
  let auth: string
  let silent: RawUpstream
  const request = (line: string, more = '', body = ''): string =>
    `${line} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${auth}\r\n${more}\r\n${body}`

  before(async () => {
    test = await startTestPostern()
    auth = (await prepareKey(test.admin, 'http://127.0.0.1:1')).value
    const limits = { idle_timeout_ms: 150, body_bytes_max: 100, connect_timeout_ms: 150, answer_timeout_ms: 150 }
    silent = await startRawUpstream(() => {})
    const fields = { collection: 'ERP', method: 'POST' as const, path: '/small', upstream: silent.origin, ...limits }
    await test.admin.call('endpoints.create', { body: fields })
  })
  after(async () => {
    await test.stop()
    await silent.close()
  })

  for (const [code, bytes] of [
    ['request_timeout', () => request('POST /small', 'Content-Length: 50\r\n', 'x')],
    ['body_too_large', () => request('POST /small', 'Content-Length: 101\r\n')],
    ['target_too_long', () => request(`GET /erp/${'a'.repeat(8_193)}`)],
    ['expectation_failed', () => request('GET /erp/x', 'Expect: 200-maybe\r\n')],
    ['headers_too_large', () => request('GET /erp/x', `X: ${'a'.repeat(17_000)}\r\n`)],
    ['headers_too_large', () => request('GET /erp/x', 'X: a\r\n'.repeat(65))],
    ['method_not_allowed', () => request('DELETE /livez')],
    ['upstream_timeout', () => request('POST /small', 'Content-Length: 1\r\n', 'x')],
    ['upstream_unreachable', () => request('GET /erp/x')],
  ] as const)
    it(`${code}: ${problems[code].status}`, async () => {
      const text = await sendRaw(test.http, bytes())
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${problems[code].status} `))
      assert.match(text, new RegExp(`"code":"${code}"`))
      assert.match(text, /^content-type: application\/problem\+json\r$/im)
      assert.doesNotMatch(text, /^www-authenticate:/im)
    })
})

describe('every further refusal of the admin API', () => {
  let test: TestPostern
  before(async () => {
    test = await startTestPostern()
    await test.admin.call('keys.create', { body: { name: 'Robot' } })
  })
  after(() => test.stop())

  const ask = (method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> =>
    call(`http://localhost${path}`, {
      method,
      headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      socketPath: test.settings.socketPath,
    })
  const twice = async (second: object): Promise<Answered> => {
    const headers = { 'idempotency-key': 'once' }
    assert.equal((await ask('POST', '/v1/keys', { name: 'Once only' }, headers)).status, 201)
    return ask('POST', '/v1/keys', second, headers)
  }

  for (const [code, asked] of [
    ['name_taken', () => ask('POST', '/v1/keys', { name: 'ROBOT' })],
    ['precondition_required', () => ask('PATCH', '/v1/keys/Robot', { description: 'x' })],
    ['precondition_failed', () => ask('PATCH', '/v1/keys/Robot', { description: 'x' }, { 'if-match': '"999"' })],
    ['field_invalid', () => ask('POST', '/v1/keys', { name: 'x' })],
    ['media_type_unsupported', () => ask('POST', '/v1/keys', 'name=x', { 'content-type': 'text/plain' })],
    ['body_too_large', () => ask('POST', '/v1/keys', { name: 'x'.repeat(300_000) })],
    ['idempotency_mismatch', () => twice({ name: 'Another' })],
    ['not_found', () => ask('POST', '/v1/keys/nobody/disable', {})],
    ['conflict', () => ask('POST', '/v1/keys/Robot/end-overlap', {})],
    ['method_not_allowed', () => ask('PATCH', '/v1/status', {})],
    ['forbidden', () => ask('POST', '/v1/keys', { name: 'From a page' }, { origin: 'https://evil.example' })],
  ] as const)
    it(`${code}: ${problems[code].status}`, async () => {
      const answer = await asked()
      assert.deepEqual([answer.status, answer.problem().code], [problems[code].status, code])
      assert.equal(answer.headers['content-type'], 'application/problem+json')
    })
})
