/** Policies from the command line, hit with calls: what callers are told, what a restart keeps, and one count for one call through nginx. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import type { LimitStanding, PolicyView } from '@postern/shared'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { nginx } from '../support/proxies.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'
import { parseStringList } from '../support/structured-fields.ts'

const noon = Date.parse('2026-11-21T12:00:00.000Z')

describe('limits, end to end', function () {
  this.timeout(30_000)
  let test: TestPostern
  let upstream: FakeUpstream
  let dir: string
  let key: { id: string; value: string }
  const { ok, run, at } = commandLine(
    () => test,
    () => dir,
  )
  const get = (path = '/erp/x', headers: Record<string, string> = {}) =>
    call(`${test.http}${path}`, { headers: { ...bearer(key.value), ...headers } })
  const left = async (): Promise<Record<string, number>> => {
    const { data } = JSON.parse(await ok('keys', 'limits', key.id, '--json')) as { data: LimitStanding[] }
    return Object.fromEntries(data.map(({ per, remaining, held_by: by }) => [`${by} ${per}`, remaining]))
  }
  const refusals = async (): Promise<string[]> => {
    const { data } = await test.admin.call('keys.calls', { params: { key: key.id } })
    return data.map(({ outcome }) => outcome)
  }

  before(async () => {
    upstream = await startUpstream()
    test = await startTestPostern({}, {}, { nowMs: noon })
    dir = await temporaryDir()
    key = await prepareKey(test.admin, upstream.origin)
  })
  /** Another key of a client of its own. */
  const nextKey = async (name: string): Promise<void> => {
    await test.admin.call('clients.create', { body: { name, collections: ['ERP'] } })
    const { id, value } = await test.admin.call('keys.create', { body: { name, client: name } })
    key = { id, value: value ?? '' }
    upstream.received.splice(0)
  }
  after(async () => {
    await test.stop()
    await upstream.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('a policy made by the command line holds from the next call, says so exactly, and is taken off again', async () => {
    const limits = ['--limit', '2/minute', '--limit', '1000/day', '--concurrent', '4']
    assert.match(
      await ok('policies', 'add', 'Small', ...limits),
      /Created the policy "Small" \(po_\w{12}\): 2\/minute, 1000\/day, 4 at once\./,
    )
    assert.match(await ok('keys', 'edit', key.id, '--policy', 'Small'), /Changed/)
    const first = await get()
    assert.equal(first.status, 200)
    assert.equal(
      first.headers['ratelimit-policy'],
      '"Small/minute";q=2;w=60, "Small/day";q=1000;w=86400, "Small/concurrent";q=4;qu="concurrent-requests"',
    )
    assert.equal(
      first.headers['ratelimit'],
      '"Small/minute";r=1;t=60, "Small/day";r=999;t=43200, "Small/concurrent";r=3',
    )
    await get()
    const refused = await get()
    assert.deepEqual(
      [refused.status, refused.headers['retry-after'], refused.headers['content-type']],
      [429, '60', 'application/problem+json'],
    )
    assert.deepEqual(parseStringList(String(refused.headers['ratelimit']))[0], {
      value: 'Small/minute',
      parameters: { r: 0, t: 60 },
    })
    assert.deepEqual((refused.problem() as unknown as Record<string, unknown>)['violated-policies'], ['Small/minute'])
    assert.equal(refused.problem().code, 'rate_limited')
    assert.equal((await refusals())[0], 'rate_limited')
    assert.deepEqual(await left(), { 'key minute': 0, 'key day': 998, 'key concurrent': 4 })
    assert.match(await ok('keys', 'limits', key.id), /Small +this key +2\/minute +0 +2026-11-21 12:01:00Z/)
    assert.match(
      await ok('policies', 'list'),
      /Small +po_\w{12} +2\/minute, 1000\/day, 4 at once +1 key, 0 clients +enabled/,
    )

    const removal = await run(['policies', 'delete', 'Small', '--yes', ...at()])
    assert.deepEqual([removal.code, /1 key and 0 clients are under this policy/.test(removal.err)], [1, true])
    assert.match(await ok('policies', 'disable', 'Small'), /no longer limits 1 key/)
    assert.equal((await get()).headers['ratelimit'], undefined)
    assert.match(await ok('keys', 'limits', key.id), /under no limit/)
    assert.match(await ok('policies', 'enable', 'Small'), /"Small" limits 1 key/)
    assert.equal((await get()).status, 429)
    const edited = await ok('policies', 'edit', 'Small', '--limit', '3/minute', '--no-concurrent', '--json')
    assert.deepEqual((JSON.parse(edited) as PolicyView).windows, [{ per: 'minute', calls: 3 }])
    assert.equal((await get()).status, 200, 'what was counted stays, and the limit is wider')
    assert.equal((await get()).status, 429)
    assert.match(await ok('keys', 'edit', key.id, '--no-policies'), /Changed/)
    assert.equal((await get()).status, 200)
    assert.match(await ok('policies', 'delete', 'Small', '--yes'), /Removed/)
    assert.equal((JSON.parse(await ok('policies', 'list', '--json')) as { count: number }).count, 0)
    for (const wrong of [['--limit', '5/week'], ['--limit', 'x'], [], ['--limit', '0/day']])
      assert.notEqual((await run(['policies', 'add', 'Wrong', ...wrong, ...at()])).code, 0, wrong.join(' '))
  })

  it('a call that nginx asks about and then sends here is counted once, in limits and in usage', async function () {
    if (!nginx.isHere()) return this.skip()
    await nextKey('Through nginx')
    await ok('policies', 'add', 'Few', '--limit', '3/hour')
    await ok('keys', 'edit', key.id, '--policy', 'Few')
    const proxy = await nginx.start({ postern: new URL(test.http).host })
    try {
      const through = (headers: Record<string, string> = {}) =>
        call(`${proxy.url}/erp/x?a=b`, { headers: { ...bearer(key.value), ...headers } })
      for (const remaining of [2, 1, 0]) {
        const { status, headers } = await through({ 'x-postern-receipt': 'forged by the caller' })
        assert.deepEqual([status, headers['ratelimit']], [200, `"Few/hour";r=${remaining};t=3600`])
      }
      const refused = await through()
      assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '3600'])
      assert.equal(upstream.received.length, 3)
      assert.ok(upstream.received.every(({ headers }) => headers['x-postern-receipt'] === undefined))
      assert.deepEqual(await left(), { 'key hour': 0 })
      assert.deepEqual(await refusals(), ['rate_limited', 'allow', 'allow', 'allow'])
      test.clock.nowMs += 1_000
      const { data } = await test.admin.call('usage.report', { query: { key: key.id } })
      assert.deepEqual(
        data.map(({ calls, allowed }) => [calls, allowed]),
        [[4, 3]],
      )
    } finally {
      await proxy.stop()
    }
  })

  it('a limit that was hit is in the trail with its reason', async () => {
    await nextKey('In the trail')
    await ok('policies', 'add', 'One', '--limit', '1/day')
    await ok('keys', 'edit', key.id, '--policy', 'One')
    await get()
    await get()
    test.clock.nowMs += 61_000
    test = await test.restart()
    const { data } = await test.admin.call('audit.list', { query: { action: 'call.refused' } })
    assert.match(JSON.stringify(data), /quota_exceeded/)
    const made = await test.admin.call('audit.list', { query: { action: 'policy.create' } })
    assert.ok(made.data.some(({ object }) => object.name === 'One'))
  })

  it('wrong keys are told to wait after as many as the setting says, and a good key passes meanwhile', async () => {
    await nextKey('Beside a guesser')
    await ok('settings', 'edit', '--wrong-credentials', '2')
    const wrong = () => call(`${test.http}/erp/x`, { headers: bearer('wrong') })
    assert.deepEqual([(await wrong()).status, (await wrong()).status], [401, 401])
    const { status, headers, problem } = await wrong()
    assert.deepEqual([status, problem().code, headers['retry-after']], [429, 'rate_limited', '30'])
    assert.equal((await get()).status, 200)
    test.clock.nowMs += 30_000
    assert.deepEqual([(await wrong()).status, (await wrong()).status], [401, 429])
  })

  it('a restart keeps what days and months have counted; a client’s keys are counted together', async () => {
    await nextKey('Together')
    test.clock.nowMs = Date.parse('2026-11-22T12:00:00.000Z')
    await ok('policies', 'add', 'Daily', '--limit', '3/day', '--limit', '9/month', '--limit', '100/minute')
    await ok('clients', 'edit', 'Together', '--policy', 'Daily')
    const other = await test.admin.call('keys.create', { body: { name: 'Other', client: 'Together' } })
    await get()
    await call(`${test.http}/erp/x`, { headers: bearer(other.value ?? '') })
    assert.deepEqual(await left(), { 'client minute': 98, 'client day': 1, 'client month': 7 })
    test = await test.restart()
    assert.deepEqual(await left(), { 'client minute': 100, 'client day': 1, 'client month': 7 })
    assert.equal((await get()).status, 200)
    const refused = await get()
    assert.deepEqual(
      [refused.status, refused.problem().code, refused.headers['retry-after']],
      [429, 'quota_exceeded', '43200'],
    )
    assert.match(
      String(refused.headers['ratelimit']),
      /"Daily\/day\/client";r=0;t=43200, "Daily\/month\/client";r=6;t=734400/,
    )
    test.clock.nowMs = Date.parse('2026-11-23T00:00:00.000Z')
    assert.equal((await get()).status, 200)
    test.clock.nowMs = Date.parse('2026-12-01T00:00:00.000Z')
    await get()
    assert.deepEqual(await left(), { 'client minute': 99, 'client day': 2, 'client month': 8 })
  })
})
