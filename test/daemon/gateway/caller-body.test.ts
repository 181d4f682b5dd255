/** Bodies: counted, timed, held back when the other side is slow, and never a reason to lose an answer. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { makeDocument, makeEndpoint, makeKey } from '../../support/access-document.ts'
import { startGatewayBed, type GatewayBed } from '../../support/gateway-bed.ts'
import { rawCaller } from '../../support/raw-caller.ts'
import { rawAnswer, startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts'

describe('bodies of callers', () => {
  const key = makeKey()
  let answer: (socket: Socket, soFar: string) => void
  let upstream: RawUpstream
  let bed: GatewayBed

  const post = (path: string, ...headers: string[]): string =>
    [`POST ${path} HTTP/1.1`, 'Host: a', `Authorization: Bearer ${key.value}`, ...headers, '', ''].join('\r\n')
  const answered = (text: string): boolean => /^HTTP\/1\.1 [2-5]/m.test(text)

  beforeEach(async () => {
    answer = (socket, soFar) => {
      if (soFar.endsWith('end')) socket.write(rawAnswer())
    }
    upstream = await startRawUpstream((socket, soFar) => answer(socket, soFar))
    bed = await startGatewayBed(
      makeDocument({
        keys: [key],
        endpoints: [
          makeEndpoint('ANY', '/ten', { upstream: upstream.origin, bodyBytesMax: 10 }),
          makeEndpoint('ANY', '/quick', { upstream: upstream.origin, idleTimeoutMs: 100, bodyBytesMax: 100_000_000 }),
          makeEndpoint('ANY', '/large', { upstream: upstream.origin, bodyBytesMax: 100_000_000 }),
        ],
      }),
    )
  })
  afterEach(async () => {
    await bed.stop()
    await upstream.close()
  })

  it('a Content-Length beyond the limit is 413 before a byte goes on', async () => {
    const caller = rawCaller(bed.url)
    caller.send(post('/ten', 'Content-Length: 11'))
    assert.match(await caller.until('413', answered), /^HTTP\/1\.1 413 /)
    assert.equal(upstream.connections(), 0)
  })

  it('a body of exactly the limit goes on whole', async () => {
    const caller = rawCaller(bed.url)
    caller.send(`${post('/ten', 'Content-Length: 10')}1234567end`)
    assert.match(await caller.until('200', answered), /^HTTP\/1\.1 200 /)
    assert.match(upstream.bytes(), /\r\n\r\n1234567end$/)
  })

  it('chunks that pass the limit are 413, and the upstream never sees the end of them', async () => {
    const caller = rawCaller(bed.url)
    caller.send(`${post('/ten', 'Transfer-Encoding: chunked')}8\r\n12345678\r\n`)
    await upstream.until('the first chunk', (bytes) => bytes.includes('12345678'))
    caller.send('3\r\nabc\r\n0\r\n\r\n')
    assert.match(await caller.until('413', answered), /^HTTP\/1\.1 413 /)
    await upstream.until('its end', () => upstream.closedConnections() === 1)
    assert.doesNotMatch(upstream.bytes(), /abc|0\r\n\r\n$/)
  })

  it('a caller who stops in the middle of a body is told 408', async () => {
    const caller = rawCaller(bed.url)
    caller.send(`${post('/quick', 'Content-Length: 10')}123`)
    assert.match(await caller.until('408', answered), /^HTTP\/1\.1 408 /)
    await upstream.until('its end', () => upstream.closedConnections() === 1)
  })

  it('a caller who only trickles is told 408 too, and one who is slow and gets on is not', async () => {
    const trickling = rawCaller(bed.url)
    trickling.send(post('/quick', 'Content-Length: 100000'))
    const drip = setInterval(() => trickling.send('x'), 20)
    assert.match(await trickling.until('408', answered), /^HTTP\/1\.1 408 [\s\S]*Fewer than 1024 bytes/)
    clearInterval(drip)
    const slow = rawCaller(bed.url)
    slow.send(post('/quick', 'Content-Length: 20003'))
    for (let sent = 0; sent < 20_000; sent += 2_000) {
      slow.send('x'.repeat(2_000))
      await upstream.until('that much', (bytes) => (bytes.match(/x/g)?.length ?? 0) >= sent)
    }
    slow.send('end')
    assert.match(await slow.until('200', answered), /^HTTP\/1\.1 200 /)
  })

  it('an upstream that stops reading a body is 504, not the fault of the caller', async () => {
    answer = (socket) => socket.pause()
    const caller = rawCaller(bed.url)
    caller.send(post('/quick', 'Content-Length: 50000000'))
    caller.send('x'.repeat(50_000_000))
    assert.match(await caller.until('504', answered), /^HTTP\/1\.1 504 /)
  })

  it('a caller who stops reading holds the upstream back, and gets every byte once it reads on', async () => {
    const size = 30_000_000
    let written = 0
    answer = (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
      const pump = (): void => {
        while (written < size) {
          written += 100_000
          if (!socket.write('x'.repeat(100_000))) {
            socket.once('drain', pump)
            return
          }
        }
      }
      pump()
    }
    const caller = rawCaller(bed.url)
    caller.pause()
    caller.send(post('/large', 'Content-Length: 0'))
    await upstream.until('the call', (bytes) => bytes.endsWith('\r\n\r\n'))
    // The system's socket buffers take some megabytes; a gateway that hoards would take all of it.
    await stands(() => written)
    assert.ok(written < size, `${written} of ${size} bytes were taken in`)
    caller.resume()
    const text = await caller.until('all of it', (soFar) => soFar.length > size)
    assert.equal(text.length - text.indexOf('\r\n\r\n') - 4, size)
  })

  it('a caller who never reads on is cut off after the idle limit', async () => {
    answer = (socket) => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n${'x'.repeat(50_000_000)}`)
    const caller = rawCaller(bed.url)
    caller.pause()
    caller.send(post('/quick', 'Content-Length: 0'))
    await upstream.until('its end', () => upstream.closedConnections() === 1)
  })

  it('100 Continue is said only after the call has been allowed', async () => {
    const good = rawCaller(bed.url)
    good.send(post('/ten', 'Expect: 100-continue', 'Content-Length: 3'))
    await good.until('100', (text) => text.startsWith('HTTP/1.1 100 Continue\r\n\r\n'))
    good.send('end')
    assert.match(await good.until('200', answered), /HTTP\/1\.1 200 /)
    assert.doesNotMatch(upstream.bytes(), /expect/i)
    for (const [path, status] of [
      ['/nowhere', 404],
      ['/ten', 413],
    ] as const) {
      const bad = rawCaller(bed.url)
      bad.send(post(path, 'Expect: 100-continue', 'Content-Length: 20'))
      assert.ok((await bad.until('a refusal', answered)).startsWith(`HTTP/1.1 ${status} `))
    }
  })

  it('an upstream that answers before the body is through is heard, and the connection then ends', async () => {
    answer = (socket) => socket.write(rawAnswer('no', 'HTTP/1.1 401 No'))
    const caller = rawCaller(bed.url)
    caller.send(`${post('/large', 'Content-Length: 90000000')}part`)
    assert.match(await caller.until('401', (text) => text.endsWith('no')), /^HTTP\/1\.1 401 /)
    await caller.until('the end', (_, closed) => closed)
  })

  it('a refusal is not lost when the caller is still sending', async () => {
    const caller = rawCaller(bed.url)
    caller.send(post('/ten', 'Content-Length: 500000'))
    for (let sent = 0; sent < 500_000; sent += 10_000) caller.send('x'.repeat(10_000))
    const text = await caller.until('the end', (_, closed) => closed)
    assert.match(text, /^HTTP\/1\.1 413 [\s\S]*\}$/)
  })

  it('a caller who sends without end after a refusal is cut off', async () => {
    const caller = rawCaller(bed.url)
    caller.send(post('/nowhere', 'Transfer-Encoding: chunked'))
    for (let sent = 0; sent < 3_000_000; sent += 100_000) caller.send(`186a0\r\n${'x'.repeat(100_000)}\r\n`)
    assert.match(await caller.until('the end', (_, closed) => closed), /^HTTP\/1\.1 404 /)
  })

  it('a caller who goes silent after a refusal is cut off', async () => {
    const caller = rawCaller(bed.url)
    caller.send(post('/ten', 'Content-Length: 500000'))
    assert.match(await caller.until('the end', (_, closed) => closed), /^HTTP\/1\.1 413 [\s\S]*\}$/)
  })
})

/** Waits until a number has stopped growing. */
const stands = async (read: () => number): Promise<void> => {
  for (let before = -1; read() !== before;) {
    before = read()
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
  }
}
