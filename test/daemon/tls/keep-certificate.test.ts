/** Certificates: strict clients accept them, they renew in time without dropping anybody, and no private key lies open. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect, type SecureContextOptions } from 'node:tls'
import { createSealer } from '../../../daemon/src/keystore/sealer.ts'
import {
  keepCertificate,
  type CertificateKeeper,
  type CertificateSource,
} from '../../../daemon/src/tls/keep-certificate.ts'
import { listenerTlsOptions } from '../../../daemon/src/tls/listener-options.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const dayMs = 86_400_000

describe('certificates', () => {
  let dir: string
  const changes: SecureContextOptions[] = []
  const sealer = createSealer(randomBytes(32), 'store', 'tls')
  const clock = { nowMs: Date.now() }
  let names = ['gw.example', 'localhost', '127.0.0.1', '::1']
  const keep = (source: CertificateSource = { kind: 'own' }, at = dir): Promise<CertificateKeeper> =>
    keepCertificate({
      dir: at,
      source,
      names: () => names,
      sealer,
      now: () => clock.nowMs,
      onChange: (context) => changes.push(context),
    })

  before(async () => {
    dir = await temporaryDir()
  })
  after(() => rm(dir, { recursive: true, force: true }))

  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

  it('the own certificate is good for every name, names its authority’s key, and a strict check passes it', async function () {
    const keeper = await keep()
    const leaf = new X509Certificate(String(keeper.context.cert))
    const authority = new X509Certificate(await readFile(join(dir, 'ca.crt')))
    assert.ok(leaf.checkIssued(authority) && leaf.verify(authority.publicKey))
    assert.ok(leaf.checkHost('gw.example') && leaf.checkIP('127.0.0.1') && leaf.checkIP('::1'))
    assert.ok(!leaf.ca && authority.ca)
    const days = (leaf.validToDate.getTime() - clock.nowMs) / dayMs
    assert.ok(days > 390 && days < 398, String(days))
    try {
      openssl('version')
    } catch {
      return this.skip()
    }
    await writeFile(join(dir, 'leaf.pem'), leaf.toString())
    assert.match(
      openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', join(dir, 'ca.crt'), join(dir, 'leaf.pem')),
      /OK/,
    )
    assert.match(
      openssl('x509', '-in', join(dir, 'leaf.pem'), '-noout', '-ext', 'authorityKeyIdentifier'),
      /[0-9A-F:]{59}/,
    )
  })

  it('no private key lies on the disk in the clear', async () => {
    for (const name of await readdir(dir))
      assert.ok(!(await readFile(join(dir, name), 'utf8')).includes('PRIVATE KEY'), name)
  })

  it('stays the same over a restart, and changes when the names grow', async () => {
    const first = await keep()
    const again = await keep()
    assert.equal(again.info.fingerprint256, first.info.fingerprint256)
    names = [...names, 'new.example', '2001:db8::1']
    await again.check()
    assert.notEqual(again.info.fingerprint256, first.info.fingerprint256)
    assert.ok(again.info.names.includes('new.example'))
    const count = changes.length
    await again.check()
    assert.equal(changes.length, count)
  })

  it('renews 30 days before its end; an open connection goes on, a new one sees the new certificate', async () => {
    const keeper = await keep()
    const ca = await readFile(join(dir, 'ca.crt'))
    const server = createServer({ ...listenerTlsOptions, ...keeper.context }, (_request, response) =>
      response.end('ok'),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    // The renewed certificate begins in the future that the test’s clock is in, so only its identity can be looked at.
    const ask = (using: Agent, rejectUnauthorized = true): Promise<string> =>
      new Promise((resolve, reject) => {
        request({ port, host: '127.0.0.1', ca, agent: using, rejectUnauthorized }, (response) => {
          const socket = response.socket as unknown as { getPeerX509Certificate(): X509Certificate }
          const { fingerprint256 } = socket.getPeerX509Certificate()
          response.resume().on('end', () => resolve(fingerprint256))
        })
          .on('error', reject)
          .end()
      })
    const before = await ask(agent)
    const end = Date.parse(keeper.info.notAfter)
    clock.nowMs = end - 30 * dayMs
    await keeper.check()
    assert.equal(keeper.info.fingerprint256, before)
    clock.nowMs += 1
    await keeper.check()
    server.setSecureContext({ ...listenerTlsOptions, ...keeper.context })
    assert.equal(await ask(agent), before)
    const fresh = new Agent()
    assert.equal(await ask(fresh, false), keeper.info.fingerprint256)
    assert.notEqual(keeper.info.fingerprint256, before)
    agent.destroy()
    fresh.destroy()
    server.close()
    server.closeAllConnections()
    clock.nowMs = Date.now()
  })

  it('TLS 1.1 and CBC suites are refused', async () => {
    const keeper = await keep()
    const server = createServer({ ...listenerTlsOptions, ...keeper.context }, (_request, response) =>
      response.end('ok'),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const attempt = (options: object): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
          resolve(socket.getProtocol() ?? '')
          socket.destroy()
        })
        socket.on('error', () => resolve('refused'))
      })
    assert.equal(await attempt({}), 'TLSv1.3')
    assert.equal(await attempt({ maxVersion: 'TLSv1.2' }), 'TLSv1.2')
    assert.equal(await attempt({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }), 'refused')
    assert.equal(
      await attempt({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA:AES256-SHA' }),
      'refused',
    )
    server.close()
  })

  it('a PEM or PFX of the administrator’s serves, is read again when it changes, and a bad one changes nothing', async function () {
    try {
      openssl('version')
    } catch {
      return this.skip()
    }
    const at = (name: string): string => join(dir, name)
    for (const which of ['one', 'two']) {
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        at(`${which}.key`),
        '-out',
        at(`${which}.crt`),
        '-days',
        '30',
        '-subj',
        `/CN=${which}`,
      )
      openssl(
        'pkcs12',
        '-export',
        '-inkey',
        at(`${which}.key`),
        '-in',
        at(`${which}.crt`),
        '-out',
        at(`${which}.pfx`),
        '-passout',
        'pass:geheim',
      )
    }
    await writeFile(at('pass'), 'geheim\n')
    const swap = async (name: string, from: string): Promise<void> => {
      await copyFile(at(from), at(name))
      await utimes(at(name), new Date(), new Date(Date.now() + Math.random() * 1e6))
    }
    for (const kind of ['pem', 'pfx'] as const) {
      const files = kind === 'pem' ? ['crt', 'key'] : ['pfx']
      for (const file of files) await swap(`use.${file}`, `one.${file}`)
      const source: CertificateSource =
        kind === 'pem'
          ? { kind, certificateFile: at('use.crt'), keyFile: at('use.key'), passphraseFile: null }
          : { kind, file: at('use.pfx'), passphraseFile: at('pass') }
      const keeper = await keep(source, join(dir, kind))
      assert.match(keeper.info.subject, /CN=one/)
      await swap(`use.${files[0]}`, 'pass')
      await assert.rejects(keeper.check(), { code: 'settings_invalid', message: /cannot be used/ })
      assert.match(keeper.info.subject, /CN=one/)
      for (const file of files) await swap(`use.${file}`, `two.${file}`)
      await keeper.check()
      assert.match(keeper.info.subject, /CN=two/)
      await rm(at(`use.${files[0]}`))
      await assert.rejects(keep(source, join(dir, kind)), { code: 'settings_invalid' })
    }
  }).timeout(30_000)
})
