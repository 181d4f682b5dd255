/** The admin calls about clients, collections and endpoints. */
import { createClient, disableClient, editClient, enableClient, removeClient } from '../keys/client-steps.ts'
import {
  createCollection,
  disableCollection,
  editCollection,
  enableCollection,
  removeCollection,
} from '../keys/collection-steps.ts'
import {
  createEndpoint,
  disableEndpoint,
  editEndpoint,
  enableEndpoint,
  removeEndpoint,
} from '../keys/endpoint-steps.ts'
import type { Step } from '../document/step.ts'
import type { Who } from '../change.ts'
import { findClient, findCollection, findEndpoint } from '../keys/find.ts'
import { drawId } from '../keys/material.ts'
import { holds, seenIn, type HandlersOf } from './handlers.ts'
import { pageOf } from './parse.ts'
import { assertMayReadAll, assertMaySignIn } from './rights.ts'
import type { AdminRooms } from './rooms.ts'
import { reachFor } from './usage.ts'
import { clientView, collectionView, countKeys, endpointView, type Seen } from './views.ts'

/** One step, and the changed record as it is seen afterwards. */
const changed = async <R, V>(
  rooms: AdminRooms,
  who: Who,
  step: Step<R>,
  view: (record: R, seen: Seen) => V,
): Promise<V> => {
  const store = rooms.store()
  const record = await store.change(who, step)
  return view(record, seenIn(store, rooms))
}

const gone = async (rooms: AdminRooms, who: Who, step: Step<null>): Promise<undefined> => {
  await rooms.store().change(who, step)
  return undefined
}

const endpointsOf = (rooms: AdminRooms, collectionId: string): ReadonlySet<string> =>
  new Set(
    Object.values(rooms.store().document().endpoints)
      .filter((endpoint) => endpoint.collectionId === collectionId)
      .map(({ id }) => id),
  )

export const clientHandlers: HandlersOf<'clients'> = {
  'clients.list': ({ query, rooms }) => {
    const seen = seenIn(rooms.store(), rooms)
    const counts = countKeys(seen)
    const wanted = Object.values(seen.document.clients).filter(
      ({ name, description, project }) =>
        (query.project === undefined || project === query.project) && holds(query.text, name, description),
    )
    return pageOf(wanted, query, (client) => clientView(client, seen, counts))
  },
  'clients.create': ({ body, who, asker, rooms }) => {
    assertMayReadAll(asker, body.administrator === true, 'administrator')
    assertMaySignIn(asker, body)
    return changed(rooms, who, createClient(body, drawId('cl_')), clientView)
  },
  'clients.get': ({ params, rooms }) => {
    const seen = seenIn(rooms.store(), rooms)
    return clientView(findClient(seen.document, params.client), seen)
  },
  'clients.edit': ({ params, ifMatch, body, who, asker, rooms }) => {
    assertMayReadAll(asker, body.administrator === true, 'administrator')
    assertMaySignIn(asker, body)
    return changed(rooms, who, editClient(params.client, ifMatch, body), clientView)
  },
  'clients.remove': ({ params, who, rooms }) => gone(rooms, who, removeClient(params.client)),
  'clients.disable': async ({ params, who, rooms }) => {
    const view = await changed(rooms, who, disableClient(params.client), clientView)
    return { ...view, evidence: await reachFor(rooms, { clientId: view.id }) }
  },
  'clients.evidence': ({ params, rooms }) =>
    reachFor(rooms, { clientId: findClient(rooms.store().document(), params.client).id }),
  'clients.enable': ({ params, who, rooms }) => changed(rooms, who, enableClient(params.client), clientView),
}

export const collectionHandlers: HandlersOf<'collections'> = {
  'collections.list': ({ query, rooms }) => {
    const seen = seenIn(rooms.store(), rooms)
    const wanted = Object.values(seen.document.collections).filter(
      ({ name, description, project }) =>
        (query.project === undefined || project === query.project) && holds(query.text, name, description),
    )
    return pageOf(wanted, query, (collection) => collectionView(collection, seen))
  },
  'collections.create': ({ body, who, rooms }) =>
    changed(rooms, who, createCollection(body, drawId('co_')), collectionView),
  'collections.get': ({ params, rooms }) => {
    const seen = seenIn(rooms.store(), rooms)
    return collectionView(findCollection(seen.document, params.collection), seen)
  },
  'collections.edit': ({ params, ifMatch, body, who, rooms }) =>
    changed(rooms, who, editCollection(params.collection, ifMatch, body), collectionView),
  'collections.remove': ({ params, who, rooms }) => gone(rooms, who, removeCollection(params.collection)),
  'collections.disable': async ({ params, who, rooms }) => {
    const view = await changed(rooms, who, disableCollection(params.collection), collectionView)
    return { ...view, evidence: await reachFor(rooms, { endpointIds: endpointsOf(rooms, view.id) }) }
  },
  'collections.evidence': ({ params, rooms }) => {
    const { id } = findCollection(rooms.store().document(), params.collection)
    return reachFor(rooms, { endpointIds: endpointsOf(rooms, id) })
  },
  'collections.enable': ({ params, who, rooms }) =>
    changed(rooms, who, enableCollection(params.collection), collectionView),
}

export const endpointHandlers: HandlersOf<'endpoints'> = {
  'endpoints.list': ({ query, rooms }) => {
    const seen = seenIn(rooms.store(), rooms)
    const collection = query.collection === undefined ? undefined : findCollection(seen.document, query.collection).id
    const wanted = Object.values(seen.document.endpoints).filter(
      ({ collectionId, path, upstream, description }) =>
        (collection === undefined || collectionId === collection) && holds(query.text, path, upstream, description),
    )
    return pageOf(wanted, query, (endpoint) => endpointView(endpoint, seen))
  },
  'endpoints.create': ({ body, who, rooms }) => changed(rooms, who, createEndpoint(body, drawId('ep_')), endpointView),
  'endpoints.get': ({ params, rooms }) => {
    const seen = seenIn(rooms.store(), rooms)
    return endpointView(findEndpoint(seen.document, params.endpoint), seen)
  },
  'endpoints.edit': ({ params, ifMatch, body, who, rooms }) =>
    changed(rooms, who, editEndpoint(params.endpoint, ifMatch, body), endpointView),
  'endpoints.remove': async ({ params, who, rooms }) => {
    const seen = seenIn(rooms.store(), rooms)
    const view = endpointView(findEndpoint(seen.document, params.endpoint), seen)
    await rooms.store().change(who, removeEndpoint(view.id))
    return { ...view, evidence: await reachFor(rooms, { endpointIds: new Set([view.id]) }) }
  },
  'endpoints.disable': async ({ params, who, rooms }) => {
    const view = await changed(rooms, who, disableEndpoint(params.endpoint), endpointView)
    return { ...view, evidence: await reachFor(rooms, { endpointIds: new Set([view.id]) }) }
  },
  'endpoints.evidence': ({ params, rooms }) =>
    reachFor(rooms, { endpointIds: new Set([findEndpoint(rooms.store().document(), params.endpoint).id]) }),
  'endpoints.enable': ({ params, who, rooms }) => changed(rooms, who, enableEndpoint(params.endpoint), endpointView),
}
