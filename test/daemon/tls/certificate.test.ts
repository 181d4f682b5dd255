/** What is issued: as long as it may be and no longer, bound to its authority, different every time. */
import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import {
  issueAuthority,
  issueServer,
  issueThrowaway,
  namesOf,
  type Issued,
} from '../../../daemon/src/tls/certificate.ts'

const dayMs = 86_400_000
const nowMs = Math.floor(Date.now() / 1000) * 1000

describe('issued certificates', () => {
  let authority: Issued
  let server: Issued
  let throwaway: Issued
  const names = ['gate.example', '192.0.2.7', '2001:db8::7']
  const read = ({ certificate }: Issued): X509Certificate => new X509Certificate(certificate)

  before(async () => {
    ;[authority, throwaway] = await Promise.all([
      issueAuthority('Postern gate.example', nowMs),
      issueThrowaway(names, nowMs),
    ])
    server = await issueServer(authority, names, nowMs)
  })

  it('an authority is valid for ten years, a server certificate for 397 days, both from an hour ago', () => {
    for (const [issued, days] of [
      [authority, 3_650],
      [server, 397],
    ] as const) {
      assert.equal(read(issued).validToDate.getTime(), nowMs + days * dayMs)
      assert.equal(read(issued).validFromDate.getTime(), nowMs - 3_600_000)
    }
  })

  it('a server certificate never outlives its authority', async () => {
    const late = await issueServer(authority, names, nowMs + 3_600 * dayMs)
    assert.equal(read(late).validToDate.getTime(), read(authority).validToDate.getTime())
  })

  it('every certificate belongs to its key, and only the authority is one', () => {
    for (const issued of [authority, server, throwaway])
      assert.ok(read(issued).checkPrivateKey(createPrivateKey(issued.key.reveal())))
    assert.deepEqual(
      [authority, server, throwaway].map((issued) => read(issued).ca),
      [true, false, false],
    )
    assert.equal(createPrivateKey(authority.key.reveal()).asymmetricKeyDetails?.modulusLength, 3_072)
    assert.equal(createPrivateKey(server.key.reveal()).asymmetricKeyDetails?.modulusLength, 2_048)
  })

  it('serial numbers are positive, sixteen bytes long, and differ', () => {
    const serials = [authority, server, throwaway].map((issued) => read(issued).serialNumber)
    for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/)
    assert.equal(new Set(serials).size, serials.length)
  })

  it('names and addresses can be read back', () => {
    assert.deepEqual(namesOf(read(server)), ['gate.example', '192.0.2.7', '2001:DB8:0:0:0:0:0:7'])
    assert.deepEqual(namesOf(read(authority)), [])
  })

  it('a caller that trusts the authority is served, under each name; one that does not, or asks another name, is not', async () => {
    const listener = createServer({ cert: server.certificate, key: server.key.reveal() }, (socket) => socket.end())
    await once(listener.listen(0, '127.0.0.1'), 'listening')
    const { port } = listener.address() as AddressInfo
    const outcome = (servername: string, ca?: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', servername, ...(ca === undefined ? {} : { ca }) }, () => {
          resolve('served')
          socket.destroy()
        })
        socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? ''))
      })
    try {
      assert.equal(await outcome('gate.example', authority.certificate), 'served')
      assert.equal(await outcome('other.example', authority.certificate), 'ERR_TLS_CERT_ALTNAME_INVALID')
      assert.equal(await outcome('gate.example'), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
      assert.equal(await outcome('gate.example', throwaway.certificate), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    } finally {
      listener.close()
    }
  })
})
