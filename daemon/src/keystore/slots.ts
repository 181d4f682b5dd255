/**
 * Key slots: the root key, wrapped once for each way to open the keystore. Each is a flattened JWE (RFC 7516 §7.2.2) with
 * every parameter in the protected header, in a file of its own that is kept twice. Never: one file for several slots,
 * whose list of recipients nothing would protect.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { FlattenedEncrypt, decodeProtectedHeader, flattenedDecrypt, importJWK, type FlattenedJWE, type JWK } from 'jose'
import { namesIn, readWhole } from '../disk/disk-calls.ts'
import { writeDurably, type DiskCalls } from '../disk/durable-file.ts'
import type { SlotKind, SlotRecord } from './keyring.ts'
import { sha256, type Layout } from './layout.ts'
import { Problem, type Secret } from '../problem.ts'
import { parseRecoveryCode, recoveryPrivateKey } from './recovery-code.ts'

const slotIdPattern = /^[a-z0-9]{16}$/
const filePattern = /^([a-z0-9]{16})(?:\.r(\d+))?\.jwe\.json$/

export const newSlotId = (): string => randomBytes(8).toString('hex')

/** The name of a slot’s file for a root key. */
export const slotFileName = (slotId: string, rootVer = 1): string =>
  `${slotId}${rootVer === 1 ? '' : `.r${rootVer}`}.jwe.json`

/** The files of a slot for one root key: both copies. */
export const slotFiles = (layout: Layout, slotId: string, rootVer = 1): string[] =>
  layout.slots.map((dir) => join(dir, slotFileName(slotId, rootVer)))

/** For which root keys there are files of a slot, newest first. */
export const rootVersions = async (layout: Layout, slotId: string, disk: DiskCalls): Promise<number[]> => {
  const names = (await Promise.all(layout.slots.map((dir) => namesIn(dir, disk)))).flat()
  const found = names.flatMap((name) => {
    const file = slotOfFile(name)
    return file?.slotId === slotId ? [file.rootVer] : []
  })
  return [...new Set(found)].toSorted((one, other) => other - one)
}

/** A root key from before, kept while generations that it sealed are. */
export interface PastRoot {
  /** base64url */
  readonly key: string
  /** The last generation it sealed. */
  readonly lastGen: number
}

/** What a slot opens. */
export interface Unwrapped {
  /** Newest first. */
  readonly rootKeys: readonly Buffer[]
  readonly past: readonly PastRoot[]
}

export interface NewSlot {
  readonly slotId: string
  readonly kind: SlotKind
  readonly storeId: string
  readonly createdAt: string
  readonly publicKey: JWK
  readonly rootKey: Buffer
  readonly rootVer?: number
  readonly past?: readonly PastRoot[]
}

/** Wraps the root key for a public key and writes both copies. */
export const writeSlot = async (layout: Layout, slot: NewSlot, disk: DiskCalls): Promise<SlotRecord> => {
  const { slotId, rootVer = 1, past = [] } = slot
  const payload = {
    v: 1,
    storeId: slot.storeId,
    slotId,
    rootKey: slot.rootKey.toString('base64url'),
    rootVer,
    ...(past.length === 0 ? {} : { past }),
  }
  const jwe = await new FlattenedEncrypt(Buffer.from(JSON.stringify(payload), 'utf8'))
    .setProtectedHeader({
      alg: 'ECDH-ES+A256KW',
      enc: 'A256GCM',
      typ: 'postern-slot+json',
      kid: slotId,
      storeId: slot.storeId,
      kind: slot.kind,
      created: slot.createdAt,
    })
    .encrypt(await importJWK(slot.publicKey, 'ECDH-ES+A256KW'))
  const bytes = Buffer.from(`${JSON.stringify(jwe, null, 1)}\n`, 'utf8')
  for (const path of slotFiles(layout, slotId, rootVer)) await writeDurably(path, bytes, disk)
  return {
    slotId,
    kind: slot.kind,
    createdAt: slot.createdAt,
    publicKey: publicPart(slot.publicKey),
    sha256: sha256(bytes).toString('hex'),
    ...(rootVer === 1 ? {} : { rootVer }),
  }
}

const publicPart = ({ kty, crv, x, y }: JWK): SlotRecord['publicKey'] => ({ kty, crv, x, y })

/**
 * Unwraps what a slot holds, from whichever copy opens. `undefined` when none does under this key. Throws
 * `store_unavailable` as `readWhole` does.
 */
export const unwrapSlot = async (
  layout: Layout,
  slotId: string,
  privateKey: JWK,
  disk: DiskCalls,
): Promise<Unwrapped | undefined> => {
  if (!slotIdPattern.test(slotId)) return undefined
  const found: OpenedSlotFile[] = []
  for (const version of await rootVersions(layout, slotId, disk)) {
    for (const path of slotFiles(layout, slotId, version)) {
      const bytes = await readWhole(path, disk)
      const opened = bytes === undefined ? undefined : await unwrapSlotFile(bytes, slotId, privateKey)
      if (opened === undefined) continue
      found.push(opened)
      break
    }
  }
  return found.length === 0 ? undefined : allOf(found)
}

export interface OpenedSlotFile {
  /** base64url */
  readonly rootKey: string
  readonly past: readonly PastRoot[]
}

/** Which slot a file is of, and for which root key. `undefined` for other files. */
export const slotOfFile = (name: string): { slotId: string; rootVer: number } | undefined => {
  const [, slotId, version] = filePattern.exec(name) ?? []
  return slotId === undefined ? undefined : { slotId, rootVer: Number(version ?? 1) }
}

/** What several files of slots open together, each root key once. `found`: those for the newest root key first. */
export const allOf = (found: readonly OpenedSlotFile[]): Unwrapped => {
  const past = found.flatMap((each) => each.past)
  const keys = [...new Set([...found.map(({ rootKey }) => rootKey), ...past.map((each) => each.key)])]
  return { rootKeys: keys.map((each) => Buffer.from(each, 'base64url')), past }
}

/** Unwraps the bytes of one slot file. `undefined` when they do not open under this key. */
export const unwrapSlotFile = async (
  bytes: Buffer,
  slotId: string,
  privateKey: JWK,
): Promise<OpenedSlotFile | undefined> => {
  const key = await importJWK(privateKey, 'ECDH-ES+A256KW')
  try {
    const { plaintext } = await flattenedDecrypt(JSON.parse(bytes.toString('utf8')) as FlattenedJWE, key, {
      keyManagementAlgorithms: ['ECDH-ES+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    const payload = JSON.parse(Buffer.from(plaintext).toString('utf8')) as {
      v: number
      slotId: string
      rootKey: string
      past?: readonly PastRoot[]
    }
    const isWhole = Buffer.from(payload.rootKey, 'base64url').length === 32
    if (payload.v !== 1 || payload.slotId !== slotId || !isWhole) return undefined
    return { rootKey: payload.rootKey, past: payload.past ?? [] }
  } catch {
    // A slot that does not open says nothing about why; the other copy, or another slot, may.
    return undefined
  }
}

/** What the header of a slot file claims; nothing of it is verified. `undefined` for bytes that are none. */
export const claimOfSlot = (bytes: Buffer): { slotId: string; kind: string; storeId: string } | undefined => {
  try {
    const header = decodeProtectedHeader(JSON.parse(bytes.toString('utf8')) as FlattenedJWE)
    const { kid, kind, storeId } = header as { kid?: unknown; kind?: unknown; storeId?: unknown }
    if (typeof kid !== 'string' || typeof kind !== 'string' || typeof storeId !== 'string') return undefined
    return { slotId: kid, kind, storeId }
  } catch {
    return undefined
  }
}

/** The recovery slot that a code opens, and the root keys in it. Throws `recovery_code_invalid`; never repeats the code. */
export const openRecoverySlot = async (
  layout: Layout,
  code: Secret,
  disk: DiskCalls,
): Promise<{ slotId: string } & Unwrapped> => {
  const seed = parseRecoveryCode(code)
  const slots = (await claimedSlots(layout, disk)).filter(({ kind }) => kind === 'recovery')
  for (const { slotId, storeId } of slots) {
    const unwrapped = await unwrapSlot(layout, slotId, recoveryPrivateKey(seed, storeId), disk)
    if (unwrapped !== undefined) return { slotId, ...unwrapped }
  }
  throw new Problem('recovery_code_invalid', {
    detail: `The code is whole, but opens none of the ${slots.length} recovery slots of this folder. Is it the kit of this store (its id is in README-RESTORE.txt)?`,
  })
}

/** Throws `keystore_damaged` when no slot is left at all: then no key of anybody opens the store. */
export const assertSlotsThere = async (layout: Layout, disk: DiskCalls): Promise<void> => {
  if ((await claimedSlots(layout, disk)).length > 0) return
  throw new Problem('keystore_damaged', {
    detail: `No key slot is left in ${layout.slots.join(' and ')}, so no key opens the generations. Copy the folder of slots back from a backup; nothing has been changed.`,
  })
}

/** What the keyring remembers of a slot that lies here although it is not listed. `undefined` when neither copy is there. */
export const recordOfSlot = async (
  layout: Layout,
  slot: Pick<SlotRecord, 'slotId' | 'kind' | 'createdAt'> & { publicKey: JWK },
  disk: DiskCalls,
): Promise<SlotRecord | undefined> => {
  for (const rootVer of await rootVersions(layout, slot.slotId, disk)) {
    for (const path of slotFiles(layout, slot.slotId, rootVer)) {
      const bytes = await readWhole(path, disk)
      if (bytes === undefined) continue
      const version = rootVer === 1 ? {} : { rootVer }
      return { ...slot, publicKey: publicPart(slot.publicKey), sha256: sha256(bytes).toString('hex'), ...version }
    }
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
      const slotId = slotOfFile(name)?.slotId
      if (slotId === undefined || found.has(slotId)) continue
      // An unreadable copy: the other one may still speak.
      const bytes = await readWhole(join(dir, name), disk)
      const claim = bytes === undefined ? undefined : claimOfSlot(bytes)
      if (claim !== undefined) found.set(slotId, { ...claim, slotId })
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
    slotFiles(layout, slot.slotId, slot.rootVer).map(async (path) => {
      const bytes = await readWhole(path, disk)
      return {
        path,
        bytes,
        good: bytes !== undefined && sha256(bytes).toString('hex') === slot.sha256,
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

/** Takes the files of a slot away: those for every root key, or for all but one of them. */
export const deleteSlot = async (
  layout: Layout,
  slotId: string,
  disk: DiskCalls,
  { except }: { except?: number } = {},
): Promise<void> => {
  for (const version of await rootVersions(layout, slotId, disk)) {
    if (version === except) continue
    for (const path of slotFiles(layout, slotId, version)) {
      await disk.unlink(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
    }
  }
}
