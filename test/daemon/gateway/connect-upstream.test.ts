/** No call reaches an address where no upstream may be: not by name, not by number, not after a name has changed its mind. */
import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { createServer, Socket, type AddressInfo, type Server } from 'node:net'
import { DeniedAddress, type Resolve } from '../../../daemon/src/addresses/judged-lookup.ts'
import { connectUpstream } from '../../../daemon/src/gateway/connect-upstream.ts'
import { Problem } from '../../../daemon/src/problem.ts'
import { makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'

const key = makeKey()

/** Says ok to each connection and ends it, so that each call needs another one. */
const startService = async (host: string, port = 0): Promise<{ server: Server; port: number; seen: () => number }> => {
  let seen = 0
  const server = createServer((socket) => {
    seen += 1
    socket.on('error', () => {})
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return { server, port: (server.address() as AddressInfo).port, seen: () => seen }
}

describe('connections to upstreams', () => {
  let bed: GatewayBed | undefined
  const servers: Server[] = []
  afterEach(async () => {
    await bed?.stop()
    for (const server of servers.splice(0)) server.close()
  })

  /** On Linux 0.0.0.0 and `::` lead to this machine, so what they should not reach can listen here. */
  const bedFor = async (host: string, resolve?: Resolve) => {
    const canary = await startService('127.0.0.1')
    servers.push(canary.server)
    const upstream = `http://${host}:${canary.port}`
    const endpoints = [makeEndpoint('GET', '/x', { upstream })]
    bed = await startGatewayBed(makeDocument({ keys: [key], endpoints }), { resolve })
    return { bed, canary }
  }
  const ask = (url: string) => call(`${url}/x`, { headers: bearer(key.value) })
  const assertDenied = async ({ bed: { url, faults } }: { bed: GatewayBed }): Promise<void> => {
    const answer = await ask(url)
    assert.equal(answer.status, 502)
    assert.equal(answer.problem().code, 'upstream_unreachable')
    assert.doesNotMatch(answer.body, /unspecified|metadata|0\.0\.0\.0|where no upstream/)
    const [fault] = faults
    assert.ok(fault instanceof Problem && fault.cause instanceof DeniedAddress, String(fault))
    assert.match(fault.internal ?? '', /where no upstream may be/)
  }
  const answers =
    (...rounds: readonly (readonly LookupAddress[])[]): Resolve =>
    (_name, _options, callback) => {
      const now = rounds[Math.min(asked++, rounds.length - 1)] ?? []
      callback(null, [...now])
    }
  let asked = 0
  beforeEach(() => (asked = 0))

  for (const host of ['0.0.0.0', '[::ffff:0.0.0.0]', '0', '[::ffff:0:0]', '[::]'])
    it(`an address in the URL itself, ${host}, which no resolver sees: the listener behind it sees nobody`, async () => {
      const at = await bedFor(host)
      await assertDenied(at)
      assert.equal(at.canary.seen(), 0)
    })

  it('a name that resolves to a denied address: no connection, the true reason in the log alone', async () => {
    for (const address of ['0.0.0.0', '::ffff:0.0.0.0']) {
      const at = await bedFor('inner.example', answers([{ address, family: address.includes(':') ? 6 : 4 }]))
      await assertDenied(at)
      assert.equal(at.canary.seen(), 0)
      await at.bed.stop()
      bed = undefined
    }
  })

  it('a name that resolves to denied addresses and a good one reaches the good one, and never the others', async () => {
    const denied = await startService('127.0.0.2')
    servers.push(denied.server)
    const good = await startService('127.0.0.3', denied.port)
    servers.push(good.server)
    const resolve = answers([
      { address: '0.0.0.0', family: 4 },
      { address: '169.254.169.254', family: 4 },
      { address: '127.0.0.3', family: 4 },
    ])
    const endpoints = [makeEndpoint('GET', '/x', { upstream: `http://inner.example:${denied.port}` })]
    bed = await startGatewayBed(makeDocument({ keys: [key], endpoints }), { resolve })
    for (let n = 0; n < 5; n++) assert.equal((await ask(bed.url)).status, 200)
    assert.deepEqual([denied.seen(), good.seen()], [0, 5])
  })

  it('rebinding: good when first looked up, denied when next, is denied when next', async () => {
    const resolve = answers([{ address: '127.0.0.1', family: 4 }], [{ address: '0.0.0.0', family: 4 }])
    const at = await bedFor('inner.example', resolve)
    assert.equal((await ask(at.bed.url)).status, 200)
    assert.equal(at.canary.seen(), 1)
    await assertDenied(at)
    assert.equal(at.canary.seen(), 1)
    assert.equal(asked, 2)
  })

  it('a name that cannot be resolved, or to nothing, is unreachable as ever', async () => {
    const { bed: at } = await bedFor('inner.example', (_name, _options, done) => done(null, []))
    assert.equal((await ask(at.url)).status, 502)
  })

  it('a socket that is connected to a denied address after all is cut before a byte is said', async () => {
    const socket = new Socket()
    Object.defineProperty(socket, 'remoteAddress', { value: '169.254.169.254' })
    const connect = connectUpstream({
      timeoutMs: 1_000,
      ca: null,
      open: (_options, callback) => callback(null, socket),
    })
    const options = { hostname: 'inner.example', protocol: 'http:', port: '80' }
    const [error, given] = await new Promise<readonly [Error | null, unknown]>((resolve) =>
      connect(options, (...outcome) => resolve(outcome)),
    )
    assert.ok(error instanceof DeniedAddress)
    assert.equal(given, null)
    assert.equal(socket.destroyed, true)
    assert.equal(socket.bytesWritten, 0)
  })
})
