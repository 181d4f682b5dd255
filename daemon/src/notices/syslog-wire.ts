/**
 * Syslog on the wire: RFC 5424 messages over UDP (RFC 5426), TCP (RFC 6587, octet counting) or TLS (RFC 5425). Syslog
 * acknowledges nothing: taken means handed to the network, for TCP and TLS with the connection closed in order.
 */
import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface SyslogSettings {
  readonly transport: 'udp' | 'tcp' | 'tls'
  readonly host: string
  readonly port: number
  readonly ca: string | null
}

const enterprise = 'postern@32473'

/** Facility 13 (log audit) with a severity of RFC 5424 §6.2.1. */
export const auditPriority = (severity: number): number => 13 * 8 + severity

/** One message, without framing. `text` goes as it is, so it has to be one line. */
export const syslogLine = (message: {
  priority: number
  /** RFC 3339. */
  at: string
  site: string
  id: string
  data: Readonly<Record<string, string>>
  text: string
}): string => {
  const site = message.site.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 255)
  const data = Object.entries(message.data)
    .map(([name, value]) => ` ${name}="${oneLine(value).replaceAll(/["\\\]]/g, '\\$&')}"`)
    .join('')
  return `<${message.priority}>1 ${message.at} ${site === '' ? '-' : site} postern ${process.pid} ${message.id} [${enterprise}${data}] \uFEFF${message.text}`
}

/** Text of others with whatever could break a line put aside. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')

export const sendDatagrams = async (messages: readonly Buffer[], { host, port }: SyslogSettings): Promise<void> => {
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

/** Resolves when the other side has closed after us: then it has read to the end. */
export const sendStream = (
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
