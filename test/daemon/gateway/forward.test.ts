/** Forwarding: what crosses in each direction, what ends what, and what is answered when the upstream does not. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { bearer, call, sendRaw } from '../../support/call.ts'
import { startUpstream, type FakeUpstream } from '../../support/fake-upstream.ts'
import { startTestPostern, type TestPostern } from '../../support/start-postern.ts'

describe('forwarding', () => {
  let test: TestPostern
  let upstream: FakeUpstream
  let value: string
  const hanging: ServerResponse[] = []
  const ended: string[] = []
  let raw: ReturnType<typeof createTcpServer>
  let rawAnswer = ''

  const add = (path: string, to: string, more: object = {}) =>
    test.admin.call('endpoints.create', { body: { collection: 'All', method: 'ANY', path, upstream: to, ...more } })

  before(async () => {
    test = await startTestPostern()
    upstream = await startUpstream((incoming, response) => {
      const path = incoming.url ?? ''
      incoming.on('aborted', () => ended.push(path))
      response.on('close', () => ended.push(path))
      if (path.startsWith('/hang')) return void hanging.push(response)
      if (path.startsWith('/half')) {
        response.writeHead(200, { 'content-length': '100' }).write('half')
        return void setImmediate(() => response.destroy())
      }
      if (path.startsWith('/endless')) return pour(response)
      if (path.startsWith('/status/'))
        return void response.writeHead(Number(path.slice(8)), { location: 'http://elsewhere/' }).end()
      if (path.startsWith('/headers'))
        return void response
          .writeHead(200, [
            'Set-Cookie',
            'a=1',
            'Set-Cookie',
            'b=2',
            'X-Postern-Key-Id',
            'forged',
            'Connection',
            'x-hop',
            'X-Hop',
            '1',
            'Keep-Alive',
            'timeout=99',
            'X-Case',
            'Kept',
          ])
          .end('ok')
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => response.end(Buffer.concat(chunks)))
    })
    raw = createTcpServer(
      (socket) => void socket.once('data', () => socket.end(rawAnswer)).on('error', () => undefined),
    )
    raw.listen(0, '127.0.0.1')
    await once(raw, 'listening')
    await test.admin.call('collections.create', { body: { name: 'All' } })
    value =
      (await test.admin.call('keys.create', { body: { name: 'Zoë’s robot', subject: 'zoë@example.com' } })).value ?? ''
    await add('/up/{rest*}', `${upstream.origin}/{rest*}`)
    await add('/small', `${upstream.origin}/small`, { body_bytes_max: 10 })
    await add('/quick/{rest*}', `${upstream.origin}/hang`, { answer_timeout_ms: 200, idle_timeout_ms: 200 })
    await add('/slow-body', `${upstream.origin}/echo`, { idle_timeout_ms: 150 })
    await add('/dead', 'http://127.0.0.1:1/')
    await add('/raw', `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`)
    await add('/swap/{a}/{b}', `${upstream.origin}/v2/{b}/x/{a}`)
  })
  after(async () => {
    for (const each of hanging) each.destroy()
    await test.stop()
    await upstream.close()
    raw.close()
  })

  let pouring: ServerResponse | undefined
  let poured = 0
  const pour = (response: ServerResponse): void => {
    pouring = response
    poured = 0
    const more = (): void => {
      if (response.destroyed) return
      poured += 65_536
      if (response.write(Buffer.alloc(65_536))) setImmediate(more)
      else response.once('drain', more)
    }
    more()
  }
  const until = async (condition: () => boolean): Promise<void> => {
    const deadline = Date.now() + 5_000
    while (!condition()) {
      assert.ok(Date.now() < deadline, 'the condition never came true')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  it('bodies go both ways as they are, with a length and chunked', async () => {
    const body = 'x'.repeat(300_000)
    const { body: back } = await call(`${test.http}/up/echo`, { method: 'POST', headers: bearer(value), body })
    assert.equal(back, body)
    const chunked = await sendRaw(
      test.http,
      `POST /up/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${value}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      1_000,
    )
    assert.match(chunked, /hello/)
  })

  it('the upstream gets our identity headers and none of the caller’s that speak for us, hop-by-hop or credential', async () => {
    await call(`${test.http}/up/echo?q=%20&q=2`, {
      headers: {
        ...bearer(value),
        'X-Postern-Key-Id': 'forged',
        x_postern_client: 'forged',
        'X-Forwarded-For': '6.6.6.6',
        'X-Real-IP': '6.6.6.6',
        Forwarded: 'for=6.6.6.6',
        X_Forwarded_Host: 'forged',
        TE: 'trailers',
        'Proxy-Authorization': 'x',
        Connection: 'x-hop',
        'X-Hop': '1',
        'X-Kept': 'Yes',
        'X-Request-Id': 'mine-1',
      },
    })
    const { headers, url, rawHeaders } = upstream.received.at(-1) ?? assert.fail()
    assert.equal(url, '/echo?q=%20&q=2')
    assert.equal(headers['x-postern-key-name'], encodeURIComponent('Zoë’s robot'))
    assert.equal(headers['x-postern-subject'], encodeURIComponent('zoë@example.com'))
    assert.equal(headers['x-forwarded-for'], '127.0.0.1')
    assert.equal(headers['x-forwarded-proto'], 'http')
    assert.equal(headers['x-request-id'], 'mine-1')
    assert.equal(headers['x-kept'], 'Yes')
    assert.equal(headers.host, new URL(upstream.origin).host)
    const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
    for (const gone of [
      'authorization',
      'x_postern_client',
      'x-real-ip',
      'forwarded',
      'x_forwarded_host',
      'te',
      'proxy-authorization',
      'x-hop',
    ])
      assert.ok(!names.includes(gone), gone)
    assert.ok(!JSON.stringify(rawHeaders).includes('6.6.6.6'))
    assert.ok(!JSON.stringify(rawHeaders).includes('forged'))
  })

  it('the answer keeps its own headers in order and loses hop-by-hop and ours', async () => {
    const { headers } = await call(`${test.http}/up/headers`, { headers: bearer(value) })
    assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2'])
    assert.equal(headers['x-case'], 'Kept')
    assert.equal(headers['x-postern-key-id'], undefined)
    assert.equal(headers['x-hop'], undefined)
    assert.notEqual(headers['keep-alive'], 'timeout=99')
  })

  it('statuses pass verbatim and redirects are not followed', async () => {
    for (const status of [204, 301, 304, 404, 418, 500, 503]) {
      const answered = await call(`${test.http}/up/status/${status}`, { headers: bearer(value) })
      assert.equal(answered.status, status)
      assert.equal(answered.headers['content-type'], undefined)
    }
  })

  it('HEAD gets the head alone', async () => {
    const { status, body } = await call(`${test.http}/up/echo`, { method: 'HEAD', headers: bearer(value) })
    assert.deepEqual([status, body], [200, ''])
  })

  it('raw segments are put where the upstream’s pattern wants them, undecoded', async () => {
    await call(`${test.http}/swap/a%20b/c?z=1`, { headers: bearer(value) })
    assert.equal(upstream.received.at(-1)?.url, '/v2/c/x/a%20b?z=1')
  })

  it('an upstream that refuses is 502, one that does not answer in time 504, one that talks nonsense 502', async () => {
    for (const [path, code] of [
      ['/dead', 'upstream_unreachable'],
      ['/quick/x', 'upstream_timeout'],
    ] as const) {
      const { status, problem } = await call(test.http + path, { headers: bearer(value) })
      assert.equal(problem().code, code)
      assert.equal(status, code === 'upstream_timeout' ? 504 : 502)
    }
    rawAnswer = 'this is no HTTP\r\n\r\n'
    assert.equal((await call(`${test.http}/raw`, { headers: bearer(value) })).status, 502)
  })

  it('an answer that breaks off reaches the caller broken off', async () => {
    await assert.rejects(call(`${test.http}/up/half`, { headers: bearer(value) }))
  })

  it('a caller who goes away ends the upstream’s call', async () => {
    const { hostname, port } = new URL(test.http)
    for (const path of ['/hang', '/endless']) {
      const sent = request({ hostname, port, path: `/up${path}`, headers: bearer(value) })
      sent.on('error', () => undefined)
      sent.on('response', (response) => response.once('data', () => response.destroy()).on('error', () => undefined))
      sent.end()
      if (path === '/hang') await until(() => hanging.length > 1 || upstream.received.at(-1)?.url === path)
      if (path === '/hang') sent.destroy()
      await until(() => ended.includes(path))
    }
  })

  it('a caller who does not read does not fill the memory', async () => {
    const { hostname, port } = new URL(test.http)
    const socket: Socket = connect(Number(port), hostname)
    socket.write(`GET /up/endless HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${value}\r\n\r\n`)
    await once(socket, 'readable')
    socket.pause()
    // The upstream is held up in the end, by no more than what buffers on the way can hold.
    let before = 0
    await until(() => {
      const still = poured === before && pouring?.writableNeedDrain === true
      before = poured
      return still
    })
    assert.ok(poured < 64 * 1024 * 1024, `${poured} bytes`)
    socket.destroy()
  })

  it('a body over the limit is 413, announced or not; nothing more is read', async () => {
    const before = upstream.received.length
    const announced = await call(`${test.http}/small`, { method: 'POST', headers: bearer(value), body: 'x'.repeat(11) })
    assert.equal(announced.problem().code, 'body_too_large')
    assert.equal(upstream.received.length, before)
    const chunked = await sendRaw(
      test.http,
      `POST /small HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${value}\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nxxxxxxxxxxx\r\n0\r\n\r\n`,
    )
    assert.match(chunked, /^HTTP\/1\.1 413/)
    assert.equal(
      (await call(`${test.http}/small`, { method: 'POST', headers: bearer(value), body: 'x'.repeat(10) })).status,
      200,
    )
  })

  it('a body that stops coming is 408', async () => {
    const answer = await sendRaw(
      test.http,
      `POST /slow-body HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${value}\r\nContent-Length: 100\r\n\r\nabc`,
    )
    assert.match(answer, /^HTTP\/1\.1 408/)
  })

  it('Expect: 100-continue is decided first: a refusal comes without the 100, an allow with it', async () => {
    const head = (key: string, path = '/up/echo'): string =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${key}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`
    assert.match(await sendRaw(test.http, head('nobody')), /^HTTP\/1\.1 401/)
    assert.match(await sendRaw(test.http, `${head(value)}ok`, 1_000), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200/)
    assert.equal(upstream.received.at(-1)?.headers.expect, undefined)
  })

  it('an Upgrade is dropped and the call goes on as a plain one', async () => {
    const answer = await sendRaw(
      test.http,
      `GET /up/echo HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${value}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 200/)
    assert.equal(upstream.received.at(-1)?.headers.upgrade, undefined)
  })

  it('nothing of a body that follows a refusal is taken for the next call', async () => {
    const smuggled = 'GET /up/smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
    const before = upstream.received.length
    const answer = await sendRaw(
      test.http,
      `POST /up/echo HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
      300,
    )
    assert.match(answer, /^HTTP\/1\.1 401/)
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1)
    assert.equal(upstream.received.length, before)
  })

  it('an https upstream is verified: an unknown authority is 502, and its own one passes', async () => {
    const ca = await test.ca()
    const { port } = new URL(test.https)
    await add('/tls-unknown', `https://127.0.0.1:${port}/livez`)
    await add('/tls-known', `https://127.0.0.1:${port}/livez`, { upstream_ca: ca })
    assert.equal((await call(`${test.http}/tls-unknown`, { headers: bearer(value) })).status, 502)
    assert.equal((await call(`${test.http}/tls-known`, { headers: bearer(value) })).status, 200)
  })
})
