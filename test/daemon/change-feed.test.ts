/** What has changed is told to those who wait for it, at once, and no more of it than ids and last uses. */
import assert from 'node:assert/strict'
import type { ChangesView } from '@postern/shared'
import { createChangeFeed } from '../../daemon/src/change-feed.ts'
import { bearer, call } from '../support/call.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('change feed', () => {
  const gone = new AbortController().signal

  it('whoever has seen nothing, something of another run, or too long ago, is told to read everything', async () => {
    const feed = createChangeFeed(1_000)
    for (const seen of [undefined, 999, 5_000]) {
      const { keys, seq } = await feed.wait({ seen, caller: 'a', gone })
      assert.deepEqual([keys, seq], [null, 1_000])
    }
    for (let at = 0; at < 600; at++) feed.tell('state')
    assert.equal((await feed.wait({ seen: 1_001, caller: 'a', gone })).keys, null)
    assert.deepEqual((await feed.wait({ seen: 1_599, caller: 'a', gone })).topics, ['state'])
    feed.end()
  })

  it('the oldest of too many waiters of one caller is answered; another caller goes on waiting', async () => {
    const feed = createChangeFeed(0)
    const answered: string[] = []
    const wait = (caller: string, name: string) => feed.wait({ seen: 0, caller, gone }).then(() => answered.push(name))
    const all = [wait('b', 'other'), ...[0, 1, 2, 3, 4].map((at) => wait('a', `mine ${at}`))]
    await Promise.resolve(all[1])
    await all[1]
    assert.deepEqual(answered, ['mine 0'])
    feed.end()
    await Promise.all(all)
    assert.throws(() => feed.wait({ seen: 0, caller: 'a', gone }), { code: 'overloaded' })
  })

  it('who has gone is waited for no longer', async () => {
    const feed = createChangeFeed(0)
    const leaving = new AbortController()
    const waiting = feed.wait({ seen: 0, caller: 'a', gone: leaving.signal })
    leaving.abort()
    assert.deepEqual((await waiting).topics, [])
  })

  describe('of a running daemon', () => {
    let test: TestPostern
    before(async () => {
      test = await startTestPostern()
    })
    after(() => test.stop())
    const next = (seen: number): Promise<ChangesView> => test.admin.call('changes.wait', { query: { seen } })

    it('a change by anybody is told with the ids of the keys, before a second has passed', async () => {
      const { seq } = await test.admin.call('changes.wait')
      const waiting = next(seq)
      const startedAt = performance.now()
      const { id } = await test.admin.call('keys.create', { body: { name: 'Live one' } })
      const told = await waiting
      assert.ok(performance.now() - startedAt < 1_000)
      assert.deepEqual([told.keys, told.generation], [[id], (await test.admin.call('status.get')).store?.generation])
      assert.ok(!JSON.stringify(told).includes('Live one'))
      await test.admin.call('clients.create', { body: { name: 'Sales' } })
      assert.equal((await next((await next(told.seq)).seq - 1)).seq > told.seq, true)
    })

    it('waiting does not keep an idle session alive, and asking does', async () => {
      const { origin, hash } = new URL((await test.admin.call('links.create', { body: { page: 'api' } })).url)
      const body = JSON.stringify({ code: hash.slice(1) })
      const opened = await call(`${origin}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const { token } = JSON.parse(opened.body) as { token: string }
      const background = { ...bearer(token), 'postern-background': 'true' }
      test.clock.nowMs += 14 * 60_000
      assert.equal((await call(`${origin}/v1/changes`, { headers: background })).status, 200)
      test.clock.nowMs += 60_000
      assert.equal((await call(`${origin}/v1/changes`, { headers: background })).status, 401)
    })

    it('stopping answers those who wait', async () => {
      const other = await startTestPostern()
      const { seq } = await other.admin.call('changes.wait')
      const waiting = other.admin.call('changes.wait', { query: { seen: seq } }).catch(() => 'refused')
      const startedAt = performance.now()
      await other.stop()
      await waiting
      assert.ok(performance.now() - startedAt < 5_000)
    })
  })
})
