/** The model's changes as steps of the product, and the product's document as the model would tell it. */
import type { AccessIndex } from '../../daemon/src/access/access-index.ts'
import type { Document, SealedSecret } from '../../daemon/src/document/document.ts'
import type { Step } from '../../daemon/src/document/step.ts'
import {
  createClient,
  disableClient,
  editClient,
  enableClient,
  removeClient,
} from '../../daemon/src/keys/client-steps.ts'
import { createCollection, editCollection, removeCollection } from '../../daemon/src/keys/collection-steps.ts'
import { createEndpoint, removeEndpoint } from '../../daemon/src/keys/endpoint-steps.ts'
import {
  disableKey,
  editKey,
  enableKey,
  issueKey,
  removeKey,
  restoreKey,
  rotateKey,
} from '../../daemon/src/keys/key-steps.ts'
import type { Secret } from '../../daemon/src/problem.ts'
import { keyIdOf, secretOf, type Change, type Model } from './store-model.ts'

const idOf = (kind: string, draw: number): string => `${kind}_${String(draw).padStart(12, '0')}`
const ends = (days: number | null) => ({ expires: days === null ? ({ never: true } as const) : { days } })

export const stepOf = (change: Change): Step<unknown> => {
  switch (change.kind) {
    case 'create': {
      const { name, client, days, draw } = change
      return issueKey({ name, client, ...ends(days) }, { keyId: keyIdOf(draw), secret: secretOf(draw) })
    }
    case 'rename':
      return editKey(change.name, '*', { name: change.to })
    case 'extend':
      return editKey(change.name, '*', ends(change.days))
    case 'rotate':
      return rotateKey(change.name, { overlap_seconds: change.overlapSeconds }, secretOf(change.draw))
    case 'disable':
      return disableKey(change.name)
    case 'enable':
      return enableKey(change.name)
    case 'remove':
      return removeKey(change.name)
    case 'restore':
      return restoreKey(change.name)
    case 'createClient':
      return createClient({ name: change.name, collections: null }, idOf('cl', change.draw))
    case 'renameClient':
      return editClient(change.name, '*', { name: change.to })
    case 'disableClient':
      return disableClient(change.name)
    case 'enableClient':
      return enableClient(change.name)
    case 'removeClient':
      return removeClient(change.name)
    case 'createCollection':
      return createCollection({ name: change.name }, idOf('co', change.draw))
    case 'renameCollection':
      return editCollection(change.name, '*', { name: change.to })
    case 'removeCollection':
      return removeCollection(change.name)
    case 'createEndpoint':
      return createEndpoint(
        { collection: change.collection, method: 'GET', path: change.path },
        idOf('ep', change.draw),
      )
    case 'removeEndpoint':
      return removeEndpoint(`GET ${change.path}`)
  }
}

const msOf = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant))

/** What a store holds, in the words of the model. Throws when a secret that is kept does not open. */
export const toldByModel = (
  document: Document,
  open: (sealed: SealedSecret, id: string) => Secret,
  nowMs: number,
): Model => {
  const nameOf = (records: Readonly<Record<string, { name: string }>>, id: string): string =>
    records[id]?.name.toLowerCase() ?? `nobody (${id})`
  const byName = <T extends { name: string }, R>(records: Readonly<Record<string, T>>, told: (record: T) => R) =>
    Object.fromEntries(Object.values(records).map((record) => [record.name.toLowerCase(), told(record)]))
  return {
    nowMs,
    keys: byName(document.keys, (key) => ({
      id: key.id,
      name: key.name,
      client: nameOf(document.clients, key.clientId),
      disabled: key.disabledAt !== null,
      removedAtMs: msOf(key.removedAt),
      expiresAtMs: msOf(key.expiresAt),
      secrets: key.secrets.map(({ version, sealed, validUntil, last4 }) => ({
        version,
        // Of an old secret nothing is kept to be shown, only what tells it apart.
        text: sealed === null ? last4 : open({ sealed, version }, key.id).reveal(),
        untilMs: msOf(validUntil),
      })),
    })),
    clients: byName(document.clients, ({ name, disabledAt }) => ({ name, disabled: disabledAt !== null })),
    collections: byName(document.collections, ({ name }) => ({ name })),
    endpoints: Object.fromEntries(
      Object.values(document.endpoints).map(({ path, collectionId }) => [
        path,
        nameOf(document.collections, collectionId),
      ]),
    ),
  }
}

/** What calls are judged by: the keys that are not removed, and which of them are refused. */
export const toldIndex = (index: AccessIndex): Record<string, { disabled: boolean; expiresAtMs: number }> =>
  Object.fromEntries([...index.keys.values()].map(({ id, disabled, expiresAtMs }) => [id, { disabled, expiresAtMs }]))

export const expectedIndex = ({ keys, clients }: Model): ReturnType<typeof toldIndex> =>
  Object.fromEntries(
    Object.values(keys)
      .filter(({ removedAtMs }) => removedAtMs === null)
      .map(({ id, disabled, client, expiresAtMs }) => [
        id,
        { disabled: disabled || clients[client]?.disabled === true, expiresAtMs: expiresAtMs ?? Infinity },
      ]),
  )
