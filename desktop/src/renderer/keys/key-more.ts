/** What a key has besides name, owner and expiry: what becomes of its value, whose it is, and what it may call. Pure. */
import { revealPolicies, type KeyView, type RevealPolicy } from '@postern/shared'

export interface KeyMore {
  /** Null: as the settings say, for a new key. */
  readonly reveal: RevealPolicy | null
  /** The id of its client; null: the default one. */
  readonly client: string | null
  /** Ids; null: everything its client may. */
  readonly collections: readonly string[] | null
}

export const moreOf = (key: KeyView | null): KeyMore => ({
  reveal: key?.reveal ?? null,
  client: key?.client.id ?? null,
  collections: key?.collections?.map(({ id }) => id) ?? null,
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

const sameIds = (a: readonly string[] | null, b: readonly string[] | null): boolean =>
  a === null || b === null ? a === b : a.length === b.length && a.every((id) => b.includes(id))

export interface ChangedMore {
  reveal?: RevealPolicy
  client?: string
  collections?: string[] | null
}

/** What is to be sent: of a new key what was chosen, of an edited one what is another now. */
export const changedMore = (more: KeyMore, was: KeyMore): ChangedMore => ({
  ...(more.reveal === was.reveal || more.reveal === null ? {} : { reveal: more.reveal }),
  ...(more.client === was.client || more.client === null ? {} : { client: more.client }),
  ...(sameIds(more.collections, was.collections)
    ? {}
    : { collections: more.collections === null ? null : [...more.collections] }),
})
