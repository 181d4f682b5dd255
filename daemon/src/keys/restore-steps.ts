/**
 * Restoring the records of a backup into the store, as one pure step, and what that would do, record by record. Promises:
 * what was shown is what is done, or nothing is. Never: a key that was removed, disabled, rotated or ended since the backup
 * lives again by it; a key of which nothing is known waits, disabled, for somebody to enable it; settings are not touched.
 */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { patternShape, type RestorableKind, type RestoreDone } from '@postern/shared'
import type { ClientRecord, Document, KeyRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { Problem } from '../problem.ts'
import { toInstant } from './expiry.ts'
import { importedVerifiers } from './import-steps.ts'
import { foldName } from './names.ts'

export type RestorePlan = Pick<RestoreDone, 'adds' | 'replaces' | 'differs' | 'keeps' | 'stays' | 'skips'>

/** What is restored. */
export interface RestoreAsked {
  readonly backup: Document
  /** Hex, of the generation that it is from: part of what was shown. */
  readonly backupHash: string
  /** Also put back records that differ. */
  readonly replace: boolean
  /** Ids of keys that the trail of this store speaks of: one that is not there any more was removed. */
  readonly knownKeys: ReadonlySet<string>
}

type Shelf = 'policies' | 'clients' | 'collections' | 'endpoints' | 'keys'
type Rec = Document[Shelf][string]

// Whoever refers to another record comes after it.
const shelves = [
  { shelf: 'policies', kind: 'policy' },
  { shelf: 'collections', kind: 'collection' },
  { shelf: 'clients', kind: 'client' },
  { shelf: 'endpoints', kind: 'endpoint' },
  { shelf: 'keys', kind: 'key' },
] as const satisfies readonly { shelf: Shelf; kind: RestorableKind }[]

/** What makes each record the one it is among its kind: no two may share it. */
const identityOf = (record: Rec): string =>
  'path' in record
    ? JSON.stringify([record.method, record.host, patternShape(record.path)])
    : `name ${foldName(record.name)}`

const nameOf = (record: Rec): string => ('path' in record ? `${record.method} ${record.path}` : record.name)

/** Works out what a restore does to a document. Pure; the same questions give the same answer. */
export const planRestore = (
  document: Document,
  { backup, replace, knownKeys }: RestoreAsked,
  nowMs: number,
): { plan: RestorePlan; next: Document } => {
  const plan = {
    adds: [] as RestorePlan['adds'],
    replaces: [] as RestorePlan['replaces'],
    differs: [] as RestorePlan['differs'],
    keeps: 0,
    stays: [] as RestorePlan['stays'],
    skips: [] as RestorePlan['skips'],
  }
  const next = { ...document }

  for (const { shelf, kind } of shelves) {
    const live: Record<string, Rec> = { ...document[shelf] }
    const taken = new Map(Object.values(live).map((record) => [identityOf(record), record.id]))
    const named = (record: Rec) => ({ kind, id: record.id, name: nameOf(record) })
    let touched = 0
    let added = false

    const values = shelf === 'keys' ? importedVerifiers(document) : new Set<string>()

    const clash = (record: Rec): string | undefined => {
      const other = taken.get(identityOf(record))
      if (other !== undefined && other !== record.id) return `${other} has its place: change or remove that one first`
      if ('clientId' in record && !Object.hasOwn(next.clients, record.clientId)) return 'its client is not there'
      if ('collectionId' in record && !Object.hasOwn(next.collections, record.collectionId))
        return 'its collection is not there'
      // Left out, it would be one limit less.
      const policy = 'policies' in record ? record.policies.find((id) => !Object.hasOwn(next.policies, id)) : undefined
      if (policy !== undefined) return `its policy ${policy} is not there`
      return undefined
    }
    const put = (record: Rec, before: Rec | undefined): void => {
      if (before !== undefined) taken.delete(identityOf(before))
      taken.set(identityOf(record), record.id)
      live[record.id] = withoutDangling(record, next)
    }

    for (const wanted of Object.values(backup[shelf]) as Rec[]) {
      const present = Object.hasOwn(live, wanted.id) ? live[wanted.id] : undefined
      if (present === undefined) {
        if ('secrets' in wanted && (wanted.removedAt !== null || knownKeys.has(wanted.id))) {
          if (wanted.removedAt === null) plan.stays.push({ ...named(wanted), state: 'removed' })
          continue
        }
        const why = clash(wanted) ?? sameValue(wanted, values)
        if (why !== undefined) {
          plan.skips.push({ ...named(wanted), why })
          continue
        }
        plan.adds.push({ ...named(wanted), waits: 'secrets' in wanted })
        put('secrets' in wanted ? waiting(wanted, nowMs) : bumped(wanted, nowMs), undefined)
        added = true
        continue
      }
      if ('secrets' in present && 'secrets' in wanted) {
        const state = stayOf(present, wanted)
        if (state !== undefined) plan.stays.push({ ...named(present), state })
        if (present.removedAt !== null) continue
      }
      const merged = withoutDangling(mergedOf(present, wanted), { ...next, [shelf]: live })
      const fields = Object.keys(merged).filter(
        (field) => !isDeepStrictEqual(merged[field as keyof Rec], present[field as keyof Rec]),
      )
      if (fields.length === 0) continue
      if (!replace) {
        plan.differs.push({ ...named(present), fields })
        continue
      }
      const why = clash(merged)
      if (why === undefined) {
        plan.replaces.push({ ...named(present), fields })
        put(bumped(merged, nowMs), present)
        touched += 1
      } else plan.skips.push({ ...named(present), why })
    }
    plan.keeps += Object.keys(document[shelf]).length - touched
    if (added || touched > 0) Object.assign(next, { [shelf]: added ? inOrder(live) : live })
  }
  return { plan, next: { ...next, clients: withoutLostKeys(document, next) } }
}

/** What a preview shows, as a hash: of the plan and of the backup that it is from. */
export const hashOfPlan = (plan: RestorePlan, { backupHash, replace }: RestoreAsked): string =>
  createHash('sha256')
    .update(JSON.stringify([backupHash, replace, plan]))
    .digest('hex')

/** Restores as one change. Throws `precondition_failed` when it would not do what was shown. */
export const restoreRecords =
  (asked: RestoreAsked, hash: string, backupAt: string): Step<RestorePlan> =>
  (document, { nowMs }) => {
    const { plan, next } = planRestore(document, asked, nowMs)
    if (hashOfPlan(plan, asked) !== hash)
      throw new Problem('precondition_failed', {
        detail: 'The store or the backup has changed since the preview. Look at a new preview, then restore again.',
      })
    const { adds, replaces, keeps } = plan
    if (adds.length + replaces.length === 0) return { document, result: plan, entry: null }
    const note = `adds ${adds.length}, replaces ${replaces.length}, keeps ${keeps}; ${[...adds, ...replaces]
      .slice(0, notedMax)
      .map(({ kind, id }) => `${kind} ${id}`)
      .join(', ')}${adds.length + replaces.length > notedMax ? ', …' : ''}`
    const entry = { action: 'backup.restore' as const, object: { kind: 'backup', id: backupAt }, note }
    return { document: next, result: plan, entry }
  }

const notedMax = 50

/** Nothing is known of what was done to it since: it comes back disabled, and enabling it is somebody's decision. */
const waiting = (key: KeyRecord, nowMs: number): KeyRecord => {
  const now = toInstant(nowMs)
  return {
    ...key,
    revision: key.revision + 1,
    activeSince: null,
    disabledAt: key.disabledAt ?? now,
    quarantinedAt: key.quarantinedAt ?? now,
  }
}

const bumped = <R extends Rec>(record: R, nowMs: number): R => ({
  ...record,
  revision: record.revision + 1,
  ...('updatedAt' in record ? { updatedAt: toInstant(nowMs) } : {}),
})

/** What the store keeps of a key although the backup says otherwise. */
const stayOf = (present: KeyRecord, wanted: KeyRecord): RestorePlan['stays'][number]['state'] | undefined => {
  if (present.removedAt !== null) return wanted.removedAt === null ? 'removed' : undefined
  if (present.disabledAt !== null && wanted.disabledAt === null) return 'disabled'
  if (currentVersion(present) !== currentVersion(wanted)) return 'rotated'
  return earlier(present.expiresAt, wanted.expiresAt) === wanted.expiresAt ? undefined : 'expires earlier'
}

const currentVersion = (key: KeyRecord): number => Math.max(...key.secrets.map(({ version }) => version))

/** The end that comes first; `null` is no end. */
const earlier = (one: string | null, other: string | null): string | null => {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

/** The record as the backup has it, save what would bring something back to life, or switch a limit off. */
const mergedOf = (present: Rec, wanted: Rec): Rec => {
  const disabledAt = 'windows' in present ? present.disabledAt : (present.disabledAt ?? wanted.disabledAt)
  if (!('secrets' in present) || !('secrets' in wanted))
    return {
      ...wanted,
      revision: present.revision,
      ...('updatedAt' in present ? { updatedAt: present.updatedAt } : {}),
      // In which ways callers prove themselves may have been narrowed since, or its secret changed.
      ...('accepts' in present ? { accepts: present.accepts, signIn: present.signIn } : {}),
      disabledAt,
    }
  return {
    ...wanted,
    revision: present.revision,
    // A trap never becomes a key, and what shows a value is only loosened by a rotation.
    honey: present.honey ?? wanted.honey,
    // Nor is a key opened to those from whom it was taken since.
    grants: present.grants,
    scopes: present.honey === null ? wanted.scopes : present.scopes,
    reveal: present.reveal,
    secrets: present.secrets,
    expiresAt: earlier(present.expiresAt, wanted.expiresAt),
    activeSince: disabledAt === null ? present.activeSince : null,
    disabledAt,
    removedAt: present.removedAt,
    quarantinedAt: present.quarantinedAt,
  }
}

/** A value that was imported twice would be two keys' at once. */
const sameValue = (record: Rec, values: ReadonlySet<string>): string | undefined =>
  'secrets' in record && record.secrets.some(({ origin, verifier }) => origin === 'imported' && values.has(verifier))
    ? 'another key has its imported value: remove that one and wait until it is purged, or leave this one out'
    : undefined

/** Tokens are never restored: a key keeps for whom it is, without those who are not there, and so never for more. */
const withoutTokens = <R extends Rec>(record: R, { adminTokens }: Pick<Document, 'adminTokens'>): R =>
  'grants' in record && record.grants !== null
    ? { ...record, grants: record.grants.filter(({ tokenId }) => Object.hasOwn(adminTokens, tokenId)) }
    : record

/** Grants of collections that are not there are left out; what is left is never more than before. */
const withoutDangling = <R extends Rec>(given: R, document: Pick<Document, 'collections' | 'adminTokens'>): R => {
  const { collections } = document
  const record = withoutTokens(given, document)
  if (!('collections' in record) || record.collections === null) return record
  const there = record.collections.filter((id) => Object.hasOwn(collections, id))
  return there.length === record.collections.length ? record : { ...record, collections: there }
}

/** Clients that came back sign nobody in by a key that did not, or that is another client's. */
const withoutLostKeys = (before: Document, { clients, keys }: Document): Document['clients'] => {
  const isLost = ({ id, signIn }: ClientRecord): boolean =>
    signIn !== null && signIn.keyId !== null && keys[signIn.keyId]?.clientId !== id
  const lost = Object.values(clients).filter((each) => !Object.hasOwn(before.clients, each.id) && isLost(each))
  if (lost.length === 0) return clients
  const mended = lost.map((each) => [each.id, { ...each, signIn: each.signIn && { ...each.signIn, keyId: null } }])
  return { ...clients, ...(Object.fromEntries(mended) as Document['clients']) }
}

/** Records stand in the order of their creation. */
const inOrder = (records: Readonly<Record<string, Rec>>): Record<string, Rec> =>
  Object.fromEntries(
    Object.values(records)
      .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0))
      .map((record) => [record.id, record]),
  )
