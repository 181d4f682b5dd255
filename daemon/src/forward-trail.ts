/** The trail on its way to a syslog server over TLS: each record is one message, whose text is the record byte for byte. */
import { join } from 'node:path'
import type { TrailReceiverView } from '@postern/shared'
import { openTrailSender, type SentLine } from './audit/send-trail.ts'
import type { TrailReceiverRecord } from './document/document.ts'
import { auditPriority, sendStream, syslogLine } from './notices/syslog-wire.ts'

export interface TrailForwarding {
  /** What a schedule calls. Never rejects. */
  tick(): Promise<void>
  view(): TrailReceiverView
}

export const startForwardingTrail = async (deps: {
  dataDir: string
  receiver: () => TrailReceiverRecord | null
  trail: { lastSeq(): number; lines(afterSeq: number): Promise<{ lines: string[]; next: number | null }> }
  now: () => number
  /** The machine as messages name it. */
  site: string
  onAlarm: (message: string) => void
}): Promise<TrailForwarding> => {
  const { trail, receiver, now, site, onAlarm } = deps
  const sender = await openTrailSender({
    dir: join(deps.dataDir, 'audit'),
    receiver: () => {
      const to = receiver()
      if (to === null) return null
      return {
        name: `${to.host}:${to.port}`,
        send: (lines, signal) =>
          sendStream(
            lines.map((line) => Buffer.from(messageOf(line, site), 'utf8')),
            { transport: 'tls', ...to },
            signal,
          ),
      }
    },
    lines: (afterSeq) => trail.lines(afterSeq),
    lastSeq: () => trail.lastSeq(),
    now,
    onAlarm,
  })
  return {
    tick: () => sender.tick(),
    view: () => {
      const to = receiver()
      const { sentSeq, problem } = sender.state()
      return {
        receiver: to === null ? null : { host: to.host, port: to.port },
        sent_seq: sentSeq,
        last_seq: trail.lastSeq(),
        problem: to === null ? null : problem,
      }
    },
  }
}

const messageOf = ({ seq, text }: SentLine, site: string): string => {
  const { ts = '-', action = 'trail' } = fieldsOf(text)
  return syslogLine({ priority: auditPriority(5), at: ts, site, id: action, data: { seq: String(seq) }, text })
}

/** A damaged record is sent too: whoever reads it there shall see it. */
const fieldsOf = (text: string): { ts?: string; action?: string } => {
  try {
    const { ts, action } = JSON.parse(text) as { ts?: unknown; action?: unknown }
    return {
      ...(typeof ts === 'string' && /^[0-9TZ:.-]{20,30}$/.test(ts) ? { ts } : {}),
      ...(typeof action === 'string' && /^[a-z._]{1,32}$/.test(action) ? { action } : {}),
    }
  } catch {
    return {}
  }
}
