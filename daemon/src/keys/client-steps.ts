/** The life of a client, as pure steps. The client `default` is always there. */
import { accessLimits, defaultClientId, type ClientEdit, type NewClient } from '@postern/shared'
import type { ClientRecord, Document } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { Problem } from '../problem.ts'
import { assertMatches, findClient, findCollection, meansAnId } from './find.ts'
import { assertNameFree, parseLabel, parseName, parseText, refuseField } from './names.ts'
import { firstRevision, nextRevision, put, switches, takeOff } from './record-steps.ts'
import { parseAddresses, parsePolicies } from './rights.ts'
import { acceptsDefault, parseSignIn } from './sign-in-steps.ts'

/** Creates a client. Without `collections` it reaches nothing; `null` grants every collection, also later ones. */
export const createClient =
  (input: NewClient, id: string): Step<ClientRecord> =>
  (document, context) => {
    const name = parseName(input.name, meansAnId(document))
    assertNameFree(document.clients, name)
    const first = firstRevision(id, context.nowMs)
    const client: ClientRecord = {
      ...first,
      name,
      description: parseText('description', input.description ?? '', accessLimits.descriptionMax),
      project: parseLabel('project', input.project ?? null, accessLimits.projectMax),
      email: parseEmail(input.email ?? null),
      collections: input.collections === undefined ? [] : granted(document, input.collections),
      addresses: parseAddresses(input.addresses ?? {}),
      policies: parsePolicies(document, input.policies ?? []),
      ...parseSignIn(document, context, { ...first, name, accepts: acceptsDefault, signIn: null }, input),
      administrator: input.administrator ?? false,
    }
    return put(document, 'clients', client, { action: 'client.create' })
  }

export const editClient =
  (ref: string, ifMatch: string, input: ClientEdit): Step<ClientRecord> =>
  (document, context) => {
    const client = findClient(document, ref)
    assertMatches(client, ifMatch)
    const fields = Object.keys(input)
    if (fields.length === 0) return { document, result: client, entry: null }
    const name = input.name === undefined ? client.name : parseName(input.name, meansAnId(document))
    if (name !== client.name) {
      if (client.id === defaultClientId) return refuseField('name', 'the client "default" keeps its name')
      assertNameFree(document.clients, name, client.id)
    }
    const next: ClientRecord = {
      ...client,
      name,
      ...(input.description === undefined
        ? {}
        : { description: parseText('description', input.description, accessLimits.descriptionMax) }),
      ...(input.project === undefined
        ? {}
        : { project: parseLabel('project', input.project, accessLimits.projectMax) }),
      ...(input.email === undefined ? {} : { email: parseEmail(input.email) }),
      ...(input.collections === undefined ? {} : { collections: granted(document, input.collections) }),
      ...(input.addresses === undefined ? {} : { addresses: parseAddresses(input.addresses) }),
      ...(input.policies === undefined ? {} : { policies: parsePolicies(document, input.policies) }),
      ...parseSignIn(document, context, { ...client, name, revision: client.revision + 1 }, input),
      administrator: input.administrator ?? client.administrator,
    }
    return put(document, 'clients', nextRevision(next, context.nowMs), { action: 'client.edit', fields })
  }

/** Removes a client that owns no keys, removed ones that could still be restored included. Throws `in_use`. */
export const removeClient =
  (ref: string): Step<null> =>
  (document) => {
    const client = findClient(document, ref)
    if (client.id === defaultClientId)
      throw new Problem('conflict', { detail: 'The client "default" cannot be removed; disable it instead.' })
    const owned = Object.values(document.keys).filter((key) => key.clientId === client.id)
    if (owned.length > 0) {
      const restorable = owned.filter((key) => key.removedAt !== null).length
      throw new Problem('in_use', {
        detail: `This client owns ${owned.length} ${owned.length === 1 ? 'key' : 'keys'} (${restorable} of them removed and still restorable). Remove them and wait until they are purged, or disable the client.`,
      })
    }
    return takeOff(document, 'clients', client, 'client.remove')
  }

/** A disabled client's keys are all refused until it is enabled again. */
export const { disable: disableClient, enable: enableClient } = switches('clients', findClient, {
  disable: 'client.disable',
  enable: 'client.enable',
})

const granted = (document: Document, refs: readonly string[] | null): readonly string[] | null =>
  refs === null ? null : [...new Set(refs.map((ref) => findCollection(document, ref).id))]

const parseEmail = (input: string | null): string | null => {
  const email = parseLabel('email', input, 254)
  if (email !== null && !/^[^\s@]+@[^\s@]+$/.test(email))
    return refuseField('email', 'an address such as team@example.com')
  return email
}
