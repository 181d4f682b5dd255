/**
 * Sends the trail elsewhere as it is written, so that what is changed or cut off here is still known there. Promises: every
 * record once at least, in order, byte for byte; how far it has come is on the disk before it counts. Never: stands in the
 * way of an append.
 */
import { keepNewest, readNewest } from '../disk/numbered-files.ts'
import { readLink } from './chain.ts'
import type { ExportedLines } from './export.ts'

export interface TrailSender {
  /** What a schedule calls: hands over what there is. Never rejects. */
  tick(): Promise<void>
  /** The last record handed over to this receiver, or `null`; and why it is not reached at present. */
  state(): { readonly sentSeq: number | null; readonly problem: string | null }
}

export interface TrailSenderOptions {
  /** Where the position is kept: the folder of the trail. */
  readonly dir: string
  /** `null`: nobody wants the trail. The name stands for one receiver; another name begins anew. */
  readonly receiver: () => {
    readonly name: string
    send(lines: readonly SentLine[], signal: AbortSignal): Promise<void>
  } | null
  readonly lines: (afterSeq: number) => Promise<ExportedLines>
  /** The last record there is. */
  readonly lastSeq: () => number
  readonly now: () => number
  /** Said once when the receiver has not been reached for a quarter of an hour. */
  readonly onAlarm: (message: string) => void
  readonly timeoutMs?: number
}

export interface SentLine {
  readonly seq: number
  readonly text: string
}

interface Position {
  /** Of the file it is in; grows with each. */
  readonly number: number
  readonly receiver: string
  readonly seq: number
}

const fileName = 'sent'
const silentMs = 15 * 60_000
const retryMs = [10_000, 30_000, 60_000, 300_000] as const
const longestWaitMs = 300_000

/** Goes on where it stopped before. */
export const openTrailSender = async (options: TrailSenderOptions): Promise<TrailSender> => {
  const { dir, receiver, lines, lastSeq, now, onAlarm, timeoutMs = 30_000 } = options
  let position = await readNewest<Position>(dir, fileName, (value, number) => value.number === number)
  let problem: string | null = null
  let failures = 0
  let failingSinceMs = 0
  let tryAtMs = 0
  let alarmed = false
  let busy = false

  const handOver = async (): Promise<void> => {
    const to = receiver()
    if (to === null) return
    let after = position?.receiver === to.name ? position.seq : 0
    // A restored folder can be behind what was sent from it before; its trail is told anew.
    if (after > lastSeq()) after = 0
    while (after < lastSeq()) {
      const page = await lines(after)
      const numbered = page.lines.map((text) => ({ seq: readLink(text)?.seq ?? after, text }))
      const last = numbered.at(-1)
      if (last === undefined) return
      await to.send(numbered, AbortSignal.timeout(timeoutMs))
      position = { number: (position?.number ?? 0) + 1, receiver: to.name, seq: last.seq }
      await keepNewest(dir, fileName, position.number, position)
      after = last.seq
    }
  }

  return {
    async tick() {
      const waitMs = tryAtMs - now()
      // A longer wait than any of ours is from before the clock was set back.
      if (busy || (waitMs > 0 && waitMs <= longestWaitMs)) return
      busy = true
      try {
        await handOver()
        problem = null
        failures = 0
        alarmed = false
        tryAtMs = 0
      } catch (error) {
        if (failures === 0) failingSinceMs = now()
        tryAtMs = now() + (retryMs[Math.min(failures, retryMs.length - 1)] ?? 0)
        failures += 1
        problem = error instanceof Error ? error.message : String(error)
        if (!alarmed && now() - failingSinceMs >= silentMs) {
          alarmed = true
          onAlarm(
            `The audit trail has not reached its receiver for a quarter of an hour (${problem}); nothing of it is lost.`,
          )
        }
      } finally {
        busy = false
      }
    },
    state: () => ({
      sentSeq: position !== undefined && position.receiver === receiver()?.name ? position.seq : null,
      problem,
    }),
  }
}
