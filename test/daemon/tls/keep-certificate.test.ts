/** Certificates: strict clients accept them, they renew in time without dropping anybody, and no private key lies open. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, mkdir, readdir, readFile, rm, rmdir, utimes, writeFile } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
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
  const warnings: string[] = []
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
      onWarning: (message) => warnings.push(message),
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
    assert.equal(again.info.authorityFile, join(dir, 'ca.crt'))
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

  describe('when files of its own are not what they were', () => {
    const authorityFile = 'authority-000001.json'
    const edit = async (at: string, name: string, change: (text: string) => string): Promise<void> =>
      writeFile(join(at, name), change(await readFile(join(at, name), 'utf8')))
    const spoilSignature = (text: string): string => {
      const held = JSON.parse(text) as { certificate: string }
      const der = Buffer.from(new X509Certificate(held.certificate).raw)
      der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1)
      const lines = der.toString('base64').replace(/.{64}/g, '$&\n')
      return JSON.stringify({
        ...held,
        certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
      })
    }
    const made = async (name: string): Promise<{ at: string; keeper: CertificateKeeper }> => {
      const at = join(dir, name)
      return { at, keeper: await keep({ kind: 'own' }, at) }
    }

    it('a damaged file does not disturb the certificate in use', async () => {
      const { at, keeper } = await made('running')
      for (const name of await readdir(at)) await edit(at, name, () => 'damaged')
      const { fingerprint256 } = keeper.info
      await keeper.check()
      assert.equal(keeper.info.fingerprint256, fingerprint256)
    })

    it('a file that cannot be read for now is no reason for a new authority', async () => {
      const { at } = await made('unreadable')
      const kept = await readFile(join(at, authorityFile))
      await rm(join(at, authorityFile))
      await mkdir(join(at, authorityFile))
      await assert.rejects(keep({ kind: 'own' }, at), { code: 'EISDIR' })
      await rmdir(join(at, authorityFile))
      await writeFile(join(at, authorityFile), kept)
      assert.deepEqual((await readdir(at)).toSorted(), [authorityFile, 'ca.crt', 'server-000001.json'])
    })

    it('a server certificate that is damaged, or does not fit its key or its authority, is made anew', async () => {
      const { at, keeper } = await made('server')
      const first = new X509Certificate(String(keeper.context.cert)).toString()
      const bad: Record<string, (text: string) => string> = {
        'cut short': (text) => text.slice(0, text.length / 2),
        'of another key': (text) => JSON.stringify({ ...JSON.parse(text), certificate: first }),
        'with a key sealed for something else': (text) => text.replace('v1.', 'v1.AAAA'),
        'changed after it was signed': spoilSignature,
      }
      let { fingerprint256 } = keeper.info
      for (const [what, change] of Object.entries(bad)) {
        const newest =
          (await readdir(at))
            .filter((name) => name.startsWith('server-'))
            .toSorted()
            .at(-1) ?? ''
        for (const name of await readdir(at))
          if (name.startsWith('server-') && name !== newest) await rm(join(at, name))
        await edit(at, newest, change)
        const next = await keep({ kind: 'own' }, at)
        assert.notEqual(next.info.fingerprint256, fingerprint256, what)
        const leaf = new X509Certificate(String(next.context.cert))
        assert.doesNotThrow(() => createSecureContext(next.context), what)
        assert.ok(leaf.verify(new X509Certificate(await readFile(join(at, 'ca.crt'))).publicKey), what)
        ;({ fingerprint256 } = next.info)
      }
    })

    it('a new authority is told, never takes the file of the one before, and is told once', async () => {
      const { at } = await made('authority')
      const before = await readFile(join(at, 'ca.crt'), 'utf8')
      for (const act of [() => edit(at, authorityFile, spoilSignature), () => rm(join(at, authorityFile))]) {
        warnings.length = 0
        await act()
        await rm(join(at, 'authority-000002.json'), { force: true })
        await rm(join(at, 'ca-2.crt'), { force: true })
        const keeper = await keep({ kind: 'own' }, at)
        const leaf = new X509Certificate(String(keeper.context.cert))
        assert.ok(leaf.verify(new X509Certificate(await readFile(join(at, 'ca-2.crt'))).publicKey))
        assert.equal(await readFile(join(at, 'ca.crt'), 'utf8'), before)
        assert.equal(warnings.length, 1)
        assert.ok(warnings[0]?.includes(join(at, 'ca-2.crt')))
        await keep({ kind: 'own' }, at)
        assert.equal(warnings.length, 1)
      }
    })

    it('only the newest server certificates are kept', async () => {
      const { at, keeper } = await made('many')
      for (let count = 1; count <= 4; count += 1) {
        names = [...names, `more-${count}.example`]
        await keeper.check()
      }
      assert.deepEqual((await readdir(at)).toSorted(), [
        authorityFile,
        'ca.crt',
        'server-000003.json',
        'server-000004.json',
        'server-000005.json',
      ])
      const again = await keep({ kind: 'own' }, at)
      assert.equal(again.info.fingerprint256, keeper.info.fingerprint256)
    })
  })
})
