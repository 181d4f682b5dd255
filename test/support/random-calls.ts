/** Stores with keys of random rights, and calls that run into each of them. */
import { networkOf } from '../../daemon/src/access/network.ts'
import type { AddressRules, Document } from '../../daemon/src/document/document.ts'
import type { Chance } from '../faults/chance.ts'
import { makeClient, makeCollection, makeDocument, makeEndpoint, makeKey, type MadeKey } from './access-document.ts'

export interface RandomWorld {
  readonly document: Document
  readonly keys: readonly MadeKey[]
}

export interface RandomCall {
  /** `null`: no credential. */
  readonly value: string | null
  readonly keyId: string | null
  readonly method: string
  readonly path: string
  readonly host: string | undefined
  readonly address: string | null
  readonly forwardAuth: boolean
}

const at = '2026-01-01T00:00:00.000Z'
export const callers = ['10.0.0.1', '10.0.1.7', '203.0.113.9', '2001:db8::1', '2001:db8:0:1::5'] as const
const networks = ['10.0.0.0/24', '10.0.0.0/8', '203.0.113.9', '2001:db8::/32', '2001:db8::1', '0.0.0.0/0'] as const
const hosts = ['a.example', 'b.example'] as const
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const
const patterns = ['/orders', '/orders/{id}', '/orders/{id}/lines', '/bills', '/files/{rest*}'] as const
const paths = ['/orders', '/orders/1', '/orders/1/lines', '/bills', '/files/a/b', '/nowhere'] as const
const collections = ['co_a', 'co_b', 'co_c'] as const

const oneIn = (chance: Chance, count: number): boolean => chance.under(count) === 0

/** Each of them as likely as not; `null` most often. */
const some = <T>(chance: Chance, from: readonly T[]): T[] | null =>
  oneIn(chance, 2) ? from.filter(() => oneIn(chance, 2)) : null

export const randomAddresses = (chance: Chance): AddressRules => {
  const allow = some(chance, networks)
  return {
    allow: allow === null || allow.length === 0 ? null : allow,
    deny: oneIn(chance, 4) ? [chance.pick(networks)] : [],
  }
}

export const randomWorld = (chance: Chance, nowMs: number): RandomWorld => {
  const endpoints = patterns.flatMap((path, number) => {
    const made = (method: 'GET' | 'POST' | 'ANY', more: object) =>
      makeEndpoint(method, path, { id: `ep_${number}${method}`, collectionId: chance.pick(collections), ...more })
    const more = () => ({
      host: oneIn(chance, 6) ? chance.pick(hosts) : null,
      upstream: oneIn(chance, 5) ? null : 'http://127.0.0.1:9',
      disabledAt: oneIn(chance, 10) ? at : null,
    })
    return [made('GET', more()), made(chance.pick(['POST', 'ANY']), more())]
  })
  const clients = ['cl_a', 'cl_b'].map((id) =>
    makeClient({
      id,
      name: id,
      collections: some(chance, collections),
      addresses: oneIn(chance, 2) ? randomAddresses(chance) : { allow: null, deny: [] },
      disabledAt: oneIn(chance, 8) ? at : null,
    }),
  )
  const instants = [nowMs - 1, nowMs, nowMs + 1, nowMs + 86_400_000].map((ms) => new Date(ms).toISOString())
  const keys = Array.from({ length: 6 }, (_, number) =>
    makeKey({
      name: `key ${number}`,
      clientId: chance.pick(['cl_a', 'cl_b']),
      collections: some(chance, collections),
      endpoints: some(
        chance,
        endpoints.map(({ id }) => id),
      ),
      methods: some(chance, ['GET', 'POST', 'PUT', 'OPTIONS']),
      addresses: oneIn(chance, 2) ? randomAddresses(chance) : { allow: null, deny: [] },
      expiresAt: oneIn(chance, 4) ? chance.pick(instants as [string, ...string[]]) : null,
      honey: oneIn(chance, 12) ? { blockSeconds: 60 } : null,
      disabledAt: oneIn(chance, 12) ? at : null,
      removedAt: oneIn(chance, 12) ? at : null,
    }),
  )
  const blocks = callers
    .filter(() => oneIn(chance, 6))
    .map((address) => {
      const until = new Date(nowMs + chance.pick([-1, 0, 1, 60_000])).toISOString()
      return { id: networkOf(address), keyId: 'KEY00000', createdAt: at, until }
    })
  const document = makeDocument({
    keys,
    clients,
    endpoints,
    collections: collections.map((id) => makeCollection({ id, name: id, disabledAt: oneIn(chance, 10) ? at : null })),
  })
  return { keys, document: { ...document, blocks: Object.fromEntries(blocks.map((block) => [block.id, block])) } }
}

export const randomCall = (chance: Chance, { keys }: RandomWorld): RandomCall => {
  const key = oneIn(chance, 20) ? undefined : keys[chance.under(keys.length)]
  const bad = ['/orders//1', '/orders/../x', '/or ders', 'orders', '/orders/%2e%2e'] as const
  const forwardAuth = oneIn(chance, 3)
  return {
    value: key?.value ?? null,
    keyId: key?.record.id ?? null,
    method: oneIn(chance, 40) ? chance.pick(['TRACE', 'CONNECT']) : chance.pick(methods),
    path: `${oneIn(chance, 30) ? chance.pick(bad) : chance.pick(paths)}${oneIn(chance, 5) ? '?since=1' : ''}`,
    host: oneIn(chance, 3) ? undefined : chance.pick([...hosts, 'c.example', 'A.Example:8443']),
    address: forwardAuth && oneIn(chance, 2) ? null : chance.pick(callers),
    forwardAuth,
  }
}
