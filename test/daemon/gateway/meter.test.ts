/** Each judged call ends once for the meter, however it ends. */
import assert from 'node:assert/strict'
import type { ProblemCode } from '@postern/shared'
import { makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startUpstream, type FakeUpstream } from '../../support/fake-upstream.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'
import { rawCaller } from '../../support/raw-caller.ts'

const key = makeKey()

describe('the meter', () => {
  let upstream: FakeUpstream
  let bed: GatewayBed
  let nowMs: number
  let ended: [allowed: boolean, tookMs: number][]
  let failed: [string, ProblemCode][]
  let next: PromiseWithResolvers<void>
  let arrived: PromiseWithResolvers<void>
  const ask = async (path: string, headers = bearer(key.value)): Promise<number> =>
    (await call(bed.url + path, { headers })).status

  beforeEach(async () => {
    ;[nowMs, ended, failed] = [0, [], []]
    ;[next, arrived] = [Promise.withResolvers(), Promise.withResolvers()]
    upstream = await startUpstream(({ url }, response) => {
      nowMs += 100
      arrived.resolve()
      if (url !== '/hangs') response.end('ok')
    })
    const document = makeDocument({
      keys: [key],
      endpoints: [
        makeEndpoint('ANY', '/erp/{rest*}', { upstream: `${upstream.origin}/{rest*}`, bodyBytesMax: 3 }),
        makeEndpoint('GET', '/gone', { id: 'ep_gone', upstream: 'http://127.0.0.1:1' }),
      ],
    })
    bed = await startGatewayBed(document, {
      meter: {
        nowMs: () => nowMs,
        ended: (...said) => {
          ended.push(said)
          next.resolve()
        },
        failed: (...said) => failed.push(said),
      },
    })
  })
  afterEach(async () => {
    await bed.stop()
    await upstream.close()
  })

  it('a call that a service answers ends with the answer, and took as long', async () => {
    assert.equal(await ask('/erp/x'), 200)
    await next.promise
    assert.deepEqual([ended, failed], [[[true, 100]], []])
  })

  it('refusals, malformed ones too, and the questions of proxies have ended by the time they are answered', async () => {
    const asked = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/erp/x', 'x-forwarded-host': 'a' }
    assert.equal(await ask('/nowhere', {}), 401)
    assert.equal(await ask('/erp/..%2f'), 400)
    assert.equal(await ask('/authz/forward-auth', { ...bearer(key.value), ...asked }), 200)
    assert.deepEqual(ended, [
      [false, 0],
      [false, 0],
      [true, 0],
    ])
  })

  it('what is not judged has no end', async () => {
    assert.deepEqual([await ask('/livez'), await ask('/readyz')], [200, 200])
    assert.deepEqual(ended, [])
  })

  it('a service that cannot be reached is told of by its endpoint, and the call ends once', async () => {
    assert.equal(await ask('/gone'), 502)
    await next.promise
    assert.deepEqual([ended, failed], [[[true, 0]], [['ep_gone', 'upstream_unreachable']]])
  })

  it('a caller who goes away ends the call', async () => {
    const caller = rawCaller(bed.url)
    caller.send(`GET /erp/hangs HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key.value}\r\n\r\n`)
    await arrived.promise
    assert.deepEqual(ended, [])
    caller.destroy()
    await next.promise
    assert.deepEqual([ended, failed], [[[true, 100]], []])
  })
})
