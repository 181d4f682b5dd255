/**
 * What has changed, for those who show it live. Promises: whoever has not seen the newest is answered at once, the others
 * when something happens or after 25 seconds; calls with keys are told at most once a second. Never: a value, a name or
 * anything else of a record but its id and its last use.
 */
import type { ChangesView, ChangeTopic } from '@postern/shared'
import type { Document } from './document/document.ts'
import { Problem } from './problem.ts'

export const waitMs = 25_000
const usesEveryMs = 1_000
const eventsKept = 500
/** More ids than this are no news but a reason to read the whole list. */
const idsMax = 100
const waitersPerCaller = 4

interface Event {
  readonly seq: number
  readonly topic: ChangeTopic
  /** Null: more than can be said. */
  readonly keys: readonly string[] | null
}

interface Waiter {
  readonly caller: string
  answer(): void
}

export interface WaitAsked {
  /** The `seq` of the last answer; undefined: none yet. */
  readonly seen: number | undefined
  /** Who waits; the oldest of too many of theirs is answered early. */
  readonly caller: string
  /** Aborted when nobody listens any more. */
  readonly gone: AbortSignal
}

export type ChangeFeed = ReturnType<typeof createChangeFeed>

/** `startMs` numbers the first event, so that what was seen of an earlier run is not taken for something of this one. */
export const createChangeFeed = (startMs: number) => {
  let seq = startMs
  let generation: number | null = null
  let events: readonly Event[] = []
  let waiters: readonly Waiter[] = []
  let ended = false
  let usesTimer: NodeJS.Timeout | undefined
  const freshUses = new Map<string, number>()
  const uses = new Map<string, { seq: number; atMs: number }>()

  const add = (topic: ChangeTopic, keys: Event['keys'] = []): void => {
    seq += 1
    events = [...events, { seq, topic, keys }].slice(-eventsKept)
    const told = waiters
    waiters = []
    for (const { answer } of told) answer()
  }

  const since = (seen: number | undefined): ChangesView => {
    const oldest = (events[0]?.seq ?? seq + 1) - 1
    if (seen === undefined || seen > seq || seen < oldest)
      return { seq, generation, topics: ['keys', 'records', 'usage', 'notices', 'state'], keys: null, used: [] }
    const fresh = events.filter((each) => each.seq > seen)
    const keys = new Set(fresh.flatMap((each) => each.keys ?? []))
    const used = [...uses].filter(([, use]) => use.seq > seen)
    const tooMany = keys.size > idsMax || used.length > idsMax || fresh.some((each) => each.keys === null)
    return {
      seq,
      generation,
      topics: [...new Set(fresh.map(({ topic }) => topic))],
      keys: tooMany ? null : [...keys],
      used: tooMany ? [] : used.map(([id, { atMs }]) => ({ id, last_used_at: new Date(atMs).toISOString() })),
    }
  }

  const tellUses = (): void => {
    usesTimer = undefined
    for (const [id, atMs] of freshUses) uses.set(id, { seq: seq + 1, atMs })
    freshUses.clear()
    add('usage')
  }

  return {
    tell: (topic: Exclude<ChangeTopic, 'keys' | 'usage'>): void => add(topic),

    /** A change has become true. */
    committed(before: Document, after: Document, written: number): void {
      generation = written
      const ids = changedKeys(before, after)
      // A client's name and state are shown with each of its keys.
      if (before.clients !== after.clients) add('keys', null)
      else if (ids.length > 0) add('keys', ids.length > idsMax ? null : ids)
      add('records')
    },

    /** A key was used; cheap enough for every call. */
    used(keyId: string, atMs: number): void {
      freshUses.set(keyId, atMs)
      usesTimer ??= setTimeout(tellUses, usesEveryMs).unref()
    },

    /** A call with a key was refused, which is no use of it; cheap enough for every call. */
    refused(): void {
      usesTimer ??= setTimeout(tellUses, usesEveryMs).unref()
    },

    /** Waits for something newer than what was seen. Throws `overloaded` while Postern stops. */
    wait({ seen, caller, gone }: WaitAsked): Promise<ChangesView> {
      if (ended) throw new Problem('overloaded', { detail: 'Postern is being stopped' })
      if (seen !== seq) return Promise.resolve(since(seen))
      return new Promise((resolve) => {
        const answer = (): void => {
          clearTimeout(timer)
          gone.removeEventListener('abort', answer)
          waiters = waiters.filter((each) => each !== waiter)
          resolve(since(seen))
        }
        const waiter: Waiter = { caller, answer }
        const timer = setTimeout(answer, waitMs).unref()
        gone.addEventListener('abort', answer)
        const theirs = waiters.filter((each) => each.caller === caller)
        if (theirs.length >= waitersPerCaller) theirs[0]?.answer()
        waiters = [...waiters, waiter]
      })
    },

    /** Answers everybody, and refuses whoever comes now. */
    end(): void {
      ended = true
      clearTimeout(usesTimer)
      for (const { answer } of waiters) answer()
    },
  }
}

/** Documents share what has not changed, so looking at which records are the same ones is enough. */
const changedKeys = ({ keys: before }: Document, { keys: after }: Document): string[] => {
  if (before === after) return []
  const changed = Object.keys(after).filter((id) => before[id] !== after[id])
  return [...changed, ...Object.keys(before).filter((id) => !Object.hasOwn(after, id))]
}
