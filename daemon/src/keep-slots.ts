/**
 * The slots of an open store: made, tried, removed, and the root key behind them. Promises: what is done is in the trail, and
 * a code is answered only once the trail says that there is a slot for it. Never: with a change in between.
 */
import type { AuditAction } from '@postern/shared'
import type { OpenStore } from './admin/rooms.ts'
import type { AuditTrail } from './audit/audit-trail.ts'
import type { Changes, Who } from './change.ts'
import type { Document } from './document/document.ts'
import { confirmKit } from './keys/site-steps.ts'
import type { Keystore } from './keystore/keystore.ts'

export type KeptSlots = Pick<
  OpenStore,
  'slots' | 'addRecoverySlot' | 'confirmRecoveryKit' | 'removeSlot' | 'rotateRootKey'
>

interface Said {
  readonly action: AuditAction
  readonly object: { readonly kind: string; readonly id: string }
}

export const keepSlots = (deps: {
  readonly keystore: Keystore<Document>
  readonly change: Changes['change']
  /** Runs what writes to the keystore itself, with no change in between, where the disk takes changes. */
  readonly alone: <R>(job: () => Promise<R>) => Promise<R>
  readonly audit: Pick<AuditTrail, 'assertRoom'>
  readonly record: (who: Who, said: Said) => Promise<void>
  readonly tellNews: () => void
}): KeptSlots => {
  const { keystore, change, alone, audit, record, tellNews } = deps

  const recorded = <R>(who: Who, act: () => Promise<R>, said: (result: R) => Said): Promise<R> =>
    alone(async () => {
      // What is done must be said, so there has to be room for saying it.
      await audit.assertRoom()
      const result = await act()
      await record(who, said(result))
      tellNews()
      return result
    })
  const ofSlot = (action: AuditAction, id: string): Said => ({ action, object: { kind: 'slot', id } })

  return {
    slots: () => keystore.slots(),
    addRecoverySlot: (who) => {
      const act = () => keystore.addRecoverySlot()
      return recorded(who, act, ({ slotId }) => ofSlot('slot.add', slotId))
    },
    confirmRecoveryKit: async (who, code) => {
      const slotId = await keystore.tryRecoveryCode(code)
      const { confirmedKits } = await change(who, confirmKit(slotId))
      return { slotId, at: confirmedKits.find((kit) => kit.slotId === slotId)?.at ?? '' }
    },
    removeSlot: (who, id) => {
      const act = () => keystore.removeSlot(id)
      return recorded(who, act, () => ofSlot('slot.remove', id))
    },
    rotateRootKey: (who) => {
      const said: Said = { action: 'keystore.rotate', object: { kind: 'store', id: keystore.storeId } }
      return recorded(
        who,
        () => keystore.rotateRootKey(),
        () => said,
      )
    },
  }
}
