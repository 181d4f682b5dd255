/** Whatever is not plainly one well-formed call gets a 4xx or a closed connection, and nothing of it reaches an upstream. */
import assert from 'node:assert/strict'
import { sendRaw, call, bearer } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { malformedRequests } from '../support/malformed-requests.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('malformed requests', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let value: string

  before(async () => {
    test = await startTestPostern()
    upstream = await startUpstream()
    value = (await prepareKey(test.admin, upstream.origin)).value
  })
  after(async () => {
    await test.stop()
    await upstream.close()
  })

  it('each of more than 1,000 gets a 4xx or a closed connection; none is forwarded, none is a 5xx', async () => {
    const all = malformedRequests(value)
    assert.ok(all.length > 1_000, `${all.length} cases`)
    const before = upstream.received.length
    for (let at = 0; at < all.length; at += 50) {
      const some = all.slice(at, at + 50)
      const answers = await Promise.all(some.map((bytes) => sendRaw(test.http, Buffer.from(bytes, 'latin1'), 300)))
      for (const [which, answer] of answers.entries()) {
        const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]
        assert.ok(
          status === undefined || status.startsWith('4'),
          `${JSON.stringify(some[which]?.slice(0, 200))} -> ${status}`,
        )
      }
      const forwarded = upstream.received.slice(before).map(({ url }) => url)
      assert.deepEqual(forwarded, [], `forwarded among ${JSON.stringify(some.map((bytes) => bytes.slice(0, 80)))}`)
    }
  }).timeout(60_000)

  it('afterwards a good call still passes', async () => {
    const { status } = await call(`${test.http}/erp/x`, { headers: bearer(value) })
    assert.equal(status, 200)
  })
})
