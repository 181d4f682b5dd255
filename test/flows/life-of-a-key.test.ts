/** From a fresh store to calls that pass and fail as the key's life says, with a real daemon, upstream and TLS. */
import assert from 'node:assert/strict'
import { bearer, call } from '../support/call.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, type TestPostern } from '../support/start-postern.ts'

const dayMs = 86_400_000

describe('the life of a key', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let key: { id: string; value: string }
  let ca: string

  before(async () => {
    test = await startTestPostern()
    upstream = await startUpstream()
    key = await prepareKey(test.admin, upstream.origin)
    ca = await test.ca()
  })
  after(async () => {
    await test.stop()
    await upstream.close()
  })

  const outcome = async (value: string): Promise<string> => {
    const { status, body, problem } = await call(`${test.https}/erp/orders/7?x=1`, { headers: bearer(value), ca })
    return status === 200 ? `200 ${body}` : `${status} ${problem().code}`
  }
  const params = (): { key: string } => ({ key: key.id })

  it('a key that was issued passes on the very next call, with the query as it came', async () => {
    assert.equal(await outcome(key.value), '200 upstream /orders/7?x=1')
  })

  it('the upstream sees who calls, and never the credential', () => {
    const seen = upstream.received.at(-1)
    assert.equal(seen?.headers['x-postern-key-id'], key.id)
    assert.equal(seen?.headers['x-postern-key-name'], 'Robot')
    assert.equal(seen?.headers['x-postern-client'], 'default')
    assert.equal(seen?.headers['x-postern-subject'], '-')
    assert.equal(seen?.headers.authorization, undefined)
    assert.ok(!JSON.stringify(seen).includes(key.value))
  })

  it('the last use is known at once, and after a restart', async () => {
    const before = await test.admin.call('keys.get', { params: params() })
    assert.equal(before.last_used_at, new Date(test.clock.nowMs).toISOString())
    test = await test.restart()
    const after = await test.admin.call('keys.get', { params: params() })
    assert.equal(after.last_used_at, before.last_used_at)
    assert.equal(await test.ca(), ca)
  })

  it('a disabled key is refused on the very next call, and passes again once enabled', async () => {
    await test.admin.call('keys.disable', { params: params() })
    assert.equal(await outcome(key.value), '403 credential_disabled')
    await test.admin.call('keys.enable', { params: params() })
    assert.match(await outcome(key.value), /^200/)
  })

  it('rotated with an overlap both secrets pass until it ends; revoking the old one ends it now', async () => {
    const rotated = await test.admin.call('keys.rotate', { params: params(), body: { overlap_seconds: 3_600 } })
    assert.match(await outcome(key.value), /^200/)
    assert.match(await outcome(rotated.value ?? ''), /^200/)
    test.clock.nowMs += 3_600_000
    assert.equal(await outcome(key.value), '401 credential_invalid')
    const again = await test.admin.call('keys.rotate', { params: params(), body: { overlap_seconds: 3_600 } })
    assert.match(await outcome(rotated.value ?? ''), /^200/)
    await test.admin.call('keys.end_overlap', { params: params() })
    assert.equal(await outcome(rotated.value ?? ''), '401 credential_invalid')
    key = { id: key.id, value: again.value ?? '' }
  })

  it('rotated without an overlap the old value is refused and the new one passes', async () => {
    const rotated = await test.admin.call('keys.rotate', { params: params(), body: {} })
    assert.equal(rotated.id, key.id)
    assert.equal(await outcome(key.value), '401 credential_invalid')
    key = { id: key.id, value: rotated.value ?? '' }
    assert.match(await outcome(key.value), /^200/)
  })

  it('a removed key is refused, and passes again once restored', async () => {
    await test.admin.call('keys.remove', { params: params() })
    assert.equal(await outcome(key.value), '401 credential_invalid')
    await test.admin.call('keys.restore', { params: params() })
    assert.match(await outcome(key.value), /^200/)
  })

  it('a key edited to expire now says so; edited back it is active at once', async () => {
    await test.admin.call('keys.edit', { params: params(), body: { expires: { at: 'now' } }, ifMatch: '*' })
    const { status, problem, headers } = await call(`${test.https}/erp/x`, { headers: bearer(key.value), ca })
    assert.equal(status, 401)
    assert.equal(problem().code, 'credential_expired')
    assert.equal(problem()['expired_at'], new Date(test.clock.nowMs).toISOString())
    assert.equal(
      headers['www-authenticate'],
      'Bearer realm="postern", error="invalid_token", error_description="expired"',
    )
    await test.admin.call('keys.edit', { params: params(), body: { expires: { days: 30 } }, ifMatch: '*' })
    assert.match(await outcome(key.value), /^200/)
  })

  it('a key expires at its instant with nobody doing anything', async () => {
    const { expires_at } = await test.admin.call('keys.get', { params: params() })
    const before = test.clock.nowMs
    test.clock.nowMs = Date.parse(expires_at ?? '') - 1
    assert.match(await outcome(key.value), /^200/)
    test.clock.nowMs += 1
    assert.equal(await outcome(key.value), '401 credential_expired')
    test.clock.nowMs = before
  })

  it('every change and every reveal is in the trail under the key’s id, and no value is', async () => {
    await test.admin.call('keys.reveal', { params: params() })
    const { data } = await test.admin.call('audit.list', { query: { object: key.id, per_page: 500 } })
    const actions = data.map(({ action }) => action)
    for (const action of [
      'key.issue',
      'key.edit',
      'key.disable',
      'key.enable',
      'key.rotate',
      'key.revoke_old',
      'key.remove',
      'key.restore',
      'key.reveal',
    ])
      assert.ok(actions.includes(action), action)
    assert.ok(!JSON.stringify(data).includes(key.value.slice(17)))
  })

  it('a key that was removed 7 days ago cannot be restored', async () => {
    await test.admin.call('keys.remove', { params: params() })
    test.clock.nowMs += 7 * dayMs
    await assert.rejects(test.admin.call('keys.restore', { params: params() }), { code: 'not_found' })
  })
})
