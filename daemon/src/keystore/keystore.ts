/**
 * The keystore: one encrypted folder that holds one document. Promises: a write that resolves is on the disk and opens on
 * any machine that has a slot's key; a write that rejects has changed nothing, on disk or in memory; nothing unreadable is
 * ever overwritten or taken for empty. Never: knows what the document means, writes anything before a slot has opened.
 */
import { randomBytes } from 'node:crypto'
import { Low } from 'lowdb'
import { realDisk, writeDurably, type DiskCalls } from '../disk/durable-file.ts'
import { isNoSpace } from '../disk/reserve-file.ts'
import { Problem, type Secret } from '../problem.ts'
import { GenerationAdapter, type DocumentCodec } from './adapter.ts'
import { writeAnchor } from './anchor.ts'
import { sealGeneration } from './generation-file.ts'
import {
  listGenerations,
  pathOfGeneration,
  pruneGenerations,
  storedGenerations,
  takeBack,
  verifyGeneration,
  windowBytesOf,
  type StoredGeneration,
} from './generations.ts'
import { keyOf, type Keyring, type SlotKind } from './keyring.ts'
import type { Layout } from './layout.ts'
import { formatRecoveryCode, recoveryPrivateKey, seedBytes } from './recovery-code.ts'
import { createSealer, type Sealer } from './sealer.ts'
import { deleteSlot, openRecoverySlot, newSlotId, slotFiles, writeSlot } from './slots.ts'
import { trailKeyOf, type TrailKey } from './trail-key.ts'

export interface KeystoreAlarm {
  readonly kind:
    | 'generation_damaged'
    | 'slot_copy_healed'
    | 'slot_copy_damaged'
    | 'slot_damaged'
    | 'slot_unlisted'
    | 'leftover_removed'
    | 'fenced'
  readonly message: string
  readonly files: readonly string[]
}

export interface KeystoreDeps<D> {
  readonly dataDir: string
  readonly machineDir: string
  readonly codec: DocumentCodec<D>
  readonly now: () => number
  readonly onAlarm: (alarm: KeystoreAlarm) => void
  readonly disk?: DiskCalls
  /** When the generations of the last 15 minutes hold more bytes than this, writes are slowed down. Default 4 GiB. */
  readonly storeBytesMax?: number
}

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

export interface Keystore<D> {
  readonly storeId: string
  /** The generation the document is from. */
  readonly generation: number
  /** The number the next write will carry. A number whose write failed is never used again. */
  readonly nextGeneration: number
  readonly document: D
  /** How large the newest generation is. */
  readonly bytes: number
  /**
   * Seals the next generation and makes it durable; gives its number. One at a time. Throws `store_unavailable`; then
   * document and generation are as before, and the next write tries afresh.
   */
  write(next: D): Promise<number>
  sealer(purpose: string): Sealer
  /** Seals the audit trail. */
  readonly trailKey: TrailKey
  slots(): SlotInfo[]
  /** Makes a new recovery slot. Its code exists nowhere else. */
  addRecoverySlot(): Promise<RecoveryKit>
  /** The id of the recovery slot that a code opens here. Throws `recovery_code_invalid`. */
  tryRecoveryCode(code: Secret): Promise<string>
  /** Throws `not_found`, or `in_use` for this machine's own slot and the last recovery slot. */
  removeSlot(id: string): Promise<void>
}

/** What opening has found out; from here on everything is known to be ours. */
export interface OpenState<D> {
  readonly layout: Layout
  readonly storeId: string
  readonly rootKey: Buffer
  readonly keyring: Keyring
  readonly document: D
  /** 0 before the first generation. */
  readonly generation: number
  readonly hash: string
  readonly highest: number
  readonly machineSlotId: string
  readonly slotHealth: ReadonlyMap<string, 'ok' | 'damaged'>
}

const slowdownMs = 250
const storeBytesDefault = 4 * 1024 ** 3

/** A keystore over an opened state. Use `createKeystore`, `openKeystore` or `unlockWithRecovery` to get there. */
export const keystoreOver = async <D>(deps: KeystoreDeps<D>, state: OpenState<D>): Promise<Keystore<D>> => {
  const { layout, storeId, rootKey, machineSlotId } = state
  const { codec, now, disk = realDisk, storeBytesMax = storeBytesDefault } = deps
  const health = new Map(state.slotHealth)
  let keyring = state.keyring
  let pendingKeyring = keyring
  let generation = state.generation
  let hash = state.hash
  let nextGeneration = state.highest + 1
  let stored: StoredGeneration[] = await storedGenerations(layout, now(), disk)
  let highestOnDisk = (await listGenerations(layout, disk)).highest
  let bytes = stored.find(({ gen }) => gen === generation)?.bytes ?? 0
  let writing = false
  let fenced = false

  const seal = async (document: D): Promise<void> => {
    const gen = nextGeneration
    nextGeneration += 1
    // Nothing but us may have written here since; whoever did is still writing, and our document would undo theirs.
    const { highest } = await listGenerations(layout, disk)
    if (highest !== highestOnDisk) {
      fenced = true
      const message = `Another program has written generation ${highest} into ${layout.store}, where this one expected ${highestOnDisk}. This Postern no longer writes; stop the other one and start again.`
      deps.onAlarm({ kind: 'fenced', message, files: [layout.store] })
      throw new Problem('store_unavailable', { detail: message })
    }
    const created = new Date(now()).toISOString()
    const plain = codec.serialise(document)
    const sealed = sealGeneration({ storeId, gen, prevHash: hash, created, rootKey, keyring: pendingKeyring, plain })
    await writeDurably(pathOfGeneration(layout, gen), sealed.parts, disk)
    try {
      await verifyGeneration(layout, gen, sealed, disk)
      await writeAnchor(layout, { storeId, maxGen: gen, headHash: sealed.hash }, disk)
    } catch (error) {
      await takeBack(layout, gen, disk)
      // What could not be taken away is still ours; anything else that is new here is another writer's.
      if ((await listGenerations(layout, disk)).highest === gen) highestOnDisk = gen
      throw error
    }
    generation = gen
    hash = sealed.hash
    highestOnDisk = gen
    keyring = pendingKeyring
    bytes = sealed.parts.reduce((sum, part) => sum + part.length, 0)
    stored.push({ gen, writtenMs: now(), bytes })
  }

  const low = new Low<D>(new GenerationAdapter<D>(async () => state.document, seal), state.document)

  const write = async (next: D, nextKeyring: Keyring = keyring): Promise<number> => {
    if (writing) throw new Error('two writes at once')
    if (fenced)
      throw new Problem('store_unavailable', {
        detail: 'Another program has written to the store; start Postern again.',
      })
    writing = true
    const before = low.data
    pendingKeyring = nextKeyring
    try {
      if (windowBytesOf(stored, now()) > storeBytesMax) await new Promise((resolve) => setTimeout(resolve, slowdownMs))
      low.data = next
      await low.write()
    } catch (error) {
      // lowdb keeps the new value after a failed write; what is in memory must be what is on the disk.
      low.data = before
      throw diskFault(error, layout.store)
    } finally {
      writing = false
    }
    stored = await pruneGenerations(layout, stored, now(), disk)
    return generation
  }

  return {
    storeId,
    get generation() {
      return generation
    },
    get nextGeneration() {
      return nextGeneration
    },
    get bytes() {
      return bytes
    },
    get document() {
      return low.data
    },
    write: (next) => write(next),
    sealer: (purpose) => createSealer(keyOf(keyring.fieldKey), storeId, purpose),
    trailKey: trailKeyOf(keyOf(keyring.auditKey), storeId),
    slots: () =>
      keyring.slots.map(({ slotId, kind, createdAt }) => ({
        id: slotId,
        kind,
        createdAt,
        thisMachine: slotId === machineSlotId,
        health: health.get(slotId) ?? 'ok',
      })),
    addRecoverySlot: async () => {
      const createdAt = new Date(now()).toISOString()
      const made = await makeRecoverySlot(layout, { storeId, rootKey, createdAt }, disk).catch((error: unknown) => {
        throw diskFault(error, layout.store)
      })
      try {
        await write(low.data, { ...keyring, slots: [...keyring.slots, made.record] })
      } catch (error) {
        await deleteSlot(layout, made.record.slotId, disk).catch(() => undefined)
        throw error
      }
      return made.kit
    },
    tryRecoveryCode: async (code) => {
      const { slotId, rootKey: found } = await openRecoverySlot(layout, code, disk)
      if (!found.equals(rootKey) || !keyring.slots.some((slot) => slot.slotId === slotId))
        throw new Problem('recovery_code_invalid', {
          detail: 'This code opens a slot file that is not, or no longer, a slot of this keystore.',
        })
      return slotId
    },
    removeSlot: async (id) => {
      const slot = keyring.slots.find((each) => each.slotId === id)
      if (slot === undefined)
        throw new Problem('not_found', { detail: 'There is no slot with this id; see the list of slots.' })
      if (id === machineSlotId)
        throw new Problem('in_use', {
          detail: 'This machine opens the keystore with this slot; removing it would lock Postern out.',
        })
      if (slot.kind === 'recovery' && keyring.slots.filter(({ kind }) => kind === 'recovery').length === 1)
        throw new Problem('in_use', {
          detail: 'This is the last recovery slot. Add a new one first, then remove this one.',
        })
      // First the manifest, then the files: cut in between, the next start names the files that are left over.
      await write(low.data, { ...keyring, slots: keyring.slots.filter((each) => each !== slot) })
      await deleteSlot(layout, id, disk).catch((error: unknown) => deps.onAlarm(unlistedSlot(layout, id, error)))
    },
  }
}

/** The alarm for a slot whose files lie here although the keystore does not list it: whoever has its key can still open it. */
export const unlistedSlot = (layout: Layout, slotId: string, error?: unknown): KeystoreAlarm => ({
  kind: 'slot_unlisted',
  message: `Key slot ${slotId} is not in the list of this keystore, but its file is there, and whoever has its key can open the store with it. It is left over from a change that was cut short, or from a state that is lost; when you know that nobody needs it, delete the file.${error instanceof Error ? ` (${error.message})` : ''}`,
  files: slotFiles(layout, slotId),
})

/** What a failure of the disk is to the one who asked for a change. A Problem stays as it is. */
const diskFault = (error: unknown, dir: string): Problem =>
  error instanceof Problem
    ? error
    : new Problem('store_unavailable', {
        detail: isNoSpace(error)
          ? `The disk of ${dir} is full, so the change was not made. Make room, then try again.`
          : 'The change could not be written to the disk, so it was not made. Look at free space and at the log, then try again.',
        internal: String(error),
        cause: error,
      })

/** Draws a recovery seed, writes its slot, and gives the code that opens it. */
export const makeRecoverySlot = async (
  layout: Layout,
  store: { storeId: string; rootKey: Buffer; createdAt: string },
  disk: DiskCalls,
) => {
  const seed = randomBytes(seedBytes)
  const slotId = newSlotId()
  const { d: _private, ...publicKey } = recoveryPrivateKey(seed, store.storeId)
  const record = await writeSlot(layout, { ...store, slotId, kind: 'recovery', publicKey }, disk)
  const kit: RecoveryKit = { storeId: store.storeId, slotId, code: formatRecoveryCode(seed) }
  return { record, kit }
}
