/** Issuers are asked over https alone, at the address that was said and at no address that is nobody's, briefly. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Resolve } from '../../../daemon/src/addresses/judged-lookup.ts'
import { answerBytesMax, faultOfAddress, fetchJsonWith } from '../../../daemon/src/sign-in/fetch-json.ts'
import { issueThrowaway } from '../../../daemon/src/tls/certificate.ts'

const portOf = (server: Server): number => (server.address() as AddressInfo).port
const to =
  (...addresses: string[]): Resolve =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

describe('asking an issuer', () => {
  let answer: RequestListener
  const seen: { url: string | undefined; headers: object }[] = []
  const listener: RequestListener = (request, response) => {
    seen.push({ url: request.url, headers: request.headers })
    answer(request, response)
  }
  const plain = createServer((request, response) => listener(request, response))
  let secure: Server
  let ca: string
  before(async () => {
    const { certificate, key } = await issueThrowaway(['issuer.example'], Date.now())
    ca = certificate
    secure = createSecure({ cert: certificate, key: key.reveal() }, (request, response) => listener(request, response))
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
  })
  after(() => {
    for (const server of [plain, secure]) {
      server.closeAllConnections()
      server.close()
    }
  })
  beforeEach(() => {
    seen.length = 0
    answer = (_request, response) => void response.end('{"keys":[]}')
  })
  const here = (): string => `http://127.0.0.1:${portOf(plain)}/keys?v=1`
  const there = (): string => `https://issuer.example:${portOf(secure)}/keys`

  it('gives what it answers, and tells it nothing but what is wanted', async () => {
    assert.deepEqual(await fetchJsonWith()(here(), null), { keys: [] })
    assert.equal(seen[0]?.url, '/keys?v=1')
    assert.deepEqual(Object.keys(seen[0]?.headers ?? {}).toSorted(), ['accept', 'connection', 'host', 'user-agent'])
  })

  it('checks the certificate, whatever the environment says, by the certificates that were given', async () => {
    assert.deepEqual(await fetchJsonWith(to('127.0.0.1'))(there(), ca), { keys: [] })
    await assert.rejects(fetchJsonWith(to('127.0.0.1'))(there(), null), /self-signed/)
    const other = there().replace('issuer.example', 'other.example')
    await assert.rejects(fetchJsonWith(to('127.0.0.1'))(other, ca), /altnames/)
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      await assert.rejects(fetchJsonWith(to('127.0.0.1'))(there(), null), /self-signed/)
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
    assert.equal(seen.length, 1)
  })

  it('follows no redirect, and takes 200 alone', async () => {
    for (const status of [301, 302, 307, 308, 204, 304, 404, 500]) {
      answer = (_request, response) => void response.writeHead(status, { location: here() }).end()
      await assert.rejects(fetchJsonWith()(here(), null), new RegExp(`it answered ${status}`))
    }
    assert.equal(seen.length, 8)
  })

  it('reads at most 256 KiB, and JSON in UTF-8 alone', async () => {
    const filled = (bytes: number): string => JSON.stringify({ x: 'x'.repeat(bytes - '{"x":""}'.length) })
    answer = (_request, response) => void response.end(filled(answerBytesMax))
    assert.ok(await fetchJsonWith()(here(), null))
    answer = (_request, response) => void response.end(filled(answerBytesMax + 1))
    await assert.rejects(fetchJsonWith()(here(), null), /larger than 256 KiB/)
    for (const bad of ['', '<html>', '{"keys":', Buffer.from('"\xff"', 'latin1')]) {
      answer = (_request, response) => void response.end(bad)
      await assert.rejects(fetchJsonWith()(here(), null), /its answer is no JSON/)
    }
  })

  it('waits a while for the whole of an answer and no longer, however it trickles', async () => {
    const timers: NodeJS.Timeout[] = []
    answer = (_request, response) => {
      response.write('{"keys":[')
      timers.push(setInterval(() => response.write(' '), 20))
    }
    await assert.rejects(fetchJsonWith(undefined, 200)(here(), null), { name: 'TimeoutError' })
    answer = () => undefined
    await assert.rejects(fetchJsonWith(undefined, 200)(here(), null), { name: 'TimeoutError' })
    for (const timer of timers) clearInterval(timer)
  })

  it('goes to no address where no issuer may be, by number or by name', async () => {
    for (const url of [
      'https://169.254.169.254/',
      'https://[fe80::1]/',
      'https://[::ffff:169.254.169.254]/',
      'https://0.0.0.0/',
    ])
      await assert.rejects(fetchJsonWith()(url, null), /where no issuer may be/)
    for (const addresses of [['169.254.169.254'], ['fd00:ec2::254'], ['0.0.0.0'], ['169.254.1.1', 'fe80::1'], []])
      await assert.rejects(fetchJsonWith(to(...addresses))(there(), ca), /where no upstream may be|has no address/)
    assert.deepEqual(await fetchJsonWith(to('169.254.169.254', '127.0.0.1'))(there(), ca), { keys: [] })
    assert.equal(seen.length, 1)
  })

  it('is https, or this very machine by its number', async () => {
    for (const good of ['https://a.example/x?y', 'http://127.0.0.1:1/', 'http://[::1]:1/', 'https://10.0.0.7/'])
      assert.equal(faultOfAddress(good), null, good)
    for (const bad of [
      'http://localhost/',
      'http://a.example/',
      'http://127.0.0.2/',
      'https://u@a.example/',
      'https://:p@a.example/',
      'https://a.example/#x',
      'ftp://a.example/',
      'file:///keys',
      'data:application/json,{}',
      '/keys',
      '',
    ]) {
      assert.notEqual(faultOfAddress(bad), null, bad)
      await assert.rejects(fetchJsonWith()(bad, null))
    }
  })
})
