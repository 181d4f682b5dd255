/** What sentences about a verdict say of records that an access index knows by their id alone, or leaves out. */
import type { StoreWords } from './access/say-rule.ts'
import type { Document, EndpointRecord } from './document/document.ts'

export interface DocumentWords extends StoreWords {
  /** Why an endpoint answers nothing. */
  disabledAs(endpoint: EndpointRecord): string
}

const known = new WeakMap<Document, DocumentWords>()

/** The same words for the same document. */
export const wordsOf = (document: Document): DocumentWords => {
  const found = known.get(document) ?? makeWords(document)
  known.set(document, found)
  return found
}

const makeWords = (document: Document): DocumentWords => ({
  collection: (id) => document.collections[id]?.name,
  endpoint: (id) => {
    const endpoint = document.endpoints[id]
    return endpoint === undefined ? undefined : `${endpoint.method} ${endpoint.path}`
  },
  disabled: (keyId) => {
    const key = document.keys[keyId]
    const client = key === undefined ? undefined : document.clients[key.clientId]
    if (typeof key?.quarantinedAt === 'string')
      return `the key waits since ${key.quarantinedAt} for somebody to say that it may live again`
    if (typeof key?.disabledAt === 'string') return `the key is disabled since ${key.disabledAt}`
    if (typeof client?.disabledAt === 'string')
      return `the client "${client.name}" of the key is disabled since ${client.disabledAt}`
    return undefined
  },
  disabledAs: ({ method, path, disabledAt, collectionId }) => {
    const collection = document.collections[collectionId]
    return disabledAt !== null
      ? `${method} ${path} is disabled since ${disabledAt}`
      : `${method} ${path} is in the collection ${collection?.name ?? ''}, disabled since ${collection?.disabledAt ?? ''}`
  },
  removed: (keyId) => {
    const key = document.keys[keyId]
    return typeof key?.removedAt === 'string' ? `the key "${key.name}" was removed at ${key.removedAt}` : undefined
  },
})
