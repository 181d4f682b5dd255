/** "Why was I refused?" with the real daemon and the command line: limits of a key run into, and explained by request id. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import type { Explanation, RefusalView } from '@postern/shared'
import { isProblem } from '../../daemon/src/problem.ts'
import { createChance } from '../faults/chance.ts'
import { bearer, call, type Called } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { callers, randomAddresses } from '../support/random-calls.ts'
import { startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('why was I refused?', function () {
  this.timeout(60_000)
  let test: TestPostern
  let upstream: FakeUpstream
  let dir: string
  let value: string
  const { ok, run, at } = commandLine(
    () => test,
    () => dir,
  )
  before(async () => {
    // This machine is a proxy whose word about its callers is taken, so that tests can call from anywhere.
    test = await startTestPostern({ trustedProxies: ['127.0.0.1'] })
    dir = await temporaryDir()
    upstream = await startUpstream()
    for (const name of ['Orders', 'Billing']) await test.admin.call('collections.create', { body: { name } })
    for (const [collection, method, path] of [
      ['Orders', 'GET', '/orders/{id}'],
      ['Orders', 'POST', '/orders/{id}'],
      ['Billing', 'GET', '/bills'],
    ] as const)
      await test.admin.call('endpoints.create', {
        body: { collection, method, path, upstream: `${upstream.origin}${path}` },
      })
    const rights = { collections: ['Orders'], methods: ['GET' as const], addresses: { allow: ['10.1.2.0/24'] } }
    value = (await test.admin.call('keys.create', { body: { name: 'SAP sync', ...rights } })).value ?? ''
  })
  after(async () => {
    await test.stop()
    await upstream.close()
    await rm(dir, { recursive: true, force: true })
  })

  const asCaller = (path: string, address: string, { headers = {}, ...more }: Called = {}) =>
    call(test.http + path, { headers: { ...bearer(value), 'x-forwarded-for': address, ...headers }, ...more })
  /** The socket answers 200 a second. */
  const patiently = async <T>(ask: () => Promise<T>, deadlineMs = Date.now() + 20_000): Promise<T> =>
    ask().catch(async (error: unknown) => {
      if (!isProblem(error, 'rate_limited') || Date.now() > deadlineMs) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
      return patiently(ask, deadlineMs)
    })
  /** A refused call; its answer names the request. */
  const refused = async (...args: Parameters<typeof asCaller>) => {
    const answered = await asCaller(...args)
    const { code, request_id: id } = answered.problem()
    return { status: answered.status, code, id }
  }

  it('a key for one collection, one method and one /24: each limit is run into, and told by the request id', async () => {
    assert.equal((await asCaller('/orders/1', '10.1.2.3')).status, 200)
    const tries = [
      {
        call: await refused('/bills', '10.1.2.3'),
        said: /the collection Billing is not among those the key reaches: Orders/,
        rule: 'collection',
      },
      {
        call: await refused('/orders/1', '10.1.2.3', { method: 'POST' }),
        said: /POST is not among the methods of the key: GET, HEAD/,
        rule: 'key_method',
      },
      {
        call: await refused('/orders/1', '10.1.3.3'),
        said: /10\.1\.3\.3 is not in the allow list of the key: 10\.1\.2\.0\/24/,
        rule: 'key_addresses',
      },
      {
        call: await refused('/orders', '10.1.2.3'),
        said: /no endpoint answers GET \/orders/,
        rule: 'endpoint',
      },
    ] as const
    for (const { call: answered, said, rule } of tries) {
      const told = await ok('explain', answered.id)
      assert.match(told, new RegExp(`was refused with ${answered.status} ${answered.code}: `))
      assert.match(told, new RegExp(`^✗ refuse +${rule} +`, 'm'))
      // As it was, and as it would be now.
      assert.equal(told.match(new RegExp(said.source, 'g'))?.length, 2, told)
      assert.match(told, new RegExp(`Refused: ${answered.status} ${answered.code}\\.`))
      assert.doesNotMatch(told, new RegExp(value))
      const { refusal, explanation } = JSON.parse(await ok('explain', answered.id, '--json')) as {
        refusal: RefusalView
        explanation: Explanation
      }
      assert.deepEqual([refusal.rule, refusal.reason, refusal.key?.name], [rule, explanation.reason, 'SAP sync'])
    }
  })

  it('once the key has been changed, what is explained is that the same call passes now', async () => {
    const { id } = await refused('/orders/7', '10.9.9.9')
    const allow = ['10.1.2.0/24', '10.9.9.9']
    await test.admin.call('keys.edit', { params: { key: 'SAP sync' }, body: { addresses: { allow } }, ifMatch: '*' })
    const told = await ok('explain', id)
    assert.match(told, /was refused with 403 forbidden: 10\.9\.9\.9 is not in the allow list/)
    assert.match(
      told,
      /^✓ pass +key_addresses +10\.9\.9\.9 is in the allow list of the key: 10\.1\.2\.0\/24, 10\.9\.9\.9$/m,
    )
    assert.match(told, /^Allowed/m)
    assert.equal((await asCaller('/orders/7', '10.9.9.9')).status, 200)
  })

  it('any call can be asked about, at any instant, and nothing is called for it', async () => {
    const before = upstream.received.length
    const ask = (...more: string[]) =>
      ok('explain', '--method', 'GET', '--path', '/orders/1', '--address', '10.1.2.3', ...more)
    assert.match(await ask('--key', 'SAP sync'), /^Allowed/m)
    assert.match(await ask(), /✗ refuse +credential_given[^]*Refused: 401 credential_missing\./)
    const past = await ask('--key', 'SAP sync', '--at', '2026-01-01')
    assert.match(past, /judged by what is set up now/)
    assert.match(past, /Changed since:\n[^]* key\.edit {2}by \S+\n[^]* key\.issue {2}by /)
    const later = new Date(test.clock.nowMs + 400 * 86_400_000).toISOString()
    assert.match(await ask('--key', 'SAP sync', '--at', later), /✗ refuse +key_current[^]*401 credential_expired/)
    assert.equal((JSON.parse(await ask('--key', 'SAP sync', '--json')) as Explanation).verdict, 'allow')
    assert.equal(upstream.received.length, before)
    const wrong = [
      [['explain'], 2, /Say which call with --method and --path/],
      [['explain', 'id', '--path', '/x'], 2, /A request id stands alone/],
      [['explain', '--method', 'GET', '--path', '/x', '--at', 'noon'], 1, /at: give an instant/],
      [['explain', 'no-such-request'], 1, /ask explain with its key, method, path and instant/],
    ] as const
    for (const [args, code, said] of wrong) {
      const told = await run([...args, ...at()])
      assert.equal(told.code, code, told.err)
      assert.match(told.err, said)
    }
  })

  it('refusals that cannot be judged again say why; the secrets they carried are nowhere', async () => {
    const wrong = `${value.slice(0, -7)}0000000`
    const unknown = await refused('/orders/1', '10.1.2.3', { headers: bearer(wrong) })
    assert.match(
      await ok('explain', unknown.id),
      /401 credential_invalid: it is the secret of no key[^]*nobody knows which key/,
    )
    const long = `/orders/${'s'.repeat(40)}?token=hidden-in-the-query`
    const { id } = await refused(long, '10.1.3.3')
    assert.match(await ok('explain', id), /GET \/orders\/… with[^]*long parts of its path or host are not kept/)
    const malformed = await refused('/orders//1', '10.1.2.3')
    assert.match(await ok('explain', malformed.id), /400 request_malformed: the path has an empty segment/)
    const everything = await ok('refusals', 'list', '--json', '--per-page', '500')
    for (const secret of [value, wrong, 's'.repeat(40), 'hidden-in-the-query'])
      assert.equal(everything.includes(secret), false, secret)
  })

  it('two calls under one request id are both in the list; asked for by it, the newer one is told', async () => {
    const headers = { ...bearer(value), 'x-request-id': 'twice' }
    await refused('/orders/first', '10.1.3.3', { headers })
    await refused('/orders/second', '10.1.2.3', { headers, method: 'POST' })
    const { data } = await test.admin.call('refusals.list', { query: { text: 'TWICE' } })
    assert.deepEqual(
      data.map(({ path, reason }) => [path, reason]),
      [
        ['/orders/second', 'insufficient_scope'],
        ['/orders/first', 'forbidden'],
      ],
    )
    assert.equal((await test.admin.call('refusals.get', { params: { request: 'twice' } })).path, '/orders/second')
  })

  it('the list is filtered by key, reason and text, paged, and shown as a table', async () => {
    const { count, data } = await test.admin.call('refusals.list', { query: { key: 'SAP sync', per_page: 2, page: 2 } })
    assert.ok(count > 4 && data.length === 2)
    const forbidden = await ok('refusals', 'list', '--key', 'SAP sync', '--reason', 'forbidden', '--text', '10.9.9')
    assert.match(forbidden, /^TIME +REQUEST +ANSWER +KEY +CALL +FROM +WHY\n.*403 forbidden +SAP sync +GET \/orders\/7 /)
    assert.equal(forbidden.trim().split('\n').length, 2)
    assert.match(await ok('refusals', 'list', '--reason', 'quota_exceeded'), /No refusal of this kind is remembered/)
    const unknown = await run(['refusals', 'list', '--key', 'nobody', ...at()])
    assert.equal(unknown.code, 1)
    const spelt = await run(['refusals', 'list', '--reason', 'because', ...at()])
    assert.equal(spelt.code, 2)
  })

  it('a proxy that asks about a call: what is explained is its question', async () => {
    const headers = {
      'x-forwarded-method': 'POST',
      'x-forwarded-uri': '/orders/5',
      'x-forwarded-host': 'gw.example',
    }
    const { id, status } = await refused('/authz/forward-auth', '10.1.2.3', {
      headers: { ...bearer(value), ...headers },
    })
    assert.equal(status, 403)
    const view = await test.admin.call('refusals.get', { params: { request: id } })
    assert.deepEqual(
      [view.method, view.path, view.host, view.asked_by_proxy, view.caller_known, view.address],
      ['POST', '/orders/5', 'gw.example', true, true, '10.1.2.3'],
    )
    assert.match(await ok('explain', id), /✗ refuse +key_method/)
    // Without a word of the caller's address there is none to judge by.
    const silent = await call(`${test.http}/authz/forward-auth`, {
      headers: { ...bearer(value), ...headers, 'x-forwarded-method': 'GET', 'x-request-id': 'silent' },
    })
    assert.equal(silent.status, 403)
    assert.match(
      await ok('explain', 'silent'),
      /from 127\.0\.0\.1, a proxy\nwas refused with 403 forbidden: the address of the caller is not known; the allow list/,
    )
  })

  it('300 random calls at the listener: status and code are those that were explained just before', async () => {
    const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31)
    const chance = createChance(seed)
    const drawAddresses = () => {
      const { allow, deny } = randomAddresses(chance)
      return { allow: allow === null ? null : [...allow], deny: [...deny] }
    }
    await test.admin.call('clients.create', {
      body: { name: 'Narrow', collections: ['Orders'], addresses: drawAddresses() },
    })
    const values = new Map<string, string>()
    for (let number = 0; number < 12; number++) {
      const name = `random ${number}`
      const made = await test.admin.call('keys.create', {
        body: {
          name,
          client: chance.under(2) === 0 ? 'Narrow' : 'default',
          addresses: drawAddresses(),
          ...(chance.under(3) === 0 ? { methods: ['POST' as const] } : {}),
          ...(chance.under(4) === 0 ? { endpoints: ['GET /orders/{id}'] } : {}),
          ...(number === 10 ? { expires: { at: new Date(test.clock.nowMs + 1_000).toISOString() } } : {}),
          ...(number === 11 ? { honey: { block_seconds: 60 } } : {}),
        },
      })
      values.set(name, made.value ?? '')
      if (number === 9) await test.admin.call('keys.disable', { params: { key: name } })
    }
    test.clock.nowMs += 1_000
    const reached = new Map<string, number>()
    for (let calls = 0; calls < 300; calls++) {
      // So that blocks end as well as begin.
      test.clock.nowMs += 5_000
      const [key = '', secret = ''] = [...values][chance.under(values.size)] ?? []
      const none = chance.under(25) === 0
      const method = chance.pick(['GET', 'GET', 'HEAD', 'POST', 'PUT'])
      const path = chance.pick(['/orders/1', '/orders/2', '/bills', '/nowhere', '/orders//1'])
      const address = chance.pick([...callers, '10.7.7.7'])
      const body = { method, path, address, ...(none ? {} : { key }) }
      const told = await patiently(() => test.admin.call('explain.call', { body }))
      const headers = { ...(none ? {} : bearer(secret)), 'x-forwarded-for': address, 'x-request-id': `random-${calls}` }
      const answered = await call(test.http + path, { method, headers })
      const about = `seed ${seed}: ${method} ${path} with ${key} from ${address}`
      assert.equal(answered.status, told.status ?? 200, about)
      if (told.reason !== null) {
        const request = `random-${calls}`
        const view = await patiently(() => test.admin.call('refusals.get', { params: { request } }))
        assert.equal(view.reason, told.reason, about)
        assert.equal(view.said, told.rules.find(({ rule }) => rule === view.rule)?.said, about)
        assert.equal(told.rules.find(({ outcome }) => outcome === 'refuse')?.rule, view.rule, about)
      }
      reached.set(told.reason ?? 'allow', (reached.get(told.reason ?? 'allow') ?? 0) + 1)
    }
    assert.ok(reached.size >= 6, `seed ${seed}: ${JSON.stringify([...reached])}`)
  })

  it('a restart forgets them, and says what to ask instead', async () => {
    test = await test.restart()
    assert.equal((await test.admin.call('refusals.list', {})).count, 0)
    await assert.rejects(test.admin.call('refusals.get', { params: { request: 'twice' } }), {
      code: 'not_found',
      message: /ask explain with its key, method, path and instant/,
    })
  })
})
