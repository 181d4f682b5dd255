/**
 * A word for a call that a proxy has asked about, so that the same call is not counted again when the proxy sends it here.
 * Promises: good once, for half a minute, for the same key, method and path; a forged, used or late one is as good as none.
 * Memory is bounded: past the bound none is honoured, so that calls are counted twice rather than not at all. Never: survives
 * a restart, because its key is drawn at the start.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

export interface Receipted {
  readonly keyId: string
  readonly method: string
  /** Without the query. */
  readonly path: string
}

export interface Receipts {
  issue(call: Receipted, nowMs: number): string
  /** Whether it is good for this call; it is used up by that. */
  redeem(receipt: string, call: Receipted, nowMs: number): boolean
}

const validMs = 30_000
const form = /^([0-9a-z]{8,11})\.([0-9a-z]{1,11})\.([\w-]{43})$/

export const createReceipts = (usedMax = 200_000): Receipts => {
  const key = randomBytes(32).toString('hex')
  let issued = 0
  /** What was redeemed and has not ended, oldest first: number -> end. */
  const used = new Map<string, number>()

  // Keyed within and around, so that nobody can go on from a hash; an HMAC object costs half as much again (measured).
  const macOf = (until: string, number: string, { keyId, method, path }: Receipted): string =>
    hash('sha256', key + hash('sha256', key + JSON.stringify([until, number, keyId, method, path])), 'base64url')

  return {
    issue(call, nowMs) {
      const until = (nowMs + validMs).toString(36)
      // Counted, not drawn: what cannot be forged need not be guessed at either.
      const number = (issued++).toString(36)
      return `${until}.${number}.${macOf(until, number, call)}`
    },
    redeem(receipt, call, nowMs) {
      const [, until = '', number = '', mac = ''] = form.exec(receipt) ?? []
      const [given, right] = [Buffer.from(mac), Buffer.from(macOf(until, number, call))]
      if (given.length !== right.length || !timingSafeEqual(given, right)) return false
      const untilMs = Number.parseInt(until, 36)
      // One from before the clock went back is late as well: it would hold for longer than it may.
      if (nowMs >= untilMs || untilMs > nowMs + validMs || used.has(number)) return false
      for (const [each, endMs] of used) {
        if (nowMs < endMs) break
        used.delete(each)
      }
      if (used.size >= usedMax) return false
      used.set(number, untilMs)
      return true
    },
  }
}
