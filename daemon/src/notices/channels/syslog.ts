/** Notices to a syslog server. Accepted means as much as syslog can say; see `syslog-wire.ts`. */
import type { Notice } from '@postern/shared'
import { assertNever } from '../../problem.ts'
import type { Channel } from '../deliver.ts'
import { auditPriority, oneLine, sendDatagrams, sendStream, syslogLine, type SyslogSettings } from '../syslog-wire.ts'

const severities = { info: 6, warning: 4, urgent: 1 } as const

/** One message, without framing. */
export const syslogMessage = ({ id, kind, subject, text, severity, at }: Notice, site: string): string =>
  syslogLine({
    priority: auditPriority(severities[severity]),
    at,
    site,
    id: kind,
    data: { id, kind, subject: subject.id, name: subject.name },
    text: oneLine(text),
  })

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
