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
import { journalKeyOf } from './journal-key.ts'
import { keyOf, newKeyring } from './keyring.ts'
import { inspectSlots, payRootOwed } from './inspect-slots.ts'
import { keystoreOver, type Keystore, type KeystoreDeps, type OpenState } from './keystore.ts'
import { layoutOf, restoreNote, type Layout } from './layout.ts'
import { drawMachineKey, privateJwk, readMachineKey, writeMachineKey, type MachineKey } from './machine-key.ts'
import type { RootKey } from './root-key.ts'
import { makeRecoverySlot, unlistedSlot, type RecoveryKit } from './slot-changes.ts'
import {
  assertSlotsThere,
  deleteSlot,
  newSlotId,
  openRecoverySlot,
  recordOfSlot,
  unwrapSlot,
  writeSlot,
  type Unwrapped,
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
  const root: RootKey = { key: randomBytes(32), ver: 1, past: [] }
  const createdAt = new Date(deps.now()).toISOString()
  await writeDurably(layout.restoreNote, Buffer.from(restoreNote(storeId)), disk)
  const machineKey = await drawMachineKey(storeId, newSlotId())
  const machineSlot = await writeSlot(layout, { ...slotOf(machineKey, root), createdAt }, disk)
  const recovery = await makeRecoverySlot(layout, { storeId, root, createdAt }, disk)
  await writeMachineKey(layout, machineKey, disk, deps.machineKeyKind)
  const keystore = await keystoreOver(deps, {
    layout,
    storeId,
    root,
    keyring: { ...newKeyring([machineSlot, recovery.record]), rootSince: createdAt },
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
  await assertSlotsThere(layout, disk)
  const locked = (why: string) =>
    new Problem('keystore_locked', { detail: `${why} Unlock it with the recovery kit: postern unlock --recovery` })
  if (machineKey === undefined)
    throw locked(`This machine has no key for the keystore (${layout.machineKey} is not there or not readable).`)
  const unwrapped = await unwrapSlot(layout, machineKey.slotId, privateJwk(machineKey), disk)
  if (unwrapped === undefined) throw locked('No key slot of this folder opens with this machine’s key.')
  const state = await openState(deps, layout, { unwrapped, machineSlotId: machineKey.slotId })
  await assertNotRolledBack(layout, state.storeId, disk)
  const own = state.keyring.slots.some(({ slotId }) => slotId === machineKey.slotId)
    ? undefined
    : await recordOfSlot(
        layout,
        { ...machineKey, kind: 'machine', createdAt: new Date(deps.now()).toISOString() },
        disk,
      )
  const keyring = own === undefined ? state.keyring : { ...state.keyring, slots: [...state.keyring.slots, own] }
  const adopted = await adopt(deps, layout, state)
  const keystore = await keystoreOver(deps, await settle(deps, layout, { ...state, keyring }))
  // This machine's slot was listed in a generation that is lost; it is listed again, or nothing would keep it whole.
  if (own !== undefined || adopted !== state.document) await keystore.write(adopted)
  await payRootOwed(deps, layout, keystore, keyring)
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
  await assertSlotsThere(layout, disk)
  const unwrapped = await openRecoverySlot(layout, code, disk)
  const state = await openState(deps, layout, { unwrapped, machineSlotId: '' })
  const present = await readMachineKey(layout, disk)
  if (present !== undefined && present.storeId !== state.storeId)
    throw new Problem('conflict', {
      detail: `${layout.machineDir} holds the machine key of another keystore. Name another folder with --machine.`,
    })
  if (options.acceptRollback !== true) await assertNotRolledBack(layout, state.storeId, disk)
  const adopted = await adopt(deps, layout, state)
  const machineKey = await drawMachineKey(state.storeId, newSlotId())
  const createdAt = new Date(deps.now()).toISOString()
  const machineSlot = await writeSlot(layout, { ...slotOf(machineKey, state.root), createdAt }, disk)
  const oldMachines = state.keyring.slots.filter(({ kind }) => kind === 'machine')
  const keyring = { ...state.keyring, slots: [...state.keyring.slots, machineSlot] }
  const anchor = await readAnchor(layout, disk)
  const settled = await settle(deps, layout, { ...state, keyring, machineSlotId: machineKey.slotId })
  const highest = Math.max(settled.highest, anchor?.storeId === state.storeId ? anchor.maxGen : 0)
  await writeMachineKey(layout, machineKey, disk, deps.machineKeyKind)
  const slots = keyring.slots.filter((slot) => !oldMachines.includes(slot))
  // Whoever has an old machine's key knows the root key; a new one is due even if this start is cut short.
  const next = { ...keyring, slots, rootOwed: oldMachines.length > 0 || keyring.rootOwed === true }
  const keystore = await keystoreOver(deps, { ...settled, keyring: next, highest })
  await keystore.write(adopted)
  for (const { slotId } of oldMachines)
    await deleteSlot(layout, slotId, disk).catch(async (error: unknown) =>
      deps.onAlarm(await unlistedSlot(layout, slotId, disk, error)),
    )
  await payRootOwed(deps, layout, keystore, next)
  return keystore
}

const slotOf = ({ storeId, slotId, publicKey }: MachineKey, { key, ver, past }: RootKey) => ({
  storeId,
  slotId,
  publicKey,
  kind: 'machine' as const,
  rootKey: key,
  rootVer: ver,
  past,
})

const openState = async <D>(
  deps: KeystoreDeps<D>,
  layout: Layout,
  { unwrapped, machineSlotId }: { unwrapped: Unwrapped; machineSlotId: string },
): Promise<OpenState<D> & { damaged: number[]; writtenAt: string }> => {
  const disk = deps.disk ?? realDisk
  const { rootKeys, past } = unwrapped
  const { opened, rootKey, value, damaged } = await openNewest(
    layout,
    rootKeys,
    ({ plain }) => deps.codec.parse(plain),
    disk,
  )
  const { header, keyring, hash } = opened
  const { highest } = await listGenerations(layout, disk)
  return {
    layout,
    storeId: header.storeId,
    root: {
      key: rootKey,
      ver: keyring.rootVer ?? 1,
      past: past.filter(({ key }) => key !== rootKey.toString('base64url')),
    },
    keyring,
    document: value,
    generation: header.gen,
    hash,
    highest,
    machineSlotId,
    slotHealth: new Map(),
    damaged,
    writtenAt: header.created,
  }
}

/** The document as it is to come up, given what this machine remembers. */
const adopt = async <D>(
  deps: KeystoreDeps<D>,
  layout: Layout,
  state: OpenState<D> & { writtenAt: string },
): Promise<D> => {
  const { storeId, generation, writtenAt, document } = state
  const anchor = await readAnchor(layout, deps.disk ?? realDisk)
  const remembered = anchor?.storeId === storeId ? anchor.maxGen : null
  const journalKey = journalKeyOf(keyOf(state.keyring.fieldKey), storeId)
  return (await deps.adopt?.(document, { storeId, generation, writtenAt, remembered, journalKey })) ?? document
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
  return { ...state, slotHealth: await inspectSlots(deps, layout, state) }
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
