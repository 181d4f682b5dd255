/** The listener says what keeps it from listening, and bounds what it accepts. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'
import { call } from '../../support/call.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'
import { rawCaller } from '../../support/raw-caller.ts'
import { rawAnswer, startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts'
import { startTestPostern } from '../../support/start-postern.ts'

describe('the listener', () => {
  it('a taken port is said with the fix', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await assert.rejects(startTestPostern({ listen: [{ protocol: 'http', host: '127.0.0.1', port }] }), {
      code: 'port_taken',
      message: new RegExp(`${port}.*--listen`),
    })
    other.close()
  })

  it('plain http beyond loopback is refused', async () => {
    await assert.rejects(startTestPostern({ listen: [{ protocol: 'http', host: '0.0.0.0', port: 0 }] }), {
      code: 'settings_invalid',
    })
  })

  describe('with calls', () => {
    const key = makeKey()
    let upstream: RawUpstream
    let bed: GatewayBed
    let release: (() => void) | undefined

    beforeEach(async () => {
      upstream = await startRawUpstream((socket) => {
        release = () => socket.write(rawAnswer('late'))
      })
      bed = await startGatewayBed(
        makeDocument({ keys: [key], endpoints: [makeEndpoint('GET', '/held', { upstream: upstream.origin })] }),
      )
    })
    afterEach(async () => {
      await bed.stop()
      await upstream.close()
    })
    const held = `GET /held HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key.value}\r\n\r\n`

    it('bytes that are no request, behind a call under way, put nothing into its answer', async () => {
      const caller = rawCaller(bed.url)
      caller.send(held)
      await upstream.until('the call', (bytes) => bytes.endsWith('\r\n\r\n'))
      caller.send('\0\0 nonsense\r\n\r\n')
      assert.equal(await caller.until('the end', (_, closed) => closed), '')
    })

    it('two calls on one connection are answered in their order, a refusal not before its turn', async () => {
      const caller = rawCaller(bed.url)
      caller.send(`${held}GET /held HTTP/1.1\r\nHost: a\r\n\r\n`)
      await upstream.until('the call', (bytes) => bytes.endsWith('\r\n\r\n'))
      release?.()
      const text = await caller.until('both', (soFar) => soFar.endsWith('}'))
      assert.match(text, /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nlateHTTP\/1\.1 401 /)
    })

    it('what stands behind a request that cannot be trusted is not looked at', async () => {
      for (const untrusted of ['POST /held HTTP/1.1\r\nHost: a\r\nHost: b', 'GET http://a/held HTTP/1.1\r\nHost: a']) {
        const caller = rawCaller(bed.url)
        caller.send(`${untrusted}\r\n\r\n${held}${held}`)
        const text = await caller.until('the end', (_, closed) => closed)
        assert.match(text, /^HTTP\/1\.1 400 /)
        assert.equal(text.match(/HTTP\/1\.1 /g)?.length, 1)
      }
      assert.equal(upstream.connections(), 0)
    })

    it('after a forwarded call an idle connection is ended as after any other', async () => {
      const caller = rawCaller(bed.url)
      caller.send(held)
      await upstream.until('the call', (bytes) => bytes.endsWith('\r\n\r\n'))
      release?.()
      await caller.until('the answer', (text) => text.endsWith('late'))
      await caller.until('the end', (_, closed) => closed, 8_000)
    }).slow(10_000)

    it('stopping cuts a call that does not end, and frees the port', async () => {
      const caller = rawCaller(bed.url)
      caller.send(held)
      await upstream.until('the call', (bytes) => bytes.endsWith('\r\n\r\n'))
      await bed.stop()
      await caller.until('the end', (_, closed) => closed)
      await assert.rejects(call(bed.url), { code: 'ECONNREFUSED' })
    })

    it('a proxy tunnel is closed without a word', async () => {
      const caller = rawCaller(bed.url)
      caller.send('CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n')
      assert.equal(await caller.until('the end', (_, closed) => closed), '')
    })
  })

  it('plain text on the https port is answered with the end of the connection', async () => {
    const test = await startTestPostern()
    const caller = rawCaller(test.https)
    caller.send('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n')
    await caller.until('the end', (_, closed) => closed)
    assert.equal((await call(`${test.http}/livez`)).status, 200)
    await test.stop()
  })
})
