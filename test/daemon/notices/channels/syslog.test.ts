/** Syslog in the form of RFC 5424, over UDP, TCP and TLS; no text of others breaks out of its place. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Notice } from '@postern/shared'
import { syslogChannel, syslogMessage } from '../../../../daemon/src/notices/channels/syslog.ts'
import { issueThrowaway } from '../../../../daemon/src/tls/certificate.ts'

const notice = (name: string): Notice => ({
  id: 'key:AAAAAAAA:14d',
  kind: 'key_expiry',
  severity: 'warning',
  at: '2026-12-10T00:00:00.000Z',
  subject: { kind: 'key', id: 'AAAAAAAA', name },
  text: `The key "${name}" expires.`,
})
const never = new AbortController().signal

describe('syslog channel', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })
  const collect = (server: Server): { port(): Promise<number>; text: Promise<string> } => {
    closing.push(() => server.close())
    const text = new Promise<string>((resolve) =>
      server.on(
        server.listenerCount('secureConnection') >= 0 && 'setSecureContext' in server
          ? 'secureConnection'
          : 'connection',
        (socket) => {
          let all = ''
          socket.on('data', (chunk: Buffer) => (all += chunk.toString()))
          socket.on('end', () => resolve(all))
          socket.on('error', () => undefined)
        },
      ),
    )
    return {
      text,
      port: async () => {
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        return (server.address() as AddressInfo).port
      },
    }
  }

  it('a message has its parts in their places, and quotes, brackets and line ends stay inside them', () => {
    assert.equal(
      syslogMessage(notice('Robot'), 'gw.example').replace(/postern \d+/, 'postern PID'),
      '<108>1 2026-12-10T00:00:00.000Z gw.example postern PID key_expiry [postern@32473 id="key:AAAAAAAA:14d" kind="key_expiry" subject="AAAAAAAA" name="Robot"] \uFEFFThe key "Robot" expires.',
    )
    const hostile = syslogMessage(notice('a"]\n<0>1 fake \\'), 'gw\nexample')
    assert.doesNotMatch(hostile, /\n/)
    assert.match(hostile, /name="a\\"\\\] <0>1 fake \\\\"\]/)
  })

  it('over UDP a message is a datagram, and the receipt says that this proves nothing', async () => {
    const socket = createSocket('udp4')
    closing.push(() => socket.close())
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const got = once(socket, 'message')
    const { port } = socket.address()
    const said = await syslogChannel({ transport: 'udp', host: '127.0.0.1', port, ca: null }, 'gw').send(
      [notice('Robot')],
      never,
    )
    assert.match(said, /cannot confirm/)
    assert.match(String((await got)[0]), /^<108>1 .*expires\.$/)
  })

  it('over TCP and TLS messages are counted in octets, one after the other, and the certificate is verified', async () => {
    const { certificate, key } = await issueThrowaway(['127.0.0.1'], Date.now())
    for (const transport of ['tcp', 'tls'] as const) {
      const server = transport === 'tcp' ? createServer() : createTlsServer({ cert: certificate, key: key.reveal() })
      const receiver = collect(server)
      const at = { transport, host: '127.0.0.1', port: await receiver.port() }
      if (transport === 'tls')
        await assert.rejects(
          syslogChannel({ ...at, ca: null }, 'gw').send([notice('Robot')], never),
          /self-signed|unable to verify/,
        )
      await syslogChannel({ ...at, ca: transport === 'tls' ? certificate : null }, 'gw').send(
        [notice('Röbot'), notice('Two')],
        never,
      )
      let rest = Buffer.from(await receiver.text)
      const names: (string | undefined)[] = []
      while (rest.length > 0) {
        const space = rest.indexOf(' ')
        const length = Number(rest.subarray(0, space).toString())
        names.push(/name="([^"]*)"/.exec(rest.subarray(space + 1, space + 1 + length).toString())?.[1])
        rest = rest.subarray(space + 1 + length)
      }
      assert.deepEqual(names, ['Röbot', 'Two'], transport)
    }
  })

  it('a server that is not there or hangs is a failure', async () => {
    await assert.rejects(
      syslogChannel({ transport: 'tcp', host: '127.0.0.1', port: 1, ca: null }, 'gw').send([notice('x')], never),
    )
    const server = createServer({ allowHalfOpen: true }, (socket) => void socket.resume())
    closing.push(() => server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const limit = new AbortController()
    const { port } = server.address() as AddressInfo
    const sending = syslogChannel({ transport: 'tcp', host: '127.0.0.1', port, ca: null }, 'gw').send(
      [notice('x')],
      limit.signal,
    )
    await once(server, 'connection')
    limit.abort(new Error('enough'))
    await assert.rejects(sending, /enough/)
  })
})
