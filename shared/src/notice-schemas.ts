/** The shapes of notices on the admin API: what was told, whom it reached, and through which channels. */
import { z } from 'zod'
import {
  channelNames,
  mailSecurities,
  noticeKinds,
  noticeSeverities,
  receiptStates,
  syslogTransports,
} from './notices.ts'

const instant = z.string().meta({ format: 'date-time' })
const host = z.string().min(1).max(253)
const port = z.number().int().min(1).max(65_535)
const ca = z
  .string()
  .max(65_536)
  .nullable()
  .optional()
  .meta({ description: 'PEM certificates to trust; absent: the system’s' })

export const receiptView = z.object({
  channel: z.enum(channelNames),
  state: z.enum(receiptStates),
  attempts: z.number(),
  at: instant.nullable(),
  note: z.string().nullable().meta({ description: 'what the receiver said, or why it was not reached' }),
  next_at: instant.nullable(),
})
export type ReceiptView = z.infer<typeof receiptView>

export const noticeView = z.object({
  id: z.string(),
  kind: z.enum(noticeKinds),
  severity: z.enum(noticeSeverities),
  at: instant.meta({ description: 'when it was raised' }),
  due_at: instant.optional().meta({ description: 'from when on it was due' }),
  expires_at: instant.optional().meta({ description: 'when what it is about ends' }),
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  text: z.string(),
  receipts: z.array(receiptView),
})
export type NoticeView = z.infer<typeof noticeView>

export const mailChannel = z.strictObject({
  host,
  port: port.optional().meta({ description: 'default: 465 for tls, 587 for starttls, 25 for none' }),
  security: z.enum(mailSecurities).optional().meta({ description: 'default: starttls; none only for this machine' }),
  user: z.string().max(320).nullable().optional(),
  password: z.string().max(1_000).nullable().optional().meta({ description: 'kept sealed and never shown' }),
  from: z.string().max(320),
  to: z.array(z.string().max(320)).min(1).max(20),
  ca,
})
export type MailChannelInput = z.infer<typeof mailChannel>

export const webhookChannel = z.strictObject({
  url: z.string().max(2_000),
  secret: z.string().max(200).optional().meta({ description: 'whsec_…; absent: one is drawn and answered once' }),
  ca,
})
export type WebhookChannelInput = z.infer<typeof webhookChannel>

export const syslogChannel = z.strictObject({
  transport: z.enum(syslogTransports).optional().meta({ description: 'default: tls' }),
  host,
  port: port.optional().meta({ description: 'default: 6514 for tls, 601 for tcp, 514 for udp' }),
  ca,
})
export type SyslogChannelInput = z.infer<typeof syslogChannel>

export const systemLog = z.strictObject({
  name: z.string().optional().meta({ description: 'the name entries carry; default: postern' }),
})
export type SystemLogInput = z.infer<typeof systemLog>

/** The channels as they are, without their secrets. */
export const channelsView = z.object({
  mail: z
    .object({
      host: z.string(),
      port: z.number(),
      security: z.enum(mailSecurities),
      user: z.string().nullable(),
      from: z.string(),
      to: z.array(z.string()),
    })
    .nullable(),
  webhook: z.object({ url: z.string() }).nullable(),
  syslog: z.object({ transport: z.enum(syslogTransports), host: z.string(), port: z.number() }).nullable(),
  system: z.object({ name: z.string() }).nullable(),
})
export type ChannelsView = z.infer<typeof channelsView>
export const webhookIssued = channelsView.extend({
  secret: z.string().nullable().meta({ description: 'the drawn secret, answered this once' }),
})

export const calendarView = z.object({
  created_at: instant.nullable().meta({ description: 'null: there is no calendar' }),
  path: z.string().meta({ description: 'on the connector listener' }),
})
export type CalendarView = z.infer<typeof calendarView>
export const calendarIssued = calendarView.extend({
  token: z.string().meta({ description: 'shown this once; the password of the calendar, or its `token`' }),
})

export const receiptsView = z.object({ receipts: z.array(receiptView) })
