/**
 * The keystore: one encrypted folder that holds one document. Promises: a write that resolves is on the disk and opens on
 * any machine that has a slot's key; a write that rejects has changed nothing, on disk or in memory; nothing unreadable is
 * ever overwritten or taken for empty. Never: knows what the document means, writes anything before a slot has opened.
 */
import { Low } from 'lowdb'
import { realDisk, writeDurably, type DiskCalls } from '../disk/durable-file.ts'
import { Problem } from '../problem.ts'
import { GenerationAdapter, type DocumentCodec } from './adapter.ts'
import { writeAnchor } from './anchor.ts'
import { diskFault } from './disk-fault.ts'
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
import { keyOf, withFreshDek, type Keyring } from './keyring.ts'
import type { Layout } from './layout.ts'
import type { MachineKeyKind } from './machine-key-protection.ts'
import { machineKeyKind } from './machine-key.ts'
import type { RootKey } from './root-key.ts'
import { createSealer, type Sealer } from './sealer.ts'
import { createSlotChanges, type SlotChanges } from './slot-changes.ts'
import { journalKeyOf, type JournalKey } from './journal-key.ts'
import { trailKeyOf, type TrailKey } from './trail-key.ts'

export interface KeystoreAlarm {
  readonly kind:
    | 'generation_damaged'
    | 'slot_copy_healed'
    | 'slot_copy_damaged'
    | 'slot_damaged'
    | 'slot_unlisted'
    | 'leftover_removed'
    | 'root_key_owed'
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
  /** How a machine key that is made here is kept. Default: a file. */
  readonly machineKeyKind?: MachineKeyKind
  /**
   * Looks at a document that has been opened, before anything is written; what it gives is what the first write holds. The
   * same document: nothing is to be changed.
   */
  readonly adopt?: (document: D, opening: Opening) => Promise<D>
  /** When the generations of the last 15 minutes hold more bytes than this, writes are slowed down. Default 4 GiB. */
  readonly storeBytesMax?: number
}

/** From what a document has been opened. */
export interface Opening {
  readonly storeId: string
  /** Of the document. */
  readonly generation: number
  /** RFC 3339: when that generation was written. */
  readonly writtenAt: string
  /** The newest generation this machine has written of this store; `null`: none. */
  readonly remembered: number | null
  readonly journalKey: JournalKey
}

export interface Keystore<D> extends SlotChanges {
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
  /** Vouches for the journal of revocations. */
  readonly journalKey: JournalKey
  /** What the keys of the keystore are and since when, for whoever asks how it is protected. */
  readonly protection: Protection
}

export interface Protection {
  /** RFC 3339; `null`: since before it was noted. */
  readonly rootKeySince: string | null
  readonly dataKeySince: string | null
  readonly machineKey: MachineKeyKind
}

/** What opening has found out; from here on everything is known to be ours. */
export interface OpenState<D> {
  readonly layout: Layout
  readonly storeId: string
  readonly root: RootKey
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
  const { layout, storeId, machineSlotId } = state
  const { codec, now, disk = realDisk, storeBytesMax = storeBytesDefault } = deps
  const health = new Map(state.slotHealth)
  let keyring = state.keyring
  let pendingKeyring = keyring
  let root = state.root
  let pendingRoot = root
  let generation = state.generation
  let hash = state.hash
  let nextGeneration = state.highest + 1
  let stored: StoredGeneration[] = await storedGenerations(layout, now(), disk)
  let highestOnDisk = (await listGenerations(layout, disk)).highest
  let bytes = stored.find(({ gen }) => gen === generation)?.bytes ?? 0
  const machineKey = (await machineKeyKind(layout, disk)) ?? 'file'
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
    pendingKeyring = withFreshDek(pendingKeyring, gen, created)
    const { key: rootKey } = pendingRoot
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
    root = pendingRoot
    bytes = sealed.parts.reduce((sum, part) => sum + part.length, 0)
    stored.push({ gen, writtenMs: now(), bytes })
  }

  const low = new Low<D>(new GenerationAdapter<D>(async () => state.document, seal), state.document)

  const write = async (next: D, nextKeyring: Keyring = keyring, newRoot: RootKey = root): Promise<number> => {
    if (writing) throw new Error('two writes at once')
    if (fenced)
      throw new Problem('store_unavailable', {
        detail: 'Another program has written to the store; start Postern again.',
      })
    writing = true
    const before = low.data
    pendingKeyring = nextKeyring
    pendingRoot = newRoot
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

  const slotChanges = createSlotChanges({
    layout,
    storeId,
    machineSlotId,
    now,
    disk,
    health,
    keyring: () => keyring,
    root: () => root,
    kept: () => ({ generation, oldest: Math.min(generation, ...stored.map(({ gen }) => gen)) }),
    write: async (nextKeyring, nextRoot) => void (await write(low.data, nextKeyring, nextRoot)),
    onAlarm: deps.onAlarm,
  })

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
    journalKey: journalKeyOf(keyOf(keyring.fieldKey), storeId),
    ...slotChanges,
    get protection() {
      return { rootKeySince: keyring.rootSince ?? null, dataKeySince: keyring.dekSince?.at ?? null, machineKey }
    },
  }
}
