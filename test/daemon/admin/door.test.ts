/** The local socket as a door: its owner and group alone, no web page, tokens that are never more than they are, and a rate. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { stat } from 'node:fs/promises'
import type { MeView, NewToken, ProblemBody } from '@postern/shared'
import { bearer } from '../../support/call.ts'
import { startTestPostern, type TestPostern } from '../../support/start-postern.ts'

interface Raw {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

describe('admin: the local socket', () => {
  let test: TestPostern
  before(async () => {
    test = await startTestPostern()
  })
  after(() => test.stop())

  const raw = (method: string, path: string, headers: Record<string, string> = {}): Promise<Raw> =>
    new Promise((resolve, reject) => {
      const { socketPath } = test.settings
      const asked = { socketPath, method, path, headers: { host: 'localhost', ...headers }, setHost: false }
      const sent = request(asked, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      })
      sent.on('error', reject)
      sent.end()
    })
  const problem = ({ body }: Raw): ProblemBody => JSON.parse(body) as ProblemBody
  const issue = (body: NewToken) => test.admin.call('tokens.create', { body })

  it('a web page cannot call it, whatever it calls this machine', async () => {
    const hosts = [
      'evil.example',
      'localhost.evil.example',
      'localhost.',
      '127.0.0.1.evil.example',
      '0.0.0.0',
      '10.0.0.1',
      '[::2]',
      'localhost:x',
      'user@localhost',
      '',
    ]
    for (const host of hosts) assert.ok([400, 403].includes((await raw('GET', '/v1/status', { host })).status), host)
    for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1', '127.8.9.1:1', '[::1]', '[::1]:80'])
      assert.equal((await raw('GET', '/v1/status', { host })).status, 200, host)
    for (const headers of [
      { origin: 'http://localhost' },
      { origin: 'null' },
      { origin: '' },
      { referer: 'http://localhost/x' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-origin' },
    ] as Record<string, string>[])
      assert.equal((await raw('GET', '/v1/status', headers)).status, 403, JSON.stringify(headers))
  })

  it('the socket is for its owner and group alone', async () => {
    assert.equal((await stat(test.settings.socketPath)).mode & 0o777, 0o660)
  })

  it('without a token whoever asks is an administrator; with one they are what the token is', async () => {
    assert.equal((await test.admin.call('me.get')).role, 'administrator')
    for (const role of ['viewer', 'operator', 'administrator'] as const) {
      const token = await issue({ name: `As ${role}`, role })
      const me = JSON.parse((await raw('GET', '/v1/me', bearer(token.value))).body) as MeView
      assert.deepEqual(me, { name: `As ${role}`, role, token: { id: token.id, expires_at: token.expires_at } })
    }
  })

  it('what is presented and is no good token is refused with a challenge, and never taken for nothing', async () => {
    const { id, value, expires_at: expiresAt } = await issue({ name: 'Short-lived', role: 'administrator' })
    const wrong = value.slice(0, -7) + (value.at(-7) === 'x' ? 'y' : 'x') + value.slice(-6)
    const said = async (authorization: string) => {
      const answered = await raw('GET', '/v1/keys', { authorization })
      const { code } = problem(answered)
      assert.match(
        String(answered.headers['www-authenticate']),
        /^Bearer realm="postern-admin", error="invalid_token"$/,
      )
      assert.ok(!answered.body.includes(value.slice(24, 60)))
      return [answered.status, code]
    }
    for (const given of [`Bearer ${wrong}`, `Basic ${value}`, 'Bearer ', value])
      assert.deepEqual(await said(given), [401, 'credential_invalid'], given.slice(0, 8))
    await test.admin.call('tokens.disable', { params: { token: id } })
    assert.deepEqual(await said(`Bearer ${value}`), [401, 'credential_invalid'])
    await test.admin.call('tokens.enable', { params: { token: id } })
    assert.equal((await raw('GET', '/v1/keys', bearer(value))).status, 200)
    const wasMs = test.clock.nowMs
    test.clock.nowMs = Date.parse(expiresAt ?? '')
    assert.deepEqual(await said(`Bearer ${value}`), [401, 'credential_expired'])
    test.clock.nowMs = wasMs
    await test.admin.call('tokens.remove', { params: { token: id } })
    assert.deepEqual(await said(`Bearer ${value}`), [401, 'credential_invalid'])
  })

  it('wrong tokens are soon refused unread, and a right one passes all the same', async () => {
    const { value } = await issue({ name: 'Right one', role: 'viewer' })
    const unknown = 'posternadm_000000000000_' + '0'.repeat(49)
    const answers = await Promise.all(Array.from({ length: 12 }, () => raw('GET', '/v1/keys', bearer(unknown))))
    assert.ok(answers.filter(({ status }) => status === 429).length >= 7)
    assert.equal((await raw('GET', '/v1/keys', bearer(value))).status, 200)
  })

  it('a token has a rate of its own, twice as much at once, which follows the setting from the next request', async () => {
    for (;;) {
      const [one, other] = [await issue({ name: `Rate ${performance.now()}`, role: 'viewer' }), 5]
      await test.admin.call('settings.edit', { body: { admin_requests_per_second: other }, ifMatch: '*' })
      const startedAt = performance.now()
      const answers = await Promise.all(Array.from({ length: 15 }, () => raw('GET', '/v1/me', bearer(one.value))))
      // On a machine so slow that another second began there is nothing to be seen.
      if (performance.now() - startedAt > 900) continue
      assert.deepEqual(
        [200, 429].map((wanted) => answers.filter(({ status }) => status === wanted).length),
        [10, 5],
      )
      const refused = answers.find(({ status }) => status === 429)
      assert.ok(Number(refused?.headers['retry-after']) >= 1)
      const fresh = await issue({ name: `Fresh ${performance.now()}`, role: 'viewer' })
      assert.equal((await raw('GET', '/v1/me', bearer(fresh.value))).status, 200)
      await test.admin.call('settings.edit', { body: { admin_requests_per_second: 1_000 }, ifMatch: '*' })
      assert.equal((await raw('GET', '/v1/me', bearer(one.value))).status, 200)
      return
    }
  })

  it('a token says when it was last used, since Postern was started', async () => {
    const { id, value, last_used_at: unused } = await issue({ name: 'Used token', role: 'viewer' })
    assert.equal(unused, null)
    await raw('GET', '/v1/me', bearer(value))
    const { last_used_at: used } = await test.admin.call('tokens.get', { params: { token: id } })
    assert.equal(used, new Date(test.clock.nowMs).toISOString())
  })

  it('too many requests a second are refused with Retry-After', async () => {
    await test.admin.call('settings.edit', { body: { socket_requests_per_second: 5 }, ifMatch: '*' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => raw('GET', '/v1/settings')))
    const refused = answers.filter(({ status }) => status === 429)
    assert.ok(refused.length >= 10, `${refused.length} of 20`)
    assert.equal(refused[0]?.headers['retry-after'], '1')
  })
})
