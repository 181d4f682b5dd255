/**
 * Opens a copy of a keystore that lies as bytes in memory, to look into it. Promises: the folder it came from, this machine's
 * anchor and its slots are not touched; what is read is authenticated like a keystore that is started from. Never: a key
 * outside of this room.
 */
import { createHash } from 'node:crypto'
import { realDisk } from '../disk/durable-file.ts'
import { Problem, type Secret } from '../problem.ts'
import { readGeneration } from './generation-file.ts'
import { openWithAny } from './generations.ts'
import { keyOf } from './keyring.ts'
import { layoutOf } from './layout.ts'
import { privateJwk, readMachineKey } from './machine-key.ts'
import { parseRecoveryCode, recoveryPrivateKey } from './recovery-code.ts'
import { createSealer, type Sealer } from './sealer.ts'
import { allOf, claimOfSlot, slotFileName, slotOfFile, unwrapSlotFile, type OpenedSlotFile } from './slots.ts'
import { trailKeyOf } from './trail-key.ts'

/** The parts of a copy that opening needs. */
export interface CopyFiles {
  /** File name -> the copies there are. */
  readonly slots: ReadonlyMap<string, readonly Buffer[]>
  /** Whole by their outer hash, the newest first. */
  readonly generations: readonly { readonly gen: number; readonly bytes: Buffer }[]
}

/** What opens a copy: this machine's key, read anew, or a recovery code. */
export type CopyKey = { readonly dataDir: string; readonly machineDir: string } | { readonly code: Secret }

export interface OpenedCopy<T> {
  readonly storeId: string
  readonly generation: number
  /** Of the generation, RFC 3339. */
  readonly createdAt: string
  /** Hex, of the generation's file. */
  readonly hash: string
  readonly value: T
  readonly sealer: (purpose: string) => Sealer
  /** PEM of the key that the seals of its audit trail are checked with. */
  readonly trailPublicKey: string
  /** Slots that the copy lists, and of which it holds no good file. */
  readonly lostSlots: readonly { readonly slotId: string; readonly kind: 'machine' | 'recovery' }[]
  /** Generations that are newer and did not open. */
  readonly damaged: readonly number[]
}

/** Checks a generation's outer hash, and gives what its header claims. Throws where it is not whole. */
export const headerOf = (bytes: Buffer): { storeId: string; gen: number; created: string } => {
  const { storeId, gen, created } = readGeneration(bytes).header
  return { storeId, gen, created }
}

/**
 * Opens the newest generation that opens. Throws `keystore_locked` when the key opens no slot of the copy,
 * `recovery_code_invalid`, `keystore_damaged`, `keystore_too_new`.
 */
export const openCopy = async <T>(
  { slots, generations }: CopyFiles,
  key: CopyKey,
  parse: (plain: Buffer) => T,
): Promise<OpenedCopy<T>> => {
  const rootKeys = await rootKeysOf(slots, key)
  const damaged: number[] = []
  for (const { gen, bytes } of generations) {
    try {
      const { header, keyring, plain, hash } = openWithAny(bytes, rootKeys).opened
      if (header.gen !== gen) throw new Error('the generation is not the one its name says')
      const value = parse(plain)
      const fieldKey = keyOf(keyring.fieldKey)
      const lost = keyring.slots.filter(
        ({ slotId, sha256, rootVer }) =>
          !(slots.get(slotFileName(slotId, rootVer)) ?? []).some(
            (copy) => createHash('sha256').update(copy).digest('hex') === sha256,
          ),
      )
      return {
        storeId: header.storeId,
        generation: header.gen,
        createdAt: header.created,
        hash,
        value,
        sealer: (purpose) => createSealer(fieldKey, header.storeId, purpose),
        trailPublicKey: trailKeyOf(keyOf(keyring.auditKey), header.storeId).publicKey,
        lostSlots: lost.map(({ slotId, kind }) => ({ slotId, kind })),
        damaged,
      }
    } catch (error) {
      if (error instanceof Problem && error.code === 'keystore_too_new') throw error
      damaged.push(gen)
    }
  }
  throw new Problem('keystore_damaged', { detail: 'No generation of the backup opens. Use another one.' })
}

/** The root keys that the slots of a copy give, those of the newest files first. */
const rootKeysOf = async (slots: CopyFiles['slots'], key: CopyKey): Promise<readonly Buffer[]> => {
  const files = [...slots]
    .map(([name, copies]) => ({ copies, slot: slotOfFile(name) }))
    .toSorted((one, other) => (other.slot?.rootVer ?? 0) - (one.slot?.rootVer ?? 0))
  const found: OpenedSlotFile[] = []
  if ('code' in key) {
    const seed = parseRecoveryCode(key.code)
    for (const copy of files.flatMap(({ copies }) => copies)) {
      const claim = claimOfSlot(copy)
      if (claim?.kind !== 'recovery') continue
      const opened = await unwrapSlotFile(copy, claim.slotId, recoveryPrivateKey(seed, claim.storeId))
      if (opened !== undefined) found.push(opened)
    }
    if (found.length > 0) return allOf(found).rootKeys
    throw new Problem('recovery_code_invalid', {
      detail:
        'The code is whole, but opens no recovery slot of this backup. Is it the kit of its store (the id is in README-RESTORE.txt)?',
    })
  }
  const machineKey = await readMachineKey(layoutOf(key.dataDir, key.machineDir), realDisk).catch(() => undefined)
  if (machineKey !== undefined)
    for (const { slot, copies } of files)
      for (const copy of slot?.slotId === machineKey.slotId ? copies : []) {
        const opened = await unwrapSlotFile(copy, machineKey.slotId, privateJwk(machineKey))
        if (opened !== undefined) found.push(opened)
      }
  if (found.length > 0) return allOf(found).rootKeys
  throw new Problem('keystore_locked', {
    detail:
      machineKey === undefined
        ? `There is no machine key in ${key.machineDir} that this user can read. Open the backup with the recovery kit: --recovery. Or check its hashes alone: --no-keys`
        : 'No slot of this backup opens with this machine’s key: it is of another store, or from before this machine was added. Open it with the recovery kit: --recovery. Or check its hashes alone: --no-keys',
  })
}
