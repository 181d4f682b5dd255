/**
 * Tokens in place of keys. Promises: a text that looks like a signed token is handed to whoever can check it, once; what
 * comes back is judged like any key, and a token that nobody vouches for is an invalid credential.
 */
import type { Credential } from '../access/decide.ts'
import type { Proven } from '../access/identify.ts'

/** Checks tokens, of Postern's own and of clients' sign-ins. */
export interface TokenProofs {
  /** What is known of a token without looking: `undefined`: nothing, it has to be checked. */
  known(token: string, nowMs: number): Proven | null | undefined
  /** `null`: nobody vouches for it. */
  prove(token: string, nowMs: number): Promise<Proven | null>
}

export const noProofs: TokenProofs = { known: () => null, prove: async () => null }

// RFC 7515 §3.1: three parts in base64url, of which the first begins as every JSON object does.
const jws = /^eyJ[A-Za-z0-9_-]{1,4000}\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{0,2000}$/

/** The token that is presented, or `null` when something else is. */
export const tokenIn = (credential: Credential): string | null =>
  credential.kind === 'value' && jws.test(credential.value) ? credential.value : null
