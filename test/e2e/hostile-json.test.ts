/** Hostile JSON: only ever a 4xx, nothing of it stays, and the next honest call is answered. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { tryHostileBodies } from '../support/hostile-json.ts'
import { startTestPostern, type TestPostern } from '../support/start-postern.ts'

const deep = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth)

const bodies: readonly string[] = [
  '{"name":"Bot","__proto__":{"admin":true,"polluted":1}}',
  '{"name":"Bot","constructor":{"prototype":{"polluted":1}}}',
  '{"__proto__":{"name":"Bot"}}',
  '{"__proto__":null,"name":"Bot","x":1}',
  '{"name":{"__proto__":{"polluted":1}}}',
  '{"name":["Bot"]}',
  '{"name":"Bot","expires":{"__proto__":{"at":"now"}}}',
  '{"name":"Bot","collections":{"__proto__":[]}}',
  '{"name":"Bot","collections":{"length":100000000}}',
  '{"name":"Bot","name":{}}',
  '{"name":1e999}',
  '{"name":-1e999}',
  `{"name":${'9'.repeat(5_000)}}`,
  '{"name":"\\u0000\\u0000\\u0000"}',
  '{"name":"\\ud800\\ud800\\ud800"}',
  `{"name":"${'a'.repeat(60_000)}"}`,
  `{"name":"Bot","description":"${'a'.repeat(5_000)}"}`,
  deep(20_000, '[', ']'),
  deep(5_000, '{"a":', '}'),
  `{"name":${deep(9_000, '[', ']')}}`,
  `{"name":"Bot",${'"a":1,'.repeat(5_000)}"b":1}`,
  `{${Array.from({ length: 3_000 }, (_, at) => `"k${at}":${at}`).join(',')}}`,
  'null',
  'true',
  '7',
  '"name"',
  '[]',
  '[{"name":"Bot"}]',
  '{',
  '{"name":"Bot"',
  '{"name":"Bot"}}',
  "{'name':'Bot'}",
  '{"name":NaN}',
  '{"name":undefined}',
  '{"name":"Bot",}',
  '\ufeff{"name":}',
  '/*x*/{"name":"Bot"}',
  '',
]

describe('admin: hostile JSON', () => {
  let test: TestPostern
  before(async () => {
    test = await startTestPostern()
  })
  after(() => test.stop())

  const post = (path: string, body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', host: 'localhost' }
      const sent = request({ socketPath: test.settings.socketPath, path, method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
      sent.on('error', reject).end(body)
    })

  for (const path of ['/v1/keys', '/v1/clients', '/v1/endpoints'])
    it(`${bodies.length} bodies to ${path}: 4xx each`, async () => {
      for (const body of bodies) {
        const status = await post(path, body)
        assert.ok(status >= 400 && status < 500 && status !== 429, `${body.slice(0, 100)}: ${status}`)
        // The socket takes two hundred a second.
        if (bodies.indexOf(body) % 20 === 19) await test.admin.call('status.get')
      }
      assert.equal(Reflect.get({}, 'polluted'), undefined)
      assert.equal((await test.admin.call('keys.list')).count, 0)
    })

  it('2,000 bodies of any kind, shared among all rows, are taken or refused as a field', () => {
    assert.ok(tryHostileBodies(2_000, 1) >= 2_000)
  })
})
