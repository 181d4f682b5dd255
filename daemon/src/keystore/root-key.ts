/**
 * The root key and its successors. A new one is wrapped for every slot that stays, under fresh file names, before the
 * generation that it seals; what the old one sealed opens by way of the new slots. Promises: cut at any point, the
 * keystore opens with the machine key and with every recovery kit it had.
 */
import { randomBytes } from 'node:crypto'
import type { DiskCalls } from '../disk/durable-file.ts'
import type { SlotRecord } from './keyring.ts'
import type { Layout } from './layout.ts'
import { deleteSlot, rootVersions, slotFiles, writeSlot, type PastRoot } from './slots.ts'

export interface RootKey {
  readonly key: Buffer
  readonly ver: number
  /** Root keys from before, for as long as generations that they sealed are kept. */
  readonly past: readonly PastRoot[]
}

/**
 * Draws the next root key. `generation`: the last one that the present key has sealed; `oldest`: the oldest one kept. Its
 * number is one that no file of a slot has, whatever an interrupted attempt has left behind.
 */
export const nextRoot = async (
  layout: Layout,
  root: RootKey,
  at: { slots: readonly SlotRecord[]; generation: number; oldest: number },
  disk: DiskCalls,
): Promise<RootKey> => {
  const versions = await Promise.all(at.slots.map(({ slotId }) => rootVersions(layout, slotId, disk)))
  const past = [...root.past, { key: root.key.toString('base64url'), lastGen: at.generation }]
  return {
    key: randomBytes(32),
    ver: 1 + Math.max(root.ver, ...versions.flat()),
    past: past.filter(({ lastGen }) => lastGen >= at.oldest),
  }
}

/** Writes the slots for a new root key. Rejects with the disk's error; then `takeBackWrapped` clears what was begun. */
export const wrapForAll = async (
  layout: Layout,
  { storeId, root, slots }: { storeId: string; root: RootKey; slots: readonly SlotRecord[] },
  disk: DiskCalls,
): Promise<SlotRecord[]> => {
  const records: SlotRecord[] = []
  for (const slot of slots) {
    const { slotId, kind, createdAt, publicKey } = slot
    const wrapped = {
      slotId,
      kind,
      createdAt,
      publicKey,
      storeId,
      rootKey: root.key,
      rootVer: root.ver,
      past: root.past,
    }
    records.push(await writeSlot(layout, wrapped, disk))
  }
  return records
}

/** Takes the files of a root key away that never came into use. */
export const takeBackWrapped = async (
  layout: Layout,
  root: RootKey,
  slots: readonly SlotRecord[],
  disk: DiskCalls,
): Promise<void> => {
  for (const { slotId } of slots)
    for (const path of slotFiles(layout, slotId, root.ver)) await disk.unlink(path).catch(() => undefined)
}

/** Takes the files of all other root keys away, once the present one is in use. Gives what could not be taken away. */
export const dropSuperseded = async (
  layout: Layout,
  slots: readonly SlotRecord[],
  disk: DiskCalls,
): Promise<{ slotId: string; error: unknown }[]> => {
  const left: { slotId: string; error: unknown }[] = []
  for (const { slotId, rootVer = 1 } of slots)
    await deleteSlot(layout, slotId, disk, { except: rootVer }).catch((error: unknown) => left.push({ slotId, error }))
  return left
}
