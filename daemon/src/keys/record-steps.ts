/**
 * What clients, collections, endpoints, policies and admin tokens have in common: a record is put on its shelf under a new revision, taken off it,
 * switched off and on. Each change names itself for the audit trail.
 */
import type { AuditAction } from '@postern/shared'
import type {
  AdminTokenRecord,
  ClientRecord,
  CollectionRecord,
  Document,
  EndpointRecord,
  PolicyRecord,
} from '../document/document.ts'
import type { Step, Stepped } from '../document/step.ts'
import { toInstant } from './expiry.ts'

interface Shelves {
  clients: ClientRecord
  collections: CollectionRecord
  endpoints: EndpointRecord
  policies: PolicyRecord
  adminTokens: AdminTokenRecord
}
export type Shelf = keyof Shelves

const kinds = {
  clients: 'client',
  collections: 'collection',
  endpoints: 'endpoint',
  policies: 'policy',
  adminTokens: 'token',
} as const

/** What every record starts with. */
export const firstRevision = (id: string, nowMs: number) => {
  const now = toInstant(nowMs)
  return { id, revision: 1, createdAt: now, updatedAt: now, disabledAt: null }
}

/** The record under its next revision, changed at `nowMs`. */
export const nextRevision = <T extends Shelves[Shelf]>(record: T, nowMs: number): T => ({
  ...record,
  revision: record.revision + 1,
  updatedAt: toInstant(nowMs),
})

export const put = <S extends Shelf>(
  document: Document,
  shelf: S,
  record: Shelves[S],
  said: { action: AuditAction; fields?: string[] },
): Stepped<Shelves[S]> => ({
  document: { ...document, [shelf]: { ...document[shelf], [record.id]: record } },
  result: record,
  entry: saidOf(shelf, record, said),
})

export const takeOff = (
  document: Document,
  shelf: Shelf,
  record: Shelves[Shelf],
  action: AuditAction,
): Stepped<null> => {
  const left = { ...document[shelf] }
  delete left[record.id]
  return { document: { ...document, [shelf]: left }, result: null, entry: saidOf(shelf, record, { action }) }
}

/** Two steps, off and on. Doing either twice changes nothing. */
export const switches = <S extends Shelf>(
  shelf: S,
  find: (document: Document, ref: string) => Shelves[S],
  actions: { disable: AuditAction; enable: AuditAction },
): { disable: (ref: string) => Step<Shelves[S]>; enable: (ref: string) => Step<Shelves[S]> } => {
  const turn =
    (off: boolean) =>
    (ref: string): Step<Shelves[S]> =>
    (document, context) => {
      const record = find(document, ref)
      if ((record.disabledAt !== null) === off) return { document, result: record, entry: null }
      const turned = { ...record, disabledAt: off ? toInstant(context.nowMs) : null }
      return put(document, shelf, nextRevision(turned, context.nowMs), {
        action: off ? actions.disable : actions.enable,
      })
    }
  return { disable: turn(true), enable: turn(false) }
}

const saidOf = (shelf: Shelf, record: Shelves[Shelf], said: { action: AuditAction; fields?: string[] }) => ({
  ...said,
  object: {
    kind: kinds[shelf],
    id: record.id,
    name: 'name' in record ? record.name : `${record.method} ${record.path}`,
  },
  ...(shelf === 'clients' ? { client: record.id } : {}),
})
