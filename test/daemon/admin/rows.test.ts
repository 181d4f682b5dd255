/** Which row a request is for; and that answers of a row that will go say so, whatever they are. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { adminApi, type AdminRow } from '@postern/shared'
import { deprecationHeaders, methodsAt, rowAt } from '../../../daemon/src/admin/rows.ts'
import { startTestPostern, type TestPostern } from '../../support/start-postern.ts'

describe('admin: rows by request', () => {
  it('each row is found at its path, whatever it is filled with, as the router finds it', () => {
    for (const row of Object.values(adminApi) as AdminRow[]) {
      const path = row.path.replaceAll(/:[a-z]+/g, 'some%20thing')
      assert.equal(rowAt(row.method, path), row)
      assert.equal(rowAt(row.method, `${path.toUpperCase()}/`), row)
    }
    assert.equal(rowAt('GET', '/v1/nowhere'), undefined)
    assert.equal(rowAt('HEAD', '/v1/keys'), adminApi['keys.list'])
    assert.deepEqual(methodsAt('/v1/keys'), ['GET', 'POST'])
  })

  it('what a path is filled with can add nothing to a header', () => {
    const row = adminApi['keys.revoke_old']
    const linkOf = (segment: string) => deprecationHeaders(row, `/v1/keys/${segment}/revoke-old`)['Link']
    assert.match(linkOf('a>b,<c') ?? '', /<\/v1\/keys\/a%3Eb%2C%3Cc\/end-overlap>; rel="successor-version"$/)
    assert.match(linkOf('%zz') ?? '', /<\/v1\/keys\/-\/end-overlap>/)
    assert.deepEqual(deprecationHeaders(adminApi['keys.end_overlap'], '/v1/keys/x/end-overlap'), {})
  })

  it('a row that will go is superseded by one that is there, and its sunset comes after', () => {
    const deprecated = (Object.values(adminApi) as AdminRow[]).filter((row) => row.deprecated !== undefined)
    assert.ok(deprecated.length > 0)
    for (const { deprecated: said, method } of deprecated) {
      assert.ok(said !== undefined && Date.parse(said.sunset) > Date.parse(said.since))
      assert.ok(rowAt(method, said.successor.replaceAll(/:[a-z]+/g, 'x')))
    }
  })
})

describe('admin: a row that will go', () => {
  let test: TestPostern
  before(async () => {
    test = await startTestPostern()
  })
  after(() => test.stop())

  const post = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; headers: Record<string, string | string[] | undefined> }>((resolve, reject) => {
      const { socketPath } = test.settings
      const asked = { socketPath, method: 'POST', path, headers: { host: 'localhost', ...headers } }
      const sent = request(asked, (response) => {
        response.resume()
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }))
      })
      sent.on('error', reject)
      sent.end()
    })

  it('says since when, until when, and what to call instead, in refusals too; and it goes on working', async () => {
    await test.admin.call('keys.create', { body: { name: 'Robot' } })
    await test.admin.call('keys.rotate', { params: { key: 'Robot' }, body: { overlap_seconds: 60 } })
    for (const [status, path, headers] of [
      [200, '/v1/keys/Robot/revoke-old', {}],
      [409, '/v1/keys/Robot/revoke-old', {}],
      [404, '/v1/keys/Nobody/revoke-old', {}],
      [401, '/v1/keys/Robot/revoke-old', { authorization: 'Bearer x' }],
      [403, '/v1/keys/Robot/revoke-old', { origin: 'http://localhost' }],
    ] as const) {
      const answered = await post(path, headers)
      assert.equal(answered.status, status)
      assert.equal(answered.headers['deprecation'], '@1795219200')
      assert.equal(answered.headers['sunset'], 'Sun, 21 Nov 2027 00:00:00 GMT')
      assert.equal(
        answered.headers['link'],
        `</v1/openapi.json>; rel="deprecation", <${path.replace('revoke-old', 'end-overlap')}>; rel="successor-version"`,
      )
    }
  })

  it('its successor says nothing of the kind, and ends the overlap too', async () => {
    await test.admin.call('keys.rotate', { params: { key: 'Robot' }, body: { overlap_seconds: 60 } })
    const { status, headers } = await post('/v1/keys/Robot/end-overlap')
    assert.deepEqual([status, headers['deprecation'], headers['sunset'], headers['link']], [200, ...Array(3)])
    const { old_secret_valid_until: until } = await test.admin.call('keys.get', { params: { key: 'Robot' } })
    assert.equal(until, null)
  })
})
