/** The admin calls about the store itself: status, unlocking, slots, settings, the trail. */
import { editSettings } from '../keys/settings-steps.ts'
import { Secret } from '../problem.ts'
import type { Handlers, HandlersOf } from './handlers.ts'
import { pageOf, readPage } from './parse.ts'
import { auditView, settingsView, slotView } from './views.ts'

export const storeHandlers: Handlers<'status.get' | 'keystore.unlock'> &
  HandlersOf<'audit'> &
  HandlersOf<'slots'> &
  HandlersOf<'settings'> = {
  'status.get': ({ rooms }) => rooms.status(),
  'keystore.unlock': async ({ body, who, rooms }) => {
    await rooms.unlock(who, new Secret(body.code), { acceptRollback: body.accept_rollback ?? false })
    return rooms.status()
  },
  'slots.list': ({ rooms }) => pageOf(rooms.store().slots(), { per_page: 500 }, slotView),
  'slots.add': async ({ who, rooms }) => {
    const kit = await rooms.store().addRecoverySlot(who)
    return { slot_id: kit.slotId, store_id: kit.storeId, code: kit.code.reveal() }
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
    const { object } = query
    const found = await rooms.store().trail.page({ page, perPage, ...(object === undefined ? {} : { object }) })
    return { data: found.data.map(auditView), count: found.count, page, per_page: perPage }
  },
  'audit.verify': ({ rooms }) => rooms.store().trail.verify(),
  'audit.lines': async ({ query, rooms }) => {
    const { trail } = rooms.store()
    const { storeId, publicKey } = trail
    return { store_id: storeId, public_key: publicKey, ...(await trail.lines(query.after ?? 0)) }
  },
  'audit.trailer': async ({ query, rooms }) => ({ line: await rooms.store().trail.trailer(query.from, query.to) }),
}
