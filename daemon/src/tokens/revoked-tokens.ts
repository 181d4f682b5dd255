/**
 * Tokens that were taken back before their end (RFC 7009). Promises: taken back before it is answered, and across a restart;
 * forgotten when they would have ended anyway; bounded, and past the bound nothing is said to be taken back that is not.
 */
import { mkdir } from 'node:fs/promises'
import { keepFresh, readNewestOf, type NumberedFiles } from '../disk/numbered-files.ts'
import { Problem } from '../problem.ts'

/** In all, and of one key: nobody alone can fill it. */
const heldMax = 10_000
const ofOneKeyMax = 500

export interface RevokedTokens {
  has(tokenId: string): boolean
  /** Rejects with `overloaded` past the bound, or with the file system's error; then the token lives on. */
  add(token: { id: string; keyId: string; expiresAtMs: number }, nowMs: number): Promise<void>
}

interface Held {
  readonly keyId: string
  readonly expiresAtMs: number
}

interface Kept {
  readonly number: number
  readonly tokens: Readonly<Record<string, Held>>
}

/** Reads what a run before has kept in `dir`. */
export const openRevokedTokens = async (dir: string): Promise<RevokedTokens> => {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const files: NumberedFiles = { dir, name: 'revoked-tokens' }
  let last = 0
  const kept = await readNewestOf<Kept>(files, (value, number) => {
    last = Math.max(last, number)
    return typeof value.tokens === 'object'
  })
  let held = new Map<string, Held>(Object.entries(kept?.tokens ?? {}))
  let turn: Promise<unknown> = Promise.resolve()
  return {
    has: (tokenId) => held.has(tokenId),
    add({ id, keyId, expiresAtMs }, nowMs) {
      const mine = turn.then(async () => {
        if (held.has(id) || expiresAtMs <= nowMs) return
        const next = new Map([...held].filter(([, each]) => each.expiresAtMs > nowMs))
        const ofKey = [...next.values()].filter((each) => each.keyId === keyId).length
        if (next.size >= heldMax || ofKey >= ofOneKeyMax)
          throw new Problem('overloaded', {
            detail: 'Too many tokens were taken back in a short time. Disable the key, which ends all of its tokens.',
            headers: { 'retry-after': '60' },
          })
        next.set(id, { keyId, expiresAtMs })
        last += 1
        await keepFresh(files, last, { number: last, tokens: Object.fromEntries(next) })
        held = next
      })
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}
