/** The slots of a keystore that has just opened: are they what the keyring lists, and do they wrap the root key in use? */
import { realDisk, type DiskCalls } from '../disk/durable-file.ts'
import type { Keyring, SlotRecord } from './keyring.ts'
import type { Keystore, KeystoreDeps } from './keystore.ts'
import type { Layout } from './layout.ts'
import { dropSuperseded } from './root-key.ts'
import { unlistedSlot } from './slot-changes.ts'
import { claimedSlots, inspectSlot, rootVersions } from './slots.ts'

/** Heals what can be healed, tells what cannot, and takes away what an interrupted change of the root key has left. */
export const inspectSlots = async <D>(
  deps: KeystoreDeps<D>,
  layout: Layout,
  { keyring, damaged }: { keyring: Keyring; damaged: readonly number[] },
): Promise<Map<string, 'ok' | 'damaged'>> => {
  const disk = deps.disk ?? realDisk
  const healths = new Map<string, 'ok' | 'damaged'>()
  for (const slot of keyring.slots) {
    const { health, healed, unhealed } = await inspectSlot(layout, slot, disk)
    healths.set(slot.slotId, health)
    // While a newer generation is damaged its slot files stay: they may be what opens it one day.
    if (health === 'ok' && damaged.length === 0) await dropLeftOver(deps, layout, slot)
    if (healed.length > 0)
      deps.onAlarm({
        kind: 'slot_copy_healed',
        message: `One copy of key slot ${slot.slotId} was bad and was made anew from the other.`,
        files: healed,
      })
    if (unhealed.length > 0)
      deps.onAlarm({
        kind: 'slot_copy_damaged',
        message: `One copy of key slot ${slot.slotId} is bad and could not be made anew. Look at the disk, then start again.`,
        files: unhealed,
      })
    // Files for another root key are there: a change of it went wrong halfway, and is made good once the store is open.
    const isBehind = health === 'damaged' && (await isWrappedOtherwise(layout, slot, disk))
    if (health === 'damaged' && !isBehind)
      deps.onAlarm({
        kind: 'slot_damaged',
        message:
          slot.kind === 'recovery'
            ? `Both copies of recovery slot ${slot.slotId} are damaged or gone. Make a new recovery kit today: postern slots add --kind recovery`
            : `Both copies of machine slot ${slot.slotId} are damaged or gone. If its machine no longer opens this folder, take it off the list: postern slots remove ${slot.slotId}`,
        files: [],
      })
  }
  const listed = new Set(keyring.slots.map(({ slotId }) => slotId))
  for (const { slotId } of await claimedSlots(layout, disk))
    if (!listed.has(slotId)) deps.onAlarm(await unlistedSlot(layout, slotId, disk))
  return healths
}

/** Whether the files of a slot are those for other root keys than the list says. */
const isWrappedOtherwise = async (
  layout: Layout,
  { slotId, rootVer = 1 }: SlotRecord,
  disk: DiskCalls,
): Promise<boolean> => {
  const versions = await rootVersions(layout, slotId, disk)
  return versions.length > 0 && !versions.includes(rootVer)
}

const dropLeftOver = async <D>(deps: KeystoreDeps<D>, layout: Layout, slot: SlotRecord): Promise<void> => {
  const disk = deps.disk ?? realDisk
  if ((await rootVersions(layout, slot.slotId, disk)).length < 2) return
  const left = await dropSuperseded(layout, [slot], disk)
  for (const { slotId, error } of left) deps.onAlarm(await unlistedSlot(layout, slotId, disk, error))
  if (left.length === 0)
    deps.onAlarm({
      kind: 'leftover_removed',
      message: `Files of key slot ${slot.slotId} that an interrupted change of the root key had left were removed.`,
      files: [],
    })
}

/**
 * Draws the root key that is due: a slot has gone and only that was written, or the generation that brought the last one is
 * damaged and the slots no longer fit the list. It can wait for the next start; the store is open either way.
 */
export const payRootOwed = async <D>(
  deps: KeystoreDeps<D>,
  layout: Layout,
  keystore: Keystore<D>,
  { slots, rootOwed }: Keyring,
): Promise<void> => {
  const behind = await Promise.all(slots.map((slot) => isWrappedOtherwise(layout, slot, deps.disk ?? realDisk)))
  if (rootOwed !== true && !behind.includes(true)) return
  await keystore.rotateRootKey().catch((error: unknown) =>
    deps.onAlarm({
      kind: 'root_key_owed',
      message: `The root key could not be changed (${String(error)}); whoever has the key of a slot that was removed can open what is written meanwhile. It is tried again at the next start, or now: postern slots rotate`,
      files: [],
    }),
  )
}
