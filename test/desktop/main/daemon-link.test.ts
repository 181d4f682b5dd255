/** The console and a real daemon: what is done is done under the proved name, what changes is heard, what ends is noticed. */
import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import { Refusal, type Push } from '../../../desktop/src/bridge.ts'
import { createDaemonClient } from '../../../desktop/src/main/daemon-client.ts'
import { startDaemonLink, type DaemonLink } from '../../../desktop/src/main/daemon-link.ts'
import { startTestPostern, type TestPostern } from '../../support/start-postern.ts'

const until = async (what: string, isTrue: () => boolean): Promise<void> => {
  const endMs = Date.now() + 8_000
  while (!isTrue()) {
    if (Date.now() > endMs) throw new Error(`not within 8 s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('console window: the daemon', () => {
  let test: TestPostern
  let nowMs = Date.now()
  const clientOf = (actorName = 'somebody') =>
    createDaemonClient({ socketPath: () => test.settings.socketPath, actorName, now: () => nowMs })

  before(async () => {
    test = await startTestPostern()
  })
  after(() => test.stop())

  it('does what it is asked under the name of the user who is at the console, also an hour later', async () => {
    const client = clientOf()
    const make = async (name: string): Promise<void> => void (await client.call('keys.create', { body: { name } }))
    await make('First')
    test.clock.nowMs += 3_600_000
    nowMs += 3_600_000
    await Promise.all([make('Second'), make('Third')])
    const { data } = await test.admin.call('audit.list', { query: { per_page: 3 } })
    for (const { actor } of data) assert.deepEqual(actor, { kind: 'local', name: userInfo().username, proof: 'file' })
  })

  it('says what the daemon says of a refusal, field by field', async () => {
    const asked = clientOf().call('keys.create', { body: { name: 'First' } })
    await assert.rejects(asked, (error) => {
      assert.ok(error instanceof Refusal)
      assert.equal(error.code, 'name_taken')
      assert.match(error.requestId ?? '', /./)
      return true
    })
    const wrong = clientOf().call('keys.create', { body: { name: '' } })
    await assert.rejects(wrong, (error) => error instanceof Refusal && error.errors[0]?.field === 'name')
  })

  it('says where nobody answers, and what to do', async () => {
    const nobody = createDaemonClient({
      socketPath: () => `${test.settings.socketPath}.none`,
      actorName: 'x',
      now: Date.now,
    })
    await assert.rejects(nobody.call('status.get'), (error) => {
      assert.ok(error instanceof Refusal)
      assert.equal(error.code, 'daemon_unreachable')
      assert.match(error.message, /postern\.sock\.none\. Start the service/)
      return true
    })
  })

  describe('is listened to', () => {
    let pushes: Push[]
    let link: DaemonLink
    const count = (kind: Push['kind']): number => pushes.filter((each) => each.kind === kind).length
    beforeEach(async () => {
      pushes = []
      link = startDaemonLink(clientOf(), (push) => pushes.push(push))
      await until('it is up', () => count('news') === 1)
    })
    afterEach(() => link.stop())

    it('it is up, and everything is news at first', () => {
      assert.equal(pushes[0]?.kind, 'up')
      assert.deepEqual(link.last(), { kind: 'up' })
      const [, news] = pushes
      assert.ok(news?.kind === 'news' && news.keys === null && news.topics.includes('keys'))
    })

    it('a change elsewhere is heard within a second, with the key that it was', async () => {
      const startedMs = performance.now()
      const key = await test.admin.call('keys.create', { body: { name: `Heard ${startedMs}` } })
      await until('the news', () => count('news') === 2)
      assert.ok(performance.now() - startedMs < 1_000)
      const news = pushes.at(-1)
      assert.deepEqual(news?.kind === 'news' ? news.keys : null, [key.id])
    })

    it('after sleep everything is news again, without a word of having been lost', async () => {
      link.wake()
      await until('the news', () => count('news') === 2)
      const news = pushes.at(-1)
      assert.ok(news?.kind === 'news' && news.keys === null)
      assert.deepEqual([count('up'), count('lost')], [1, 0])
    })

    it('its end is noticed, each try is counted, and its return is found', async () => {
      await test.postern.stop()
      await until('two tries', () => count('lost') >= 2)
      assert.deepEqual(
        pushes
          .filter((each) => each.kind === 'lost')
          .map(({ tries }) => tries)
          .slice(0, 2),
        [1, 2],
      )
      test = await test.restart()
      await until('it is up again', () => count('up') === 2)
      await until('the news', () => pushes.at(-1)?.kind === 'news')
    })

    it('after its own end it is silent', async () => {
      link.stop()
      const before = pushes.length
      await test.admin.call('keys.create', { body: { name: `Unheard ${performance.now()}` } })
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(pushes.length, before)
    })
  })
})
