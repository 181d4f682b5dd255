/** Usage from a call to a report: totals are the calls made, and a change says who it hits. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

describe('usage, end to end', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let dir: string
  let key: { id: string; value: string }
  const { ok, run, at } = commandLine(
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
  const calls = async (count: number, value: string, path = '/erp/x'): Promise<void> => {
    for (let done = 0; done < count; done += 20)
      await Promise.all(
        Array.from({ length: Math.min(20, count - done) }, () => call(test.http + path, { headers: bearer(value) })),
      )
  }
  const report = (query: Record<string, string>) => test.admin.call('usage.report', { query })

  it('totals equal the calls made, to the call, over a clean stop', async () => {
    await calls(120, key.value)
    await calls(7, key.value, '/elsewhere')
    await calls(5, 'nobody')
    test = await test.restart()
    await calls(30, key.value)
    const { calls: total, data } = await report({ group_by: 'key' })
    assert.equal(total, 162)
    assert.deepEqual(
      data.map(({ group, calls: count, allowed, outcomes }) => [group.name, count, allowed, outcomes]),
      [
        ['Robot', 157, 150, { allow: 150, no_endpoint: 7 }],
        ['no key', 5, 0, { credential_invalid: 5 }],
      ],
    )
    const { data: endpoints } = await report({ group_by: 'endpoint', key: 'Robot', to: '2100-01-01' })
    assert.deepEqual(endpoints, [], 'the default looks back 30 days from its end')
    assert.equal((await report({ group_by: 'endpoint', key: 'Robot' })).data[0]?.group.name, 'ANY /erp/{rest*}')
    for (const from of ['yesterday', '2026-11-31', '2026-13-01', '2026-11-30T25:00:00Z', '2100-01-01'])
      await assert.rejects(report({ from }), { code: 'field_invalid', message: /^.*from: / }, from)
  })

  it('by day: the last fourteen, of the keys asked for, at most a hundred', async () => {
    const daily = (keys: readonly string[]) => test.admin.call('usage.daily', { query: { keys: keys.join(',') } })
    const { days, data } = await daily([key.id, 'NOSUCHID', key.id])
    assert.equal(days.length, 14)
    assert.equal(days.at(-1), new Date(test.clock.nowMs).toISOString().slice(0, 10))
    assert.deepEqual(
      data.map(({ key: id, allowed, refused }) => [id, allowed.slice(-2), refused.slice(-2), allowed.length]),
      [[key.id, [0, 150], [0, 7], 14]],
    )
    const ids = Array.from({ length: 101 }, (_, number) => `K${number}`)
    await assert.rejects(daily(ids), { code: 'field_invalid', message: /keys: at most 100 ids/ })
    assert.deepEqual((await daily(ids.slice(1))).data, [])
  })

  it('during a rotation the meter tells who has moved; deleting and disabling say who is hit', async () => {
    const rotated = await test.admin.call('keys.rotate', { params: { key: key.id }, body: { overlap_seconds: 86_400 } })
    await calls(3, key.value)
    const before = await test.admin.call('keys.evidence', { params: { key: key.id } })
    assert.deepEqual([before.rotation?.callers, before.rotation?.moved, before.calls], [1, 0, 153])
    assert.match(
      await ok('keys', 'evidence', 'Robot'),
      /0 of 1 callers have moved .* still with the old one: 127.0.0.1/,
    )
    await calls(1, rotated.value ?? '')
    assert.match(await ok('keys', 'evidence', 'Robot'), /1 of 1 callers have moved/)
    assert.match(await ok('keys', 'disable', 'Robot'), /In the last 30 days 154 calls from 1 caller passed with it/)
    await ok('keys', 'enable', 'Robot')
    const asked = await run(['keys', 'delete', 'Robot', ...at()], { input: 'no\n', tty: true })
    assert.match(asked.out + asked.err, /154 calls from 1 caller/)
    await ok('keys', 'add', 'Never used')
    assert.doesNotMatch(await ok('keys', 'list', '--unused', '30'), /Robot|Never used/, 'a new key is not unused yet')
    assert.match(await ok('endpoints', 'disable', 'ANY /erp/{rest*}'), /154 calls from 1 caller with 1 key passed/)
    await ok('endpoints', 'enable', 'ANY /erp/{rest*}')
    assert.match(await ok('clients', 'disable', 'default'), /154 calls from 1 caller with 1 key passed/)
    assert.match(await ok('keys', 'enable', 'Robot'), /is disabled; .* Its client "default" is disabled/)
    await ok('clients', 'enable', 'default')
    await ok('collections', 'add', 'Empty')
    assert.match(await ok('collections', 'delete', 'Empty', '--yes'), /Nobody has called it in the last 30 days/)
    test.clock.nowMs += 31 * 86_400_000
    assert.match(await ok('keys', 'list', '--unused', '30'), /Never used/)
    test.clock.nowMs -= 31 * 86_400_000
  })

  it('as a table, as JSON, and as CSV in which no name is a formula', async () => {
    await test.admin.call('keys.edit', { params: { key: key.id }, body: { name: '=cmd|"/c calc"' }, ifMatch: '*' })
    assert.match(await ok('usage', 'report'), /^key +CALLS/i)
    const csv = await ok('usage', 'report', '--csv')
    assert.match(csv, /^id,key,calls,allowed,refused,callers,first,last\r\n/)
    assert.match(csv, /,"'=cmd\|""\/c calc""",161,154,7,1,/)
    assert.equal(JSON.parse(await ok('usage', 'report', '--json', '--by', 'month')).data.length, 1)
  })
})
