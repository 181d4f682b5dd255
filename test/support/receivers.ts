/** Real receivers of notices on this machine: a mail server, a webhook and a syslog server that keep what reached them. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Receivers {
  readonly ports: { readonly mail: number; readonly webhook: number; readonly syslog: number }
  /** Every message, in the order in which they came. */
  readonly messages: { readonly by: 'mail' | 'webhook' | 'syslog'; readonly text: string }[]
  /** What the mail server was told to let somebody in. */
  readonly passwords: string[]
  /** While it refuses, the mail server repeats what it was told, as some do. */
  refusesMail: boolean
  close(): void
}

export const startReceivers = async (): Promise<Receivers> => {
  const messages: Receivers['messages'] = []
  const passwords: string[] = []
  const state = { refusesMail: false }
  const collect = (stream: NodeJS.ReadableStream, done: (text: string) => void): void => {
    let text = ''
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    stream.on('end', () => done(text))
  }
  const smtp = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username = '', password }, _session, done) => {
      passwords.push(password ?? '')
      const told = Buffer.from(`\0${username}\0${password}`).toString('base64')
      if (state.refusesMail) done(new Error(`no entry for ${username} with ${password} (${told})`))
      else done(null, { user: username })
    },
    onData: (stream, _session, done) =>
      collect(stream, (text) => {
        messages.push({ by: 'mail', text })
        done(null, 'queued')
      }),
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const hook = createServer((request, response) =>
    collect(request, (body) => {
      messages.push({ by: 'webhook', text: `${request.url} ${JSON.stringify(request.rawHeaders)} ${body}` })
      response.writeHead(204).end()
    }),
  ).listen(0, '127.0.0.1')
  await once(hook, 'listening')
  const syslog = createSocket('udp4', (message) => messages.push({ by: 'syslog', text: message.toString('latin1') }))
  syslog.bind(0, '127.0.0.1')
  await once(syslog, 'listening')
  const portOf = (address: unknown): number => (address as AddressInfo).port
  return Object.assign(state, {
    ports: {
      mail: portOf(smtp.server.address()),
      webhook: portOf(hook.address()),
      syslog: portOf(syslog.address()),
    },
    messages,
    passwords,
    close: () => {
      smtp.close()
      hook.close()
      syslog.close()
    },
  })
}
