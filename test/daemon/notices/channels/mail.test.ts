/** Mail against a real SMTP server: accepted is what the server took, for everyone, and nothing else. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Notice } from '@postern/shared'
import { mailChannel, type MailSettings } from '../../../../daemon/src/notices/channels/mail.ts'
import { Secret } from '../../../../daemon/src/problem.ts'
import { issueThrowaway } from '../../../../daemon/src/tls/certificate.ts'

const notice = (name: string, more: Partial<Notice> = {}): Notice => ({
  id: `key:${name}`,
  kind: 'key_expiry',
  severity: 'warning',
  at: '2026-11-21T00:00:00.000Z',
  subject: { kind: 'key', id: name, name },
  text: `The key "${name}" expires.`,
  ...more,
})

describe('mail channel', () => {
  let server: SMTPServer | undefined
  const mails: { text: string; to: string[] }[] = []
  afterEach(async () => {
    mails.length = 0
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
    server = undefined
  })
  const start = async (options: SMTPServerOptions = {}): Promise<number> => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        let text = ''
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
        stream.on('end', () => {
          mails.push({ text, to: session.envelope.rcptTo.map(({ address }) => address) })
          done(null, 'queued as 42')
        })
      },
      ...options,
    })
    server.on('error', () => undefined)
    server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    return (server.server.address() as AddressInfo).port
  }
  const send = (port: number, notices: readonly Notice[], more: Partial<MailSettings> = {}) =>
    mailChannel(
      {
        host: '127.0.0.1',
        port,
        security: 'none',
        user: null,
        password: null,
        from: 'postern@example.com',
        to: ['ops@example.com', 'ann@example.com'],
        ca: null,
        ...more,
      },
      'gateway.example',
    ).send(notices, new AbortController().signal)

  it('several notices go as one message, and the server’s answer is the receipt', async () => {
    const port = await start()
    assert.match(await send(port, [notice('Robot'), notice('Payroll', { severity: 'urgent' })]), /queued as 42/)
    assert.deepEqual(mails[0]?.to, ['ops@example.com', 'ann@example.com'])
    assert.match(mails[0]?.text ?? '', /^Subject: Postern: urgent: 2 notices: Robot, Payroll\r$/m)
    assert.match(mails[0]?.text ?? '', /- The key "Robot" expires\./)
    await send(port, [notice('Robot'), notice('Payroll', { severity: 'urgent' })])
    const idOf = (text = ''): string | undefined => /^Message-ID: (.*)$/im.exec(text)?.[1]
    assert.equal(idOf(mails[0]?.text), idOf(mails[1]?.text), 'a repeated message can be told')
  })

  it('a name cannot add a header, a recipient or a line of its own', async () => {
    const port = await start()
    await send(port, [notice('x\r\nBcc: thief@example.com\r\n\r\nhello\u2028there')])
    assert.deepEqual(mails[0]?.to, ['ops@example.com', 'ann@example.com'])
    assert.doesNotMatch(mails[0]?.text ?? '', /^(?:Bcc|hello)/im)
  })

  it('a server that refuses, refuses one of several, hangs up, or is not there is a failure', async () => {
    let port = await start({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('ann') ? new Error('no such user') : null),
    })
    await assert.rejects(send(port, [notice('Robot')]), /refused ann@example\.com/)
    await new Promise<void>((resolve) => server?.close(() => resolve()))
    await assert.rejects(send(port, [notice('Robot')]), /ECONNREFUSED/)
    port = await start({
      onData: (stream, _session, done) => stream.resume().on('end', () => done(new Error('quota exceeded'))),
    })
    await assert.rejects(send(port, [notice('Robot')]), /quota exceeded/)
    await new Promise<void>((resolve) => server?.close(() => resolve()))
    const hangsUp = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write('220 gone soon\r\n')
      socket.on('data', () => socket.destroy())
    }).listen(0, '127.0.0.1')
    await once(hangsUp, 'listening')
    await assert.rejects(send((hangsUp.address() as AddressInfo).port, [notice('Robot')]))
    hangsUp.close()
    server = undefined
  })

  it('the certificate is verified; the password goes only over an encrypted connection', async () => {
    const { certificate, key } = await issueThrowaway(['localhost', '127.0.0.1'], Date.now())
    const passwords: string[] = []
    const port = await start({
      secure: true,
      key: key.reveal(),
      cert: certificate,
      onAuth: ({ password }, _session, done) => {
        passwords.push(password ?? '')
        done(null, { user: 'postern' })
      },
    })
    const login = { security: 'tls', user: 'postern', password: new Secret('geheim') } as const
    await assert.rejects(send(port, [notice('Robot')], login), /self-signed certificate|unable to verify/)
    assert.deepEqual(passwords, [])
    await send(port, [notice('Robot')], { ...login, ca: certificate })
    assert.deepEqual(passwords, ['geheim'])
    await new Promise<void>((resolve) => server?.close(() => resolve()))
    const plainPort = await start()
    await assert.rejects(send(plainPort, [notice('Robot')], { ...login, security: 'starttls' }), /STARTTLS|TLS/)
    assert.equal(mails.length, 1)
  })
})
