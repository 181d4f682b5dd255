/** What becomes of answers that stall, break off or make no sense. */
import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { EndpointRecord } from '../../../daemon/src/document/document.ts'
import { Exchange } from '../../../daemon/src/gateway/exchange.ts'
import type { Forwarding } from '../../../daemon/src/gateway/forward.ts'
import { makeClient, makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'
import { rawCaller } from '../../support/raw-caller.ts'
import { rawAnswer, startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts'

describe('answers on their way back', () => {
  const key = makeKey({ name: 'Lager Süd', subject: 'anna@example.com' })
  let answer: (socket: Socket, soFar: string) => void
  let upstream: RawUpstream
  let bed: GatewayBed

  const ok = (socket: Socket, soFar: string): void => {
    if (soFar.endsWith('\r\n\r\n')) socket.write(rawAnswer())
  }
  const publish = (method: EndpointRecord['method'], path: string, to: string, parts: Partial<EndpointRecord> = {}) =>
    bed.publish(
      makeDocument({
        keys: [key],
        clients: [makeClient({ name: 'Ärger & Co' })],
        endpoints: [makeEndpoint(method, path, { upstream: upstream.origin + to, ...parts })],
      }),
    )
  const head = (line: string, headers: readonly string[] = []): string =>
    [line, 'Host: gw.example:8443', `Authorization: Bearer ${key.value}`, ...headers, '', ''].join('\r\n')

  beforeEach(async () => {
    answer = ok
    upstream = await startRawUpstream((socket, soFar) => answer(socket, soFar))
    bed = await startGatewayBed(makeDocument({}))
    publish('ANY', '/erp/{rest*}', '/{rest*}')
  })
  afterEach(async () => {
    await bed.stop()
    await upstream.close()
  })

  it('informational answers of the upstream end here', async () => {
    answer = (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${rawAnswer()}`)
    const caller = rawCaller(bed.url)
    caller.send(head('GET /erp/x HTTP/1.1'))
    assert.match(await caller.until('the answer', (text) => text.endsWith('ok')), /^HTTP\/1\.1 200 OK/)
  })

  it('a declared length stays one, chunks stay chunks, never both', async () => {
    answer = (socket, soFar) => {
      if (soFar.endsWith('hello') || soFar.endsWith('0\r\n\r\n')) socket.write(rawAnswer())
    }
    await call(`${bed.url}/erp/x`, {
      method: 'POST',
      headers: { ...bearer(key.value), 'content-length': '5' },
      body: 'hello',
    })
    assert.match(upstream.bytes(), /content-length: 5\r\n\r\nhello$/i)
    assert.doesNotMatch(upstream.bytes(), /transfer-encoding/i)
    const before = upstream.bytes().length
    const caller = rawCaller(bed.url)
    caller.send(`${head('POST /erp/x HTTP/1.1', ['Transfer-Encoding: chunked'])}5\r\nhello\r\n`)
    await upstream.until(
      'the first chunk',
      (bytes) => bytes.slice(before).endsWith('hello\r\n') || bytes.slice(before).endsWith('hello'),
    )
    caller.send('0\r\n\r\n')
    await caller.until('the answer', (text) => text.endsWith('ok'))
    const second = upstream.bytes().slice(before)
    assert.match(second, /transfer-encoding: chunked\r\n\r\n5\r\nhello/)
    assert.doesNotMatch(second, /content-length/i)
  })

  it('the head of an answer does not wait for its body', async () => {
    answer = (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n')
    const caller = rawCaller(bed.url)
    caller.send(head('GET /erp/x HTTP/1.1'))
    await caller.until('the head', (text) => text.includes('text/event-stream'))
    caller.destroy()
  })

  it('one upstream call, no second try: a connection that breaks at once is 502', async () => {
    answer = (socket) => socket.destroy()
    const got = await call(`${bed.url}/erp/x`, { headers: bearer(key.value) })
    assert.deepEqual([got.status, got.problem().code], [502, 'upstream_unreachable'])
    assert.equal(upstream.connections(), 1)
    assert.equal(bed.faults.length, 1)
  })

  for (const [what, bytes] of [
    ['a body shorter than its Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
    ['chunks without an end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ] as const)
    it(`${what} reaches the caller broken off, never as whole`, async () => {
      answer = (socket) => socket.end(bytes)
      const caller = rawCaller(bed.url)
      caller.send(head('GET /erp/x HTTP/1.1'))
      const text = await caller.until('the end', (_, closed) => closed)
      assert.match(text, /half/)
      assert.doesNotMatch(text, /\r\n0\r\n\r\n$/)
    })

  for (const bytes of [
    'nonsense\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`,
  ])
    it(`an upstream that says ${JSON.stringify(bytes.slice(0, 45))} is 502`, async () => {
      answer = (socket) => socket.write(bytes)
      assert.equal((await call(`${bed.url}/erp/x`, { headers: bearer(key.value) })).status, 502)
    })

  it('an upstream that nobody runs is 502', async () => {
    await upstream.close()
    assert.equal((await call(`${bed.url}/erp/x`, { headers: bearer(key.value) })).status, 502)
  })

  it('an upstream that does not answer in time is 504', async () => {
    answer = () => {}
    publish('GET', '/slow', '', { answerTimeoutMs: 100 })
    const got = await call(`${bed.url}/slow`, { headers: bearer(key.value) })
    assert.deepEqual([got.status, got.problem().code], [504, 'upstream_timeout'])
  })

  it('an answer that stops halfway is cut off after the idle limit', async () => {
    answer = (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
    publish('GET', '/slow', '', { idleTimeoutMs: 100 })
    const caller = rawCaller(bed.url)
    caller.send(head('GET /slow HTTP/1.1'))
    assert.match(await caller.until('the end', (_, closed) => closed), /half$/)
  })

  it('a caller who goes away ends the upstream call', async () => {
    answer = () => {}
    const caller = rawCaller(bed.url)
    caller.send(head('GET /erp/x HTTP/1.1'))
    await upstream.until('the call', (bytes) => bytes.endsWith('\r\n\r\n'))
    caller.destroy()
    await upstream.until('its end', () => upstream.closedConnections() === 1)
  })

  it('a caller who goes away in the middle of a body ends the upstream call', async () => {
    answer = () => {}
    const caller = rawCaller(bed.url)
    caller.send(`${head('POST /erp/x HTTP/1.1', ['Content-Length: 10'])}half`)
    await upstream.until('half a body', (bytes) => bytes.endsWith('half'))
    caller.destroy()
    await upstream.until('its end', () => upstream.closedConnections() === 1)
  })

  it('whoever does not take the end of an answer that is here whole is cut off after the idle limit', async () => {
    const response = Object.assign(new EventEmitter(), {
      socket: { writableLength: 1 },
      end: () => {},
      destroy: () => {},
    })
    const cut = new Promise<void>((resolve) => (response.destroy = resolve))
    const forwarding = { response, request: {}, call: { hasBody: false }, endpoint: { idleTimeoutMs: 20 } }
    new Exchange(forwarding as unknown as Forwarding, () => {}).onResponseEnd()
    await cut
  })
})
