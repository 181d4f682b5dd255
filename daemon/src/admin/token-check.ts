/**
 * Who an admin token stands for. Promises: a token that is wrong, has ended or is disabled is refused, whatever door it comes
 * to; unknown and wrong ones take the same way; what a token may do is read anew for each request. Never: a token in a log,
 * an answer or an error.
 */
import { randomBytes } from 'node:crypto'
import { parseAdminToken } from '@postern/shared'
import type { AdminTokenRecord } from '../document/document.ts'
import { Problem } from '../problem.ts'
import { drawnVerifier, isSameVerifier } from '../verifiers/drawn.ts'
import type { Caller } from './door.ts'
import type { AdminRates } from './rates.ts'
import type { AdminRooms } from './rooms.ts'

export interface TokenCheck {
  /** The caller of an `Authorization` header. Throws the Problem that keeps them out. */
  admit(authorization: string | undefined): Promise<Caller>
  /** Who a token is by now that was good before. Throws like `admit`, and counts as its use. */
  standing(tokenId: string): Caller
}

export const createTokenCheck = (rooms: Pick<AdminRooms, 'store' | 'now'>, rates: AdminRates): TokenCheck => {
  // What unknown tokens are compared with, so that they take as long as wrong ones.
  const nobody = drawnVerifier('', randomBytes(32).toString('base64url'))

  const callerOf = (token: AdminTokenRecord): Caller => {
    const nowMs = rooms.now()
    if (token.disabledAt !== null)
      throw refusal('credential_invalid', 'This admin token is disabled. An administrator can enable it.')
    if (token.expiresAt !== null && !(nowMs < Date.parse(token.expiresAt)))
      throw refusal('credential_expired', `This admin token ended ${token.expiresAt}. An administrator can prolong it.`)
    rooms.store().note(token.id, nowMs)
    return { role: token.role, actor: { kind: 'token', name: token.name, proof: 'token' }, tokenId: token.id }
  }

  const find = (value: string): AdminTokenRecord | undefined => {
    const { adminTokens } = rooms.store().document()
    const parts = parseAdminToken(value)
    if (parts === null) return undefined
    const found = Object.hasOwn(adminTokens, parts.tokenId) ? adminTokens[parts.tokenId] : undefined
    const isRight = isSameVerifier(drawnVerifier(parts.tokenId, parts.secret), found?.verifier ?? nobody)
    return isRight ? found : undefined
  }

  return {
    async admit(authorization) {
      if (authorization === undefined)
        throw refusal('credential_missing', 'Authorization: Bearer with an admin token; see postern tokens add')
      const token = find(/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
      if (token === undefined)
        return rates.refuseWrong(
          refusal('credential_invalid', 'Authorization: this is no admin token of this Postern.'),
        )
      const caller = callerOf(token)
      await rates.request(`token ${token.id}`)
      return caller
    },
    standing(tokenId) {
      const { adminTokens } = rooms.store().document()
      const token = Object.hasOwn(adminTokens, tokenId) ? adminTokens[tokenId] : undefined
      if (token === undefined) throw refusal('credential_invalid', 'The admin token was removed.')
      return callerOf(token)
    },
  }
}

/** With its challenge (RFC 6750 §3). */
const refusal = (code: 'credential_missing' | 'credential_invalid' | 'credential_expired', detail: string): Problem => {
  const error = code === 'credential_missing' ? '' : ', error="invalid_token"'
  return new Problem(code, { detail, headers: { 'www-authenticate': `Bearer realm="postern-admin"${error}` } })
}
