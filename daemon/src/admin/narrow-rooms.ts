/**
 * What a call is given to work with, made as narrow as its caller's rights. Promises: whoever may not view a key finds none in
 * the document, in usage, in the trail, in notices, and in what has changed; a step on a key looks at the rights once more in the very
 * document that it changes. Calls need not think of it: what they are given holds nothing else.
 */
import { inEffect, statusOf, type KeyRight, type StatusView } from '@postern/shared'
import { isProblem, Problem } from '../problem.ts'
import {
  assertOn,
  entrySeen,
  noticeSeen,
  seesAll,
  keyOfCall,
  sightOf,
  visibleTo,
  type Asker,
  type Sight,
} from './rights.ts'
import type { AdminRooms, OpenStore } from './rooms.ts'

/** The key that a call is about, by id, and what its row does with it. */
export interface Aim {
  readonly keyId: string
  readonly right: KeyRight
}

/** `aim`: of a call about one key. */
export const narrowRooms = (rooms: AdminRooms, asker: Asker, aim: Aim | undefined): AdminRooms => {
  if (seesAll(asker)) return rooms
  const store = (): OpenStore => narrowStore(rooms.store(), asker, aim)
  const sight = () => sightOf(rooms.store().document(), asker)
  // Each by its name: something new does not compile until somebody has thought of whom it tells about which keys.
  return {
    now: () => rooms.now(),
    clock: () => rooms.clock(),
    acceptClock: () => rooms.acceptClock(),
    unlock: (who, code, options) => rooms.unlock(who, code, options),
    // By the id that was looked at before.
    tryKey: (trial) => rooms.tryKey(trial),
    trailReceiver: () => rooms.trailReceiver(),
    // Of clients, collections and endpoints, which every role may list; of keys it knows nothing.
    kit: (asked) => rooms.kit(asked),
    explain: async (asked) => {
      const key =
        asked.key === undefined ? {} : { key: keyOfCall(rooms.store().document(), asked.key, asker, 'view').id }
      const found = await rooms.explain({ ...asked, ...key })
      const { text } = sight()
      return { ...found, rules: found.rules.map((rule) => (text(rule.said) ? rule : { ...rule, said: notShown })) }
    },
    refusals: {
      *newestFirst() {
        const seen = refusalSeen(sight())
        for (const refused of rooms.refusals.newestFirst()) if (seen(refused)) yield refused
      },
      find: (requestId) => {
        const refused = rooms.refusals.find(requestId)
        return refused !== undefined && refusalSeen(sight())(refused) ? refused : undefined
      },
    },
    store,
    status: async () => narrowStatus(await rooms.status(), rooms, asker),
    feed: {
      end: () => rooms.feed.end(),
      wait: async (asked) => {
        const { keys, used, ...news } = await rooms.feed.wait(asked)
        // While it is locked there are no keys to speak of, and no tokens that could ask.
        const { key } = sight()
        // Of what they may not view they learn that there is something new, as of any list that is read again.
        return { ...news, keys: keys?.every(key) === true ? keys : null, used: used.filter(({ id }) => key(id)) }
      },
    },
    notices: () => {
      const notices = rooms.notices()
      const all = () => notices.all().filter(({ notice }) => noticeSeen(notice, sight()))
      return { all, test: () => notices.test() }
    },
  }
}

const notShown = 'It is about keys that are not shown to you.'

/** A refused call is about the key that it presented, and its reason may be another one's doing. */
const refusalSeen =
  ({ key, text }: Sight) =>
  ({ keyId, said }: { readonly keyId: string | null; readonly said: string }): boolean =>
    (keyId === null || key(keyId)) && text(said)

const narrowStore = (store: OpenStore, asker: Asker, aim: Aim | undefined): OpenStore => {
  const document = () => visibleTo(store.document(), asker)
  const sight = () => sightOf(store.document(), asker)
  const { trail } = store
  return {
    document,
    // These are given the id that was looked at before.
    revealKey: (who, ref) => store.revealKey(who, ref),
    recentCalls: (keyId) => store.recentCalls(keyId),
    limitsOf: (ref) => store.limitsOf(ref),
    lastUsedAt: (id) => store.lastUsedAt(id),
    note: (id, atMs) => store.note(id, atMs),
    recordDone: (who, entry) => store.recordDone(who, entry),
    // Slots and backups are of the whole store; all but the looks at them are for administrators.
    backups: store.backups,
    slots: () => store.slots(),
    rotateRootKey: (who) => store.rotateRootKey(who),
    addRecoverySlot: (who) => store.addRecoverySlot(who),
    confirmRecoveryKit: (who, code) => store.confirmRecoveryKit(who, code),
    removeSlot: (who, id) => store.removeSlot(who, id),
    change: (who, step) =>
      store
        .change(who, (before, context) => {
          const key = aim === undefined ? undefined : before.keys[aim.keyId]
          if (aim !== undefined && key !== undefined) assertOn(asker, key, aim.right)
          return step(before, context)
        })
        .catch((error: unknown) => {
          throw toldBriefly(error)
        }),
    // Rows of calls that name no key are of nobody.
    usageRows: async (fromMs, toMs) => {
      const { key } = sight()
      return (await store.usageRows(fromMs, toMs)).filter(({ keyId }) => keyId === '' || key(keyId))
    },
    trail: {
      storeId: trail.storeId,
      publicKey: trail.publicKey,
      verify: () => trail.verify(),
      lastSeq: () => trail.lastSeq(),
      trailer: (fromSeq, toSeq) => trail.trailer(fromSeq, toSeq),
      page: (query) => {
        const seen = sight()
        return trail.page({ ...query, show: (entry) => entrySeen(entry, seen) })
      },
      lines: () => Promise.reject(new Problem('forbidden', { detail: 'this call needs the role administrator' })),
    },
  }
}

/** What is in the way may be a key that they may not view, so nothing is said of it but that it is there. */
const toldBriefly = (error: unknown): unknown => {
  if (isProblem(error, 'name_taken')) {
    const errors = [{ field: 'name', message: 'already in use' }]
    return new Problem('name_taken', { detail: 'name: already in use; choose another', errors })
  }
  if (isProblem(error, 'in_use') && /\bkeys?\b/.test(error.message))
    return new Problem('in_use', { detail: 'Keys still need it; some of them may not be shown to you.' })
  return error
}

/** Counts of what they may view; alarms that speak of other keys without their text. */
const narrowStatus = (status: StatusView, rooms: AdminRooms, asker: Asker): StatusView => {
  if (status.keys === null) return status
  const full = rooms.store().document()
  const { text } = sightOf(full, asker)
  const { keys, clients } = visibleTo(full, asker)
  const counts = { green: 0, orange: 0, red: 0, grey: 0 }
  for (const key of Object.values(keys))
    if (key.removedAt === null) counts[statusOf(inEffect(key, clients[key.clientId]), rooms.now())] += 1
  const alarms = status.alarms.map((alarm) => (text(alarm.message) ? alarm : { ...alarm, message: notShown }))
  return { ...status, keys: counts, alarms }
}
