/**
 * Notices by mail, several in one message. Promises: accepted only when the server took the message for every recipient; the
 * server's certificate is always verified, and nothing goes unencrypted beyond this machine. Never: a line of somebody
 * else's making in a header.
 */
import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'
import type { Notice } from '@postern/shared'
import type { Secret } from '../../problem.ts'
import type { Channel } from '../deliver.ts'

export interface MailSettings {
  readonly host: string
  readonly port: number
  /** `none` is for a server on this machine. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly user: string | null
  readonly password: Secret | null
  readonly from: string
  readonly to: readonly string[]
  /** PEM of the authority to trust; `null`: the system's. */
  readonly ca: string | null
}

export const mailChannel = (settings: MailSettings, site: string): Channel => ({
  name: 'mail',
  batchMax: 200,
  // The mail library has no way to stop; its own limits end a connection before the next attempt could begin.
  async send(notices) {
    const { host, port, security, user, password, from, to, ca } = settings
    const transport = createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      connectionTimeout: 20_000,
      greetingTimeout: 20_000,
      socketTimeout: 25_000,
      tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca }) },
      ...(user === null || password === null ? {} : { auth: { user, pass: password.reveal() } }),
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    // Some servers repeat what they were told; their words go into lists and files.
    const quiet = (words: string): string => (password === null ? words : without(words, user ?? '', password.reveal()))
    try {
      const mail = {
        from,
        to: [...to],
        subject: subjectOf(notices),
        text: bodyOf(notices, site),
        // The same notices give the same id, so a message that was sent twice can be told.
        messageId: `<${createHash('sha256')
          .update(notices.map(({ id }) => id).join('\n'))
          .digest('hex')
          .slice(0, 32)}@postern>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      }
      const sent = await transport.sendMail(mail).catch((error: unknown) => quiet(String(error)))
      if (typeof sent === 'string') throw new Error(sent.replace(/^Error: /, ''))
      const { rejected } = sent
      if (rejected.length > 0) throw new Error(`the server refused ${rejected.join(', ')}`)
      return quiet(sent.response)
    } finally {
      transport.close()
    }
  },
})

/** The words of a server without the password, also in the forms in which SMTP carries it (RFC 4616, LOGIN). */
const without = (words: string, user: string, password: string): string =>
  [password, base64(password), base64(`\0${user}\0${password}`)].reduce(
    (text, secret) => (secret === '' ? text : text.replaceAll(secret, '[password]')),
    words,
  )

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64')

const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')

const subjectOf = (notices: readonly Notice[]): string => {
  const urgent = notices.some(({ severity }) => severity === 'urgent') ? 'urgent: ' : ''
  const [first] = notices
  if (notices.length === 1 && first !== undefined) return plain(`Postern: ${urgent}${first.text}`).slice(0, 150)
  const names = notices.map(({ subject }) => subject.name)
  const shown = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`
  return plain(`Postern: ${urgent}${notices.length} notices: ${shown}`).slice(0, 150)
}

const bodyOf = (notices: readonly Notice[], site: string): string =>
  `${notices.map(({ text }) => `- ${plain(text)}`).join('\n')}\n\nSee them all: postern notices list\n-- \nPostern on ${plain(site)}\n`
