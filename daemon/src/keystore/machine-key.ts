/**
 * The machine's own key: a P-256 private key outside the data folder, readable by the daemon's user alone and sealed for this
 * machine where that can be had. It opens the machine slot, so that Postern starts unattended after a reboot.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { namesIn, readWhole } from '../disk/disk-calls.ts'
import { writeDurably, type DiskCalls } from '../disk/durable-file.ts'
import { Problem, Secret } from '../problem.ts'
import type { Layout } from './layout.ts'
import { machineKeyKinds, openForMachine, sealForMachine, type MachineKeyKind } from './machine-key-protection.ts'

export interface MachineKey {
  readonly storeId: string
  readonly slotId: string
  readonly publicKey: JWK
  readonly privateKey: Secret
}

interface KeyFile {
  readonly v: number
  readonly storeId: string
  readonly slotId: string
  /** Of version 1: the key as it is. */
  readonly privateKey?: JWK
  /** Of version 2: what keeps it, and where it lies sealed. */
  readonly kind?: Exclude<MachineKeyKind, 'file'>
}

/** Reads the machine key; `undefined` when there is none or it is damaged. Throws `store_unavailable` as `readWhole` does. */
export const readMachineKey = async (layout: Layout, disk: DiskCalls): Promise<MachineKey | undefined> => {
  const file = await readKeyFile(layout, disk)
  if (file === undefined) return undefined
  const { storeId, slotId } = file
  const privateKey = file.privateKey ?? (await openSealed(layout, file, disk))
  return privateKey === undefined
    ? undefined
    : { storeId, slotId, publicKey: publicPart(privateKey), privateKey: new Secret(JSON.stringify(privateKey)) }
}

/** How the machine key is kept; `undefined` when there is none. */
export const machineKeyKind = async (layout: Layout, disk: DiskCalls): Promise<MachineKeyKind | undefined> => {
  const file = await readKeyFile(layout, disk)
  return file === undefined ? undefined : (file.kind ?? 'file')
}

const readKeyFile = async (layout: Layout, disk: DiskCalls): Promise<KeyFile | undefined> => {
  const bytes = await readWhole(layout.machineKey, disk)
  if (bytes === undefined) return undefined
  try {
    const file = JSON.parse(bytes.toString('utf8')) as KeyFile
    const isKnown = file.v === 1 ? file.privateKey !== undefined : file.v === 2 && file.kind !== undefined
    return isKnown && typeof file.storeId === 'string' && typeof file.slotId === 'string' ? file : undefined
  } catch {
    // Damaged in whatever way, it is no key; the recovery kit opens, and puts a new one in its place.
    return undefined
  }
}

const openSealed = async (layout: Layout, { kind }: KeyFile, disk: DiskCalls): Promise<JWK | undefined> => {
  if (kind === undefined || !machineKeyKinds.includes(kind)) return undefined
  const sealed = await readWhole(layout.sealedMachineKey, disk)
  if (sealed === undefined) return undefined
  try {
    return JSON.parse((await openForMachine(kind, sealed)).toString('utf8')) as JWK
  } catch {
    // Sealed on another machine, or before its main board was changed: the recovery kit opens the store.
    return undefined
  }
}

/** Draws a machine key for a slot. It is not written yet. */
export const drawMachineKey = async (storeId: string, slotId: string): Promise<MachineKey> => {
  const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true })
  const jwk = await exportJWK(pair.privateKey)
  return { storeId, slotId, publicKey: publicPart(jwk), privateKey: new Secret(JSON.stringify(jwk)) }
}

/**
 * Writes the machine key; one that is there already is kept aside under a fresh name. Throws `settings_invalid` where this
 * machine cannot keep it in that way; then nothing has changed.
 */
export const writeMachineKey = async (
  layout: Layout,
  key: MachineKey,
  disk: DiskCalls,
  kind: MachineKeyKind = 'file',
): Promise<void> => {
  const { storeId, slotId } = key
  const sealed = kind === 'file' ? undefined : await sealForMachine(kind, Buffer.from(key.privateKey.reveal()))
  const kept = sealed === undefined ? { v: 1, privateKey: privateJwk(key) } : { v: 2, kind }
  await putAside(layout.machineKey, disk)
  await putAside(layout.sealedMachineKey, disk)
  if (sealed !== undefined) await writeDurably(layout.sealedMachineKey, sealed, disk)
  await writeDurably(layout.machineKey, Buffer.from(`${JSON.stringify({ ...kept, storeId, slotId })}\n`), disk)
}

/**
 * Keeps the machine key in another way from now on. What it was kept by before is taken away once the new one reads back.
 * Throws `keystore_locked` when there is no key to be read, `settings_invalid` as above.
 */
export const protectMachineKey = async (layout: Layout, kind: MachineKeyKind, disk: DiskCalls): Promise<void> => {
  const key = await readMachineKey(layout, disk)
  if (key === undefined)
    throw new Problem('keystore_locked', {
      detail: `${layout.machineKey} holds no key that opens here. Unlock the keystore first: postern unlock --recovery`,
    })
  const before = new Set(await namesIn(layout.machineDir, disk))
  await writeMachineKey(layout, key, disk, kind)
  const again = await readMachineKey(layout, disk)
  if (again?.privateKey.reveal() !== key.privateKey.reveal())
    throw new Error('the machine key does not read back as it was written')
  for (const name of await namesIn(layout.machineDir, disk))
    if (name.endsWith('.old') && !before.has(name)) await disk.unlink(join(layout.machineDir, name))
}

const putAside = (path: string, disk: DiskCalls): Promise<void> =>
  disk.rename(path, `${path}.${randomBytes(4).toString('hex')}.old`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })

export const privateJwk = (key: MachineKey): JWK => JSON.parse(key.privateKey.reveal()) as JWK

const publicPart = ({ kty, crv, x, y }: JWK): JWK =>
  ({
    kty,
    ...(crv === undefined ? {} : { crv }),
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
  }) as JWK
