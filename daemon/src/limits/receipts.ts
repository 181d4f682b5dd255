/**
 * A word for a call that a proxy has asked about, so that the same call is not counted again when the proxy sends it here.
 * Promises: good once, for half a minute, for the same key, method and path; a forged, used or late one is as good as none.
 * Memory is bounded: past the bound none is honoured, so that calls are counted twice rather than not at all. Never: survives
 * a restart, because its key is drawn at the start.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

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
  const key = randomBytes(32)
  let issued = 0
  /** What was redeemed and has not ended, oldest first: number -> end. */
  const used = new Map<string, number>()

  const macOf = (until: string, number: string, { keyId, method, path }: Receipted): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([until, number, keyId, method, path]))
      .digest()

  return {
    issue(call, nowMs) {
      const until = (nowMs + validMs).toString(36)
      // Counted, not drawn: what cannot be forged need not be guessed at either.
      const number = (issued++).toString(36)
      return `${until}.${number}.${macOf(until, number, call).toString('base64url')}`
    },
    redeem(receipt, call, nowMs) {
      const [, until = '', number = '', mac = ''] = form.exec(receipt) ?? []
      const given = Buffer.from(mac, 'base64url')
      if (given.length !== 32 || !timingSafeEqual(given, macOf(until, number, call))) return false
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
