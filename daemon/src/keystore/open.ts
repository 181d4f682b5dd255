/**
 * The three ways to a keystore: make a new one, open it with this machine's key, unlock it with the recovery code. Nothing
 * is written before a slot has opened, and what looks like a lost store is never taken for a new one.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { makeFolder, namesIn } from '../disk/disk-calls.ts'
import { assertPrivate } from '../disk/folder-mode.ts'
import { realDisk, writeDurably, type DiskCalls } from '../disk/durable-file.ts'
import { Problem, type Secret } from '../problem.ts'
import { readAnchor } from './anchor.ts'
import type { FolderHold } from './folder-hold.ts'
import { listGenerations, openNewest, pathOfGeneration, setAside } from './generations.ts'
import { newKeyring, type Keyring } from './keyring.ts'
import {
  keystoreOver,
  makeRecoverySlot,
  unlistedSlot,
  type Keystore,
  type KeystoreDeps,
  type OpenState,
  type RecoveryKit,
} from './keystore.ts'
import { layoutOf, restoreNote, type Layout } from './layout.ts'
import { drawMachineKey, privateJwk, readMachineKey, writeMachineKey, type MachineKey } from './machine-key.ts'
import {
  claimedSlots,
  deleteSlot,
  inspectSlot,
  newSlotId,
  openRecoverySlot,
  recordOfSlot,
  unwrapSlot,
  writeSlot,
} from './slots.ts'

/** Makes a keystore in an empty folder. Throws `keystore_exists`, `keystore_damaged`, `folder_unsafe`. */
export const createKeystore = async <D>(
  deps: KeystoreDeps<D>,
  _hold: FolderHold,
  first: D,
): Promise<{ keystore: Keystore<D>; recoveryKit: RecoveryKit }> => {
  const layout = layoutOf(deps.dataDir, deps.machineDir)
  const disk = deps.disk ?? realDisk
  await assertNothingThere(layout, disk)
  await assertPrivate(layout.dataDir, 2, disk)
  const foreign = (await namesIn(layout.dataDir, disk)).filter((name) => !name.startsWith('.'))
  if (foreign.length > 0)
    throw new Problem('keystore_exists', {
      detail: `${layout.dataDir} is not empty (it holds ${foreign[0]}); name a new or an empty folder. Nothing has been changed.`,
    })
  for (const dir of [layout.store, ...layout.slots]) await makeFolder(dir, disk)
  await assertPrivate(layout.dataDir, 2, disk)
  await assertPrivate(layout.machineDir, 2, disk)
  const storeId = randomUUID()
  const rootKey = randomBytes(32)
  const createdAt = new Date(deps.now()).toISOString()
  await writeDurably(layout.restoreNote, Buffer.from(restoreNote(storeId)), disk)
  const machineKey = await drawMachineKey(storeId, newSlotId())
  const machineSlot = await writeSlot(layout, { ...slotOf(machineKey), createdAt, rootKey }, disk)
  const recovery = await makeRecoverySlot(layout, { storeId, rootKey, createdAt }, disk)
  await writeMachineKey(layout, machineKey, disk)
  const keystore = await keystoreOver(deps, {
    layout,
    storeId,
    rootKey,
    keyring: newKeyring([machineSlot, recovery.record]),
    document: first,
    generation: 0,
    hash: '',
    highest: 0,
    machineSlotId: machineKey.slotId,
    slotHealth: new Map(),
  })
  await keystore.write(first)
  return { keystore, recoveryKit: recovery.kit }
}

/**
 * Opens a keystore with this machine's key. Throws `keystore_absent`, `keystore_locked`, `keystore_damaged`,
 * `keystore_too_new`, `keystore_rolled_back`, `folder_unsafe`.
 */
export const openKeystore = async <D>(deps: KeystoreDeps<D>, _hold: FolderHold): Promise<Keystore<D>> => {
  const layout = layoutOf(deps.dataDir, deps.machineDir)
  const disk = deps.disk ?? realDisk
  await assertSomethingThere(layout, disk)
  await assertPrivate(layout.dataDir, 2, disk)
  await assertPrivate(layout.machineDir, 2, disk)
  const machineKey = await readMachineKey(layout, disk)
  const locked = (why: string) =>
    new Problem('keystore_locked', { detail: `${why} Unlock it with the recovery kit: postern unlock --recovery` })
  if (machineKey === undefined)
    throw locked(`This machine has no key for the keystore (${layout.machineKey} is not there or not readable).`)
  const rootKey = await unwrapSlot(layout, machineKey.slotId, privateJwk(machineKey), disk)
  if (rootKey === undefined) throw locked('No key slot of this folder opens with this machine’s key.')
  const state = await openState(deps, layout, { rootKey, machineSlotId: machineKey.slotId })
  await assertNotRolledBack(layout, state.storeId, disk)
  const own = state.keyring.slots.some(({ slotId }) => slotId === machineKey.slotId)
    ? undefined
    : await recordOfSlot(
        layout,
        { ...machineKey, kind: 'machine', createdAt: new Date(deps.now()).toISOString() },
        disk,
      )
  const keyring = own === undefined ? state.keyring : { ...state.keyring, slots: [...state.keyring.slots, own] }
  const keystore = await keystoreOver(deps, await settle(deps, layout, { ...state, keyring }))
  // This machine's slot was listed in a generation that is lost; it is listed again, or nothing would keep it whole.
  if (own !== undefined) await keystore.write(state.document)
  return keystore
}

/**
 * Opens a keystore with the recovery code and makes a machine slot here, in place of the old machines'. Throws
 * `recovery_code_invalid`, `keystore_rolled_back` unless accepted, and what `openKeystore` throws.
 */
export const unlockWithRecovery = async <D>(
  deps: KeystoreDeps<D>,
  _hold: FolderHold,
  code: Secret,
  options: { acceptRollback?: boolean } = {},
): Promise<Keystore<D>> => {
  const layout = layoutOf(deps.dataDir, deps.machineDir)
  const disk = deps.disk ?? realDisk
  await assertSomethingThere(layout, disk)
  await assertPrivate(layout.dataDir, 2, disk)
  await assertPrivate(layout.machineDir, 2, disk)
  const rootKey = (await openRecoverySlot(layout, code, disk)).rootKey
  const state = await openState(deps, layout, { rootKey, machineSlotId: '' })
  const present = await readMachineKey(layout, disk)
  if (present !== undefined && present.storeId !== state.storeId)
    throw new Problem('conflict', {
      detail: `${layout.machineDir} holds the machine key of another keystore. Name another folder with --machine.`,
    })
  if (options.acceptRollback !== true) await assertNotRolledBack(layout, state.storeId, disk)
  const machineKey = await drawMachineKey(state.storeId, newSlotId())
  const createdAt = new Date(deps.now()).toISOString()
  const machineSlot = await writeSlot(layout, { ...slotOf(machineKey), createdAt, rootKey }, disk)
  const oldMachines = state.keyring.slots.filter(({ kind }) => kind === 'machine')
  const keyring = { ...state.keyring, slots: [...state.keyring.slots, machineSlot] }
  const anchor = await readAnchor(layout, disk)
  const settled = await settle(deps, layout, { ...state, keyring, machineSlotId: machineKey.slotId })
  const highest = Math.max(settled.highest, anchor?.storeId === state.storeId ? anchor.maxGen : 0)
  await writeMachineKey(layout, machineKey, disk)
  const slots = keyring.slots.filter((slot) => !oldMachines.includes(slot))
  const keystore = await keystoreOver(deps, { ...settled, keyring: { ...keyring, slots }, highest })
  await keystore.write(state.document)
  for (const { slotId } of oldMachines)
    await deleteSlot(layout, slotId, disk).catch((error: unknown) => deps.onAlarm(unlistedSlot(layout, slotId, error)))
  return keystore
}

const slotOf = ({ storeId, slotId, publicKey }: MachineKey) => ({
  storeId,
  slotId,
  publicKey,
  kind: 'machine' as const,
})

const openState = async <D>(
  deps: KeystoreDeps<D>,
  layout: Layout,
  { rootKey, machineSlotId }: { rootKey: Buffer; machineSlotId: string },
): Promise<OpenState<D> & { damaged: number[] }> => {
  const disk = deps.disk ?? realDisk
  const { opened, value, damaged } = await openNewest(layout, rootKey, ({ plain }) => deps.codec.parse(plain), disk)
  const { header, keyring, hash } = opened
  const { highest } = await listGenerations(layout, disk)
  return {
    layout,
    storeId: header.storeId,
    rootKey,
    keyring,
    document: value,
    generation: header.gen,
    hash,
    highest,
    machineSlotId,
    slotHealth: new Map(),
    damaged,
  }
}

/** The first writes of an opened keystore: damaged generations set aside, leftovers removed, slots looked at. */
const settle = async <D>(
  deps: KeystoreDeps<D>,
  layout: Layout,
  state: OpenState<D> & { damaged: number[] },
): Promise<OpenState<D>> => {
  const disk = deps.disk ?? realDisk
  for (const gen of state.damaged) {
    // A disk that cannot be written to keeps nobody from starting; the number is not used again, wherever the file lies.
    const aside = await setAside(layout, gen, disk).catch(() => undefined)
    const path = aside ?? pathOfGeneration(layout, gen)
    const kept = aside === undefined ? 'could not be renamed and stays as' : 'is kept as'
    const message = `Generation ${gen} is damaged; Postern started from generation ${state.generation}. Changes made in between are lost. The damaged file ${kept} ${path}.`
    deps.onAlarm({ kind: 'generation_damaged', message, files: [path] })
  }
  for (const name of (await listGenerations(layout, disk)).temporary) {
    await disk.unlink(join(layout.store, name)).catch(() => undefined)
    deps.onAlarm({
      kind: 'leftover_removed',
      message: `An unfinished file of a stopped writer was removed: ${name}`,
      files: [name],
    })
  }
  return { ...state, slotHealth: await inspectSlots(deps, layout, state.keyring) }
}

const inspectSlots = async <D>(
  deps: KeystoreDeps<D>,
  layout: Layout,
  keyring: Keyring,
): Promise<Map<string, 'ok' | 'damaged'>> => {
  const disk = deps.disk ?? realDisk
  const healths = new Map<string, 'ok' | 'damaged'>()
  for (const slot of keyring.slots) {
    const { health, healed, unhealed } = await inspectSlot(layout, slot, disk)
    healths.set(slot.slotId, health)
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
    if (health === 'damaged')
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
    if (!listed.has(slotId)) deps.onAlarm(unlistedSlot(layout, slotId))
  return healths
}

const assertNothingThere = async (layout: Layout, disk: DiskCalls): Promise<void> => {
  const { highest } = await listGenerations(layout, disk)
  if (highest > 0)
    throw new Problem('keystore_exists', {
      detail: `There is already a keystore in ${layout.dataDir}; nothing has been changed.`,
    })
  const slots = (await Promise.all(layout.slots.map((dir) => namesIn(dir, disk)))).flat()
  const anchor = await readAnchor(layout, disk)
  if (slots.length > 0 || anchor !== undefined || (await readMachineKey(layout, disk)) !== undefined)
    throw new Problem('keystore_damaged', {
      detail: `This machine or folder has had a keystore (see ${layout.machineDir} and ${layout.slots[0]}), but its store is gone. Copy the folder back from a backup; to give it up for good, move both folders away and run init again.`,
    })
}

const assertSomethingThere = async (layout: Layout, disk: DiskCalls): Promise<void> => {
  const { highest } = await listGenerations(layout, disk)
  if (highest > 0) return
  await assertNothingThere(layout, disk)
  throw new Problem('keystore_absent', {
    detail: `There is no keystore in ${layout.dataDir}. Make one: postern init --data ${layout.dataDir}`,
  })
}

const assertNotRolledBack = async (layout: Layout, storeId: string, disk: DiskCalls): Promise<void> => {
  const anchor = await readAnchor(layout, disk)
  const { highest } = await listGenerations(layout, disk)
  if (anchor === undefined || anchor.storeId !== storeId || highest >= anchor.maxGen) return
  throw new Problem('keystore_rolled_back', {
    detail: `This folder is older than what this machine last wrote (${highest} < ${anchor.maxGen}); keys removed or disabled since would come back to life. If that is what you want: postern unlock --recovery --accept-rollback`,
  })
}
