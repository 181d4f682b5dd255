/** When a channel may be told: at once, but mail waits for the digest of the day unless it is urgent. Pure. */
import type { ChannelName, Notice } from '@postern/shared'

const hourMs = 3_600_000
const digestHour = 9

/** RFC 3339. `zone`: IANA name of the gateway's time zone. */
export const dueAt = (channel: ChannelName, notice: Pick<Notice, 'severity'>, nowMs: number, zone: string): string => {
  if (channel !== 'mail' || notice.severity === 'urgent') return new Date(nowMs).toISOString()
  // Looked for hour by hour, so that a changed clock needs no sum of its own; a zone with half hours is met within the hour.
  for (let ahead = 0; ahead <= 26; ahead++) {
    const startMs = Math.floor(nowMs / hourMs) * hourMs + ahead * hourMs
    if (hourIn(startMs, zone) === digestHour) return new Date(Math.max(startMs, nowMs)).toISOString()
  }
  return new Date(nowMs).toISOString()
}

const hourIn = (ms: number, timeZone: string): number =>
  Number(new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: 'numeric' }).format(ms))
