/**
 * Which notices there are and which channel owes which of them, on the disk. Promises: a notice is kept before anybody is
 * told, and is told until its channel has accepted it; an acceptance counts once it is on the disk, so after a crash a
 * channel may be told again, and never too little. Never: two notices of one id.
 */
import { mkdir } from 'node:fs/promises'
import type { ChannelName, Notice, Receipt } from '@postern/shared'
import { openAppendLog } from '../disk/append-log.ts'

export interface KeptNotice {
  readonly notice: Notice
  readonly receipts: ReadonlyMap<ChannelName, Receipt>
}

export interface NoticeBook {
  /** Keeps those whose id is new, and gives them. `dueOf`: from when a channel may be told (RFC 3339). */
  raise(
    notices: readonly Notice[],
    channels: readonly ChannelName[],
    dueOf: (channel: ChannelName, notice: Notice) => string,
  ): Promise<Notice[]>
  /** Replaces one channel's receipts for some notices. */
  receive(ids: readonly string[], receipt: Receipt): Promise<void>
  /** Newest first. */
  all(): KeptNotice[]
  /** What a channel owes and may try now, oldest first. */
  owed(channel: ChannelName, nowMs: number): KeptNotice[]
  /** Forgets settled notices that are older than 400 days. */
  compact(): Promise<void>
  close(): Promise<void>
}

interface Line {
  readonly notice?: Notice
  readonly ids?: readonly string[]
  readonly receipts: readonly Receipt[]
}

/** The digest of the next day, in any zone. */
const longestWaitMs = 27 * 3_600_000
const keepMs = 400 * 86_400_000
/** Beyond this the oldest settled ones are forgotten early. */
const noticesMax = 100_000

/** Opens the book in `dir`, which is made if need be. */
export const openNoticeBook = async (options: { dir: string; now: () => number }): Promise<NoticeBook> => {
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const log = await openAppendLog({ dir: options.dir, segmentBytesMax: 8 * 1024 * 1024 })
  const kept = new Map<string, { notice: Notice; receipts: Map<ChannelName, Receipt> }>()
  let lines = 0

  const apply = ({ notice, ids = notice === undefined ? [] : [notice.id], receipts }: Line): void => {
    if (notice !== undefined && !kept.has(notice.id)) kept.set(notice.id, { notice, receipts: new Map() })
    for (const id of ids) for (const receipt of receipts) kept.get(id)?.receipts.set(receipt.channel, receipt)
  }
  for await (const text of log.oldestFirst()) {
    lines += 1
    const line = readLine(text)
    if (line !== undefined) apply(line)
  }

  const write = async (written: readonly Line[]): Promise<void> => {
    if (written.length === 0) return
    await log.append(written.map((line) => JSON.stringify(line)))
    lines += written.length
    for (const line of written) apply(line)
  }
  const isSettled = ({ receipts }: KeptNotice): boolean => [...receipts.values()].every(({ state }) => state !== 'owed')

  const compact = async (): Promise<void> => {
    const before = options.now() - keepMs
    let surplus = kept.size - noticesMax
    for (const [id, each] of kept) {
      const old = Date.parse(each.notice.at) < before
      if (!isSettled(each) || (!old && surplus <= 0)) continue
      kept.delete(id)
      surplus -= 1
    }
    if (lines < 2 * kept.size + 1_000) return
    const segments = await log.segments()
    log.rotate()
    await log.append(
      [...kept.values()].map(({ notice, receipts }) => JSON.stringify({ notice, receipts: [...receipts.values()] })),
    )
    // What the new segment says again replaces itself, so a crash before all of the old ones are gone changes nothing.
    for (const { number } of kept.size === 0 ? [] : segments) await log.remove(number)
    lines = kept.size
  }
  await compact()

  return {
    async raise(notices, channels, dueOf) {
      const fresh = [...new Map(notices.map((notice) => [notice.id, notice])).values()].filter(
        ({ id }) => !kept.has(id),
      )
      await write(
        fresh.map((notice) => ({
          notice,
          receipts: channels.map((channel) => ({
            channel,
            state: 'owed' as const,
            attempts: 0,
            at: null,
            note: null,
            next_at: dueOf(channel, notice),
          })),
        })),
      )
      return fresh
    },
    receive: (ids, receipt) => write([{ ids, receipts: [receipt] }]),
    all: () => [...kept.values()].toReversed(),
    owed: (channel, nowMs) =>
      [...kept.values()].filter(({ receipts }) => {
        const receipt = receipts.get(channel)
        if (receipt?.state !== 'owed') return false
        const waitMs = Date.parse(receipt.next_at ?? '') - nowMs
        // Nobody is made to wait for longer than a digest: such a time is from before the clock was set back.
        return !(waitMs > 0 && waitMs <= longestWaitMs)
      }),
    compact,
    close: () => log.close(),
  }
}

/** A damaged line is passed over; its notice is raised anew, because its id is not known then. */
const readLine = (text: string): Line | undefined => {
  try {
    const line = JSON.parse(text) as Line
    return Array.isArray(line.receipts) ? line : undefined
  } catch {
    return undefined
  }
}
