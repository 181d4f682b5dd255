/** The status listener: its three questions, its limits, and that what fails in it stays in it. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import fc from 'fast-check'
import { listenForStatus, type StatusListener, type Unready } from '../../../daemon/src/metrics/status-listener.ts'
import { call, sendRaw } from '../../support/call.ts'

describe('the status listener', () => {
  let listener: StatusListener
  let text: () => Promise<string>
  let reasons: Unready[]
  let faults: unknown[]
  let onReadyz: () => void
  const metrics = { text: () => text(), contentType: 'text/plain; version=0.0.4; charset=utf-8' }

  beforeEach(async () => {
    text = async () => 'up 1\n'
    reasons = []
    faults = []
    onReadyz = () => undefined
    listener = await listenForStatus(
      { host: '127.0.0.1', port: 0 },
      {
        metrics,
        unready: () => {
          onReadyz()
          return reasons
        },
        onFault: (_id, error) => void faults.push(error),
      },
    )
  })
  afterEach(() => listener.stop())

  it('answers GET and HEAD for its three paths, whatever the query', async () => {
    const scraped = await call(`${listener.url}/metrics?module=x`)
    assert.deepEqual(
      [scraped.status, scraped.headers['content-type'], scraped.body],
      [200, metrics.contentType, 'up 1\n'],
    )
    const head = await call(`${listener.url}/metrics`, { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '5', ''])
    assert.deepEqual(JSON.parse((await call(`${listener.url}/livez`)).body), { status: 'alive' })
    assert.deepEqual(JSON.parse((await call(`${listener.url}/readyz`)).body), { status: 'ready', reasons: [] })
  })

  it('is unready with reasons, and alive all the same', async () => {
    reasons = ['keystore_locked']
    const { status, body } = await call(`${listener.url}/readyz`)
    assert.deepEqual([status, JSON.parse(body)], [503, { status: 'unready', reasons: ['keystore_locked'] }])
    assert.equal((await call(`${listener.url}/livez`)).status, 200)
  })

  it('anything else is 404 as a problem, and connections with a body end', async () => {
    for (const [method, path] of [
      ['POST', '/metrics'],
      ['DELETE', '/livez'],
      ['GET', '/'],
      ['GET', '/metrics/'],
      ['GET', '/Metrics'],
      ['GET', '/%6detrics'],
      ['GET', '//metrics'],
    ] as const) {
      const answered = await call(listener.url + path, {
        method,
        ...(method === 'POST' ? { body: 'x'.repeat(9) } : {}),
      })
      assert.deepEqual([answered.status, answered.problem().code], [404, 'not_found'], `${method} ${path}`)
      assert.equal(answered.headers['content-type'], 'application/problem+json')
      assert.notEqual(answered.problem().request_id, '-')
    }
    const posted = 'POST /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
    assert.match(await sendRaw(listener.url, posted), /\r\nconnection: close\r\n/i)
  })

  it('whatever bytes come, the next scrape is answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (line) => {
        await sendRaw(listener.url, Buffer.from(`GET /${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`), 1_000)
        assert.equal((await call(`${listener.url}/livez`)).status, 200)
      }),
      { numRuns: 50 },
    )
    assert.deepEqual(faults, [])
  })

  it('metrics that cannot be worked out are a 500 without a word of why, told to the log, and nothing else fails', async () => {
    text = async () => {
      throw new Error('the inside story')
    }
    const { status, body } = await call(`${listener.url}/metrics`)
    assert.equal(status, 500)
    assert.doesNotMatch(body, /story/)
    assert.match(String(faults[0]), /the inside story/)
    text = async () => 'up 2\n'
    assert.equal((await call(`${listener.url}/metrics`)).body, 'up 2\n')
  })

  it('many scrapes at once are one piece of work, or two', async () => {
    const scrapers = 20
    let works = 0
    const allAsked = Promise.withResolvers<undefined>()
    text = async () => {
      works += 1
      await allAsked.promise
      return 'up 1\n'
    }
    // Asked on the same connection right after the scrape: when it is judged, the scrape before it has arrived.
    let asked = 0
    onReadyz = () => {
      asked += 1
      if (asked === scrapers) allAsked.resolve(undefined)
    }
    const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
    const both = ask('/metrics') + ask('/readyz')
    const answers = await Promise.all(Array.from({ length: scrapers }, () => sendRaw(listener.url, both)))
    assert.deepEqual([...new Set(answers.map((answer) => answer.slice(0, 15)))], ['HTTP/1.1 200 OK'])
    assert.ok(works <= 2, `${works}`)
  })

  it('connections beyond 32 are turned away', async () => {
    const { port } = new URL(listener.url)
    const sockets: Socket[] = []
    try {
      for (let count = 0; count < 32; count++) {
        const socket = connect(Number(port), '127.0.0.1')
        sockets.push(socket)
        await once(socket, 'connect')
      }
      const late = connect(Number(port), '127.0.0.1')
      sockets.push(late)
      late.on('error', () => undefined)
      await once(late, 'close')
    } finally {
      for (const socket of sockets) socket.destroy()
    }
  })

  it('stops at once, also with somebody connected', async () => {
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    const closed = once(socket, 'close')
    await listener.stop()
    await closed
  })

  it('a port that is taken, and an address of another machine, are refused by name', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const deps = { metrics, unready: () => [], onFault: () => undefined }
    try {
      await assert.rejects(listenForStatus({ host: '127.0.0.1', port }, deps), {
        code: 'port_taken',
        message: new RegExp(`^Port ${port} on 127.0.0.1, meant for the status listener, .*--status-listen`),
      })
      await assert.rejects(listenForStatus({ host: '192.0.2.1', port: 0 }, deps), {
        code: 'settings_invalid',
        message: /^--status-listen: 192\.0\.2\.1:0 cannot be listened on \(EADDRNOTAVAIL\)/,
      })
    } finally {
      other.close()
    }
  })
})
