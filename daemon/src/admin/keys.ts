/** The admin calls about keys: read, one step, view. */
import { defaultClientId, inEffect, stateOf, statusOf, type KeyView, type KeyWithEvidence } from '@postern/shared'
import type { Who } from '../change.ts'
import type { KeyRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { findClient, findKey } from '../keys/find.ts'
import {
  disableKey,
  editKey,
  enableKey,
  issueKey,
  removeKey,
  restoreKey,
  revokeOldSecret,
  rotateKey,
} from '../keys/key-steps.ts'
import { drawKeyMaterial, drawSecret } from '../keys/material.ts'
import { releaseKeys } from '../keys/quarantine-steps.ts'
import { Problem } from '../problem.ts'
import { assertMayGrant, assertMayReadAll } from './rights.ts'
import { holds, seenIn, type HandlersOf } from './handlers.ts'
import { pageOf } from './parse.ts'
import { limitStandingView } from './policies.ts'
import type { AdminRooms } from './rooms.ts'
import { callsOf, evidenceFor } from './usage.ts'
import { issuedView, keyView } from './views.ts'

/** What stops calls says who is hit by it; the evidence is from before the change. */
const stopped = async (rooms: AdminRooms, who: Who, step: Step<KeyRecord>): Promise<KeyWithEvidence> => {
  const store = rooms.store()
  const key = await store.change(who, step)
  return { ...keyView(key, seenIn(store, rooms)), evidence: await evidenceFor(key, rooms) }
}

const changed = async (rooms: AdminRooms, who: Who, step: Step<KeyRecord>): Promise<KeyView> => {
  const store = rooms.store()
  const key = await store.change(who, step)
  return keyView(key, seenIn(store, rooms))
}

const daysOf = (days: number): number => {
  if (Number.isInteger(days) && days >= 1 && days <= 3_660) return days
  const message = 'a whole number of days from 1 to 3660'
  throw new Problem('field_invalid', {
    detail: `unused_days: ${message}`,
    errors: [{ field: 'unused_days', message }],
  })
}

export const keyHandlers: Omit<HandlersOf<'keys'>, 'keys.import'> = {
  'keys.list': ({ query, rooms }) => {
    const store = rooms.store()
    const seen = seenIn(store, rooms)
    const { document, nowMs } = seen
    const client = query.client === undefined ? undefined : findClient(document, query.client).id
    const unusedSinceMs = query.unused_days === undefined ? undefined : nowMs - daysOf(query.unused_days) * 86_400_000
    const wanted = Object.values(document.keys).filter(
      (key) =>
        (key.removedAt === null || query.removed === 'true' || query.state === 'removed') &&
        (client === undefined || key.clientId === client) &&
        (query.status === undefined ||
          statusOf(inEffect(key, document.clients[key.clientId]), nowMs) === query.status) &&
        (query.state === undefined || stateOf(inEffect(key, document.clients[key.clientId]), nowMs) === query.state) &&
        (unusedSinceMs === undefined || !(Date.parse(seen.lastUsedAt(key.id) ?? key.createdAt) > unusedSinceMs)) &&
        holds(query.text, key.name, key.description, key.owner, key.id),
    )
    return pageOf(wanted, query, (key) => keyView(key, seen))
  },
  'keys.create': async ({ body, who, asker, rooms }) => {
    assertMayGrant(asker, body)
    const store = rooms.store()
    if (body.scopes !== undefined && body.scopes.length > 0) {
      const { administrator } = findClient(store.document(), body.client ?? defaultClientId)
      assertMayReadAll(asker, administrator, 'scopes')
    }
    return issuedView(await store.change(who, issueKey(body, drawKeyMaterial())), seenIn(store, rooms))
  },
  'keys.get': ({ params, rooms }) => {
    const store = rooms.store()
    return keyView(findKey(store.document(), params.key, { removed: true }), seenIn(store, rooms))
  },
  'keys.edit': ({ params, body, ifMatch, who, asker, rooms }) => {
    assertMayGrant(asker, body)
    if (body.scopes !== undefined && body.scopes.length > 0) {
      const document = rooms.store().document()
      const { clientId } = findKey(document, params.key)
      assertMayReadAll(asker, document.clients[clientId]?.administrator === true, 'scopes')
    }
    return changed(rooms, who, editKey(params.key, ifMatch, body))
  },
  'keys.remove': ({ params, who, rooms }) => stopped(rooms, who, removeKey(params.key)),
  'keys.restore': ({ params, who, rooms }) => changed(rooms, who, restoreKey(params.key)),
  'keys.disable': ({ params, who, rooms }) => stopped(rooms, who, disableKey(params.key)),
  'keys.enable': ({ params, who, rooms }) => changed(rooms, who, enableKey(params.key)),
  'keys.release': async ({ body, who, rooms }) => {
    if ((body.all === true) === (body.keys !== undefined))
      throw new Problem('field_invalid', {
        detail: 'keys: give either keys, or all with true',
        errors: [{ field: 'keys', message: 'give either keys, or all with true' }],
      })
    const released = await rooms.store().change(who, releaseKeys(body.keys ?? 'all'))
    return { released: released.map(({ id, name }) => ({ id, name })) }
  },
  'keys.rotate': async ({ params, body, who, rooms }) => {
    const store = rooms.store()
    return issuedView(await store.change(who, rotateKey(params.key, body, drawSecret())), seenIn(store, rooms))
  },
  'keys.end_overlap': ({ params, who, rooms }) => changed(rooms, who, revokeOldSecret(params.key)),
  'keys.revoke_old': ({ params, who, rooms }) => changed(rooms, who, revokeOldSecret(params.key)),
  'keys.evidence': ({ params, rooms }) =>
    evidenceFor(findKey(rooms.store().document(), params.key, { removed: true }), rooms),
  'keys.calls': ({ params, rooms }) => {
    const store = rooms.store()
    return callsOf(findKey(store.document(), params.key, { removed: true }), store)
  },
  'keys.limits': ({ params, rooms }) => {
    const states = rooms.store().limitsOf(params.key)
    if (states === null)
      throw new Problem('conflict', {
        detail:
          'This key is under a policy that is not there, so its calls are refused. Edit its policies, or its client’s.',
      })
    return { data: states.map(limitStandingView) }
  },
  'keys.try': ({ params, body, who, gone, rooms }) => rooms.tryKey({ who, key: params.key, asked: body, gone }),
  'keys.reveal': async ({ params, who, rooms }) => {
    const store = rooms.store()
    return issuedView(await store.revealKey(who, params.key), seenIn(store, rooms))
  },
}
