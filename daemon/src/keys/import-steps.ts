/**
 * Bringing keys from elsewhere, as one pure step: all of them or none. Promises: every row that keeps it from being done is
 * named with its field; no two keys have the same imported value, removed ones included; what would be done is what is done.
 * Never: a value in what it says, or kept.
 */
import {
  adminTokenPrefix,
  defaultClientId,
  importValueMax,
  importValueMin,
  keyLimits,
  keyPrefix,
  type ImportedKey,
  type ImportReport,
} from '@postern/shared'
import type { Document, KeyRecord, KeySecret } from '../document/document.ts'
import type { Step, StepContext } from '../document/step.ts'
import { isProblem } from '../problem.ts'
import { importedVerifier, sha256Of } from '../verifiers/imported.ts'
import { parseExpiry, toInstant } from './expiry.ts'
import { findClient, meansAnId } from './find.ts'
import { foldName, foldOf, parseLabel, parseName, parseText, refuseField } from './names.ts'
import { narrowTo, noRights } from './rights.ts'

/** What an import needs that is drawn by its caller. */
export interface ImportMaterial {
  /** Ids of keys, one for each row. */
  readonly keyIds: readonly string[]
  /** base64url of 32 random bytes; used by the first import of a store. */
  readonly pepper: string
}

type Problems = ImportReport['problems']

/** Works out what an import would do. Pure; the same questions give the same answer. */
const planImport = (
  document: Document,
  rows: readonly ImportedKey[],
  { keyIds, pepper: drawn }: ImportMaterial,
  context: StepContext,
): { keys: KeyRecord[]; pepper: string; problems: Problems } => {
  const pepper = document.settings.importPepper ?? drawn
  const hashKey = Buffer.from(pepper, 'base64url')
  const problems: Problems = []
  const keys: KeyRecord[] = []
  const named = new Map(Object.values(document.keys).map((key) => [foldOf(key), key.removedAt]))
  const namedHere = new Map<string, number>()
  const valued = importedVerifiers(document)
  const valuedHere = new Map<string, number>()
  const isId = meansAnId(document)

  for (const [at, row] of rows.entries()) {
    const before = problems.length
    const read = <T>(field: string, parse: () => T): T | undefined => {
      try {
        return parse()
      } catch (error) {
        if (!isProblem(error)) throw error
        const said = error.errors ?? [{ field, message: error.detail ?? error.message }]
        // What the step names inside a field belongs to that field of the row.
        problems.push(
          ...said.map(({ field: inner, message }) => ({ at, field: inner === '' ? field : inner, message })),
        )
        return undefined
      }
    }
    const refuse = (field: string, message: string): void => void problems.push({ at, field, message })

    const name = read('name', () => parseName(row.name, isId))
    if (name !== undefined) {
      const fold = foldName(name)
      const taken = named.get(fold)
      const other = namedHere.get(fold)
      if (taken !== undefined)
        refuse(
          'name',
          taken === null ? 'already in use' : 'a removed key still has it; restore that one, or choose another',
        )
      else if (other !== undefined) refuse('name', `the same as that of number ${other + 1}`)
      else namedHere.set(fold, at)
    }
    const value = read('value', () => readValue(row))
    const verifier = value === undefined ? undefined : importedVerifier(hashKey, value.digest).toString('base64url')
    if (verifier !== undefined && value !== undefined) {
      const other = valuedHere.get(verifier)
      if (valued.has(verifier)) refuse(value.field, 'a key that is there has the same value, perhaps a removed one')
      else if (other !== undefined) refuse(value.field, `the same as that of number ${other + 1}`)
      else valuedHere.set(verifier, at)
    }
    for (const field of ['name', 'description', 'owner', 'client'] as const)
      if (row.value !== undefined && row.value !== '' && row[field]?.includes(row.value) === true)
        refuse(field, 'this holds the value of the key, which would be shown to many')
    const description = read('description', () =>
      parseText('description', row.description ?? '', keyLimits.descriptionMax),
    )
    const owner = read('owner', () => parseLabel('owner', row.owner ?? null, keyLimits.ownerMax))
    const client = read('client', () => findClient(document, row.client ?? defaultClientId))
    const collections =
      client === undefined ? null : read('collections', () => narrowTo(document, client, row.collections ?? null))
    const expiresAt = read('expires', () => parseExpiry(row.expires, { ...context, past: false }))
    if (problems.length > before) continue
    const id = keyIds[at] ?? ''
    if (id === '' || Object.hasOwn(document.keys, id)) throw new Error('key id drawn twice')
    const now = toInstant(context.nowMs)
    const secret: KeySecret = {
      version: 1,
      origin: 'imported',
      verifier: verifier ?? '',
      last4: row.value?.slice(-4) ?? '',
      sealed: null,
      createdAt: now,
      validUntil: null,
    }
    keys.push({
      id,
      revision: 1,
      name: name ?? '',
      description: description ?? '',
      owner: owner ?? null,
      clientId: client?.id ?? defaultClientId,
      collections: collections ?? null,
      ...noRights,
      scopes: [],
      honey: null,
      // The value was never Postern's to show.
      reveal: 'never',
      secrets: [secret],
      createdAt: now,
      expiresAt: expiresAt ?? null,
      activeSince: now,
      disabledAt: null,
      removedAt: null,
      quarantinedAt: null,
    })
  }
  if (new Set(keyIds).size < keyIds.length) throw new Error('key id drawn twice')
  return { keys, pepper, problems }
}

/** Imports all keys as one change, or none and says why. `dryRun`: says what would be done, and changes nothing. */
export const importKeys =
  (rows: readonly ImportedKey[], material: ImportMaterial, { dryRun }: { dryRun: boolean }): Step<ImportReport> =>
  (document, context) => {
    const { keys, pepper, problems } = planImport(document, rows, material, context)
    const result = reportOf(keys, problems, dryRun)
    if (dryRun || problems.length > 0) return { document, result, entry: null }
    const { settings } = document
    const next: Document = {
      ...document,
      keys: { ...document.keys, ...Object.fromEntries(keys.map((key) => [key.id, key])) },
      settings:
        settings.importPepper === null
          ? { ...settings, importPepper: pepper, revision: settings.revision + 1 }
          : settings,
    }
    const [first] = keys
    const object =
      keys.length === 1 && first !== undefined
        ? { kind: 'key', id: first.id, name: first.name }
        : { kind: 'keys', id: keys.map(({ id }) => id).join(',') }
    const clients = new Set(keys.map(({ clientId }) => clientId))
    const [client] = clients
    const entry = {
      action: 'key.import' as const,
      object,
      note: `${keys.length} ${keys.length === 1 ? 'key' : 'keys'} from elsewhere`,
      ...(clients.size === 1 && client !== undefined ? { client } : {}),
    }
    return { document: next, result, entry }
  }

/** As it travels. A trial tells no ids: they are drawn anew when it is done. */
const reportOf = (keys: readonly KeyRecord[], problems: Problems, dryRun: boolean): ImportReport => ({
  imported: dryRun || problems.length > 0 ? 0 : keys.length,
  dry_run: dryRun,
  keys: keys.map(({ id, name, expiresAt }) => ({
    id: dryRun || problems.length > 0 ? null : id,
    name,
    expires_at: expiresAt,
  })),
  problems,
})

/** Every imported verifier of a document, of removed keys and overlapping secrets too. */
export const importedVerifiers = ({ keys }: Pick<Document, 'keys'>): Set<string> =>
  new Set(
    Object.values(keys).flatMap(({ secrets }) =>
      secrets.filter(({ origin }) => origin === 'imported').map(({ verifier }) => verifier),
    ),
  )

const readValue = ({ value, sha256 }: ImportedKey): { field: 'value' | 'sha256'; digest: Buffer } => {
  if ((value === undefined) === (sha256 === undefined)) return refuseField('value', 'give either value or sha256')
  if (value === undefined) {
    if (!/^[0-9A-Fa-f]{64}$/.test(sha256 ?? '')) return refuseField('sha256', '64 hexadecimal digits')
    return { field: 'sha256', digest: Buffer.from(sha256 ?? '', 'hex') }
  }
  if (value.length < importValueMin || value.length > importValueMax)
    return refuseField('value', `${importValueMin} to ${importValueMax} characters; this one has ${value.length}`)
  if (!/^[\x21-\x7e]+$/.test(value)) return refuseField('value', 'visible ASCII characters only, without spaces')
  const lower = value.toLowerCase()
  if (lower.startsWith(keyPrefix) || lower.startsWith(adminTokenPrefix))
    return refuseField('value', 'this looks like a key of Postern, which would be read as one; issue a new key instead')
  if (new Set(value).size === 1) return refuseField('value', 'one character over and over is no secret')
  return { field: 'value', digest: sha256Of(value) }
}
