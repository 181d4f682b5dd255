/**
 * Notices to a syslog server: RFC 5424 messages over UDP (RFC 5426), TCP (RFC 6587, octet counting) or TLS (RFC 5425).
 * Syslog acknowledges nothing: accepted means handed to the network, for TCP and TLS with the connection closed in order.
 */
import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Notice } from '@postern/shared'
import { assertNever } from '../../problem.ts'
import type { Channel } from '../deliver.ts'

export interface SyslogSettings {
  readonly transport: 'udp' | 'tcp' | 'tls'
  readonly host: string
  readonly port: number
  readonly ca: string | null
}

/** Facility 13, log audit; severities of RFC 5424 §6.2.1. */
const priorities = { info: 13 * 8 + 6, warning: 13 * 8 + 4, urgent: 13 * 8 + 1 } as const
const enterprise = 'postern@32473'

/** One message, without framing. */
export const syslogMessage = (notice: Notice, site: string): string => {
  const printable = site.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 255)
  const parameter = (text: string): string =>
    text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replaceAll(/["\\\]]/g, '\\$&')
  const { id, kind, subject, text } = notice
  const data = `[${enterprise} id="${parameter(id)}" kind="${kind}" subject="${parameter(subject.id)}" name="${parameter(subject.name)}"]`
  const said = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  return `<${priorities[notice.severity]}>1 ${notice.at} ${printable === '' ? '-' : printable} postern ${process.pid} ${kind} ${data} \uFEFF${said}`
}

export const syslogChannel = (settings: SyslogSettings, site: string): Channel => ({
  name: 'syslog',
  batchMax: 100,
  async send(notices, signal) {
    const messages = notices.map((notice) => Buffer.from(syslogMessage(notice, site), 'utf8'))
    const where = `${settings.host}:${settings.port}`
    switch (settings.transport) {
      case 'udp':
        await sendDatagrams(messages, settings)
        return `sent to ${where} over UDP, which cannot confirm it`
      case 'tcp':
      case 'tls':
        await sendStream(messages, settings, signal)
        return `written to ${where}, which took it; syslog has no confirmation`
      default:
        return assertNever(settings.transport)
    }
  },
})

const sendDatagrams = async (messages: readonly Buffer[], { host, port }: SyslogSettings): Promise<void> => {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    for (const message of messages)
      await new Promise<void>((resolve, reject) =>
        socket.send(message, port, host, (error) => (error === null ? resolve() : reject(error))),
      )
  } finally {
    socket.close()
  }
}

const sendStream = (
  messages: readonly Buffer[],
  { transport, host, port, ca }: SyslogSettings,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket: Socket =
      transport === 'tls'
        ? connectTls({ host, port, minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca }) })
        : connect({ host, port })
    signal.addEventListener('abort', () => socket.destroy(signal.reason as Error), { once: true })
    socket.on('error', reject)
    // The other side closing after us means that it has read to the end.
    socket.on('close', (failed) => (failed ? reject(new Error('the connection was cut')) : resolve()))
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => {
      socket.resume()
      socket.end(Buffer.concat(messages.flatMap((message) => [Buffer.from(`${message.length} `), message])))
    })
  })
