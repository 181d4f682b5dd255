/** An endpoint is deprecated at the command line, and its callers hear of it with the next answer. */
import assert from 'node:assert/strict'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

describe('deprecating an endpoint', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let value: string
  const endpoint = 'ANY /erp/{rest*}'
  const { run, ok, at } = commandLine(
    () => test,
    () => '/',
  )
  const heard = async (): Promise<unknown[]> => {
    const { status, headers } = await call(`${test.http}/erp/x`, { headers: bearer(value) })
    assert.equal(status, 200)
    return [headers['deprecation'], headers['sunset'], headers['link']]
  }
  before(async () => {
    test = await startTestPostern()
    upstream = await startUpstream()
    value = (await prepareKey(test.admin, upstream.origin)).value
  })
  after(async () => {
    await test.stop()
    await upstream.close()
  })

  it('is told from the next answer on, and no more once it is taken back', async () => {
    const link = 'https://example.com/v2'
    const dates = ['--deprecated-since', '2026-03-01', '--sunset', '2027-03-31T12:00:00Z']
    await ok('endpoints', 'edit', endpoint, ...dates, '--deprecation-link', link)
    assert.deepEqual(await heard(), ['@1772323200', 'Wed, 31 Mar 2027 12:00:00 GMT', `<${link}>; rel="deprecation"`])
    await ok('endpoints', 'edit', endpoint, '--deprecated-since', '2026-03-01')
    assert.deepEqual(await heard(), ['@1772323200', undefined, undefined])
    await ok('endpoints', 'edit', endpoint, '--not-deprecated')
    assert.deepEqual(await heard(), [undefined, undefined, undefined])
  })

  it('what makes no sense is refused with the fix', async () => {
    for (const [args, message] of [
      [['--sunset', '2027-03-31'], /need --deprecated-since/],
      [['--deprecation-link', 'https://example.com'], /need --deprecated-since/],
      [['--not-deprecated', '--deprecated-since', '2026-03-01'], /--not-deprecated goes with none of/],
      [['--deprecated-since', '2026-03-01', '--sunset', '2025-01-01'], /not before since/],
      [['--deprecated-since', 'soon'], /deprecation\.since/],
    ] as const) {
      const { code, err } = await run(['endpoints', 'edit', endpoint, ...args, ...at()])
      assert.notEqual(code, 0)
      assert.match(err, message)
    }
  })
})
