/** Trying a key: a real call through the gateway, told by the verdict, with neither the value nor the answer's body. */
import assert from 'node:assert/strict'
import type { AdminBody } from '@postern/shared'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('trying a key', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let key: { id: string; value: string }
  const { ok } = commandLine(
    () => test,
    () => test.settings.dataDir,
  )
  before(async () => {
    test = await startTestPostern()
    upstream = await startUpstream((request, response) => {
      if (request.url === '/lies') {
        // A service that speaks like the gateway.
        response.writeHead(401, { 'content-type': 'application/problem+json' })
        response.end('{"type":"urn:postern:problem:credential_expired","code":"credential_expired","request_id":"x"}')
      } else response.end('the books of the house')
    })
    key = await prepareKey(test.admin, upstream.origin)
  })
  after(async () => {
    await test?.stop()
    await upstream?.close()
  })
  const tryIt = async (body: AdminBody<'keys.try'>, of = key.id) => {
    const { duration_ms: ms, ...told } = await test.admin.call('keys.try', { params: { key: of }, body })
    assert.ok(Number.isInteger(ms) && ms >= 0)
    return told
  }

  it('a call that passes reaches the service as a call with that key, over TLS', async () => {
    assert.match(test.postern.urls[0] ?? '', /^https:/)
    assert.deepEqual(await tryIt({ path: '/erp/orders?since=1' }), { passed: true, status: 200, code: null })
    const { method, url, headers } = upstream.received.at(-1) ?? assert.fail('nothing came')
    assert.deepEqual([method, url, headers['authorization']], ['GET', '/orders?since=1', undefined])
    const { calls, callers } = await test.admin.call('keys.evidence', { params: { key: key.id } })
    assert.deepEqual([calls, callers[0]?.address], [1, '127.0.0.1'])
  })

  it('what the service answers is told by its status alone, also when it speaks like the gateway', async () => {
    assert.deepEqual(await tryIt({ path: '/erp/lies' }), { passed: true, status: 401, code: null })
  })

  it('names the failing check: no such endpoint, disabled, expired, out of reach, nobody there', async () => {
    const asked = { params: { key: key.id } }
    assert.deepEqual(await tryIt({ path: '/elsewhere' }), { passed: false, status: 404, code: 'no_endpoint' })
    assert.deepEqual(await tryIt({ path: '/erp/x', method: 'HEAD' }), { passed: true, status: 200, code: null })
    await test.admin.call('keys.disable', asked)
    assert.deepEqual(await tryIt({ path: '/erp/x' }), { passed: false, status: 403, code: 'credential_disabled' })
    // A refusal of HEAD has no body that could name it.
    assert.equal((await tryIt({ path: '/erp/x', method: 'HEAD' })).code, 'credential_disabled')
    await test.admin.call('keys.enable', asked)
    await test.admin.call('keys.edit', { ...asked, body: { expires: { at: 'now' } }, ifMatch: '*' })
    assert.deepEqual(await tryIt({ path: '/erp/x' }), { passed: false, status: 401, code: 'credential_expired' })
    await test.admin.call('keys.edit', { ...asked, body: { expires: { days: 9 } }, ifMatch: '*' })
    await test.admin.call('collections.create', { body: { name: 'Elsewhere' } })
    await test.admin.call('keys.edit', { ...asked, body: { collections: ['Elsewhere'] }, ifMatch: '*' })
    assert.equal((await tryIt({ path: '/erp/x' })).code, 'insufficient_scope')
    await test.admin.call('keys.edit', { ...asked, body: { collections: null }, ifMatch: '*' })
    const dead = { collection: 'ERP', path: '/dead', upstream: 'http://127.0.0.1:1/' }
    await test.admin.call('endpoints.create', { body: dead })
    assert.deepEqual(await tryIt({ path: '/dead' }), { passed: true, status: 502, code: 'upstream_unreachable' })
  })

  it('what may change something is not called unless that is said', async () => {
    const before = upstream.received.length
    await assert.rejects(tryIt({ path: '/erp/x', method: 'POST' }), { code: 'field_invalid', message: /may_change/ })
    assert.equal(upstream.received.length, before)
    assert.deepEqual(await tryIt({ path: '/erp/x', method: 'POST', may_change: true }), {
      passed: true,
      status: 200,
      code: null,
    })
    assert.equal(upstream.received.at(-1)?.method, 'POST')
  })

  it('refuses paths that are none or Postern’s own, hosts that are none, traps, and values that are not kept', async () => {
    for (const path of ['erp', '/a b', '/a\r\nx: y', '/ü', `/${'a'.repeat(5_000)}`, '/exports/changes', '/readyz?x'])
      await assert.rejects(tryIt({ path }), { code: 'field_invalid', message: /path: / }, path)
    await assert.rejects(tryIt({ path: '/erp/x', host: 'a b' }), { code: 'field_invalid' })
    const trap = await test.admin.call('keys.create', { body: { name: 'A trap', honey: { block_seconds: 60 } } })
    await assert.rejects(tryIt({ path: '/erp/x' }, trap.id), { code: 'conflict', message: /trap/ })
    const once = await test.admin.call('keys.create', { body: { name: 'Shown once', reveal: 'once' } })
    await assert.rejects(tryIt({ path: '/erp/x' }, once.id), { code: 'conflict', message: /not kept/ })
  })

  it('is in the trail with who tried what, without the query; no answer, log or trail holds the value', async () => {
    const { data } = await test.admin.call('audit.list', { query: { object: key.id, per_page: 100 } })
    const tried = data.filter(({ action }) => action === 'key.try')
    assert.deepEqual([tried.at(-1)?.note, tried.at(-1)?.outcome], ['GET /erp/orders', 'done'])
    assert.equal(tried.filter(({ note }) => note === 'POST /erp/x').length, 1)
    const said = JSON.stringify([
      data,
      await test.admin.call('keys.try', { params: { key: key.id }, body: { path: '/erp/x' } }),
    ])
    for (const text of [said, test.logged.join('\n')])
      assert.ok(!text.includes(key.value) && !text.includes('books of the house'))
  })

  it('the command says the same', async () => {
    assert.match(await ok('keys', 'try', 'Robot', '/erp/x'), /^It passes: the answer was 200 after \d+ ms\.$/m)
    assert.match(await ok('keys', 'try', 'Robot', '/nowhere'), /^It is refused \(no_endpoint\): the answer was 404/m)
  })
})
