/** The life of a collection, as pure steps. */
import { accessLimits, type CollectionEdit, type NewCollection } from '@postern/shared'
import type { CollectionRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { Problem } from '../problem.ts'
import { assertMatches, findCollection, meansAnId } from './find.ts'
import { assertNameFree, parseLabel, parseName, parseText, refuseField } from './names.ts'
import { firstRevision, nextRevision, put, switches, takeOff } from './record-steps.ts'

export const createCollection =
  (input: NewCollection, id: string): Step<CollectionRecord> =>
  (document, context) => {
    const name = parseName(input.name, meansAnId(document))
    assertNameFree(document.collections, name)
    const collection: CollectionRecord = {
      ...firstRevision(id, context.nowMs),
      name,
      description: parseText('description', input.description ?? '', accessLimits.descriptionMax),
      version: parseVersion(input.version ?? '1.0.0'),
      project: parseLabel('project', input.project ?? null, accessLimits.projectMax),
    }
    return put(document, 'collections', collection, { action: 'collection.create' })
  }

export const editCollection =
  (ref: string, ifMatch: string, input: CollectionEdit): Step<CollectionRecord> =>
  (document, context) => {
    const collection = findCollection(document, ref)
    assertMatches(collection, ifMatch)
    const fields = Object.keys(input)
    if (fields.length === 0) return { document, result: collection, entry: null }
    const name = input.name === undefined ? collection.name : parseName(input.name, meansAnId(document))
    if (name !== collection.name) assertNameFree(document.collections, name, collection.id)
    const next: CollectionRecord = {
      ...collection,
      name,
      ...(input.version === undefined ? {} : { version: parseVersion(input.version) }),
      ...(input.description === undefined
        ? {}
        : { description: parseText('description', input.description, accessLimits.descriptionMax) }),
      ...(input.project === undefined
        ? {}
        : { project: parseLabel('project', input.project, accessLimits.projectMax) }),
    }
    return put(document, 'collections', nextRevision(next, context.nowMs), { action: 'collection.edit', fields })
  }

/** As documents of interfaces say it: digits and dots first, so that it sorts and stands in file names. */
const parseVersion = (input: string): string =>
  /^\d{1,6}(?:\.\d{1,6}){0,2}(?:-[0-9A-Za-z.-]{1,30})?$/.test(input.trim())
    ? input.trim()
    : refuseField('version', 'such as 1.2.0 or 2.0.0-beta.1')

/**
 * Removes a collection that holds no endpoints, and takes it out of what clients and keys were granted: a key narrowed to
 * it alone then reaches nothing. Throws `in_use`.
 */
export const removeCollection =
  (ref: string): Step<null> =>
  (document) => {
    const collection = findCollection(document, ref)
    const held = Object.values(document.endpoints).filter((endpoint) => endpoint.collectionId === collection.id).length
    if (held > 0)
      throw new Problem('in_use', {
        detail: `This collection holds ${held} endpoints. Remove or move them first, or disable the collection.`,
      })
    const { document: after, ...rest } = takeOff(document, 'collections', collection, 'collection.remove')
    const clients = withoutGrant(document.clients, collection.id)
    return { document: { ...after, clients, keys: withoutGrant(document.keys, collection.id) }, ...rest }
  }

/** The endpoints of a disabled collection do not exist for callers. */
export const { disable: disableCollection, enable: enableCollection } = switches('collections', findCollection, {
  disable: 'collection.disable',
  enable: 'collection.enable',
})

interface Granted {
  readonly revision: number
  readonly collections: readonly string[] | null
}

const withoutGrant = <T extends Granted>(
  records: Readonly<Record<string, T>>,
  id: string,
): Readonly<Record<string, T>> =>
  Object.fromEntries(
    Object.entries(records).map(([key, record]) =>
      record.collections?.includes(id) === true
        ? [
            key,
            { ...record, revision: record.revision + 1, collections: record.collections.filter((each) => each !== id) },
          ]
        : [key, record],
    ),
  )
