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
  /** Which root key the file wraps; 1 where it is not said. */
  readonly rootVer?: number
}

export interface Keyring {
  readonly v: 1
  /** Data keys by id, base64url. A generation carries the one it is sealed with, so older ones need not stay. */
  readonly deks: Readonly<Record<string, string>>
  readonly dekId: string
  /** The generation and the instant the data key was drawn for; not said before data keys were rotated. */
  readonly dekSince?: { readonly gen: number; readonly at: string }
  /** Grows with every new root key; 1 where it is not said. */
  readonly rootVer?: number
  readonly rootSince?: string
  /** A slot has gone, and the root key that its holder knows is still in use. */
  readonly rootOwed?: boolean
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

const dekDays = 90
const dekGenerations = 1_000_000

/** The keyring to seal a generation with: with a new data key when the one in use has served its time. */
export const withFreshDek = (keyring: Keyring, gen: number, created: string): Keyring => {
  const { dekSince } = keyring
  const isDue =
    dekSince === undefined ||
    gen - dekSince.gen >= dekGenerations ||
    Date.parse(created) - Date.parse(dekSince.at) >= dekDays * 86_400_000
  if (!isDue) return keyring
  const dekId = `d${gen}`
  const deks = { [dekId]: randomBytes(32).toString('base64url') }
  return { ...keyring, deks, dekId, dekSince: { gen, at: created } }
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
