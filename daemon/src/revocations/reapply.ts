/**
 * Brings a document that came up from an older folder to where its records had been taken back to since, and keeps from living
 * what nobody knows about. Pure. Promises: a record only grows stricter; what is true already is not told.
 */
import type { AdminTokenRecord, ClientRecord, Document, KeyRecord, KeySecret } from '../document/document.ts'
import { standingOfKey, type Standing } from './standing.ts'

export interface Reapplied {
  readonly kind: 'key' | 'client'
  readonly id: string
  readonly name: string
  /** In words: what had happened to it since. */
  readonly what: readonly string[]
}

/** A verifier that no secret has: nobody knows what hashes to it, and it has ended besides. */
const nobodysVerifier = Buffer.alloc(32).toString('base64url')

/** `nowIso`: when it is done. Unknown records are left out. */
export const reapply = (
  document: Document,
  standings: readonly Standing[],
  nowIso: string,
): { document: Document; done: Reapplied[] } => {
  const keys: Record<string, KeyRecord> = { ...document.keys }
  const clients: Record<string, ClientRecord> = { ...document.clients }
  const done = new Map<string, Reapplied>()
  const tell = (kind: Reapplied['kind'], { id, name }: { id: string; name: string }, what: readonly string[]): void => {
    const before = done.get(`${kind} ${id}`)?.what ?? []
    done.set(`${kind} ${id}`, { kind, id, name, what: [...new Set([...before, ...what])] })
  }
  for (const standing of standings) {
    if (standing.kind === 'key') {
      const key = keys[standing.id]
      if (key === undefined) continue
      const { key: next, what } = reapplyToKey(key, standing, nowIso)
      if (what.length > 0) keys[key.id] = { ...next, revision: key.revision + 1 }
      if (what.length > 0) tell('key', key, what)
    } else {
      const client = clients[standing.id]
      if (client === undefined || client.disabledAt !== null || standing.state === 'live') continue
      const disabledAt = standing.disabledAt ?? nowIso
      clients[client.id] = { ...client, disabledAt, updatedAt: nowIso, revision: client.revision + 1 }
      tell('client', client, [standing.state === 'purged' ? 'removed' : 'disabled'])
    }
  }
  if (done.size === 0) return { document, done: [] }
  return { document: { ...document, keys, clients }, done: [...done.values()] }
}

const reapplyToKey = (
  key: KeyRecord,
  standing: Standing,
  nowIso: string,
): { key: KeyRecord; what: readonly string[] } => {
  const what: string[] = []
  let next = key
  if (key.removedAt === null && (standing.removedAt !== null || standing.state === 'purged')) {
    next = { ...next, removedAt: standing.removedAt ?? nowIso }
    what.push('removed')
  }
  if (key.disabledAt === null && standing.disabledAt !== null) {
    next = { ...next, disabledAt: standing.disabledAt, activeSince: null }
    what.push('disabled')
  }
  if (standing.expiresAt !== null && (key.expiresAt === null || standing.expiresAt < key.expiresAt)) {
    next = { ...next, expiresAt: standing.expiresAt }
    what.push(`ended ${standing.expiresAt}`)
  }
  if (key.honey === null && standing.honey !== null) {
    next = { ...next, honey: { blockSeconds: standing.honey }, scopes: [] }
    what.push('made a trap')
  }
  const rotated = rotatedSince(next, standing, nowIso)
  return rotated === next ? { key: next, what } : { key: rotated, what: [...what, 'rotated'] }
}

/**
 * A key whose present value is not in this folder any more: it keeps the number of its last rotation under a secret that
 * nobody has, so that the next rotation goes on from there. An old value that still had time keeps it; when none has, the
 * key waits for somebody to rotate it.
 */
const rotatedSince = (key: KeyRecord, standing: Standing, nowIso: string): KeyRecord => {
  const held = standingOfKey(key)
  const isOlder = held.secretVersion < standing.secretVersion
  const isOverlapShorter =
    held.secretVersion === standing.secretVersion &&
    held.oldUntil !== null &&
    (standing.oldUntil === null || standing.oldUntil < held.oldUntil)
  if (!isOlder && !isOverlapShorter) return key
  const untilOf = ({ version, validUntil }: KeySecret): string | null => {
    if (version >= standing.secretVersion) return validUntil
    const until = version === standing.secretVersion - 1 ? standing.oldUntil : null
    if (until === null) return nowIso
    return validUntil === null || until < validUntil ? until : validUntil
  }
  const kept = key.secrets
    .map((secret) => {
      const validUntil = untilOf(secret)
      return validUntil === null ? secret : { ...secret, validUntil, sealed: null }
    })
    .filter(({ validUntil }) => validUntil === null || validUntil > nowIso)
  if (!isOlder) return { ...key, secrets: kept }
  const lost: KeySecret = {
    version: standing.secretVersion,
    origin: 'drawn',
    verifier: nobodysVerifier,
    last4: '',
    sealed: null,
    createdAt: nowIso,
    validUntil: nowIso,
  }
  const next = { ...key, secrets: [lost, ...kept] }
  return kept.length > 0 ? next : waiting(next, nowIso)
}

const waiting = (key: KeyRecord, nowIso: string): KeyRecord => ({
  ...key,
  disabledAt: key.disabledAt ?? nowIso,
  quarantinedAt: key.quarantinedAt ?? nowIso,
  activeSince: null,
})

/** Lets no key live until somebody says so. Removed and disabled ones stay as they are. */
export const quarantine = (document: Document, nowIso: string): { document: Document; keys: KeyRecord[] } => {
  const live = Object.values(document.keys).filter((key) => key.removedAt === null && key.disabledAt === null)
  if (live.length === 0) return { document, keys: [] }
  const keys: Record<string, KeyRecord> = { ...document.keys }
  for (const key of live) keys[key.id] = { ...waiting(key, nowIso), revision: key.revision + 1 }
  return { document: { ...document, keys }, keys: live }
}

/** Refuses every admin token until an administrator enables it. */
export const disableTokens = (
  document: Document,
  nowIso: string,
): { document: Document; tokens: AdminTokenRecord[] } => {
  const live = Object.values(document.adminTokens).filter(({ disabledAt }) => disabledAt === null)
  if (live.length === 0) return { document, tokens: [] }
  const adminTokens: Record<string, AdminTokenRecord> = { ...document.adminTokens }
  for (const token of live)
    adminTokens[token.id] = { ...token, disabledAt: nowIso, updatedAt: nowIso, revision: token.revision + 1 }
  return { document: { ...document, adminTokens }, tokens: live }
}
