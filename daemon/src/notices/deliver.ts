/**
 * Tells the channels what they owe. Promises: at least once; one attempt of a channel at a time, each within its time limit;
 * a channel that hangs, refuses or lies delays no other; nothing is marked accepted that was not. Never: throws.
 */
import type { ChannelName, Notice, Receipt } from '@postern/shared'
import type { KeptNotice, NoticeBook } from './notice-book.ts'

/** One way to tell people. */
export interface Channel {
  readonly name: ChannelName
  /** How many notices go into one message. */
  readonly batchMax: number
  /** Resolves with what the receiver said once it has taken responsibility; rejects otherwise, within the signal. */
  send(notices: readonly Notice[], signal: AbortSignal): Promise<string>
}

export interface Delivery {
  /** Tries what is due; resolves when every attempt of this round has ended. */
  tick(): Promise<void>
  /** Sends a test notice through every channel, whatever is owed. */
  test(): Promise<Receipt[]>
}

export interface DeliveryDeps {
  readonly book: Pick<NoticeBook, 'owed' | 'receive'>
  /** The channels of this moment. */
  readonly channels: () => readonly Channel[]
  readonly now: () => number
  readonly attemptMs?: number
  /** A channel has failed for a week with these; they are not tried any more. */
  readonly onGivenUp: (channel: ChannelName, notices: readonly Notice[], error: string) => Promise<void>
  readonly onFault: (error: unknown) => void
}

const minuteMs = 60_000
const backoffMaxMs = 6 * 60 * minuteMs
const giveUpMs = 7 * 86_400_000
/** A round ends after so many messages of one channel; the next round goes on. */
const messagesAtOnce = 200

export const createDelivery = (deps: DeliveryDeps): Delivery => {
  const { book, channels, now, attemptMs = 30_000 } = deps
  const busy = new Set<ChannelName>()

  const attempt = async (channel: Channel, notices: readonly Notice[]): Promise<string> => {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(new Error(`no answer within ${attemptMs / 1000} s`)), attemptMs)
    const cut = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', () => reject(limit.signal.reason as Error), { once: true })
    })
    try {
      // A channel that does not heed the signal is left behind.
      return await Promise.race([channel.send(notices, limit.signal), cut])
    } finally {
      clearTimeout(timer)
      limit.abort()
    }
  }

  /** Gives false when the channel should be left alone for now. */
  const tell = async (channel: Channel, owed: readonly KeptNotice[]): Promise<boolean> => {
    const notices = owed.map(({ notice }) => notice)
    const ids = notices.map(({ id }) => id)
    const attempts = 1 + Math.max(...owed.map(({ receipts }) => receipts.get(channel.name)?.attempts ?? 0))
    const base = { channel: channel.name, attempts }
    let said: string
    try {
      said = await attempt(channel, notices)
    } catch (error) {
      await missed(channel, owed, { ...base, reason: reasonOf(error) })
      return false
    }
    await book.receive(ids, { ...base, state: 'accepted', at: instant(now()), note: said.slice(0, 200), next_at: null })
    return true
  }

  const missed = async (
    channel: Channel,
    owed: readonly KeptNotice[],
    { attempts, reason }: { attempts: number; reason: string },
  ): Promise<void> => {
    const base = { channel: channel.name, attempts, at: instant(now()), note: reason }
    const tooOld = owed.filter(({ notice }) => now() - Date.parse(notice.at) > giveUpMs && attempts > 10)
    const rest = owed.filter((each) => !tooOld.includes(each))
    const idsOf = (kept: readonly KeptNotice[]): string[] => kept.map(({ notice }) => notice.id)
    if (rest.length > 0) {
      const waitMs = Math.min(backoffMaxMs, minuteMs * 2 ** (attempts - 1))
      await book.receive(idsOf(rest), { ...base, state: 'owed', next_at: instant(now() + waitMs) })
    }
    if (tooOld.length === 0) return
    await book.receive(idsOf(tooOld), { ...base, state: 'given_up', next_at: null })
    await deps.onGivenUp(
      channel.name,
      tooOld.map(({ notice }) => notice),
      reason,
    )
  }

  const run = async (channel: Channel): Promise<void> => {
    if (busy.has(channel.name)) return
    busy.add(channel.name)
    try {
      for (let messages = 0; messages < messagesAtOnce; messages++) {
        const owed = book.owed(channel.name, now()).slice(0, channel.batchMax)
        if (owed.length === 0 || !(await tell(channel, owed))) return
      }
    } catch (error) {
      deps.onFault(error)
    } finally {
      busy.delete(channel.name)
    }
  }

  return {
    tick: async () => {
      await Promise.all(channels().map(run))
    },
    test: () =>
      Promise.all(
        channels().map(async (channel): Promise<Receipt> => {
          const base = { channel: channel.name, attempts: 1, at: instant(now()), next_at: null }
          try {
            return { ...base, state: 'accepted', note: await attempt(channel, [testNotice(now())]) }
          } catch (error) {
            return { ...base, state: 'owed', note: reasonOf(error) }
          }
        }),
      ),
  }
}

const instant = (ms: number): string => new Date(ms).toISOString()

/** What a receiver said may be anything; it is cut short and kept on one line. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200)

const testNotice = (nowMs: number): Notice => ({
  id: `test:${instant(nowMs)}`,
  kind: 'test',
  severity: 'info',
  at: instant(nowMs),
  subject: { kind: 'test', id: 'test', name: 'a test' },
  text: 'This is a test notice of Postern. Nothing is wrong.',
})
