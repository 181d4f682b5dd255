/** What can be wrong with a key in the form, by field, and where each field is folded away. Pure. */
import type { Faults } from '../parts/form.tsx'
import { callsOf } from '../rights/new-limit.ts'
import type { Texts } from '../texts/texts.ts'
import type { KeyMore } from './key-more.ts'

export const plainFields = ['name', 'description', 'owner', 'expires'] as const
export const rightsFields = [
  'collections',
  'endpoints',
  'methods',
  'addresses.allow',
  'addresses.deny',
  'policies',
  'limit',
  'subject',
] as const
export const otherFields = ['grants'] as const

export const keyFields = [...plainFields, ...rightsFields, ...otherFields] as const
export type KeyFaults = Faults<(typeof keyFields)[number]>
export type MoreFaults = Faults<(typeof rightsFields)[number] | (typeof otherFields)[number]>

/** What is wrong with what is folded away before the daemon is asked. */
export const moreFaultsOf = (more: KeyMore, texts: Texts): MoreFaults => ({
  ...(more.collections?.length === 0 ? { collections: texts.care.form.reachNone } : {}),
  ...(more.endpoints?.length === 0 ? { endpoints: texts.rights.tickOne } : {}),
  ...(more.methods?.length === 0 ? { methods: texts.rights.tickOne } : {}),
  ...(more.limit.wanted && callsOf(more.limit) === null ? { limit: texts.rights.limits.wrong } : {}),
})
