/** The last calls of a key, one by one: from a call at the gateway to an administrator, refused ones too, and nobody else's. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('last calls of a key, end to end', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let dir: string
  let key: { id: string; value: string }
  const { ok } = commandLine(
    () => test,
    () => dir,
  )
  before(async () => {
    test = await startTestPostern()
    dir = await temporaryDir()
    upstream = await startUpstream()
    key = await prepareKey(test.admin, upstream.origin)
  })
  after(async () => {
    await test.stop()
    await upstream.close()
    await rm(dir, { recursive: true, force: true })
  })
  const send = async (path: string, value = key.value, more: Record<string, string> = {}): Promise<number> => {
    test.clock.nowMs += 1_000
    return (await call(test.http + path, { headers: { ...bearer(value), ...more } })).status
  }
  const calls = (ref = key.id) => test.admin.call('keys.calls', { params: { key: ref } })
  const edit = (expires: { at: string } | { days: number }) =>
    test.admin.call('keys.edit', { params: { key: key.id }, body: { expires }, ifMatch: '*' })
  const outcomes = async (): Promise<string[]> => (await calls()).data.map(({ outcome }) => outcome)

  it('a key that was not called has none since the start, and says since when', async () => {
    assert.deepEqual(await calls(), { since: new Date(test.clock.nowMs).toISOString(), data: [] })
    assert.match(
      await ok('keys', 'calls', 'Robot'),
      /^No call with it since \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ; calls before/,
    )
  })

  it('a call that passed says when, from where, what and which endpoint, and nothing of its query or its path', async () => {
    assert.equal(await send('/erp/orders/17?customer=anna', key.value, { 'x-request-id': 'call-1' }), 200)
    const { data } = await calls('Robot')
    const id = (await test.admin.call('endpoints.list')).data[0]?.id
    assert.deepEqual(data, [
      {
        at: new Date(test.clock.nowMs).toISOString(),
        request_id: 'call-1',
        address: '127.0.0.1',
        asked_by_proxy: false,
        method: 'GET',
        endpoint: { id, pattern: '/erp/{rest*}' },
        path: null,
        outcome: 'allow',
        secret: 'current',
      },
    ])
  })

  it('refusals that prove the key are there with their reason; a wrong secret is nobody’s', async () => {
    const long = 'secret'.repeat(8)
    assert.equal(await send(`/nowhere/17/${long}?token=${long}`), 404)
    assert.equal((await calls()).data[0]?.path, '/nowhere/17/…')
    await test.admin.call('keys.disable', { params: { key: key.id } })
    assert.equal(await send('/erp/x'), 403)
    await test.admin.call('keys.enable', { params: { key: key.id } })
    await edit({ at: 'now' })
    assert.equal(await send('/erp/x'), 401)
    await edit({ days: 90 })
    const last = key.value.at(-1) === 'A' ? 'B' : 'A'
    assert.equal(await send('/erp/x', key.value.slice(0, -1) + last), 401)
    assert.equal(await send('/erp/x', 'nobody'), 401)
    assert.deepEqual(await outcomes(), ['credential_expired', 'credential_disabled', 'no_endpoint', 'allow'])
    assert.ok(!JSON.stringify(await calls()).includes('secretsecret'))
  })

  it('a call that a proxy asks about is told as the call it is about, with the proxy’s address', async () => {
    const about = { 'x-original-method': 'PATCH', 'x-original-uri': '/erp/17?a=b' }
    assert.equal(await send('/authz/auth-request', key.value, about), 200)
    const [newest] = (await calls()).data
    assert.deepEqual(
      [newest?.method, newest?.endpoint?.pattern, newest?.asked_by_proxy, newest?.outcome],
      ['PATCH', '/erp/{rest*}', true, 'allow'],
    )
  })

  it('during a rotation each says which value it presented; a removed endpoint goes by its id', async () => {
    const { value } = await test.admin.call('keys.rotate', {
      params: { key: key.id },
      body: { overlap_seconds: 86_400 },
    })
    await send('/erp/x')
    await send('/erp/x', value ?? '')
    const secrets = (await calls()).data.slice(0, 2).map(({ secret }) => secret)
    assert.deepEqual(secrets, ['current', 'old'])
    assert.match(await ok('keys', 'calls', 'Robot'), /GET \/erp\/\{rest\*\} +allow, old secret/)
    await test.admin.call('endpoints.remove', { params: { endpoint: 'ANY /erp/{rest*}' } })
    const { endpoint } = (await calls()).data[0] ?? {}
    assert.equal(endpoint?.pattern, null)
    assert.match(await ok('keys', 'calls', 'Robot'), new RegExp(`GET ${endpoint?.id} +allow`))
    key = { ...key, value: value ?? '' }
  })

  it('the newest ten; as a table and as JSON; a deleted key keeps its own', async () => {
    for (let at = 0; at < 12; at++) await send(`/later/${at}`, key.value, { 'x-request-id': `later-${at}` })
    const { data } = await calls()
    assert.deepEqual(
      data.map(({ request_id: id }) => id),
      Array.from({ length: 10 }, (_, at) => `later-${11 - at}`),
    )
    const table = await ok('keys', 'calls', 'Robot')
    assert.match(
      table,
      /^TIME +CALLER +CALL +VERDICT +REQUEST ID\n.*Z +127\.0\.0\.1 +GET \/later\/11 +no_endpoint +later-11\n/,
    )
    assert.match(table, /calls before .* are not remembered\.\n$/)
    assert.deepEqual(JSON.parse(await ok('keys', 'calls', 'Robot', '--json')), await calls())
    await test.admin.call('keys.remove', { params: { key: key.id } })
    assert.equal((await calls()).data.length, 10)
    await assert.rejects(calls('NOSUCHID'), { code: 'not_found' })
    await test.admin.call('keys.restore', { params: { key: key.id } })
  })

  it('a restart forgets them all and says so', async () => {
    test = await test.restart()
    assert.deepEqual(await calls(), { since: new Date(test.clock.nowMs).toISOString(), data: [] })
  })

  it('a refused call with the key is news within a second or so, and no use of it', async () => {
    const { seq } = await test.admin.call('changes.wait')
    const waiting = test.admin.call('changes.wait', { query: { seen: seq } })
    await send('/nowhere')
    const { topics, used } = await waiting
    assert.deepEqual([topics, used], [['usage'], []])
    assert.deepEqual(await outcomes(), ['no_endpoint'])
  })
})
