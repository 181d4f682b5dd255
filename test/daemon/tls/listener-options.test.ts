/** How the listener speaks TLS: old versions, weak suites and other protocols end in the handshake. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type ConnectionOptions, type Server, type TlsOptions } from 'node:tls'
import { issueThrowaway } from '../../../daemon/src/tls/certificate.ts'
import { listenerTlsOptions } from '../../../daemon/src/tls/listener-options.ts'

const cbc = 'ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA:AES256-SHA'
const refused: { what: string; offer: ConnectionOptions }[] = [
  { what: 'TLS 1.1', offer: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } },
  { what: 'suites with CBC', offer: { maxVersion: 'TLSv1.2', ciphers: cbc } },
  { what: 'suites with CCM', offer: { maxVersion: 'TLSv1.2', ciphers: 'AES128-CCM:DHE-RSA-AES128-CCM' } },
  { what: 'suites without forward secrecy', offer: { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' } },
  { what: 'HTTP/2 alone', offer: { ALPNProtocols: ['h2'] } },
]
const accepted: { what: string; offer: ConnectionOptions; version: string }[] = [
  { what: 'TLS 1.3', offer: {}, version: 'TLSv1.3' },
  { what: 'TLS 1.2', offer: { maxVersion: 'TLSv1.2' }, version: 'TLSv1.2' },
  {
    what: 'TLS 1.2 with ChaCha20',
    offer: { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-CHACHA20-POLY1305' },
    version: 'TLSv1.2',
  },
  { what: 'http/1.1 among others', offer: { ALPNProtocols: ['h2', 'http/1.1'] }, version: 'TLSv1.3' },
]

describe('the TLS options of the listener', () => {
  const servers: Server[] = []
  let ours: Server
  /** Takes everything, to show that the callers here can offer what is refused. */
  let lax: Server

  before(async () => {
    const { certificate, key } = await issueThrowaway(['127.0.0.1'], Date.now())
    const serve = async (options: TlsOptions): Promise<Server> => {
      const server = createServer({ ...options, cert: certificate, key: key.reveal() }, (socket) => socket.end())
      servers.push(server)
      await once(server.listen(0, '127.0.0.1'), 'listening')
      return server
    }
    ours = await serve(listenerTlsOptions)
    lax = await serve({ minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0', ALPNProtocols: ['h2', 'http/1.1'] })
  })
  after(() => servers.forEach((server) => server.close()))

  const outcome = (server: Server, offer: ConnectionOptions): Promise<string> =>
    new Promise((resolve) => {
      const { port } = server.address() as AddressInfo
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...offer }, () => {
        resolve(socket.getProtocol() ?? '')
        socket.destroy()
      })
      socket.once('error', () => resolve('refused'))
    })

  for (const { what, offer } of refused)
    it(`${what}: refused`, async () => {
      assert.equal(await outcome(ours, offer), 'refused')
      assert.notEqual(await outcome(lax, offer), 'refused')
    })

  for (const { what, offer, version } of accepted)
    it(`${what}: accepted`, async () => assert.equal(await outcome(ours, offer), version))
})
