/**
 * The keys under the root key. They travel inside every generation, sealed by the root key, so a generation and one slot
 * are all it takes to open everything.
 */
import { randomBytes } from 'node:crypto'
import { Problem } from '../problem.ts'

export type SlotKind = 'machine' | 'recovery'

/** What the keystore remembers of a slot, to notice one that was swapped or lost. */
export interface SlotRecord {
  readonly slotId: string
  readonly kind: SlotKind
  readonly createdAt: string
  readonly publicKey: Readonly<Record<string, unknown>>
  /** Hex SHA-256 of the slot file. */
  readonly sha256: string
}

export interface Keyring {
  readonly v: 1
  /** Data keys by id, base64url; older ones stay while a kept generation needs them. */
  readonly deks: Readonly<Record<string, string>>
  readonly dekId: string
  /** Seals fields in the document, certificates' private keys and usage files, each under its own derived key. */
  readonly fieldKey: string
  readonly pepper: string
  readonly auditKey: string
  readonly slots: readonly SlotRecord[]
}

export const newKeyring = (slots: readonly SlotRecord[]): Keyring => {
  const draw = (): string => randomBytes(32).toString('base64url')
  return { v: 1, deks: { d1: draw() }, dekId: 'd1', fieldKey: draw(), pepper: draw(), auditKey: draw(), slots }
}

export const serialiseKeyring = (keyring: Keyring): Buffer => Buffer.from(JSON.stringify(keyring), 'utf8')

/** Reads a keyring that has been opened, hence authenticated. Throws `keystore_too_new`. */
export const parseKeyring = (bytes: Buffer): Keyring => {
  const keyring = JSON.parse(bytes.toString('utf8')) as Keyring
  if (keyring.v !== 1)
    throw new Problem('keystore_too_new', {
      detail: `The keyring has version ${String(keyring.v)}; this Postern reads 1.`,
    })
  return keyring
}

export const keyOf = (text: string | undefined): Buffer => {
  const key = Buffer.from(text ?? '', 'base64url')
  if (key.length !== 32) throw new Error('a key in the keyring has the wrong length')
  return key
}
