/**
 * What narrows a key or a client, read from what somebody has asked for: collections, endpoints, methods, addresses,
 * policies, and which admin tokens may see a key. Pure. Throws `field_invalid` naming the field, or `not_found`.
 */
import { accessLimits, callMethods, keyRights, type AddressesInput, type KeyEdit } from '@postern/shared'
import { parseNetwork } from '../addresses/networks.ts'
import type { AddressRules, ClientRecord, Document, KeyGrant, KeyRecord } from '../document/document.ts'
import { findCollection, findEndpoint, findPolicy, findToken } from './find.ts'
import { parseLabel, refuseField } from './names.ts'

export const anywhere: AddressRules = { allow: null, deny: [] }

type KeyRights = Pick<KeyRecord, 'subject' | 'endpoints' | 'methods' | 'addresses' | 'policies' | 'grants'>

/** What a key has that was asked for nothing. */
export const noRights: KeyRights = {
  subject: null,
  endpoints: null,
  methods: null,
  addresses: anywhere,
  policies: [],
  grants: null,
}

/** The rights that `input` speaks of, as a key holds them; what it does not speak of is left out. */
export const parseRights = (
  document: Document,
  input: Pick<KeyEdit, 'subject' | 'endpoints' | 'methods' | 'addresses' | 'policies' | 'grants'>,
  collections: readonly string[] | null,
): Partial<KeyRights> => ({
  ...(input.subject === undefined ? {} : { subject: parseLabel('subject', input.subject, accessLimits.subjectMax) }),
  ...(input.endpoints === undefined ? {} : { endpoints: narrowToEndpoints(document, input.endpoints, collections) }),
  ...(input.methods === undefined ? {} : { methods: parseMethods(input.methods) }),
  ...(input.addresses === undefined ? {} : { addresses: parseAddresses(input.addresses) }),
  ...(input.policies === undefined ? {} : { policies: parsePolicies(document, input.policies) }),
  ...(input.grants === undefined ? {} : { grants: parseGrants(document, input.grants) }),
})

/** The collections a key asks for, as ids, all of which its client must have been granted. */
export const narrowTo = (
  document: Document,
  client: ClientRecord,
  refs: readonly string[] | null,
): readonly string[] | null => {
  if (refs === null) return null
  const ids = [...new Set(refs.map((ref) => findCollection(document, ref).id))]
  const missing = ids.find((id) => client.collections !== null && !client.collections.includes(id))
  if (missing === undefined) return ids
  const name = document.collections[missing]?.name ?? missing
  return refuseField(
    'collections',
    `the client "${client.name}" is not granted "${name}"; grant it to the client first`,
  )
}

const narrowToEndpoints = (
  document: Document,
  refs: readonly string[] | null,
  collections: readonly string[] | null,
): readonly string[] | null => {
  if (refs === null) return null
  if (refs.length === 0) return refuseField('endpoints', 'name at least one, or null for all')
  const endpoints = refs.map((ref) => findEndpoint(document, ref))
  const outside = endpoints.find(({ collectionId }) => collections !== null && !collections.includes(collectionId))
  if (outside !== undefined)
    return refuseField(
      'endpoints',
      `"${outside.method} ${outside.path}" is in none of the key's collections; add its collection first`,
    )
  return [...new Set(endpoints.map(({ id }) => id))]
}

const parseMethods = (methods: KeyRecord['methods']): KeyRecord['methods'] => {
  if (methods === null) return null
  if (methods.length === 0) return refuseField('methods', 'name at least one, or null for all')
  return callMethods.filter((method) => methods.includes(method))
}

/** Networks in their canonical form, each once. */
export const parseAddresses = (input: AddressesInput): AddressRules => {
  const networks = (field: string, texts: readonly string[]): readonly string[] => [
    ...new Set(
      texts.map((text) => {
        const network = parseNetwork(text)
        return typeof network === 'string' ? refuseField(field, network) : network.text
      }),
    ),
  ]
  const { allow = null, deny = [] } = input
  if (allow?.length === 0)
    return refuseField('addresses.allow', 'name at least one network, or null to allow calls from anywhere')
  return {
    allow: allow === null ? null : networks('addresses.allow', allow),
    deny: networks('addresses.deny', deny),
  }
}

export const parsePolicies = (document: Document, refs: readonly string[]): readonly string[] => [
  ...new Set(refs.map((ref) => findPolicy(document, ref).id)),
]

const parseGrants = (
  document: Document,
  grants: readonly { readonly token: string; readonly rights: KeyGrant['rights'] }[] | null,
): readonly KeyGrant[] | null => {
  if (grants === null) return null
  const given = grants.map(({ token, rights }) => ({
    tokenId: findToken(document, token).id,
    // Whoever may do something with a key may see it.
    rights: keyRights.filter((right) => right === 'view' || rights.includes(right)),
  }))
  if (new Set(given.map(({ tokenId }) => tokenId)).size < given.length)
    return refuseField('grants', 'each token stands once, with all of its rights')
  return given
}
