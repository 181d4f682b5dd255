/** Clients, collections and endpoints: what each is called, and what of it can be edited. Pure. */
import type {
  ClientEdit,
  ClientView,
  CollectionEdit,
  CollectionView,
  EndpointEdit,
  EndpointView,
  NewClient,
  NewCollection,
  NewEndpoint,
} from '@postern/shared'
import { signInAsSent } from '../sign-in/sign-in-draft.ts'

export interface ViewOf {
  readonly clients: ClientView
  readonly collections: CollectionView
  readonly endpoints: EndpointView
}

export interface EditOf {
  readonly clients: ClientEdit
  readonly collections: CollectionEdit
  readonly endpoints: EndpointEdit
}

export type Kind = keyof ViewOf
export type AnyView = ViewOf[Kind]

/** An endpoint is known by what it answers to. */
export const titleOf = (record: AnyView): string => ('path' in record ? `${record.method} ${record.path}` : record.name)

const clientBody = (view: ClientView): Required<NewClient> => ({
  name: view.name,
  description: view.description,
  project: view.project,
  email: view.email,
  collections: view.collections?.map(({ id }) => id) ?? null,
  addresses: view.addresses,
  policies: view.policies.map(({ id }) => id),
  ...signInAsSent(view),
  administrator: view.administrator,
})

const collectionBody = (view: CollectionView): Required<NewCollection> => ({
  name: view.name,
  version: view.version,
  description: view.description,
  project: view.project,
})

const endpointBody = (view: EndpointView): Required<NewEndpoint> => ({
  collection: view.collection.id,
  description: view.description,
  method: view.method,
  path: view.path,
  host: view.host,
  upstream: view.upstream,
  upstream_ca: view.upstream_ca,
  query_parameter: view.query_parameter,
  principal: view.principal,
  deprecation: view.deprecation,
  body_bytes_max: view.body_bytes_max,
  connect_timeout_ms: view.connect_timeout_ms,
  answer_timeout_ms: view.answer_timeout_ms,
  idle_timeout_ms: view.idle_timeout_ms,
})

/** All that can be edited of a record, as it is now. */
export const bodiesOf = { clients: clientBody, collections: collectionBody, endpoints: endpointBody } as const

/** What of `next` is another than it was. Lists of grants have no order. */
export const changesOf = <T extends object>(was: T, next: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(next).filter(([field, value]) => textOf(value) !== textOf(was[field as keyof T])),
  ) as Partial<T>

const textOf = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) ? value.map(String).toSorted((a, b) => (a < b ? -1 : 1)) : value) ?? ''

/** Null for nothing but blanks. */
export const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
