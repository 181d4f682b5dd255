/** The admin calls about admin tokens, and about whoever asks. */
import { maskAdminToken, type TokenView } from '@postern/shared'
import type { AdminTokenRecord } from '../document/document.ts'
import { etagOf, findToken } from '../keys/find.ts'
import { drawId, drawSecret } from '../keys/material.ts'
import { disableToken, editToken, enableToken, issueToken, keysNaming, removeToken } from '../keys/token-steps.ts'
import { holds, type Handlers, type HandlersOf } from './handlers.ts'
import { pageOf } from './parse.ts'
import type { AdminRooms } from './rooms.ts'

const view = (token: AdminTokenRecord, rooms: AdminRooms): TokenView => {
  const isOver = token.expiresAt !== null && !(rooms.now() < Date.parse(token.expiresAt))
  return {
    id: token.id,
    name: token.name,
    description: token.description,
    role: token.role,
    masked: maskAdminToken(token.id, token.last4),
    state: isOver ? 'expired' : token.disabledAt === null ? 'active' : 'disabled',
    expires_at: token.expiresAt,
    last_used_at: rooms.store().lastUsedAt(token.id),
    keys_count: keysNaming(rooms.store().document(), token.id).length,
    created_at: token.createdAt,
    updated_at: token.updatedAt,
    enabled: token.disabledAt === null,
    etag: etagOf(token),
  }
}

export const tokenHandlers: HandlersOf<'tokens'> = {
  'tokens.list': ({ query, rooms }) => {
    const all = Object.values(rooms.store().document().adminTokens)
    const wanted = all.filter(({ name, description, id }) => holds(query.text, name, description, id))
    return pageOf(wanted, query, (token) => view(token, rooms))
  },
  'tokens.create': async ({ body, who, role, rooms }) => {
    const material = { tokenId: drawId('at_'), secret: drawSecret() }
    const { token, value } = await rooms.store().change(who, issueToken(body, material, role))
    return { ...view(token, rooms), value: value.reveal() }
  },
  'tokens.get': ({ params, rooms }) => view(findToken(rooms.store().document(), params.token), rooms),
  'tokens.edit': async ({ params, ifMatch, body, who, role, rooms }) =>
    view(await rooms.store().change(who, editToken(params.token, ifMatch, body, role)), rooms),
  'tokens.remove': async ({ params, who, rooms }) => {
    await rooms.store().change(who, removeToken(params.token))
    return undefined
  },
  'tokens.disable': async ({ params, who, rooms }) =>
    view(await rooms.store().change(who, disableToken(params.token)), rooms),
  'tokens.enable': async ({ params, who, rooms }) =>
    view(await rooms.store().change(who, enableToken(params.token)), rooms),
}

export const meHandlers: Handlers<'me.get'> = {
  'me.get': ({ who, asker: { role, tokenId }, rooms }) => ({
    name: who.actor.name,
    role,
    token:
      tokenId === null
        ? null
        : { id: tokenId, expires_at: rooms.store().document().adminTokens[tokenId]?.expiresAt ?? null },
  }),
}
