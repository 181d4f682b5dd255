/**
 * Thirty changes of many kinds, the same ones every time: what a process under faults makes, and what whoever looks
 * afterwards works out for itself. Everything random is fixed, so that two documents can be compared to the last field.
 */
import { firstDocument } from '../../daemon/src/document/codec.ts'
import type { Document, SealedSecret } from '../../daemon/src/document/document.ts'
import type { Step } from '../../daemon/src/document/step.ts'
import { createClient, disableClient } from '../../daemon/src/keys/client-steps.ts'
import { createCollection, editCollection } from '../../daemon/src/keys/collection-steps.ts'
import { createEndpoint } from '../../daemon/src/keys/endpoint-steps.ts'
import { disableKey, editKey, issueKey, removeKey, rotateKey } from '../../daemon/src/keys/key-steps.ts'
import { isProblem, type Secret } from '../../daemon/src/problem.ts'

export const changesMade = 30
/** The clock of all these processes stands still. */
export const nowMs = Date.UTC(2026, 2, 1, 12)

const keyIdOf = (change: number): string => `k${String(change).padStart(7, '0')}`
const idOf = (kind: string, change: number): string => `${kind}_${String(change).padStart(12, '0')}`
const secretOf = (change: number): string => String(change).padStart(43, 's')

/** The change with this number. Those that need one before it are refused when that one was. */
export const changeNumber = (change: number): Step<unknown> => {
  const ten = change - (change % 10)
  switch (change % 10) {
    case 0:
      return issueKey({ name: `Key ${change}` }, { keyId: keyIdOf(change), secret: secretOf(change) })
    case 1:
      return createClient({ name: `Client ${change}`, collections: null }, idOf('cl', change))
    case 2:
      return createCollection({ name: `Collection ${change}` }, idOf('co', change))
    case 3:
      return createEndpoint(
        { collection: `Collection ${ten + 2}`, method: 'GET', path: `/path/${change}` },
        idOf('ep', change),
      )
    case 4:
      return issueKey(
        { name: `Key ${change}`, client: `Client ${ten + 1}` },
        { keyId: keyIdOf(change), secret: secretOf(change) },
      )
    case 5:
      return editKey(keyIdOf(ten), '*', { description: `edited by ${change}`, owner: `owner ${change}` })
    case 6:
      return rotateKey(keyIdOf(ten), { overlap_seconds: 3_600 }, secretOf(change))
    case 7:
      return disableKey(keyIdOf(ten))
    case 8:
      return removeKey(keyIdOf(ten + 4))
    default:
      return change % 20 === 9
        ? editCollection(idOf('co', ten + 2), '*', { description: `edited by ${change}` })
        : disableClient(idOf('cl', ten + 1))
  }
}

/** Secrets stand open in documents that are compared. */
const openly = (secret: string): string => `open:${secret}`

/** The document that these changes make of `document`, by themselves; a step that refuses changes nothing. */
export const documentAfter = (document: Document, changes: readonly number[]): Document => {
  const context = { nowMs, zone: 'UTC', sealSecret: openly }
  let next = document
  for (const change of changes)
    try {
      next = changeNumber(change)(next, context).document
    } catch (error) {
      if (!isProblem(error)) throw error
    }
  return next
}

export const emptyDocument = (): Document => firstDocument(nowMs)

/** The document with its secrets opened. Throws when one does not open. */
export const opened = (document: Document, open: (sealed: SealedSecret, id: string) => Secret): Document => ({
  ...document,
  keys: Object.fromEntries(
    Object.entries(document.keys).map(([id, key]) => [
      id,
      {
        ...key,
        secrets: key.secrets.map((secret) =>
          secret.sealed === null
            ? secret
            : { ...secret, sealed: openly(open({ sealed: secret.sealed, version: secret.version }, id).reveal()) },
        ),
      },
    ]),
  ),
})
