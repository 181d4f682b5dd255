/**
 * The newest calls of each key, one by one. Promises: in memory alone, and bounded: the newest ten of a key, of so many keys;
 * the key that was called longest ago is forgotten first, and the answer says since when it knows. The same small cost for
 * each call. Never: a call that did not prove a key, a query, or the text that a short piece was cut from.
 */
import type { RefusalReason } from '@postern/shared'

export interface RecentCall {
  readonly atMs: number
  readonly requestId: string
  readonly address: string
  /** A proxy asked about somebody else's call: the address is the proxy's. */
  readonly askedByProxy: boolean
  readonly method: string
  /** `null`: no endpoint was reached. */
  readonly endpointId: string | null
  /** What was asked for where no endpoint was reached, as far as it can be no secret. */
  readonly path: string | null
  readonly outcome: 'allow' | RefusalReason
  /** Which secret of the key, at the time of the call; `null`: not known. */
  readonly secret: 'current' | 'old' | null
}

export interface RecentCalls {
  /** Remembers a call that has proven a key; cheap enough for every one. */
  note(keyId: string, call: RecentCall): void
  /** Newest first, in the order in which they came, and since when there would be more if there had been more. */
  of(keyId: string): { readonly sinceMs: number; readonly calls: readonly RecentCall[] }
}

export const recentCallsLimits: Readonly<Record<'perKey' | 'keysMax' | 'textMax', number>> = {
  perKey: 10,
  keysMax: 2_000,
  textMax: 200,
}

/** One key's calls. Rings hang together in the order in which their keys were called last. */
interface Ring {
  readonly keyId: string
  readonly sinceMs: number
  readonly calls: RecentCall[]
  /** Where the next call goes. */
  next: number
  older: Ring | null
  newer: Ring | null
}

/** `startMs`: there is nothing from before. */
export const createRecentCalls = (
  startMs: number,
  { keysMax = recentCallsLimits.keysMax }: { readonly keysMax?: number } = {},
): RecentCalls => {
  const { perKey } = recentCallsLimits
  const rings = new Map<string, Ring>()
  let newest: Ring | null = null
  let oldest: Ring | null = null
  /** From here on nothing of any key has been forgotten but what its newer calls have pushed out. */
  let knownSinceMs = startMs

  const unhang = (ring: Ring): void => {
    if (ring.older === null) oldest = ring.newer
    else ring.older.newer = ring.newer
    if (ring.newer === null) newest = ring.older
    else ring.newer.older = ring.older
  }

  const hangFirst = (ring: Ring): void => {
    ring.older = newest
    ring.newer = null
    if (newest === null) oldest = ring
    else newest.newer = ring
    newest = ring
  }

  const forgetOldest = (): void => {
    if (oldest === null) return
    const [last] = newestFirst(oldest)
    if (last !== undefined) knownSinceMs = Math.max(knownSinceMs, last.atMs + 1)
    rings.delete(oldest.keyId)
    unhang(oldest)
  }

  const newRing = (keyId: string): Ring => {
    if (rings.size >= keysMax) forgetOldest()
    const ring: Ring = { keyId, sinceMs: knownSinceMs, calls: [], next: 0, older: null, newer: null }
    rings.set(keyId, ring)
    return ring
  }

  return {
    note(keyId, call) {
      const found = rings.get(keyId)
      const ring = found ?? newRing(keyId)
      if (ring !== newest) {
        if (found !== undefined) unhang(ring)
        hangFirst(ring)
      }
      ring.calls[ring.next] = call.path === null ? call : { ...call, path: own(call.path) }
      ring.next = (ring.next + 1) % perKey
    },
    of(keyId) {
      const ring = rings.get(keyId)
      return ring === undefined
        ? { sinceMs: knownSinceMs, calls: [] }
        : { sinceMs: ring.sinceMs, calls: newestFirst(ring) }
    },
  }
}

const newestFirst = ({ calls, next }: Ring): RecentCall[] => [
  ...calls.slice(0, next).toReversed(),
  ...calls.slice(next).toReversed(),
]

/** A piece of a text keeps the whole text in memory, its query included, until it is written down anew. */
const own = (text: string): string => {
  const { textMax } = recentCallsLimits
  const short = text.length > textMax ? `${text.slice(0, textMax)}…` : text
  return Buffer.from(short).toString()
}
