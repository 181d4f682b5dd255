/**
 * What a client or a collection reaches, told as a connector kit. Promises: only what answers a call today is in it: nothing
 * disabled, and nothing that only forward-auth knows. Never: a key, or where calls are forwarded to.
 */
import {
  collectionDocumentPath,
  credentialWays,
  kitFormats,
  type DocumentFormat,
  type KitFormat,
  type KitQuery,
  type KitView,
} from '@postern/shared'
import type { ClientRecord, CollectionRecord, Document, EndpointRecord } from './document/document.ts'
import { findClient, findCollection } from './keys/find.ts'
import { kitFiles } from './kit/kit.ts'
import type { KitSource } from './kit/source.ts'
import { Problem } from './problem.ts'

/** How this gateway is reached, as far as it knows by itself. */
export interface Reach {
  /** What it listens on. */
  readonly urls: readonly string[]
  /** The name that stands for "every address" in them. */
  readonly hostName: string
  /** The authority that callers have to trust; `null`: they do already. */
  readonly caFile: string | null
}

/**
 * Throws `not_found` for what is not there, `field_invalid` unless exactly one of client and collection is named, and
 * `conflict` where nothing would be in it.
 */
export const connectorKit = (document: Document, reach: Reach, asked: KitQuery): KitView => {
  const { source, collections } = sourceFor(document, reach, asked)
  if (asked.format !== undefined && !works(source, asked.format))
    throw new Problem('conflict', {
      detail: `"${source.title}" takes no keys by themselves, and ${asked.format} would present one. Use openapi, whose callers get a token first.`,
    })
  const formats = asked.format === undefined ? kitFormats.filter((format) => works(source, format)) : [asked.format]
  return {
    title: source.title,
    version: source.version,
    base_url: source.baseUrl,
    base_url_guessed: document.settings.publicUrl === null,
    document_urls: collections.map(({ id, name }) => ({
      collection: { id, name },
      url: source.baseUrl + collectionDocumentPath(id, 'openapi'),
    })),
    files: formats.flatMap((format) => kitFiles(source, format)),
  }
}

/** OpenAPI says where a token comes from; all others present a key with each call. */
const works = ({ accepts }: KitSource, format: KitFormat): boolean => format === 'openapi' || accepts.includes('key')

/** What the holder of a key may call of a collection. */
export interface DocumentAsked {
  readonly collectionId: string
  readonly format: DocumentFormat
  readonly endpointIds: ReadonlySet<string>
  /** `null`: every one. */
  readonly methods: ReadonlySet<string> | null
}

const keptMax = 16
const kept = new WeakMap<Document, Map<string, string | null>>()

/**
 * The document of a collection at its stable address; `null` when there is no such collection, or nothing in it. Connectors
 * ask again and again: a few answers are kept for as long as nothing is changed.
 */
export const collectionDocument = (document: Document, reach: Reach, asked: DocumentAsked): string | null => {
  const texts = kept.get(document) ?? new Map<string, string | null>()
  kept.set(document, texts)
  const { collectionId, format, endpointIds, methods } = asked
  const key = JSON.stringify([collectionId, format, reach, [...endpointIds], methods === null ? null : [...methods]])
  const known = texts.get(key)
  if (known !== undefined) return known
  if (texts.size >= keptMax) texts.clear()
  const text = writeDocument(document, reach, asked)
  texts.set(key, text)
  return text
}

const writeDocument = (
  document: Document,
  reach: Reach,
  { collectionId, format, endpointIds, methods }: DocumentAsked,
): string | null => {
  const collection = document.collections[collectionId]
  if (collection === undefined || collection.disabledAt !== null) return null
  const endpoints = answering(document, [collection]).filter(({ id }) => endpointIds.has(id))
  if (endpoints.length === 0) return null
  const source = { ...sourceOf(document, reach, { endpoints, of: collection, collections: [collection] }), methods }
  return kitFiles(source, format)[0]?.content ?? null
}

const sourceFor = (
  document: Document,
  reach: Reach,
  asked: KitQuery,
): { source: KitSource; collections: CollectionRecord[] } => {
  if ((asked.client === undefined) === (asked.collection === undefined)) {
    const message = 'name either a client or a collection'
    throw new Problem('field_invalid', { detail: `client: ${message}`, errors: [{ field: 'client', message }] })
  }
  const of =
    asked.client === undefined ? findCollection(document, asked.collection ?? '') : findClient(document, asked.client)
  if (of.disabledAt !== null)
    throw new Problem('conflict', {
      detail: `"${of.name}" is disabled, so nothing of it can be called. Enable it first.`,
    })
  const reached =
    'version' in of
      ? [of]
      : Object.values(document.collections).filter(
          ({ id, disabledAt }) => disabledAt === null && (of.collections === null || of.collections.includes(id)),
        )
  const endpoints = answering(document, reached)
  const collections = reached.filter(({ id }) => endpoints.some(({ collectionId }) => collectionId === id))
  if (endpoints.length === 0)
    throw new Problem('conflict', {
      detail: `"${of.name}" reaches no enabled endpoint with an upstream, so there is nothing to describe. Add or enable one first.`,
    })
  return { source: sourceOf(document, reach, { endpoints, of, collections }), collections }
}

/** In order of creation. */
const answering = (document: Document, collections: readonly CollectionRecord[]): EndpointRecord[] => {
  const ids = new Set(collections.map(({ id }) => id))
  return Object.values(document.endpoints).filter(
    ({ collectionId, disabledAt, upstream }) => ids.has(collectionId) && disabledAt === null && upstream !== null,
  )
}

const sourceOf = (
  document: Document,
  reach: Reach,
  what: {
    readonly endpoints: readonly EndpointRecord[]
    readonly of: ClientRecord | CollectionRecord
    readonly collections: readonly CollectionRecord[]
  },
): KitSource => {
  const { of, endpoints, collections } = what
  return {
    title: of.name,
    version: collections.map(({ version }) => version).reduce(newer),
    // What is noted of a client is for those who run the gateway, not for what goes out to others.
    description: 'version' in of ? of.description : '',
    baseUrl: document.settings.publicUrl ?? guessedUrl(reach),
    caFile: reach.caFile,
    accepts: 'accepts' in of ? of.accepts : credentialWays.filter((way) => way === 'key' || way === 'oauth2'),
    methods: null,
    endpoints: endpoints.map(({ method, path, description, host, queryParameter, deprecation, collectionId }) => ({
      method,
      path,
      description,
      host,
      queryParameter,
      deprecation,
      collection: document.collections[collectionId]?.name ?? collectionId,
    })),
  }
}

/** https before http. Callers elsewhere cannot call "every address". */
const guessedUrl = ({ urls, hostName }: Reach): string => {
  const url = urls.find((each) => each.startsWith('https:')) ?? urls[0] ?? `https://${hostName}`
  return url.replace(/^(https?:\/\/)(?:0\.0\.0\.0|\[::\])(?=:|$)/, (_, scheme: string) => `${scheme}${hostName}`)
}

/** What several collections are together is as new as the newest of them (Semantic Versioning §11, without its suffixes). */
const newer = (one: string, other: string): string => {
  const [a, b] = [one, other].map((version) => (version.split('-', 1)[0] ?? '').split('.').map(Number)) as [
    number[],
    number[],
  ]
  for (let at = 0; at < 3; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference > 0 ? one : other
  }
  return one
}
