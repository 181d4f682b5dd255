/**
 * Key slots: the root key, wrapped once for each way to open the keystore. Each is a flattened JWE (RFC 7516 §7.2.2) with
 * every parameter in the protected header, in a file of its own that is kept twice. Never: one file for several slots,
 * whose list of recipients nothing would protect.
 */
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { FlattenedEncrypt, decodeProtectedHeader, flattenedDecrypt, importJWK, type FlattenedJWE, type JWK } from 'jose'
import { namesIn, readWhole } from '../disk/disk-calls.ts'
import { writeDurably, type DiskCalls } from '../disk/durable-file.ts'
import type { SlotKind, SlotRecord } from './keyring.ts'
import type { Layout } from './layout.ts'
import { Problem, type Secret } from '../problem.ts'
import { parseRecoveryCode, recoveryPrivateKey } from './recovery-code.ts'

const suffix = '.jwe.json'
const slotIdPattern = /^[a-z0-9]{16}$/

export const newSlotId = (): string => randomBytes(8).toString('hex')

/** The files of a slot: both copies. */
export const slotFiles = (layout: Layout, slotId: string): string[] =>
  layout.slots.map((dir) => join(dir, slotId + suffix))

/** Wraps the root key for a public key and writes both copies. */
export const writeSlot = async (
  layout: Layout,
  slot: { slotId: string; kind: SlotKind; storeId: string; createdAt: string; publicKey: JWK; rootKey: Buffer },
  disk: DiskCalls,
): Promise<SlotRecord> => {
  const payload = {
    v: 1,
    storeId: slot.storeId,
    slotId: slot.slotId,
    rootKey: slot.rootKey.toString('base64url'),
    rootVer: 1,
  }
  const jwe = await new FlattenedEncrypt(Buffer.from(JSON.stringify(payload), 'utf8'))
    .setProtectedHeader({
      alg: 'ECDH-ES+A256KW',
      enc: 'A256GCM',
      typ: 'postern-slot+json',
      kid: slot.slotId,
      storeId: slot.storeId,
      kind: slot.kind,
      created: slot.createdAt,
    })
    .encrypt(await importJWK(slot.publicKey, 'ECDH-ES+A256KW'))
  const bytes = Buffer.from(`${JSON.stringify(jwe, null, 1)}\n`, 'utf8')
  for (const path of slotFiles(layout, slot.slotId)) await writeDurably(path, bytes, disk)
  const { kty, crv, x, y } = slot.publicKey
  return {
    slotId: slot.slotId,
    kind: slot.kind,
    createdAt: slot.createdAt,
    publicKey: { kty, crv, x, y },
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

/**
 * Unwraps the root key from either copy of a slot. `undefined` when neither opens under this key. Throws
 * `store_unavailable` as `readWhole` does.
 */
export const unwrapSlot = async (
  layout: Layout,
  slotId: string,
  privateKey: JWK,
  disk: DiskCalls,
): Promise<Buffer | undefined> => {
  if (!slotIdPattern.test(slotId)) return undefined
  const key = await importJWK(privateKey, 'ECDH-ES+A256KW')
  for (const path of slotFiles(layout, slotId)) {
    const bytes = await readWhole(path, disk)
    if (bytes === undefined) continue
    try {
      const jwe = JSON.parse(bytes.toString('utf8')) as FlattenedJWE
      const { plaintext } = await flattenedDecrypt(jwe, key, {
        keyManagementAlgorithms: ['ECDH-ES+A256KW'],
        contentEncryptionAlgorithms: ['A256GCM'],
      })
      const payload = JSON.parse(Buffer.from(plaintext).toString('utf8')) as {
        v: number
        slotId: string
        rootKey: string
      }
      const rootKey = Buffer.from(payload.rootKey, 'base64url')
      if (payload.v === 1 && payload.slotId === slotId && rootKey.length === 32) return rootKey
    } catch {
      // A slot that does not open says nothing about why; the other copy, or another slot, may.
    }
  }
  return undefined
}

/** The recovery slot that a code opens, and the root key in it. Throws `recovery_code_invalid`; never repeats the code. */
export const openRecoverySlot = async (
  layout: Layout,
  code: Secret,
  disk: DiskCalls,
): Promise<{ slotId: string; rootKey: Buffer }> => {
  const seed = parseRecoveryCode(code)
  const slots = (await claimedSlots(layout, disk)).filter(({ kind }) => kind === 'recovery')
  for (const { slotId, storeId } of slots) {
    const rootKey = await unwrapSlot(layout, slotId, recoveryPrivateKey(seed, storeId), disk)
    if (rootKey !== undefined) return { slotId, rootKey }
  }
  throw new Problem('recovery_code_invalid', {
    detail: `The code is whole, but opens none of the ${slots.length} recovery slots of this folder. Is it the kit of this store (its id is in README-RESTORE.txt)?`,
  })
}

/** What the keyring remembers of a slot that lies here although it is not listed. `undefined` when neither copy is there. */
export const recordOfSlot = async (
  layout: Layout,
  slot: Pick<SlotRecord, 'slotId' | 'kind' | 'createdAt'> & { publicKey: JWK },
  disk: DiskCalls,
): Promise<SlotRecord | undefined> => {
  const { kty, crv, x, y } = slot.publicKey
  for (const path of slotFiles(layout, slot.slotId)) {
    const bytes = await readWhole(path, disk)
    if (bytes === undefined) continue
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { ...slot, publicKey: { kty, crv, x, y }, sha256 }
  }
  return undefined
}

/** The slots a folder holds, by what their headers claim; nothing here is verified yet. */
export const claimedSlots = async (
  layout: Layout,
  disk: DiskCalls,
): Promise<{ slotId: string; kind: string; storeId: string }[]> => {
  const found = new Map<string, { slotId: string; kind: string; storeId: string }>()
  for (const dir of layout.slots) {
    for (const name of await namesIn(dir, disk)) {
      const slotId = name.slice(0, -suffix.length)
      if (!name.endsWith(suffix) || !slotIdPattern.test(slotId) || found.has(slotId)) continue
      const bytes = await readWhole(join(dir, name), disk)
      try {
        const header = decodeProtectedHeader(JSON.parse(bytes?.toString('utf8') ?? '') as FlattenedJWE)
        const { kind, storeId } = header as { kind?: unknown; storeId?: unknown }
        if (typeof kind === 'string' && typeof storeId === 'string') found.set(slotId, { slotId, kind, storeId })
      } catch {
        // An unreadable copy: the other one may still speak.
      }
    }
  }
  return [...found.values()]
}

/**
 * Compares both copies of a slot with what the keyring remembers, and heals one bad copy from the good one. `unhealed`:
 * bad copies that the disk did not let us make anew.
 */
export const inspectSlot = async (
  layout: Layout,
  slot: SlotRecord,
  disk: DiskCalls,
): Promise<{ health: 'ok' | 'damaged'; healed: string[]; unhealed: string[] }> => {
  const copies = await Promise.all(
    slotFiles(layout, slot.slotId).map(async (path) => {
      const bytes = await readWhole(path, disk)
      return {
        path,
        bytes,
        good: bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === slot.sha256,
      }
    }),
  )
  const good = copies.find((copy) => copy.good)?.bytes
  if (good === undefined) return { health: 'damaged', healed: [], unhealed: [] }
  const healed: string[] = []
  const unhealed: string[] = []
  for (const { path, bytes, good: fine } of copies) {
    if (fine) continue
    try {
      if (bytes !== undefined) await disk.rename(path, `${path}.${randomBytes(4).toString('hex')}.bad`)
      await writeDurably(path, good, disk)
      healed.push(path)
    } catch {
      // One good copy is enough to run; a disk that cannot be written to is reported by whoever must write.
      unhealed.push(path)
    }
  }
  return { health: 'ok', healed, unhealed }
}

/** Takes both copies of a slot away. */
export const deleteSlot = async (layout: Layout, slotId: string, disk: DiskCalls): Promise<void> => {
  for (const path of slotFiles(layout, slotId)) {
    await disk.unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
}
