/**
 * Credentials that are not valid, counted by where they come from and by the key they name. Promises: only such credentials
 * are counted and told to wait, so nobody can lock a key or a caller out; there is no bucket that everybody shares; memory is
 * bounded. Never: a clock of its own, or anything that says whether a key exists: a name that is none is counted like one.
 */
import { parseKeyPair, parseKeyValue } from '@postern/shared'
import type { Presented } from '../access/identify.ts'
import { networkOf } from '../access/network.ts'

export interface Guess {
  /** Who presents it, as far as that is known. */
  readonly address: string
  readonly presented: Presented
  readonly nowMs: number
  /** What one network, or one key's name, may fail in a minute, and at once. */
  readonly perMinute: number
}

export interface Guessing {
  /** A credential was not valid. `null`: it counts as a try; else how many seconds to wait before the next one. */
  failed(guess: Guess): number | null
  /** Whether this address has to wait: what is weak enough to be guessed is then not even looked up. */
  isGuessing(where: Pick<Guess, 'address' | 'nowMs' | 'perMinute'>): boolean
  /** How many buckets are remembered. */
  readonly size: number
}

export const createGuessing = (bucketsMax = 50_000): Guessing => {
  const networks = createBuckets(bucketsMax)
  const names = createBuckets(bucketsMax)
  return {
    failed({ address, presented, nowMs, perMinute }) {
      const network = networkOf(address)
      const name = nameIn(presented)
      const waitMs = Math.max(
        networks.waitMs(network, nowMs, perMinute),
        name === null ? 0 : names.waitMs(name, nowMs, perMinute),
      )
      if (waitMs > 0) return Math.ceil(waitMs / 1_000)
      networks.drain(network, nowMs, perMinute)
      if (name !== null) names.drain(name, nowMs, perMinute)
      return null
    },
    isGuessing: ({ address, nowMs, perMinute }) => networks.waitMs(networkOf(address), nowMs, perMinute) > 0,
    get size() {
      return networks.size + names.size
    },
  }
}

/** The id of a key that a credential in the right form names, whether there is one or not. */
const nameIn = (presented: Presented): string | null => {
  const parts =
    presented.kind === 'value' ? parseKeyValue(presented.value) : parseKeyPair(presented.keyId, presented.secret)
  return parts?.keyId ?? null
}

/** What is lost in adding up parts of a token. */
const rounding = 1e-9

const createBuckets = (bucketsMax: number) => {
  /** The least recently drained first. */
  const buckets = new Map<string, { tokens: number; atMs: number }>()

  /** What is in it now. One that is not remembered is full; a clock that goes back refills nothing, and is not waited for. */
  const tokensOf = (name: string, nowMs: number, perMinute: number): number => {
    const bucket = buckets.get(name)
    if (bucket === undefined) return perMinute
    if (nowMs < bucket.atMs) bucket.atMs = nowMs
    return Math.min(perMinute, bucket.tokens + ((nowMs - bucket.atMs) / 60_000) * perMinute)
  }

  return {
    waitMs(name: string, nowMs: number, perMinute: number): number {
      const tokens = tokensOf(name, nowMs, perMinute)
      return tokens > 1 - rounding ? 0 : ((1 - tokens) / perMinute) * 60_000
    },
    drain(name: string, nowMs: number, perMinute: number): void {
      const tokens = tokensOf(name, nowMs, perMinute) - 1
      buckets.delete(name)
      for (const oldest of buckets.keys()) {
        if (buckets.size < bucketsMax) break
        buckets.delete(oldest)
      }
      buckets.set(name, { tokens, atMs: nowMs })
    },
    get size() {
      return buckets.size
    },
  }
}
