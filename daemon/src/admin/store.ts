/** The admin calls about the store itself: status, unlocking, slots, settings, the trail. */
import { editSettings } from '../keys/settings-steps.ts'
import { Secret } from '../problem.ts'
import { networkOf } from '../access/network.ts'
import { liftBlock } from '../keys/block-steps.ts'
import { setTrailReceiver } from '../keys/site-steps.ts'
import { seenIn, type Handlers, type HandlersOf } from './handlers.ts'
import { pageOf, readPage, readTime } from './parse.ts'
import { auditView, blockView, settingsView, slotView } from './views.ts'

const dayMs = 86_400_000

export const storeHandlers: Handlers<'status.get' | 'changes.wait' | 'keystore.unlock'> &
  HandlersOf<'audit'> &
  HandlersOf<'slots'> &
  HandlersOf<'blocks'> &
  HandlersOf<'clock'> &
  HandlersOf<'settings'> = {
  'status.get': ({ rooms }) => rooms.status(),
  'changes.wait': ({ query, caller, gone, rooms }) => rooms.feed.wait({ seen: query.seen, caller, gone }),
  'keystore.unlock': async ({ body, who, rooms }) => {
    const { accept_rollback: acceptRollback = false, quarantine = false } = body
    const cameUp = await rooms.unlock(who, new Secret(body.code), { acceptRollback, quarantine })
    return { ...(await rooms.status()), came_up: cameUp }
  },
  'slots.list': ({ rooms }) => {
    const { settings } = rooms.store().document()
    return pageOf(rooms.store().slots(), { per_page: 500 }, (slot) => slotView(slot, settings))
  },
  'clock.accept': async ({ who, rooms }) => {
    // Recorded before it holds; a clock that is not in doubt is refused without a record.
    const before = rooms.clock()
    const store = rooms.store()
    if (before.standing !== 'right')
      await store.recordDone(who, {
        action: 'clock.accept',
        object: { kind: 'clock', id: before.wall },
        note: `it was ${before.standing}; keys were judged by ${before.judged_by}`,
      })
    await rooms.acceptClock()
    return rooms.clock()
  },
  'slots.confirm': async ({ body, who, rooms }) => {
    const { slotId, at } = await rooms.store().confirmRecoveryKit(who, new Secret(body.code))
    return { slot_id: slotId, confirmed_at: at }
  },
  'blocks.list': ({ query, rooms }) => {
    const seen = seenIn(rooms.store(), rooms)
    const now = new Date(seen.nowMs).toISOString()
    const standing = Object.values(seen.document.blocks).filter(({ until }) => until > now)
    return pageOf(standing, query, (block) => blockView(block, seen))
  },
  'blocks.lift': async ({ body, who, asker, rooms }) => {
    const given = body.network.toLowerCase().replace(/\/64$/, '')
    const { blocks } = rooms.store().document()
    const network = Object.hasOwn(blocks, given) ? given : networkOf(given)
    // One that they may not view is not there for them; the step says so of one that never was.
    const seen = asker.role === 'administrator' || Object.hasOwn(blocks, network)
    await rooms.store().change(who, liftBlock(seen ? network : ''))
    return undefined
  },

  'slots.add': async ({ who, rooms }) => {
    const kit = await rooms.store().addRecoverySlot(who)
    return { slot_id: kit.slotId, store_id: kit.storeId, code: kit.code.reveal() }
  },
  'slots.rotate': async ({ who, rooms }) => {
    await rooms.store().rotateRootKey(who)
    return undefined
  },
  'slots.remove': async ({ params, who, rooms }) => {
    await rooms.store().removeSlot(who, params.slot)
    return undefined
  },
  'settings.get': ({ rooms }) => settingsView(rooms.store().document().settings),
  'settings.edit': async ({ body, ifMatch, who, rooms }) =>
    settingsView(await rooms.store().change(who, editSettings(ifMatch, body))),
  'audit.list': async ({ query, rooms }) => {
    const { page, perPage } = readPage(query)
    const { object, actor, action, source, from, to } = query
    const fromMs = from === undefined ? undefined : readTime('from', from, 0)
    const toMs = to === undefined ? undefined : readTime('to', to, dayMs)
    const found = await rooms.store().trail.page({ page, perPage, object, actor, action, source, fromMs, toMs })
    return { data: found.data.map(auditView), count: found.count, page, per_page: perPage }
  },
  'audit.verify': ({ rooms }) => rooms.store().trail.verify(),
  'audit.lines': async ({ query, rooms }) => {
    const { trail } = rooms.store()
    const { storeId, publicKey } = trail
    return { store_id: storeId, public_key: publicKey, ...(await trail.lines(query.after ?? 0)) }
  },
  'audit.receiver': ({ rooms }) => rooms.trailReceiver(),
  'audit.set_receiver': async ({ body, who, rooms }) => {
    await rooms.store().change(who, setTrailReceiver(body))
    return rooms.trailReceiver()
  },
  'audit.remove_receiver': async ({ who, rooms }) => {
    await rooms.store().change(who, setTrailReceiver(null))
    return undefined
  },
  'audit.trailer': async ({ query, rooms }) => ({ line: await rooms.store().trail.trailer(query.from, query.to) }),
}
