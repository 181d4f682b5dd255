/**
 * Slow and greedy callers, over real sockets with shorter limits than the true ones (`npm run test:faults slow` takes those):
 * each way of holding a connection without getting anywhere ends, and nobody holds more than a share of them.
 */
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { buildIndex } from '../../daemon/src/access/build-index.ts'
import { bareGateway } from '../support/bare-gateway.ts'
import { listen, type ListenAt, type Listener, type ListenOptions } from '../../daemon/src/gateway/listener.ts'
import { issueThrowaway } from '../../daemon/src/tls/certificate.ts'
import { makeDocument, makeEndpoint, makeKey } from '../support/access-document.ts'
import { rawAnswer, startRawUpstream, type RawUpstream } from '../support/raw-upstream.ts'
import {
  slowCaller,
  slowWays,
  untilGone,
  watchGateway,
  type SlowWay,
  type WatchedGateway,
} from '../support/slow-callers.ts'

const key = makeKey()
const limits = { headMs: 300, keepAliveMs: 200, stillMs: 400, checkEveryMs: 50 }
/** Far beyond any of the limits: the machine may be busy, and a caller who only asks has to fill the buffers first. */
const goneMs = 8_000

describe('slow callers', () => {
  let upstream: RawUpstream
  let gateway: WatchedGateway
  let listener: Listener | undefined
  const sockets: Socket[] = []
  let certificate: { cert: string; key: string }

  before(async () => {
    const issued = await issueThrowaway(['localhost'], Date.now())
    certificate = { cert: issued.certificate, key: issued.key.reveal() }
  })
  beforeEach(async () => {
    upstream = await startRawUpstream((socket, soFar) => {
      if (soFar.includes('/large')) socket.end(rawAnswer('x'.repeat(12_000_000)))
    })
    const parts = { upstream: `${upstream.origin}/large`, idleTimeoutMs: 300, bodyBytesMax: 100_000_000 }
    const endpoints = [
      makeEndpoint('ANY', '/large', parts),
      makeEndpoint('POST', '/body', { ...parts, upstream: upstream.origin }),
    ]
    const index = buildIndex(makeDocument({ keys: [key], endpoints }), 1)
    const made = bareGateway(index)
    gateway = watchGateway(made)
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await listener?.stop(0)
    await gateway.close()
    await upstream.close()
  })

  const start = async (protocol: ListenAt['protocol'], options: ListenOptions = {}): Promise<Listener> => {
    listener = await listen({ protocol, host: '127.0.0.1', port: 0 }, gateway, certificate, { limits, ...options })
    return listener
  }

  for (const way of Object.keys(slowWays) as SlowWay[])
    it(`${slowWays[way]}: gone`, async () => {
      const { url } = await start('http')
      const caller = slowCaller(url, way, { key: key.value, everyMs: 50, watched: gateway })
      await untilGone(caller, goneMs)
    }).timeout(goneMs * 2)

  it('a TLS handshake that is begun and not brought to its end: gone', async () => {
    const { url } = await start('https')
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => {}).resume()
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]))
    await gone
  }).timeout(goneMs)

  describe('and how many connections', () => {
    /** Opens one more and tells whether it was let in: a TLS handshake is answered, or the connection ends. */
    const isLetIn = (url: string, localAddress: string): Promise<boolean> =>
      new Promise((resolve) => {
        const { port } = new URL(url)
        const raw = connect({ host: '127.0.0.1', port: Number(port), localAddress })
        sockets.push(raw)
        raw.on('error', () => {})
        const socket = connectTls({ socket: raw, rejectUnauthorized: false })
        socket.once('secureConnect', () => resolve(true))
        socket.on('error', () => {})
        raw.once('close', () => resolve(false))
      })
    const longer = { headMs: 60_000, keepAliveMs: 60_000, stillMs: 60_000, checkEveryMs: 1_000 }

    it('64 from one address and not one more; another address has its own, and a place is free again', async () => {
      const { url } = await start('https', { limits: longer })
      const first = await Promise.all(Array.from({ length: 64 }, () => isLetIn(url, '127.0.0.8')))
      assert.ok(first.every(Boolean))
      assert.equal(await isLetIn(url, '127.0.0.8'), false)
      assert.equal(await isLetIn(url, '127.0.0.9'), true)
      sockets[0]?.destroy()
      const deadline = Date.now() + 2_000
      while (!(await isLetIn(url, '127.0.0.8'))) assert.ok(Date.now() < deadline, 'the place was not given back')
    }).timeout(20_000)

    it('a proxy that the settings name speaks for many, and is not counted', async () => {
      const isProxy = (address: string): boolean => address === '127.0.0.8'
      const { url } = await start('https', { limits: { ...longer, connectionsPerAddressMax: 2 }, isProxy })
      for (let n = 0; n < 10; n++) assert.equal(await isLetIn(url, '127.0.0.8'), true)
      assert.deepEqual(
        [await isLetIn(url, '127.0.0.9'), await isLetIn(url, '127.0.0.9'), await isLetIn(url, '127.0.0.9')],
        [true, true, false],
      )
    })

    it('all addresses together have a bound too', async () => {
      const { url } = await start('https', { limits: { ...longer, connectionsMax: 5 } })
      const letIn = []
      for (let n = 1; n <= 8; n++) letIn.push(await isLetIn(url, `127.0.1.${n}`))
      assert.equal(letIn.filter(Boolean).length, 5)
    })
  })
})
