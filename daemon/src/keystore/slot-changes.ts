/**
 * Slots made, tried and removed in an open keystore. Promises: a slot is listed before its code is given away; whoever had
 * the key of a slot that was removed cannot open what is written afterwards. Never: the last way in removed.
 */
import { randomBytes } from 'node:crypto'
import type { DiskCalls } from '../disk/durable-file.ts'
import { Problem, type Secret } from '../problem.ts'
import { diskFault } from './disk-fault.ts'
import type { Keyring, SlotKind, SlotRecord } from './keyring.ts'
import type { KeystoreAlarm } from './keystore.ts'
import type { Layout } from './layout.ts'
import { formatRecoveryCode, recoveryPrivateKey, seedBytes } from './recovery-code.ts'
import { dropSuperseded, nextRoot, takeBackWrapped, wrapForAll, type RootKey } from './root-key.ts'
import { deleteSlot, newSlotId, openRecoverySlot, rootVersions, slotFiles, writeSlot } from './slots.ts'

export interface SlotInfo {
  readonly id: string
  readonly kind: SlotKind
  readonly createdAt: string
  readonly thisMachine: boolean
  readonly health: 'ok' | 'damaged'
}

export interface RecoveryKit {
  readonly storeId: string
  readonly slotId: string
  readonly code: Secret
}

export interface SlotChanges {
  slots(): SlotInfo[]
  /** Makes a new recovery slot. Its code exists nowhere else. */
  addRecoverySlot(): Promise<RecoveryKit>
  /** The id of the recovery slot that a code opens here. Throws `recovery_code_invalid`. */
  tryRecoveryCode(code: Secret): Promise<string>
  /**
   * Removes a slot and draws a new root key. Throws `not_found`, or `in_use` for this machine's own slot and the last
   * recovery slot.
   */
  removeSlot(id: string): Promise<void>
  /** Draws a new root key and wraps it for every slot; every recovery kit stays valid. Throws `store_unavailable`. */
  rotateRootKey(): Promise<void>
}

export const createSlotChanges = (keystore: {
  readonly layout: Layout
  readonly storeId: string
  readonly machineSlotId: string
  readonly now: () => number
  readonly disk: DiskCalls
  readonly health: Map<string, 'ok' | 'damaged'>
  keyring(): Keyring
  root(): RootKey
  /** The newest generation, and the oldest one that is kept. */
  kept(): { generation: number; oldest: number }
  /** Writes the document as it is, with another keyring. */
  write(keyring: Keyring, root?: RootKey): Promise<void>
  onAlarm(alarm: KeystoreAlarm): void
}): SlotChanges => {
  const { layout, storeId, machineSlotId, now, disk, health, write, onAlarm } = keystore

  /** A recovery kit is made good again; a machine whose slot is gone has no claim to the next root key. */
  const isGiven = ({ slotId, kind }: SlotRecord): boolean =>
    kind === 'recovery' || slotId === machineSlotId || health.get(slotId) !== 'damaged'

  /** Everything under a new root key, which these slots alone are given. */
  const underNewRoot = async (listed: readonly SlotRecord[]): Promise<void> => {
    const slots = listed.filter(isGiven)
    const fresh = await nextRoot(layout, keystore.root(), { slots, ...keystore.kept() }, disk)
    let records: SlotRecord[]
    try {
      records = [
        ...listed.filter((each) => !isGiven(each)),
        ...(await wrapForAll(layout, { storeId, root: fresh, slots }, disk)),
      ]
      const rootSince = new Date(now()).toISOString()
      await write({ ...keystore.keyring(), slots: records, rootVer: fresh.ver, rootSince, rootOwed: false }, fresh)
    } catch (error) {
      await takeBackWrapped(layout, fresh, slots, disk)
      throw diskFault(error, layout.store)
    }
    for (const { slotId } of slots) health.set(slotId, 'ok')
    for (const { slotId, error } of await dropSuperseded(layout, records, disk))
      onAlarm(await unlistedSlot(layout, slotId, disk, error))
  }

  return {
    slots: () =>
      keystore.keyring().slots.map(({ slotId, kind, createdAt }) => ({
        id: slotId,
        kind,
        createdAt,
        thisMachine: slotId === machineSlotId,
        health: health.get(slotId) ?? 'ok',
      })),
    addRecoverySlot: async () => {
      const createdAt = new Date(now()).toISOString()
      const root = keystore.root()
      const made = await makeRecoverySlot(layout, { storeId, root, createdAt }, disk).catch((error: unknown) => {
        throw diskFault(error, layout.store)
      })
      try {
        const keyring = keystore.keyring()
        await write({ ...keyring, slots: [...keyring.slots, made.record] })
      } catch (error) {
        await deleteSlot(layout, made.record.slotId, disk).catch(() => undefined)
        throw error
      }
      return made.kit
    },
    tryRecoveryCode: async (code) => {
      const { slotId, rootKeys } = await openRecoverySlot(layout, code, disk)
      const isListed = keystore.keyring().slots.some((slot) => slot.slotId === slotId)
      if (!isListed || !rootKeys.some((each) => each.equals(keystore.root().key)))
        throw new Problem('recovery_code_invalid', {
          detail: 'This code opens a slot file that is not, or no longer, a slot of this keystore.',
        })
      return slotId
    },
    removeSlot: async (id) => {
      const { slots } = keystore.keyring()
      const slot = slots.find((each) => each.slotId === id)
      if (slot === undefined)
        throw new Problem('not_found', { detail: 'There is no slot with this id; see the list of slots.' })
      if (id === machineSlotId)
        throw new Problem('in_use', {
          detail: 'This machine opens the keystore with this slot; removing it would lock Postern out.',
        })
      if (slot.kind === 'recovery' && slots.filter(({ kind }) => kind === 'recovery').length === 1)
        throw new Problem('in_use', {
          detail: 'This is the last recovery slot. Add a new one first, then remove this one.',
        })
      // Whoever has the key of this slot knows the root key, so what is written from now on has another one. First the
      // manifest, then the files: cut in between, the next start names the files that are left over.
      await underNewRoot(slots.filter((each) => each !== slot))
      await deleteSlot(layout, id, disk).catch(async (error: unknown) =>
        onAlarm(await unlistedSlot(layout, id, disk, error)),
      )
    },
    rotateRootKey: () => underNewRoot(keystore.keyring().slots),
  }
}

/** The alarm for a slot whose files lie here although the keystore does not list it: whoever has its key can still open it. */
export const unlistedSlot = async (
  layout: Layout,
  slotId: string,
  disk: DiskCalls,
  error?: unknown,
): Promise<KeystoreAlarm> => ({
  kind: 'slot_unlisted',
  message: `Key slot ${slotId} is not in the list of this keystore, but its file is there, and whoever has its key can open the store with it. It is left over from a change that was cut short, or from a state that is lost; when you know that nobody needs it, delete the file.${error instanceof Error ? ` (${error.message})` : ''}`,
  files: (await rootVersions(layout, slotId, disk)).flatMap((version) => slotFiles(layout, slotId, version)),
})

/** Draws a recovery seed, writes its slot, and gives the code that opens it. */
export const makeRecoverySlot = async (
  layout: Layout,
  { root, ...store }: { storeId: string; root: RootKey; createdAt: string },
  disk: DiskCalls,
) => {
  const seed = randomBytes(seedBytes)
  const slotId = newSlotId()
  const { d: _private, ...publicKey } = recoveryPrivateKey(seed, store.storeId)
  const slot = {
    ...store,
    slotId,
    kind: 'recovery' as const,
    publicKey,
    rootKey: root.key,
    rootVer: root.ver,
    past: root.past,
  }
  const record = await writeSlot(layout, slot, disk)
  const kit: RecoveryKit = { storeId: store.storeId, slotId, code: formatRecoveryCode(seed) }
  return { record, kit }
}
