/** What can be done with a policy. Nothing uses a removed one, so making it anew brings all of it back but its id. */
import type { NewPolicy, PolicyView } from '@postern/shared'
import type { Bridge } from '../../bridge.ts'
import { usePlainActions, type PlainActions, type PlainCalls } from '../records/use-plain-actions.ts'
import type { Texts } from '../texts/texts.ts'
import { bodyOf } from './policy-draft.ts'

const callsOf = (bridge: Bridge): PlainCalls<PolicyView, NewPolicy> => ({
  disable: (policy) => bridge.call('policies.disable', { params: { policy } }),
  enable: (policy) => bridge.call('policies.enable', { params: { policy } }),
  edit: (policy, body, ifMatch) => bridge.call('policies.edit', { params: { policy }, body, ifMatch }),
  remove: (policy) => bridge.call('policies.remove', { params: { policy } }),
  bodyOf,
  remake: async (policy) => {
    const made = await bridge.call('policies.create', { body: bodyOf(policy) })
    if (!policy.enabled) await bridge.call('policies.disable', { params: { policy: made.id } })
  },
})

const sayingsOf = ({ policies }: Texts) => policies.said

export const usePolicyActions = (): PlainActions<PolicyView, NewPolicy> => usePlainActions(callsOf, sayingsOf)
