/**
 * Notices in use: the watch over keys, the book, and the channels of this moment. Promises: looking and telling never fail
 * loudly and never stand in the way of a call. Never: a channel's secret outside the channel.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { defaultClientId, inEffect, type ChannelName, type Notice, type Receipt } from '@postern/shared'
import type { ChannelsRecord, Document, SealedSecret } from './document/document.ts'
import { channelSecretId } from './keys/channel-steps.ts'
import { mailChannel } from './notices/channels/mail.ts'
import { systemLogChannel } from './notices/channels/system-log.ts'
import { syslogChannel } from './notices/channels/syslog.ts'
import { webhookChannel } from './notices/channels/webhook.ts'
import { createDelivery, type Channel } from './notices/deliver.ts'
import { dueAt } from './notices/due.ts'
import { openNoticeBook, type KeptNotice } from './notices/notice-book.ts'
import { expiryCalendar } from './notices/calendar.ts'
import { dueNotices, honeyNotice, type HoneyCaller } from './notices/watch.ts'
import type { Secret } from './problem.ts'

const alarmsADay = 5
const honeyADay = 50

/** For how long a calendar is handed out again as it is. */
const calendarKeptMs = 10 * 60_000

export interface Telling {
  /** Notes that a key was refused because it has expired. */
  usedAfterExpiry(keyId: string, atMs: number): void
  /** A honey key was presented: told at once, once a day for each network. */
  honeyUsed(keyId: string, caller: HoneyCaller): Promise<void>
  /** The calendar of expiries. */
  calendar(): string
  /** Tells of something that went wrong in the daemon itself: the same words once a day, and no more than five of a kind. */
  alarm(kind: string, message: string): Promise<void>
  /** What the alarms of a kind were about is over; the next one is news. */
  alarmEnded(kind: string): void
  /** What a schedule calls: looks for what is due and keeps it. */
  look(): Promise<void>
  /** What a schedule calls: tries what is owed. */
  deliver(): Promise<void>
  test(): Promise<Receipt[]>
  all(): KeptNotice[]
  close(): Promise<void>
}

export interface TellingDeps {
  readonly dataDir: string
  readonly document: () => Document
  readonly openSecret: (sealed: SealedSecret, id: string) => Secret
  readonly now: () => number
  readonly zone: string
  /** The machine as its notices name it. */
  readonly site: string
  readonly certificateNotAfter: () => string | null
  readonly recoverySlots: () => readonly { readonly id: string; readonly createdAt: string }[]
  readonly lastBackupAt: () => string | null
  readonly storeId: string
  readonly generation: () => number
  readonly diskFreeBytes: () => Promise<number | null>
  readonly say: (notice: Notice) => void
  readonly onFault: (error: unknown) => void
  /** How long one attempt of a channel may take; default: 30 s. */
  readonly attemptMs?: number
}

export const startTelling = async (deps: TellingDeps): Promise<Telling> => {
  const { document, now, zone } = deps
  const book = await openNoticeBook({ dir: join(deps.dataDir, 'notices'), now })
  const usedAt = new Map<string, number>()
  /** Alarms that the book had no room for yet; by id, so a few for each day at most. */
  const unkept = new Map<string, Notice>()
  let lookedMs = now()
  let closed = false
  /** How often alarms of a kind have ended: the same words are news again then. */
  const episodes = new Map<string, number>()
  let honeyDay = 0
  /** Of each key and address: the minute in which its block was told of; `null`: it was not blocked anew. */
  const honeySeen = new Map<string, number | null>()
  let drawn: { generation: number; untilMs: number; text: string } | undefined

  const logChannel: Channel = {
    name: 'log',
    batchMax: 1,
    send: async ([notice]) => {
      if (notice !== undefined) deps.say(notice)
      return 'written to the log'
    },
  }
  const channels = (): Channel[] => [logChannel, ...channelsOf(document().settings.channels, deps)]

  const raise = (notices: readonly Notice[], except?: ChannelName): Promise<Notice[]> => {
    const names = channels().map(({ name }) => name)
    return book.raise(
      notices,
      names.filter((name) => name !== except),
      (channel, notice) => dueAt(channel, notice, now(), zone),
    )
  }

  const keep = async (): Promise<void> => {
    const notices = [...unkept.values()]
    await raise(notices)
    for (const { id } of notices) unkept.delete(id)
  }

  const delivery = createDelivery({
    // What is accepted after the end is told again at the next start, rather than waited for now.
    book: {
      owed: (...asked) => (closed ? [] : book.owed(...asked)),
      receive: async (...said) => (closed ? undefined : book.receive(...said)),
    },
    channels,
    now,
    ...(deps.attemptMs === undefined ? {} : { attemptMs: deps.attemptMs }),
    onFault: deps.onFault,
    onGivenUp: async (channel, notices, error) => {
      const text = `Notices could not be sent by ${channel} for a week (${error}); ${notices.length} have been given up.`
      await raise([daemonNotice('channel', channel, text, now())], channel)
    },
  })

  return {
    usedAfterExpiry: (keyId, atMs) => void usedAt.set(keyId, atMs),
    async honeyUsed(keyId, { address, atMs, blockedUntilMs, isFresh }) {
      const key = document().keys[keyId]
      if (key === undefined) return
      const day = Math.floor(atMs / 86_400_000)
      if (day !== honeyDay) honeySeen.clear()
      honeyDay = day
      // Past so many a day the rest is one more of the same.
      const shown = honeySeen.size < honeyADay ? address : 'many addresses'
      const name = `${keyId} ${shown}`
      const minute = isFresh ? Math.floor(atMs / 60_000) : null
      const toldOf = honeySeen.get(name)
      // Whoever had been let in again, and comes back with it, is news, once a minute.
      if (toldOf !== undefined && (minute === null || toldOf === minute)) return
      honeySeen.set(name, minute)
      await raise([honeyNotice(key, shown, { atMs, blockedUntilMs, isFresh })])
      await delivery.tick()
    },
    calendar() {
      const certificateNotAfter = deps.certificateNotAfter()
      const { generation } = deps
      if (drawn?.generation === generation() && now() < drawn.untilMs && now() >= drawn.untilMs - calendarKeptMs)
        return drawn.text
      const about = {
        keys: Object.values(document().keys).map((key) => inEffect(key, document().clients[key.clientId])),
        certificateNotAfter,
        site: deps.site,
        storeId: deps.storeId,
      }
      const text = expiryCalendar(about, now())
      drawn = { generation: generation(), untilMs: now() + calendarKeptMs, text }
      return text
    },
    async alarm(kind, message) {
      const day = new Date(now()).toISOString().slice(0, 10)
      const told = book.all().filter(({ notice }) => notice.id.startsWith(`alarm:${kind}:${day}`))
      if (told.length >= alarmsADay) return
      const plainNotice = daemonNotice('alarm', kind, message, now())
      const again = episodes.get(kind) ?? 0
      const notice = again === 0 ? plainNotice : { ...plainNotice, id: `${plainNotice.id}:${again}` }
      if (!unkept.has(notice.id)) unkept.set(notice.id, notice)
      await keep()
      // Beside whoever raised it: a receiver may take its time.
      void delivery.tick()
    },
    alarmEnded: (kind) => void episodes.set(kind, (episodes.get(kind) ?? 0) + 1),
    async look() {
      const nowMs = now()
      const clockBackMs = Math.max(0, lookedMs - nowMs)
      lookedMs = nowMs
      const keys = Object.values(document().keys).map((key) => {
        const used = usedAt.get(key.id)
        return {
          ...inEffect(key, document().clients[key.clientId]),
          usedAfterExpiryAt: used === undefined ? null : new Date(used).toISOString(),
        }
      })
      const certificateNotAfter = deps.certificateNotAfter()
      const diskFreeBytes = await deps.diskFreeBytes()
      const untriedKit = untriedKitOf(deps.recoverySlots(), document())
      const backup = backupOf(deps.lastBackupAt(), document())
      await raise(dueNotices({ keys, certificateNotAfter, untriedKit, backup, diskFreeBytes, clockBackMs }, nowMs))
      usedAt.clear()
      await book.compact()
    },
    async deliver() {
      // A book that still takes nothing has been told of, and keeps nobody from being told the rest.
      await keep().catch(() => undefined)
      await delivery.tick()
    },
    test: () => delivery.test(),
    all: () => book.all(),
    close: () => {
      closed = true
      return book.close()
    },
  }
}

const untriedKitOf = (
  slots: readonly { readonly id: string; readonly createdAt: string }[],
  { settings: { confirmedKits } }: Document,
): { slotId: string; createdAt: string } | null => {
  if (slots.some(({ id }) => confirmedKits.some(({ slotId }) => slotId === id))) return null
  const newest = slots.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1)).at(-1)
  return newest === undefined ? null : { slotId: newest.id, createdAt: newest.createdAt }
}

/** Without a backup the age of the store counts, which is that of the client that was there first. */
const backupOf = (at: string | null, { clients }: Document): { at: string; isBackup: boolean } | null => {
  if (at !== null) return { at, isBackup: true }
  const since = clients[defaultClientId]?.createdAt
  return since === undefined ? null : { at: since, isBackup: false }
}

const channelsOf = (
  { mail, webhook, syslog, system }: ChannelsRecord,
  { openSecret, site, now }: TellingDeps,
): Channel[] => {
  const found: Channel[] = []
  if (mail !== null) {
    const password = mail.password === null ? null : openSecret(mail.password, channelSecretId('mail'))
    found.push(mailChannel({ ...mail, password }, site))
  }
  if (webhook !== null)
    found.push(webhookChannel({ ...webhook, secret: openSecret(webhook.secret, channelSecretId('webhook')) }, now))
  if (syslog !== null) found.push(syslogChannel(syslog, site))
  if (system !== null) found.push(systemLogChannel(system))
  return found
}

/** About the daemon; the same words are said once a day. */
const daemonNotice = (kind: 'alarm' | 'channel', id: string, text: string, nowMs: number): Notice => {
  const at = new Date(nowMs).toISOString()
  const words = createHash('sha256').update(text).digest('hex').slice(0, 8)
  return {
    id: `${kind}:${id}:${at.slice(0, 10)}:${words}`,
    kind,
    severity: 'urgent',
    at,
    subject: { kind, id, name: id },
    text,
  }
}
