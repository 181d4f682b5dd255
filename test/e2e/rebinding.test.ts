/**
 * A page in an administrator's browser, with any name made to resolve to this machine: more than sixty ways of saying Host and
 * Origin, against the door for pages and against the socket. None gets in.
 */
import assert from 'node:assert/strict'
import { assertLocal } from '../../daemon/src/admin/guard.ts'
import { bearer, call } from '../support/call.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

const names = [
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.nip.io',
  'localtest.me',
  'a.localhost',
  'localhost.',
  '127.0.0.1.',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0.0.0.0',
  '127.0.0.2',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[0:0:0:0:0:0:0:1]',
  '10.0.0.1',
  'user@127.0.0.1',
  '127.0.0.1@evil.example',
  '127.0.0.1%00.evil.example',
  '127.0.0.1,evil.example',
  '127.0.0.1/',
  'LOCALHOST',
  'localhost%2eevil.example',
  'xn--lcalhost-54a',
]

describe('DNS rebinding', () => {
  let test: TestPostern
  let origin: string
  let token: string
  before(async () => {
    test = await startTestPostern()
    const url = new URL((await test.admin.call('links.create', { body: { page: 'api' } })).url)
    origin = url.origin
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ code: url.hash.slice(1) })
    token = (JSON.parse((await call(`${origin}/session`, { method: 'POST', headers, body })).body) as { token: string })
      .token
  })
  after(() => test.stop())

  it('the door for pages: names with its port, its name with other ports, each with and without an Origin', async () => {
    const { port } = new URL(origin)
    const hosts = [
      ...names.map((name) => `${name}:${port}`),
      ...['', ':80', ':443', `:0${port}`, `:${port}0`, `: ${port}`, `:${port}:${port}`].map((end) => `127.0.0.1${end}`),
    ]
    let tried = 0
    for (const host of hosts)
      for (const more of [
        {},
        { origin },
        { origin: `http://${host}` },
        { origin: 'null' },
        { referer: `${origin}/` },
      ]) {
        const headers = { ...bearer(token), host, ...more }
        const { status } = await call(`${origin}/v1/status`, { headers })
        assert.ok(status === 403 || status === 400, `${JSON.stringify({ host, ...more })}: ${status}`)
        tried += 1
      }
    assert.ok(tried > 60, String(tried))
    const { status } = await call(`${origin}/v1/status`, { headers: bearer(token) })
    assert.equal(status, 200)
  })

  it('the socket: no such name, and no Origin at all, its own least of all', () => {
    const literal = new Set(['127.0.0.2', '[::1]', 'LOCALHOST'])
    for (const host of names) {
      for (const more of [{ origin: `http://${host}` }, { origin: 'null' }, { referer: 'http://localhost/' }])
        assert.throws(() => assertLocal({ host, ...more }), host)
      assert.throws(() => assertLocal({ host, 'sec-fetch-site': 'same-origin' }), host)
      if (!literal.has(host)) assert.throws(() => assertLocal({ host }), { code: 'forbidden' }, host)
    }
  })
})
