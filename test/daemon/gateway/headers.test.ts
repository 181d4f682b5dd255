/** What crosses in headers, byte for byte, both ways. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import type { EndpointRecord } from '../../../daemon/src/document/document.ts'
import { makeClient, makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'
import { bearer, call } from '../../support/call.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'
import { rawCaller } from '../../support/raw-caller.ts'
import { rawAnswer, startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts'

describe('headers that cross', () => {
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

  it('a key in a header that is not looked at goes no further either', async () => {
    await call(`${bed.url}/erp/a`, { headers: { ...bearer(key.value), apikey: key.value, 'x-other': 'kept' } })
    const bytes = upstream.bytes()
    assert.equal(bytes.includes(key.value), false)
    assert.match(bytes, /x-other: kept/)
  })

  it('the upstream gets exactly these bytes', async () => {
    await call(`${bed.url}/erp/a%20b/c?x=%2e%2e&y=1?`, {
      headers: {
        ...bearer(key.value),
        host: 'gw.example:8443',
        accept: 'a/b',
        'x-request-id': 'r-1',
        connection: 'close',
      },
    })
    assert.equal(
      upstream.bytes(),
      [
        'GET /a%20b/c?x=%2e%2e&y=1? HTTP/1.1',
        `host: ${upstream.authority}`,
        'connection: keep-alive',
        'accept: a/b',
        'X-Forwarded-For: 127.0.0.1',
        'X-Forwarded-Proto: http',
        'X-Forwarded-Host: gw.example:8443',
        'X-Request-Id: r-1',
        `X-Postern-Key-Id: ${key.record.id}`,
        'X-Postern-Key-Name: Lager%20S%C3%BCd',
        'X-Postern-Client: %C3%84rger%20%26%20Co',
        'X-Postern-Subject: anna%40example.com',
        '',
        '',
      ].join('\r\n'),
    )
  })

  it('what is hop-by-hop, a credential, or speaks for Postern does not go on', async () => {
    const hidden = [
      'Connection: close, X-Hop',
      'X-Hop: 1',
      'Keep-Alive: 1',
      'Proxy-Authorization: 1',
      'Proxy-Foo: 1',
      'TE: trailers',
      'Trailer: x',
      'Upgrade: websocket',
      'HTTP2-Settings: x',
      'X-Postern-Key-Id: forged',
      'x_postern_key_name: forged',
      'X-Postern_Anything: forged',
      'X-Forwarded-For: forged',
      'X_Forwarded_Host: forged',
      'Forwarded: for=forged',
      'X-Real-IP: forged',
      'x_api_key: forged',
      'Transfer_Encoding: forged',
      'Content_Length: forged',
    ]
    const caller = rawCaller(bed.url)
    caller.send(head('GET /erp/x HTTP/1.1', [...hidden, 'X-Kept: 1', 'Cookie: a=b']))
    await caller.until('the answer', (text) => text.startsWith('HTTP/1.1 200'))
    const sent = upstream.bytes()
    assert.match(sent, /X-Kept: 1\r\nCookie: a=b\r\n/)
    assert.doesNotMatch(
      sent,
      /forged|x-hop|proxy-|trailers|upgrade|http2|keep-alive: 1|authorization|postern_[0-9a-z]{8}_/i,
    )
    assert.equal(sent.match(/^x-postern-key-id:/gim)?.length, 1)
  })

  it('header bytes beyond ASCII go through as they are, both ways', async () => {
    answer = (socket, soFar) => {
      if (soFar.endsWith('\r\n\r\n'))
        socket.write(Buffer.from(rawAnswer('ok', undefined, ['X-File: g\xfcn \xc3\xbc']), 'latin1'))
    }
    const caller = rawCaller(bed.url)
    caller.send(head('GET /erp/x HTTP/1.1', ['X-Said: gr\xfcn \xc3\xbc']))
    assert.match(await caller.until('the answer', (text) => text.endsWith('ok')), /\r\nX-File: g\xfcn \xc3\xbc\r\n/)
    assert.ok(upstream.bytes().includes('X-Said: gr\xfcn \xc3\xbc\r\n'))
  })

  it("the upstream's headers come back raw and in order, without what is hop-by-hop or ours", async () => {
    answer = (socket) => {
      const headers = [
        'Set-Cookie: a=1',
        'X-b: 2',
        'set-cookie: c=3',
        'Connection: X-Hop',
        'X-Hop: 1',
        'X-Postern-Key-Id: forged',
        'X-Request-Id: theirs',
        'Proxy-Authenticate: x',
        'Location: http://elsewhere/',
        'Date: then',
      ]
      socket.write(rawAnswer('moved', 'HTTP/1.1 302 Over There', headers))
    }
    const caller = rawCaller(bed.url)
    caller.send(head('GET /erp/x HTTP/1.1', ['X-Request-Id: mine']))
    const text = await caller.until('the answer', (soFar) => soFar.endsWith('moved'))
    assert.equal(
      text.replace(/Connection: keep-alive\r\nKeep-Alive: [^\r]*\r\n/, ''),
      [
        'HTTP/1.1 302 Over There',
        'Content-Length: 5',
        'Set-Cookie: a=1',
        'X-b: 2',
        'set-cookie: c=3',
        'Location: http://elsewhere/',
        'Date: then',
        'X-Request-Id: mine',
        '',
        'moved',
      ].join('\r\n'),
    )
    assert.equal(upstream.connections(), 1)
  })
})
