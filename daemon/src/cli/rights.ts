/** Options that narrow a key or a client: addresses, endpoints, methods, whom a key acts as, and who may manage it. */
import type { Command } from 'commander'
import {
  callMethods,
  keyRights,
  type AddressesInput,
  type AddressesView,
  type CallMethod,
  type KeyEdit,
  type KeyRight,
  type KeyView,
} from '@postern/shared'
import { given, many } from './options.ts'
import { UsageError } from './prompt.ts'

interface AddressFlags {
  allow?: string[]
  deny?: string[]
  anyAddress?: boolean
}

export const addressOptions = (command: Command): Command =>
  command
    .option('--allow <network>', 'calls come from this address or network (CIDR) only; repeat for more', many)
    .option('--deny <network>', 'calls from this address or network are refused; repeat for more', many)
    .option('--any-address', 'calls may come from anywhere, but for what --deny names')

/** `present`: what is there; a list that is not named stays what it is. */
export const readAddresses = (
  command: Command,
  present: AddressesView = { allow: null, deny: [] },
): { addresses?: AddressesInput } => {
  const { allow, deny, anyAddress } = command.opts<AddressFlags>()
  if (anyAddress === true) {
    if (allow !== undefined) throw new UsageError('Give one of --allow and --any-address.')
    return { addresses: { allow: null, deny: deny ?? [] } }
  }
  if (allow === undefined && deny === undefined) return {}
  return { addresses: { allow: allow ?? present.allow, deny: deny ?? present.deny } }
}

export const rightsOptions = (command: Command): Command =>
  addressOptions(command)
    .option('--subject <subject>', 'as whom its calls act, told to upstreams in X-Postern-Subject; "" for nobody')
    .option('--endpoint <endpoint>', 'narrow to this endpoint, an id or "METHOD /path"; repeat for more', many)
    .option('--all-endpoints', 'every endpoint of its collections')
    .option('--method <method>', 'narrow to this method; repeat for more', many)
    .option('--all-methods', 'every method')
    .option('--grant <grant>', `an admin token and its rights, such as 'Ops=${keyRights.join(',')}'; repeat`, many)
    .option('--administrators-only', 'nobody but administrators may see and manage it')
    .option('--no-grants', 'whoever has the role may see and manage it')

interface RightsFlags {
  subject?: string
  endpoint?: string[]
  allEndpoints?: boolean
  method?: string[]
  allMethods?: boolean
  grant?: string[]
  /** False: none. */
  grants?: false
  administratorsOnly?: boolean
}

/** `present`: the key as it is, when it is edited. */
export const readRights = (
  command: Command,
  present?: KeyView,
): Pick<KeyEdit, 'subject' | 'endpoints' | 'methods' | 'addresses' | 'grants'> => {
  const flags = command.opts<RightsFlags>()
  const endpoints = either('--endpoint', flags.endpoint, '--all-endpoints', flags.allEndpoints === true)
  const methods = either('--method', flags.method?.map(readMethod), '--all-methods', flags.allMethods === true)
  if (flags.administratorsOnly === true && (flags.grant !== undefined || flags.grants === false))
    throw new UsageError('--administrators-only stands alone, without --grant and --no-grants.')
  const named = flags.administratorsOnly === true ? [] : flags.grant?.map(readGrant)
  const grants = either('--grant', named, '--no-grants', flags.grants === false)
  return {
    ...given({ subject: flags.subject === '' ? null : flags.subject, endpoints, methods, grants }),
    ...readAddresses(command, present?.addresses),
  }
}

const either = <T>(some: string, named: T[] | undefined, all: string, isAll: boolean): T[] | null | undefined => {
  if (isAll && named !== undefined) throw new UsageError(`Give one of ${some} and ${all}.`)
  return isAll ? null : named
}

const readMethod = (text: string): CallMethod => {
  const method = callMethods.find((each) => each === text.toUpperCase())
  if (method === undefined) throw new UsageError(`--method: "${text}" is not one of ${callMethods.join(', ')}.`)
  return method
}

const readGrant = (text: string): { token: string; rights: KeyRight[] } => {
  const end = text.lastIndexOf('=')
  const rights = text.slice(end + 1).split(',')
  const isRight = (right: string): right is KeyRight => (keyRights as readonly string[]).includes(right)
  if (end < 1 || !rights.every(isRight))
    throw new UsageError(`--grant: "${text}" is not a token and its rights, such as 'Ops=${keyRights.join(',')}'.`)
  return { token: text.slice(0, end), rights }
}

/** Title and text of each, for `keys show`. */
export const rightsFacts = (key: KeyView): [string, string][] => [
  ['Acts as', key.subject ?? '-'],
  ['Endpoints', key.endpoints?.map(({ name }) => name).join(', ') ?? 'all of its collections'],
  ['Methods', key.methods?.join(', ') ?? 'all'],
  ['Policies', key.policies.map(({ name }) => name).join(', ') || '-'],
  ...addressFacts(key.addresses),
  [
    'Managed by',
    key.grants === null
      ? 'whoever has the role'
      : ['administrators', ...key.grants.map(({ token, rights }) => `${token.name} (${rights.join(', ')})`)].join(', '),
  ],
]

export const addressFacts = ({ allow, deny }: AddressesView): [string, string][] => [
  ['From', allow?.join(', ') ?? 'anywhere'],
  ['Not from', deny.join(', ') || '-'],
]
