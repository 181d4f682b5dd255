/**
 * What a key has besides name, owner and expiry: what becomes of its value, whose it is, what it may call, from where and how
 * often, and who may see to it. Pure.
 */
import {
  revealPolicies,
  type CallMethod,
  type KeyEdit,
  type KeyRight,
  type KeyView,
  type RevealPolicy,
} from '@postern/shared'
import { addressesOf, linesOf, type NetworkTexts } from '../rights/networks.ts'
import { noLimit, type LimitDraft } from '../rights/new-limit.ts'

/** Admin tokens by their ids. */
export type Grants = readonly { readonly token: string; readonly rights: readonly KeyRight[] }[]

export interface KeyMore extends NetworkTexts {
  /** Null: as the settings say, for a new key. */
  readonly reveal: RevealPolicy | null
  /** The id of its client; null: the default one. */
  readonly client: string | null
  /** Ids; null: everything its client may. */
  readonly collections: readonly string[] | null
  /** Ids; null: every one of its collections. */
  readonly endpoints: readonly string[] | null
  /** Null: every one. */
  readonly methods: readonly CallMethod[] | null
  /** Ids. */
  readonly policies: readonly string[]
  /** One that is made on the way. */
  readonly limit: LimitDraft
  /** Empty: nobody in particular. */
  readonly subject: string
  /** Null: whoever has the role. */
  readonly grants: Grants | null
}

export const moreOf = (key: KeyView | null): KeyMore => ({
  reveal: key?.reveal ?? null,
  client: key?.client.id ?? null,
  collections: key?.collections?.map(({ id }) => id) ?? null,
  endpoints: key?.endpoints?.map(({ id }) => id) ?? null,
  methods: key?.methods ?? null,
  allow: linesOf(key?.addresses.allow ?? []),
  deny: linesOf(key?.addresses.deny ?? []),
  policies: key?.policies.map(({ id }) => id) ?? [],
  limit: noLimit,
  subject: key?.subject ?? '',
  grants: key?.grants?.map(({ token, rights }) => ({ token: token.id, rights })) ?? null,
})

/** What a value that was not kept could be shown again from is gone: a policy is only ever tightened. */
export const revealsFor = (key: KeyView | null): readonly RevealPolicy[] =>
  key === null ? revealPolicies : revealPolicies.slice(revealPolicies.indexOf(key.reveal))

/** Collections that a key of a client may be given. */
export const grantable = <T extends { readonly id: string }>(
  granted: readonly { readonly id: string }[] | null,
  collections: readonly T[],
): readonly T[] => {
  if (granted === null) return collections
  const ids = new Set(granted.map(({ id }) => id))
  return collections.filter(({ id }) => ids.has(id))
}

/** Endpoints that a key of these collections can be narrowed to: the others it may not call anyway. */
export const endpointsWithin = <T extends { readonly collection: { readonly id: string } }>(
  endpoints: readonly T[],
  collections: readonly string[],
): readonly T[] => endpoints.filter(({ collection }) => collections.includes(collection.id))

const sameIds = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  a === null || b === null ? a === b : a.length === b.length && a.every((id) => b.includes(id))

const sameGrants = (a: Grants | null, b: Grants | null): boolean =>
  a === null || b === null
    ? a === b
    : a.length === b.length &&
      a.every(({ token, rights }) => sameIds(rights, b.find((each) => each.token === token)?.rights ?? null))

const copied = <T>(list: readonly T[] | null): T[] | null => (list === null ? null : [...list])

export type ChangedMore = Omit<KeyEdit, 'name' | 'honey'> & { client?: string }

/** What is to be sent: of a new key what was chosen, of an edited one what is another now. A new limit is not among it. */
export const changedMore = (more: KeyMore, was: KeyMore): ChangedMore => ({
  ...(more.reveal === was.reveal || more.reveal === null ? {} : { reveal: more.reveal }),
  ...(more.client === was.client || more.client === null ? {} : { client: more.client }),
  ...(sameIds(more.collections, was.collections) ? {} : { collections: copied(more.collections) }),
  ...(sameIds(more.endpoints, was.endpoints) ? {} : { endpoints: copied(more.endpoints) }),
  ...(sameIds(more.methods, was.methods) ? {} : { methods: copied(more.methods) }),
  ...(more.allow.trim() === was.allow && more.deny.trim() === was.deny ? {} : { addresses: addressesOf(more) }),
  ...(sameIds(more.policies, was.policies) ? {} : { policies: [...more.policies] }),
  ...(more.subject.trim() === was.subject ? {} : { subject: more.subject.trim() === '' ? null : more.subject.trim() }),
  ...(sameGrants(more.grants, was.grants)
    ? {}
    : { grants: more.grants?.map(({ token, rights }) => ({ token, rights: [...rights] })) ?? null }),
})
