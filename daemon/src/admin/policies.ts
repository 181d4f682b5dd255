/** The admin calls about policies. */
import type { LimitStanding, PolicyView } from '@postern/shared'
import type { Who } from '../change.ts'
import type { LimitState } from '../limits/limits.ts'
import type { Document, PolicyRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { etagOf, findPolicy } from '../keys/find.ts'
import { drawId } from '../keys/material.ts'
import { createPolicy, disablePolicy, editPolicy, enablePolicy, holdersOf, removePolicy } from '../keys/policy-steps.ts'
import { holds, type HandlersOf } from './handlers.ts'
import { pageOf } from './parse.ts'
import type { AdminRooms } from './rooms.ts'

const policyView = (policy: PolicyRecord, document: Document): PolicyView => {
  const { keys, removed, clients } = holdersOf(document, policy.id)
  return {
    id: policy.id,
    name: policy.name,
    description: policy.description,
    windows: policy.windows.map(({ per, calls }) => ({ per, calls })),
    concurrent: policy.concurrent,
    keys_count: keys - removed,
    clients_count: clients,
    created_at: policy.createdAt,
    updated_at: policy.updatedAt,
    enabled: policy.disabledAt === null,
    etag: etagOf(policy),
  }
}

/** What is left of one limit. */
export const limitStandingView = ({ limit, remaining, wholeAtMs }: LimitState): LimitStanding => ({
  policy: { id: limit.policy.id, name: limit.policy.name },
  held_by: limit.heldBy,
  per: limit.per,
  limit: limit.limit,
  remaining,
  resets_at: wholeAtMs === null ? null : new Date(wholeAtMs).toISOString(),
})

const changed = async (rooms: AdminRooms, who: Who, step: Step<PolicyRecord>): Promise<PolicyView> => {
  const store = rooms.store()
  const policy = await store.change(who, step)
  return policyView(policy, store.document())
}

export const policyHandlers: HandlersOf<'policies'> = {
  'policies.list': ({ query, rooms }) => {
    const document = rooms.store().document()
    const wanted = Object.values(document.policies).filter(({ name, description }) =>
      holds(query.text, name, description),
    )
    return pageOf(wanted, query, (policy) => policyView(policy, document))
  },
  'policies.create': ({ body, who, rooms }) => changed(rooms, who, createPolicy(body, drawId('po_'))),
  'policies.get': ({ params, rooms }) => {
    const document = rooms.store().document()
    return policyView(findPolicy(document, params.policy), document)
  },
  'policies.edit': ({ params, ifMatch, body, who, rooms }) =>
    changed(rooms, who, editPolicy(params.policy, ifMatch, body)),
  'policies.remove': async ({ params, who, rooms }) => {
    await rooms.store().change(who, removePolicy(params.policy))
    return undefined
  },
  'policies.disable': ({ params, who, rooms }) => changed(rooms, who, disablePolicy(params.policy)),
  'policies.enable': ({ params, who, rooms }) => changed(rooms, who, enablePolicy(params.policy)),
}
