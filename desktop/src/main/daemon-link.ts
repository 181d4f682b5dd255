/**
 * The standing question to the daemon: has anything changed? Promises: `up` and `lost` as they come, news within a second of
 * the change, and after sleep the whole again; a daemon that comes back is found within three seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { changeTopics } from '@postern/shared'
import type { Push } from '../bridge.ts'
import type { DaemonClient } from './daemon-client.ts'

export interface DaemonLink {
  /** The last that was said of it. */
  last(): Extract<Push, { kind: 'up' | 'lost' }> | null
  /** The machine has slept, or the clock may have moved: what was known is old, and an open question may be dead. */
  wake(): void
  stop(): void
}

const backoffMs = [500, 1_000, 2_000, 3_000] as const

export const startDaemonLink = (client: DaemonClient, tell: (push: Push) => void): DaemonLink => {
  let last: Extract<Push, { kind: 'up' | 'lost' }> | null = null
  let seen: number | undefined
  let tries = 0
  let stopped = false
  let waiting = new AbortController()
  const isStopped = (): boolean => stopped

  const say = (push: Extract<Push, { kind: 'up' | 'lost' }>): void => {
    last = push
    tell(push)
  }

  const ask = async (signal: AbortSignal): Promise<void> => {
    const query = seen === undefined ? {} : { query: { seen } }
    const news = await client.call('changes.wait', query, { signal })
    if (isStopped()) return
    if (tries > 0 || last?.kind !== 'up') say({ kind: 'up' })
    tries = 0
    const { keys, used, topics } = news
    if (seen === undefined) tell({ kind: 'news', keys: null, used, topics: changeTopics })
    else if (seen !== news.seq) tell({ kind: 'news', keys, used, topics })
    seen = news.seq
  }

  const run = async (): Promise<void> => {
    while (!isStopped()) {
      waiting = new AbortController()
      const { signal } = waiting
      try {
        await ask(signal)
      } catch {
        if (isStopped()) return
        if (signal.aborted) continue
        tries += 1
        say({ kind: 'lost', tries })
        const ms = backoffMs[Math.min(tries, backoffMs.length) - 1]
        await sleep(ms, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  void run()
  return {
    last: () => last,
    wake: () => {
      seen = undefined
      waiting.abort()
    },
    stop: () => {
      stopped = true
      waiting.abort()
    },
  }
}
