/** The admin calls about notices and the channels they go through. */
import { randomBytes } from 'node:crypto'
import { calendarPath, type CalendarView, type ChannelsView } from '@postern/shared'
import type { SettingsRecord } from '../document/document.ts'
import { removeChannel, setMail, setSyslog, setSystemLog, setWebhook } from '../keys/channel-steps.ts'
import { setCalendar } from '../keys/site-steps.ts'
import { Secret } from '../problem.ts'
import type { HandlersOf } from './handlers.ts'
import { pageOf } from './parse.ts'

export const noticeHandlers: HandlersOf<'notices'> & HandlersOf<'channels'> & HandlersOf<'calendar'> = {
  'notices.list': ({ query, rooms }) =>
    pageOf(rooms.notices().all(), query, ({ notice, receipts }) => ({ ...notice, receipts: [...receipts.values()] })),
  'notices.test': async ({ rooms }) => ({ receipts: await rooms.notices().test() }),
  'channels.get': ({ rooms }) => channelsView(rooms.store().document().settings),
  'channels.mail': async ({ body, who, rooms }) => channelsView(await rooms.store().change(who, setMail(body))),
  'channels.webhook': async ({ body, who, rooms }) => {
    const drawn = body.secret === undefined ? new Secret(`whsec_${randomBytes(32).toString('base64')}`) : null
    const secret = drawn ?? new Secret(body.secret ?? '')
    const settings = await rooms.store().change(who, setWebhook(body, secret))
    return { ...channelsView(settings), secret: drawn?.reveal() ?? null }
  },
  'channels.syslog': async ({ body, who, rooms }) => channelsView(await rooms.store().change(who, setSyslog(body))),
  'channels.system': async ({ body, who, rooms }) => channelsView(await rooms.store().change(who, setSystemLog(body))),
  'calendar.get': ({ rooms }) => calendarView(rooms.store().document().settings),
  'calendar.set': async ({ who, rooms }) => {
    const token = new Secret(randomBytes(32).toString('base64url'))
    return { ...calendarView(await rooms.store().change(who, setCalendar(token))), token: token.reveal() }
  },
  'calendar.remove': async ({ who, rooms }) => {
    await rooms.store().change(who, setCalendar(null))
    return undefined
  },
  'channels.remove': async ({ params, who, rooms }) => {
    await rooms.store().change(who, removeChannel(params.channel))
    return undefined
  },
}

const calendarView = ({ calendar }: SettingsRecord): CalendarView => ({
  created_at: calendar?.createdAt ?? null,
  path: calendarPath,
})

const channelsView = ({ channels: { mail, webhook, syslog, system } }: SettingsRecord): ChannelsView => ({
  mail:
    mail === null
      ? null
      : {
          host: mail.host,
          port: mail.port,
          security: mail.security,
          user: mail.user,
          from: mail.from,
          to: [...mail.to],
        },
  webhook: webhook === null ? null : { url: webhook.url },
  syslog: syslog === null ? null : { transport: syslog.transport, host: syslog.host, port: syslog.port },
  system,
})
