/**
 * The life of a policy, as pure steps. Promises: a policy always limits something, its windows stand shortest first, and
 * none goes while a key or a client is under it.
 */
import { accessLimits, limitUnits, type LimitWindow, type NewPolicy, type PolicyEdit } from '@postern/shared'
import type { Document, PolicyRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { Problem } from '../problem.ts'
import { assertMatches, findPolicy, meansAnId } from './find.ts'
import { assertNameFree, parseName, parseText, refuseField } from './names.ts'
import { firstRevision, nextRevision, put, switches, takeOff } from './record-steps.ts'

/** Creates a policy. Throws `field_invalid` naming the field and its limit, `name_taken`. */
export const createPolicy =
  (input: NewPolicy, id: string): Step<PolicyRecord> =>
  (document, context) => {
    const name = parseName(input.name, meansAnId(document))
    assertNameFree(document.policies, name)
    const policy = limiting({
      ...firstRevision(id, context.nowMs),
      name,
      description: parseText('description', input.description ?? '', accessLimits.descriptionMax),
      windows: parseWindows(input.windows ?? []),
      concurrent: parseConcurrent(input.concurrent ?? null),
    })
    return put(document, 'policies', policy, { action: 'policy.create' })
  }

/** Edits a policy; `windows` are given whole. Throws what `createPolicy` throws, and `precondition_failed`. */
export const editPolicy =
  (ref: string, ifMatch: string, input: PolicyEdit): Step<PolicyRecord> =>
  (document, context) => {
    const policy = findPolicy(document, ref)
    assertMatches(policy, ifMatch)
    const fields = Object.keys(input)
    if (fields.length === 0) return { document, result: policy, entry: null }
    const name = input.name === undefined ? policy.name : parseName(input.name, meansAnId(document))
    if (name !== policy.name) assertNameFree(document.policies, name, policy.id)
    const next = limiting({
      ...policy,
      name,
      ...(input.description === undefined
        ? {}
        : { description: parseText('description', input.description, accessLimits.descriptionMax) }),
      ...(input.windows === undefined ? {} : { windows: parseWindows(input.windows) }),
      ...(input.concurrent === undefined ? {} : { concurrent: parseConcurrent(input.concurrent) }),
    })
    return put(document, 'policies', nextRevision(next, context.nowMs), { action: 'policy.edit', fields })
  }

/** Removes a policy that nobody is under, removed keys that could still be restored included. Throws `in_use`. */
export const removePolicy =
  (ref: string): Step<null> =>
  (document) => {
    const policy = findPolicy(document, ref)
    const { keys, removed, clients } = holdersOf(document, policy.id)
    if (keys + clients > 0) {
      const restorable = removed === 0 ? '' : ` (${removed} of them removed and still restorable)`
      throw new Problem('in_use', {
        detail: `${counted(keys, 'key')}${restorable} and ${counted(clients, 'client')} are under this policy. Take it off them first, or disable the policy.`,
      })
    }
    return takeOff(document, 'policies', policy, 'policy.remove')
  }

/** A disabled policy limits nothing until it is enabled again. */
export const { disable: disablePolicy, enable: enablePolicy } = switches('policies', findPolicy, {
  disable: 'policy.disable',
  enable: 'policy.enable',
})

/** How many keys, how many of them removed, and how many clients have a policy attached. */
export const holdersOf = (
  document: Document,
  policyId: string,
): { readonly keys: number; readonly removed: number; readonly clients: number } => {
  const keys = Object.values(document.keys).filter(({ policies }) => policies.includes(policyId))
  return {
    keys: keys.length,
    removed: keys.filter(({ removedAt }) => removedAt !== null).length,
    clients: Object.values(document.clients).filter(({ policies }) => policies.includes(policyId)).length,
  }
}

const counted = (count: number, what: string): string => `${count} ${count === 1 ? what : `${what}s`}`

const limiting = (policy: PolicyRecord): PolicyRecord =>
  policy.windows.length > 0 || policy.concurrent !== null
    ? policy
    : refuseField('windows', 'give at least one window, such as 5 calls a minute, or a number of calls at once')

const parseWindows = (windows: readonly LimitWindow[]): readonly LimitWindow[] => {
  const { limitCallsMax } = accessLimits
  for (const [at, { per, calls }] of windows.entries()) {
    if (windows.findIndex((other) => other.per === per) < at)
      return refuseField('windows', `"${per}" stands twice; give one window for each unit`)
    if (!Number.isInteger(calls) || calls < 1 || calls > limitCallsMax)
      return refuseField(`windows.${at}.calls`, `a whole number from 1 to ${limitCallsMax}`)
  }
  return windows
    .map(({ per, calls }) => ({ per, calls }))
    .toSorted((a, b) => limitUnits.indexOf(a.per) - limitUnits.indexOf(b.per))
}

const parseConcurrent = (concurrent: number | null): number | null => {
  const { concurrentMax } = accessLimits
  if (concurrent === null || (Number.isInteger(concurrent) && concurrent >= 1 && concurrent <= concurrentMax))
    return concurrent
  return refuseField('concurrent', `a whole number from 1 to ${concurrentMax}, or null for no limit`)
}
