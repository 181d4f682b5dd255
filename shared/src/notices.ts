/** Notices: what people are told in time, and whether it has arrived. */

/** Milliseconds before its expiry at which a key is spoken of; 0: when it has expired. The widest first. */
export const noticeThresholds = [
  { name: '14d', beforeMs: 14 * 86_400_000 },
  { name: '3d', beforeMs: 3 * 86_400_000 },
  { name: '1d', beforeMs: 86_400_000 },
  { name: 'expired', beforeMs: 0 },
] as const

/** Of the calendar of expiries, on the connector listener. */
export const calendarPath = '/.postern/calendar.ics'

export const noticeSeverities = ['info', 'warning', 'urgent'] as const
export type NoticeSeverity = (typeof noticeSeverities)[number]

export const channelNames = ['log', 'mail', 'webhook', 'syslog', 'system'] as const
export type ChannelName = (typeof channelNames)[number]

export const noticeKinds = [
  'key_expiry',
  'key_used_after_expiry',
  'honey_key',
  'recovery_kit',
  'backup',
  'certificate',
  'disk',
  'clock',
  'alarm',
  'channel',
  'test',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

export const mailSecurities = ['tls', 'starttls', 'none'] as const
export type MailSecurity = (typeof mailSecurities)[number]

export const syslogTransports = ['udp', 'tcp', 'tls'] as const
export type SyslogTransport = (typeof syslogTransports)[number]

/** Something to tell. The id is worked out from what it is about, so that nothing is told twice. */
export interface Notice {
  readonly id: string
  readonly kind: NoticeKind
  readonly severity: NoticeSeverity
  /** RFC 3339: when it was raised. */
  readonly at: string
  /** RFC 3339: the instant from which it was due, where that is another one; after a time off it can be long ago. */
  readonly due_at?: string
  /** RFC 3339: when what it is about ends, or has ended. */
  readonly expires_at?: string
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string }
  /** One sentence. */
  readonly text: string
}

export const receiptStates = ['owed', 'accepted', 'given_up'] as const

/** How far one channel is with one notice. */
export interface Receipt {
  readonly channel: ChannelName
  readonly state: (typeof receiptStates)[number]
  readonly attempts: number
  /** RFC 3339: when it was accepted, or last tried; `null` before the first attempt. */
  readonly at: string | null
  /** What the receiver said, or why it could not be told. */
  readonly note: string | null
  /** RFC 3339: not before this. */
  readonly next_at: string | null
}
