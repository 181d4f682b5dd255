/**
 * The machine's own key: a P-256 private key in a file outside the data folder, readable by the daemon's user alone. It
 * opens the machine slot, so that Postern starts unattended after a reboot.
 */
import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { readWhole } from '../disk/disk-calls.ts'
import { writeDurably, type DiskCalls } from '../disk/durable-file.ts'
import { Secret } from '../problem.ts'
import type { Layout } from './layout.ts'

export interface MachineKey {
  readonly storeId: string
  readonly slotId: string
  readonly publicKey: JWK
  readonly privateKey: Secret
}

/** Reads the machine key; `undefined` when there is none or it is damaged. Throws `store_unavailable` as `readWhole` does. */
export const readMachineKey = async (layout: Layout, disk: DiskCalls): Promise<MachineKey | undefined> => {
  const bytes = await readWhole(layout.machineKey, disk)
  if (bytes === undefined) return undefined
  try {
    const { v, storeId, slotId, privateKey } = JSON.parse(bytes.toString('utf8')) as {
      v: number
      storeId: string
      slotId: string
      privateKey: JWK
    }
    if (v !== 1 || typeof storeId !== 'string' || typeof slotId !== 'string') return undefined
    return { storeId, slotId, publicKey: publicPart(privateKey), privateKey: new Secret(JSON.stringify(privateKey)) }
  } catch {
    // Damaged in whatever way, it is no key; the recovery kit opens, and puts a new one in its place.
    return undefined
  }
}

/** Draws a machine key for a slot. It is not written yet. */
export const drawMachineKey = async (storeId: string, slotId: string): Promise<MachineKey> => {
  const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true })
  const jwk = await exportJWK(pair.privateKey)
  return { storeId, slotId, publicKey: publicPart(jwk), privateKey: new Secret(JSON.stringify(jwk)) }
}

/** Writes the machine key; one that is there already is kept aside under a fresh name. */
export const writeMachineKey = async (layout: Layout, key: MachineKey, disk: DiskCalls): Promise<void> => {
  const aside = `${layout.machineKey}.${randomBytes(4).toString('hex')}.old`
  await disk.rename(layout.machineKey, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  const { storeId, slotId } = key
  const content = { v: 1, storeId, slotId, privateKey: JSON.parse(key.privateKey.reveal()) as JWK }
  await writeDurably(layout.machineKey, Buffer.from(`${JSON.stringify(content)}\n`), disk)
}

export const privateJwk = (key: MachineKey): JWK => JSON.parse(key.privateKey.reveal()) as JWK

const publicPart = ({ kty, crv, x, y }: JWK): JWK =>
  ({
    kty,
    ...(crv === undefined ? {} : { crv }),
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
  }) as JWK
