/**
 * A pure model of what a store holds: names, states, expiry, tombstones. It is written from what the product promises and
 * shares no code with it; a command gives either a next model or the code of the refusal.
 */

export interface ModelSecret {
  readonly version: number
  readonly text: string
  /** When an old secret ends; `null` for the current one. */
  readonly untilMs: number | null
}

export interface ModelKey {
  readonly id: string
  readonly name: string
  readonly client: string
  readonly disabled: boolean
  readonly removedAtMs: number | null
  readonly expiresAtMs: number | null
  readonly secrets: readonly ModelSecret[]
}

/** Records by their names in lower case. */
export interface Model {
  readonly nowMs: number
  readonly keys: Readonly<Record<string, ModelKey>>
  readonly clients: Readonly<Record<string, { readonly name: string; readonly disabled: boolean }>>
  readonly collections: Readonly<Record<string, { readonly name: string }>>
  /** The collection of each path. */
  readonly endpoints: Readonly<Record<string, string>>
}

/** Changes as they are asked for. `draw` numbers what would be random, so that model and product draw alike. */
export type Change =
  | { kind: 'create'; name: string; client: string; days: number | null; draw: number }
  | { kind: 'rename'; name: string; to: string }
  | { kind: 'extend'; name: string; days: number | null }
  | { kind: 'rotate'; name: string; overlapSeconds: number; draw: number }
  | { kind: 'disable' | 'enable' | 'remove' | 'restore'; name: string }
  | { kind: 'createClient'; name: string; draw: number }
  | { kind: 'renameClient'; name: string; to: string }
  | { kind: 'disableClient' | 'enableClient' | 'removeClient'; name: string }
  | { kind: 'createCollection'; name: string; draw: number }
  | { kind: 'renameCollection'; name: string; to: string }
  | { kind: 'removeCollection'; name: string }
  | { kind: 'createEndpoint'; collection: string; path: string; draw: number }
  | { kind: 'removeEndpoint'; path: string }

const dayMs = 86_400_000
const graceMs = 7 * dayMs

export const emptyModel = (nowMs: number): Model => ({
  nowMs,
  keys: {},
  clients: { default: { name: 'default', disabled: false } },
  collections: {},
  endpoints: {},
})

export const secretOf = (draw: number): string => String(draw).padStart(43, 's')
export const keyIdOf = (draw: number): string => `k${String(draw).padStart(7, '0')}`

const low = (name: string): string => name.toLowerCase()
const without = <T>(records: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(records).filter(([each]) => each !== name))
const expiry = (nowMs: number, days: number | null): number | null => (days === null ? null : nowMs + days * dayMs)

/** The model after a change, or the code of the problem that refuses it. */
export const modelAfter = (model: Model, change: Change): Model | string => {
  switch (change.kind) {
    case 'create':
    case 'rename':
    case 'extend':
    case 'rotate':
    case 'disable':
    case 'enable':
    case 'remove':
    case 'restore': {
      const keys = keysAfter(model, change)
      return typeof keys === 'string' ? keys : { ...model, keys }
    }
    case 'createEndpoint':
      if (model.collections[low(change.collection)] === undefined) return 'not_found'
      if (model.endpoints[change.path] !== undefined) return 'conflict'
      return { ...model, endpoints: { ...model.endpoints, [change.path]: low(change.collection) } }
    case 'removeEndpoint':
      if (model.endpoints[change.path] === undefined) return 'not_found'
      return { ...model, endpoints: without(model.endpoints, change.path) }
    default:
      return groupsAfter(model, change)
  }
}

const keysAfter = (
  { nowMs, keys, clients }: Model,
  change: Extract<
    Change,
    { kind: 'create' | 'rename' | 'extend' | 'rotate' | 'disable' | 'enable' | 'remove' | 'restore' }
  >,
): Model['keys'] | string => {
  const at = low(change.name)
  const key = keys[at]
  if (change.kind === 'create') {
    if (clients[low(change.client)] === undefined) return 'not_found'
    if (key !== undefined) return 'name_taken'
    const made: ModelKey = {
      id: keyIdOf(change.draw),
      name: change.name,
      client: low(change.client),
      disabled: false,
      removedAtMs: null,
      expiresAtMs: expiry(nowMs, change.days),
      secrets: [{ version: 1, text: secretOf(change.draw), untilMs: null }],
    }
    return { ...keys, [at]: made }
  }
  if (key === undefined) return 'not_found'
  if (change.kind === 'restore') {
    if (key.removedAtMs === null) return 'conflict'
    return key.removedAtMs + graceMs <= nowMs ? 'not_found' : { ...keys, [at]: { ...key, removedAtMs: null } }
  }
  if (key.removedAtMs !== null) return 'not_found'
  switch (change.kind) {
    case 'rename':
      if (low(change.to) !== at && keys[low(change.to)] !== undefined) return 'name_taken'
      return { ...without(keys, at), [low(change.to)]: { ...key, name: change.to } }
    case 'extend':
      return { ...keys, [at]: { ...key, expiresAtMs: expiry(nowMs, change.days) } }
    case 'rotate': {
      const [current] = key.secrets
      const version = (current?.version ?? 0) + 1
      const untilMs = nowMs + change.overlapSeconds * 1_000
      const old = current === undefined || change.overlapSeconds === 0 ? [] : [{ ...current, untilMs }]
      return {
        ...keys,
        [at]: { ...key, secrets: [{ version, text: secretOf(change.draw), untilMs: null }, ...old] },
      }
    }
    case 'disable':
    case 'enable':
      return { ...keys, [at]: { ...key, disabled: change.kind === 'disable' } }
    case 'remove':
      return { ...keys, [at]: { ...key, removedAtMs: nowMs } }
  }
}

const groupsAfter = (
  model: Model,
  change: Extract<Change, { kind: `${string}Client` | `${string}Collection` }>,
): Model | string => {
  const { keys, clients, collections, endpoints } = model
  const at = low(change.name)
  const client = clients[at]
  const collection = collections[at]
  switch (change.kind) {
    case 'createClient':
      if (client !== undefined) return 'name_taken'
      return { ...model, clients: { ...clients, [at]: { name: change.name, disabled: false } } }
    case 'createCollection':
      if (collection !== undefined) return 'name_taken'
      return { ...model, collections: { ...collections, [at]: { name: change.name } } }
    case 'renameClient': {
      if (client === undefined) return 'not_found'
      const to = low(change.to)
      if (to !== at && clients[to] !== undefined) return 'name_taken'
      const moved = Object.entries(keys).map(([name, key]) => [name, key.client === at ? { ...key, client: to } : key])
      return {
        ...model,
        clients: { ...without(clients, at), [to]: { ...client, name: change.to } },
        keys: Object.fromEntries(moved) as Model['keys'],
      }
    }
    case 'renameCollection': {
      if (collection === undefined) return 'not_found'
      const to = low(change.to)
      if (to !== at && collections[to] !== undefined) return 'name_taken'
      const moved = Object.entries(endpoints).map(([path, holder]) => [path, holder === at ? to : holder])
      return {
        ...model,
        collections: { ...without(collections, at), [to]: { name: change.to } },
        endpoints: Object.fromEntries(moved) as Model['endpoints'],
      }
    }
    case 'disableClient':
    case 'enableClient':
      if (client === undefined) return 'not_found'
      return { ...model, clients: { ...clients, [at]: { ...client, disabled: change.kind === 'disableClient' } } }
    case 'removeClient':
      if (client === undefined) return 'not_found'
      if (Object.values(keys).some((key) => key.client === at)) return 'in_use'
      return { ...model, clients: without(clients, at) }
    case 'removeCollection':
      if (collection === undefined) return 'not_found'
      if (Object.values(endpoints).includes(at)) return 'in_use'
      return { ...model, collections: without(collections, at) }
  }
}

/** Time passes; nothing is dropped by that alone. */
export const modelLater = (model: Model, nowMs: number): Model => ({ ...model, nowMs })

/** Removed keys whose days have passed are dropped. */
export const modelPurged = (model: Model): Model => ({
  ...model,
  keys: Object.fromEntries(
    Object.entries(model.keys).filter(
      ([, { removedAtMs }]) => removedAtMs === null || removedAtMs + graceMs > model.nowMs,
    ),
  ),
})
