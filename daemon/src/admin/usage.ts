/** The admin calls about usage: reports, and who would be hit by a change. */
import { usageDailyLimits, type KeyCallsView, type KeyEvidence, type ReachEvidence } from '@postern/shared'
import type { KeyRecord } from '../document/document.ts'
import { findClient, findEndpoint, findKey } from '../keys/find.ts'
import { createDailyUsage, type DailyUsage } from '../usage/daily.ts'
import { evidenceDays, evidenceOf, reachOf } from '../usage/evidence.ts'
import { usageReport, type UsageNames } from '../usage/report.ts'
import type { HandlersOf } from './handlers.ts'
import { readTime, refuseQuery } from './parse.ts'
import type { AdminRooms, OpenStore } from './rooms.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

export const usageHandlers: HandlersOf<'usage'> = {
  'usage.report': async ({ query, rooms }) => {
    const store = rooms.store()
    const document = store.document()
    // Usage is counted in UTC and by the hour, so a report is of whole hours, and says so.
    const toMs = Math.ceil((query.to === undefined ? rooms.now() : readTime('to', query.to, dayMs)) / hourMs) * hourMs
    const from = query.from === undefined ? toMs - 30 * dayMs : readTime('from', query.from, 0)
    const fromMs = Math.floor(from / hourMs) * hourMs
    if (fromMs >= toMs) return refuseQuery('from', 'comes before `to`')
    const asked = {
      groupBy: query.group_by ?? 'key',
      ...(query.key === undefined ? {} : { keyId: findKey(document, query.key, { removed: true }).id }),
      ...(query.client === undefined ? {} : { clientId: findClient(document, query.client).id }),
      ...(query.endpoint === undefined ? {} : { endpointId: findEndpoint(document, query.endpoint).id }),
    }
    const data = usageReport(await store.usageRows(fromMs, toMs), asked, namesIn(store))
    const instant = (ms: number): string => new Date(ms).toISOString()
    return {
      from: instant(fromMs),
      to: instant(toMs),
      group_by: asked.groupBy,
      calls: data.reduce((sum, { calls }) => sum + calls, 0),
      data,
    }
  },

  'usage.daily': async ({ query, rooms }) => {
    const { keysMax } = usageDailyLimits
    const asked = new Set(query.keys.split(',').filter((id) => id !== ''))
    if (asked.size > keysMax) return refuseQuery('keys', `at most ${keysMax} ids`)
    const store = rooms.store()
    const { keys } = store.document()
    return dailyOf(store).of(
      [...asked].filter((id) => Object.hasOwn(keys, id)),
      rooms.now(),
    )
  },
}

const dailies = new WeakMap<OpenStore, DailyUsage>()

/** As long as the store is open, it remembers what it has read. */
const dailyOf = (store: OpenStore): DailyUsage => {
  const known = dailies.get(store) ?? createDailyUsage(store.usageRows)
  dailies.set(store, known)
  return known
}

/** What the last days say of a key's callers. */
export const evidenceFor = async (key: KeyRecord, rooms: AdminRooms): Promise<KeyEvidence> => {
  const store = rooms.store()
  const nowMs = rooms.now()
  const [current, old] = key.secrets
  const overlapping = typeof old?.validUntil === 'string' && Date.parse(old.validUntil) > nowMs
  return evidenceOf(key.id, await store.usageRows(nowMs - evidenceDays * dayMs, nowMs + hourMs), {
    lastUsedAt: store.lastUsedAt(key.id),
    rotated: current !== undefined && overlapping ? { at: current.createdAt, version: current.version } : null,
  })
}

/** The calls of a key one by one. */
export const callsOf = (key: KeyRecord, store: OpenStore): KeyCallsView => {
  const { sinceMs, calls } = store.recentCalls(key.id)
  const { endpoints } = store.document()
  return {
    since: new Date(sinceMs).toISOString(),
    data: calls.map(({ atMs, requestId, address, askedByProxy, method, endpointId: id, path, outcome, secret }) => ({
      at: new Date(atMs).toISOString(),
      request_id: requestId,
      address,
      asked_by_proxy: askedByProxy,
      method,
      endpoint: id === null ? null : { id, pattern: endpoints[id]?.path ?? null },
      path,
      outcome,
      secret,
    })),
  }
}

/** Who called with the keys of a client, or the endpoints of a collection, in the last days. */
export const reachFor = async (
  rooms: AdminRooms,
  concerned: { clientId: string } | { endpointIds: ReadonlySet<string> },
): Promise<ReachEvidence> => {
  const store = rooms.store()
  const { keys } = store.document()
  const nowMs = rooms.now()
  const rows = await store.usageRows(nowMs - evidenceDays * dayMs, nowMs + 3_600_000)
  return reachOf(rows, ({ keyId, endpointId }) =>
    'clientId' in concerned ? keys[keyId]?.clientId === concerned.clientId : concerned.endpointIds.has(endpointId),
  )
}

const namesIn = (store: OpenStore): UsageNames => {
  const { keys, clients, endpoints } = store.document()
  return {
    key: (id) => keys[id],
    client: (id) => clients[id]?.name,
    endpoint: (id) => {
      const endpoint = endpoints[id]
      return endpoint === undefined ? undefined : `${endpoint.method} ${endpoint.path}`
    },
  }
}
