/** Channels are set only when they can be told safely, and their secrets are sealed. */
import assert from 'node:assert/strict'
import type { MailChannelInput } from '@postern/shared'
import { firstDocument } from '../../../daemon/src/document/codec.ts'
import type { Document, SettingsRecord } from '../../../daemon/src/document/document.ts'
import type { Step } from '../../../daemon/src/document/step.ts'
import { removeChannel, setMail, setSyslog, setWebhook } from '../../../daemon/src/keys/channel-steps.ts'
import { Secret } from '../../../daemon/src/problem.ts'

const context = {
  nowMs: 0,
  zone: 'UTC',
  sealSecret: (secret: string, id: string, version: number) => `${id}/${version}/${secret.length}`,
}
const secret = new Secret(`whsec_${Buffer.alloc(32).toString('base64')}`)
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

describe('channels', () => {
  let document: Document
  beforeEach(() => {
    document = firstDocument(0)
  })
  const take = (step: Step<SettingsRecord>): SettingsRecord => {
    const stepped = step(document, context)
    document = stepped.document
    return stepped.result
  }
  const mail = (more: Partial<MailChannelInput> = {}) =>
    setMail({ host: 'mx.example.com', from: 'Postern <postern@example.com>', to: ['ops@example.com'], ...more })
  const refused = (step: Step<SettingsRecord>, field: string): void => {
    assert.throws(() => step(document, context), { code: 'field_invalid', message: new RegExp(`^.*${field}: `) })
  }

  it('mail is encrypted unless its server is this machine, and its password is sealed', () => {
    const { channels, revision } = take(mail({ user: 'postern', password: 'geheim' }))
    assert.deepEqual(
      [channels.mail?.port, channels.mail?.security, channels.mail?.password],
      [587, 'starttls', { sealed: 'channel.mail/2/6', version: 2 }],
    )
    assert.equal(revision, 2)
    assert.equal(take(mail({ security: 'tls' })).channels.mail?.port, 465)
    assert.equal(take(mail({ host: '127.0.0.1', security: 'none' })).channels.mail?.port, 25)
    refused(mail({ security: 'none' }), 'security')
    refused(mail({ host: 'mx example' }), 'host')
    refused(mail({ from: 'nobody' }), 'from')
    refused(mail({ to: ['ops@example.com\r\nBcc: x@example.com'] }), 'to')
    refused(mail({ user: 'postern' }), 'password')
    refused(mail({ ca: 'no certificate' }), 'ca')
  })

  it('a password that is left out stays, but never follows to another server', () => {
    take(mail({ user: 'postern', password: 'geheim' }))
    assert.equal(take(mail({ user: 'postern', to: ['ann@example.com'] })).channels.mail?.password?.version, 2)
    refused(mail({ user: 'postern', host: 'elsewhere.example.com' }), 'password')
    assert.equal(take(mail()).channels.mail?.password, null)
  })

  it('a webhook is https, or on this machine, without user, with a secret of its form', () => {
    assert.deepEqual(take(setWebhook({ url: 'https://hooks.example.com/x', ca: pem }, secret)).channels.webhook, {
      url: 'https://hooks.example.com/x',
      secret: { sealed: 'channel.webhook/2/50', version: 2 },
      ca: pem,
    })
    take(setWebhook({ url: 'http://127.0.0.1:9000/' }, secret))
    for (const url of ['http://hooks.example.com/', 'https://u:p@hooks.example.com/', 'ftp://x/', 'hooks'])
      refused(setWebhook({ url }, secret), 'url')
    refused(setWebhook({ url: 'https://hooks.example.com/' }, new Secret('short')), 'secret')
  })

  it('syslog has the port of its transport; what is set can be removed, and nothing else', () => {
    assert.deepEqual(take(setSyslog({ host: 'logs.example.com' })).channels.syslog, {
      transport: 'tls',
      host: 'logs.example.com',
      port: 6514,
      ca: null,
    })
    assert.equal(take(setSyslog({ host: '::1', transport: 'udp' })).channels.syslog?.port, 514)
    refused(setSyslog({ host: 'a:b' }), 'host')
    assert.equal(take(removeChannel('syslog')).channels.syslog, null)
    for (const name of ['syslog', 'mail', 'log', 'toString'])
      assert.throws(() => removeChannel(name)(document, context), { code: 'not_found' })
  })
})
