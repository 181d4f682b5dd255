/** The door for pages: who may come in, and what is answered. */
import assert from 'node:assert/strict'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { answersAt, bearer, call, sendRaw, untilShut, type Answered, type Called } from '../../support/call.ts'
import { startTestPostern, type TestPostern } from '../../support/start-postern.ts'

const json = { 'content-type': 'application/json' }

describe('admin: the door for pages', () => {
  let test: TestPostern
  beforeEach(async () => {
    test = await startTestPostern()
  })
  afterEach(() => test.stop())

  const link = async (): Promise<{ origin: string; code: string }> => {
    const { origin, hash } = new URL((await test.admin.call('links.create', { body: { page: 'api' } })).url)
    return { origin, code: hash.slice(1) }
  }
  const redeem = (origin: string, code: string, headers: Record<string, string> = {}): Promise<Answered> =>
    call(`${origin}/session`, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify({ code }) })
  const enter = async (): Promise<{ origin: string; token: string }> => {
    const { origin, code } = await link()
    return { origin, token: (JSON.parse((await redeem(origin, code)).body) as { token: string }).token }
  }

  it('a link leads to a session that may call the rows, and works once', async () => {
    const { origin, code } = await link()
    const opened = await redeem(origin, code)
    assert.equal(opened.status, 201)
    const { token, socket } = JSON.parse(opened.body) as { token: string; socket: string }
    assert.equal(socket, test.settings.socketPath)
    assert.equal((await call(`${origin}/v1/status`, { headers: bearer(token) })).status, 200)
    const again = await redeem(origin, code)
    assert.deepEqual([again.status, again.problem().code], [401, 'credential_invalid'])
    assert.match(again.problem().detail ?? '', /postern api/)
  })

  it('a session acts as the one who asked for the link, whatever its requests claim', async () => {
    const { origin, token } = await enter()
    const headers = { ...json, ...bearer(token), 'postern-actor': 'mallory' }
    const made = await call(`${origin}/v1/clients`, { method: 'POST', headers, body: '{"name":"Sales"}' })
    assert.equal(made.status, 201)
    const { data } = await test.admin.call('audit.list')
    const { actor } = data.find(({ action }) => action === 'client.create') ?? {}
    assert.deepEqual([actor?.kind, actor?.proof, actor?.name === 'mallory'], ['local', 'file', false])
  })

  it('who is in cannot make more links or prove to be another', async () => {
    const { origin, token } = await enter()
    for (const [path, body] of [
      ['/v1/links', '{"page":"api"}'],
      ['/v1/actor/challenge', '{}'],
    ] as const) {
      const refused = await call(`${origin}${path}`, { method: 'POST', headers: { ...json, ...bearer(token) }, body })
      assert.deepEqual([refused.status, refused.problem().code], [403, 'forbidden'], path)
    }
  })

  it('a request from a page elsewhere, or to a name that is not this door’s, is refused', async () => {
    const { origin, token } = await enter()
    const { host, port } = new URL(origin)
    const own = { host, ...bearer(token) }
    const status = (path: string, headers: Record<string, string>): Promise<number> =>
      call(`${origin}${path}`, { headers }).then((answered) => answered.status)
    const navigation = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }
    for (const [path, headers, expected] of [
      ['/v1/status', own, 200],
      ['/v1/status', { ...own, host: `localhost:${port}` }, 200],
      ['/v1/status', { ...own, origin, 'sec-fetch-site': 'same-origin', referer: `${origin}/api/` }, 200],
      ['/v1/status', { ...own, host: `localhost:${port}`, origin: `http://localhost:${port}` }, 200],
      ['/api/', {}, 200],
      ['/api/', navigation, 200],
      ['/api/page.js', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' }, 200],
      ...['evil.example', `evil.example:${port}`, '127.0.0.1', 'localhost', `[::1]:${port}`, `127.0.0.2:${port}`].map(
        (wrong) => ['/v1/status', { ...own, host: wrong }, 403] as const,
      ),
      ...[`localhost.:${port}`, `user@127.0.0.1:${port}`, `127.0.0.1:${Number(port) ^ 1}`, `LOCALHOST:${port}`].map(
        (wrong) => ['/v1/status', { ...own, host: wrong }, 403] as const,
      ),
      ...['null', '', 'https://evil.example', `https://${host}`, `http://localhost:${port}`, `${origin}.evil`].map(
        (wrong) => ['/v1/status', { ...own, origin: wrong }, 403] as const,
      ),
      ...['cross-site', 'same-site', 'none', ''].map(
        (site) => ['/v1/status', { ...own, 'sec-fetch-site': site }, 403] as const,
      ),
      ['/v1/status', { ...own, referer: 'http://evil.example/' }, 403],
      ['/v1/status', { ...own, referer: `${origin}.evil/` }, 403],
      ['/api/', { host: 'evil.example' }, 403],
      ['/api/', { ...navigation, 'sec-fetch-site': 'cross-site' }, 403],
      ['/api/', { ...navigation, 'sec-fetch-site': 'same-site' }, 403],
      // A file of this machine sends the browser on; a frame or a script elsewhere does not get in that way.
      ['/api/', { ...navigation, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }, 200],
      ['/api/', { ...navigation, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }, 403],
      [
        '/api/page.js',
        { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
        403,
      ],
      ['/v1/status', { ...own, ...navigation, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }, 403],
      ['/api/page.js', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'cors' }, 403],
      ['/api/page.js', { origin: 'null' }, 403],
    ] as [string, Record<string, string>, number][])
      assert.equal(
        await status(path, headers),
        expected,
        `${path} ${JSON.stringify({ ...headers, authorization: '' })}`,
      )
    for (const lines of ['GET /api/ HTTP/1.0', 'GET /api/ HTTP/1.0\r\nHost:'])
      assert.match(await sendRaw(origin, `${lines}\r\n\r\n`), /^HTTP\/1\.1 403 /, lines)
  })

  it('rows need the token of a session, and what is no token is no session', async () => {
    const { origin, token } = await enter()
    const missing = await call(`${origin}/v1/keys`)
    assert.deepEqual([missing.status, missing.problem().code], [401, 'credential_missing'])
    assert.equal(missing.headers['www-authenticate'], 'Bearer')
    const { code } = await link()
    for (const wrong of [`Bearer ${code}`, `Basic ${token}`, `Bearer ${token}x`, token, 'Bearer ']) {
      const refused = await call(`${origin}/v1/keys`, { headers: { authorization: wrong } })
      assert.deepEqual([refused.status, refused.problem().code], [401, 'credential_invalid'])
    }
    assert.equal((await call(`${origin}/v1/keys`, { headers: { cookie: `token=${token}` } })).status, 401)
    assert.equal((await call(`${origin}/v1/keys?access_token=${token}`)).status, 401)
  })

  it('wrong codes and tokens are soon refused unread, and lock nobody out who has the right ones', async () => {
    const { origin, token } = await enter()
    const tries: Called[] = Array.from({ length: 8 }, (_, at) => ({
      headers: bearer('x'.repeat(40) + String(100 + at)),
    }))
    const statuses = await Promise.all(
      tries.map((each) => call(`${origin}/v1/status`, each).then(({ status }) => status)),
    )
    assert.deepEqual(
      statuses.toSorted((a, b) => a - b),
      [401, 401, 401, 401, 401, 429, 429, 429],
    )
    assert.equal((await redeem(origin, 'wrong')).status, 429)
    assert.ok(Number((await redeem(origin, 'wrong')).headers['retry-after']) > 0)
    assert.equal((await call(`${origin}/v1/status`, { headers: bearer(token) })).status, 200)
    assert.equal((await redeem(origin, (await link()).code)).status, 201)
  })

  it('a session may ask twenty times at once, and not more; another one does not suffer from it', async () => {
    const other = await enter()
    for (;;) {
      const { origin, token } = await enter()
      const startedAt = performance.now()
      const asked = Array.from({ length: 30 }, () => call(`${origin}/v1/settings`, { headers: bearer(token) }))
      const answers = await Promise.all(asked)
      // On a machine so slow that another second began there is nothing to be seen.
      if (performance.now() - startedAt > 900) continue
      const refused = answers.filter(({ status }) => status === 429)
      assert.deepEqual([answers.length - refused.length, refused.length], [20, 10])
      assert.equal(refused[0]?.problem().code, 'rate_limited')
      assert.ok(Number(refused[0]?.headers['retry-after']) >= 1)
      assert.equal((await call(`${origin}/v1/settings`, { headers: bearer(other.token) })).status, 200)
      return
    }
  })

  it('nothing but the table of files is served, whatever a path says', async () => {
    const { origin } = await enter()
    for (const path of [
      '/',
      '/api',
      '/api/../package.json',
      '/api/%2e%2e/admin.ts',
      '/api/page.js/',
      '/API/',
      '/session',
    ])
      assert.equal((await call(`${origin}${path}`)).status, 404, path)
    for (const path of ['/api/admin.ts', '/api/index.html', '/api/swagger-ui.js', '/__proto__', '/constructor'])
      assert.equal((await call(`${origin}${path}`)).status, 404, path)
    assert.equal((await call(`${origin}/api/`, { method: 'POST' })).status, 404)
  })

  it('every answer forbids other origins, framing, inline code and keeping', async () => {
    const { origin, token } = await enter()
    for (const [path, headers] of [
      ['/api/', {}],
      ['/api/swagger-ui-bundle.js', {}],
      ['/nothing', {}],
      ['/v1/status', bearer(token)],
      ['/v1/status', {}],
    ] as [string, Record<string, string>][]) {
      const answered = await call(`${origin}${path}`, { headers })
      const policy = String(answered.headers['content-security-policy'])
      assert.deepEqual(policy.split(';').toSorted(), [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "script-src 'self'",
        "style-src 'self'",
      ])
      for (const [name, value] of Object.entries({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'strict-transport-security': undefined,
        'access-control-allow-origin': undefined,
        'set-cookie': undefined,
      }))
        assert.equal(answered.headers[name], value, `${path} ${name}`)
    }
  })

  it('the last session to be ended shuts the door; the next link opens it again', async () => {
    const { origin, token } = await enter()
    assert.equal((await call(`${origin}/session`, { method: 'DELETE', headers: bearer(token) })).status, 204)
    // At once: long before the door looks by itself whether it is needed.
    await untilShut(origin, 2_000)
    const { origin: next, code } = await link()
    assert.equal((await call(`${next}/v1/status`, { headers: bearer(token) })).status, 401)
    assert.equal((await redeem(next, code)).status, 201)
  })

  it('no code and no token is in the log', async () => {
    const { origin, code } = await link()
    const { token } = JSON.parse((await redeem(origin, code)).body) as { token: string }
    await redeem(origin, code)
    await call(`${origin}/v1/nothing`, { headers: bearer(token) })
    assert.ok(test.logged.length > 0)
    for (const secret of [code, token]) assert.ok(!test.logged.join('\n').includes(secret))
  })

  it('stopping shuts the door and ends its sessions', async () => {
    const { origin, token } = await enter()
    test = await test.restart()
    assert.equal(await answersAt('127.0.0.1', Number(new URL(origin).port)), false)
    const { origin: next } = await link()
    assert.equal((await call(`${next}/v1/status`, { headers: bearer(token) })).status, 401)
  })

  it('it can be used while the keystore is locked: what is answered then, and unlocking', async () => {
    const { machineDir } = test.settings
    await test.postern.stop()
    await rename(join(machineDir, 'machine.key'), join(machineDir, 'machine.key.away'))
    test = await test.restart()
    const { origin, token } = await enter()
    const locked = await call(`${origin}/v1/keys`, { headers: bearer(token) })
    assert.deepEqual([locked.status, locked.problem().code], [503, 'keystore_locked'])
    const body = JSON.stringify({ code: test.recoveryCode })
    const headers = { ...json, ...bearer(token) }
    assert.equal((await call(`${origin}/v1/unlock`, { method: 'POST', headers, body })).status, 200)
    assert.equal((await call(`${origin}/v1/keys`, { headers: bearer(token) })).status, 200)
  })
})
