/** Webhooks in the form of Standard Webhooks; accepted is a 2xx and nothing else. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Notice } from '@postern/shared'
import { webhookChannel, webhookSignature } from '../../../../daemon/src/notices/channels/webhook.ts'
import { Secret } from '../../../../daemon/src/problem.ts'

const key = Buffer.from('a key of the receiver, 32 bytes!')
const secret = new Secret(`whsec_${key.toString('base64')}`)
const notice: Notice = {
  id: 'key:AAAAAAAA:2026-12-24T00:00:00.000Z:3d',
  kind: 'key_expiry',
  severity: 'warning',
  at: '2026-12-21T00:00:00.000Z',
  subject: { kind: 'key', id: 'AAAAAAAA', name: 'Robot' },
  text: 'The key "Robot" expires.',
}

describe('webhook channel', () => {
  let server: Server
  let url: string
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  const seen: { headers: IncomingMessage['headers']; body: string }[] = []
  before(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        seen.push({ headers: request.headers, body })
        answer(request, response)
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    seen.length = 0
  })
  const send = (signal = new AbortController().signal): Promise<string> =>
    webhookChannel({ url, secret, ca: null }, () => 1_700_000_000_999).send([notice], signal)
  const status = (code: number, headers = {}) =>
    (answer = (_request, response) => void response.writeHead(code, headers).end())

  it('the receiver can tell that it is ours and which notice it is, and a repeated one is the same', async () => {
    status(204)
    assert.equal(await send(), 'answered 204')
    await send()
    const [first, second] = seen
    assert.equal(first?.headers['webhook-id'], notice.id)
    assert.equal(first?.headers['webhook-timestamp'], '1700000000')
    const signed = `${notice.id}.1700000000.${first?.body}`
    assert.equal(first?.headers['webhook-signature'], `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    assert.deepEqual(JSON.parse(first?.body ?? ''), { type: 'postern.key_expiry', timestamp: notice.at, data: notice })
    assert.deepEqual([second?.headers['webhook-id'], second?.body], [first?.headers['webhook-id'], first?.body])
  })

  it('the signature is the one of the published example', () => {
    const example = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    const parts = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body: '{"test": 2432232314}' }
    assert.equal(webhookSignature(example, parts), 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it('500, a redirect, 410, a cut connection and no receiver are failures; a redirect is not followed', async () => {
    for (const code of [500, 410, 302, 199 + 200]) {
      status(code, code === 302 ? { location: url } : {})
      await assert.rejects(send(), new RegExp(`answered ${code}`))
    }
    assert.equal(seen.length, 4)
    answer = (request) => void request.socket.destroy()
    await assert.rejects(send())
    await assert.rejects(
      webhookChannel({ url: 'http://127.0.0.1:1/', secret, ca: null }, Date.now).send(
        [notice],
        new AbortController().signal,
      ),
    )
  })

  it('a receiver that hangs is left when the time is up; one that answers for ever is not read', async () => {
    answer = () => undefined
    const limit = new AbortController()
    const sending = send(limit.signal)
    await once(server, 'request')
    limit.abort(new Error('enough'))
    await assert.rejects(sending, /enough/)
    answer = ({ socket }, response) => {
      response.writeHead(200)
      const more = (): void => void (socket.destroyed || response.write('x'.repeat(65_536), more))
      more()
    }
    assert.equal(await send(), 'answered 200')
  })
})
