/**
 * Tokens that have been verified, by their SHA-256, so that the next call with one need not wait. Promises: bounded, the
 * one that was longest not used goes first; nothing is remembered past its end, nor longer than ten minutes without being
 * verified anew, so that a key which its issuer has withdrawn ends for tokens in use too. Never: the token itself.
 */
import { hash } from 'node:crypto'
import type { Claimed } from './claims.ts'
import type { SignInRules } from './rules.ts'

/** What was found, and by which rules. */
export interface Verified extends Claimed {
  readonly rules: SignInRules
}

export interface Remembered {
  get(token: string, nowMs: number): Verified | null
  put(token: string, verified: Verified, nowMs: number): void
  forget(token: string): void
  readonly size: number
}

export const rememberedMax = 10_000
export const rememberedMs = 600_000

export const createRemembered = (max = rememberedMax): Remembered => {
  const entries = new Map<string, { readonly verified: Verified; readonly sinceMs: number; readonly untilMs: number }>()
  const nameOf = (token: string): string => hash('sha256', token, 'base64url')
  return {
    get(token, nowMs) {
      const name = nameOf(token)
      const entry = entries.get(name)
      if (entry === undefined) return null
      entries.delete(name)
      // A clock that was put back further than a token was known says nothing of when it ends.
      if (nowMs >= entry.untilMs || nowMs < entry.sinceMs - rememberedMs) return null
      entries.set(name, entry)
      return entry.verified
    },
    put(token, verified, nowMs) {
      const untilMs = Math.min(verified.expiresAtMs, nowMs + rememberedMs)
      const name = nameOf(token)
      entries.delete(name)
      entries.set(name, { verified, sinceMs: nowMs, untilMs })
      const [oldest] = entries.keys()
      if (entries.size > max && oldest !== undefined) entries.delete(oldest)
    },
    forget: (token) => void entries.delete(nameOf(token)),
    get size() {
      return entries.size
    },
  }
}
